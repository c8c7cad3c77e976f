-- The structure of Northwind, a trader of food, by Microsoft (github.com/microsoft/sql-server-samples, MIT),
-- written down anew from its documentation in MariaDB's types. A few rows of our own.
CREATE TABLE Categories (CategoryID integer AUTO_INCREMENT PRIMARY KEY, CategoryName varchar(15) NOT NULL, Description mediumtext,
    Picture longblob, KEY CategoryName (CategoryName));
CREATE TABLE CustomerDemographics (CustomerTypeID varchar(10) PRIMARY KEY, CustomerDesc mediumtext);
CREATE TABLE Customers (CustomerID varchar(5) PRIMARY KEY, CompanyName varchar(40) NOT NULL, ContactName varchar(30), ContactTitle varchar(30),
    Address varchar(60), City varchar(15), Region varchar(15), PostalCode varchar(10), Country varchar(15), Phone varchar(24), Fax varchar(24),
    KEY City (City), KEY CompanyName (CompanyName), KEY PostalCode (PostalCode), KEY Region (Region));
CREATE TABLE CustomerCustomerDemo (CustomerID varchar(5), CustomerTypeID varchar(10), PRIMARY KEY (CustomerID, CustomerTypeID),
    CONSTRAINT FK_CustomerCustomerDemo FOREIGN KEY (CustomerTypeID) REFERENCES CustomerDemographics (CustomerTypeID),
    CONSTRAINT FK_CustomerCustomerDemo_Customers FOREIGN KEY (CustomerID) REFERENCES Customers (CustomerID));
CREATE TABLE Employees (EmployeeID integer AUTO_INCREMENT PRIMARY KEY, LastName varchar(20) NOT NULL, FirstName varchar(10) NOT NULL,
    Title varchar(30), TitleOfCourtesy varchar(25), BirthDate datetime, HireDate datetime, Address varchar(60), City varchar(15), Region varchar(15),
    PostalCode varchar(10), Country varchar(15), HomePhone varchar(24), Extension varchar(4), Photo longblob, Notes mediumtext, ReportsTo integer,
    PhotoPath varchar(255), Salary float, KEY LastName (LastName), KEY PostalCode (PostalCode), CONSTRAINT CK_Birthdate CHECK (BirthDate < HireDate),
    CONSTRAINT FK_Employees_Employees FOREIGN KEY (ReportsTo) REFERENCES Employees (EmployeeID));
CREATE TABLE Region (RegionID integer PRIMARY KEY, RegionDescription varchar(50) NOT NULL);
CREATE TABLE Territories (TerritoryID varchar(20) PRIMARY KEY, TerritoryDescription varchar(50) NOT NULL, RegionID integer NOT NULL,
    CONSTRAINT FK_Territories_Region FOREIGN KEY (RegionID) REFERENCES Region (RegionID));
CREATE TABLE EmployeeTerritories (EmployeeID integer, TerritoryID varchar(20), PRIMARY KEY (EmployeeID, TerritoryID),
    CONSTRAINT FK_EmployeeTerritories_Employees FOREIGN KEY (EmployeeID) REFERENCES Employees (EmployeeID),
    CONSTRAINT FK_EmployeeTerritories_Territories FOREIGN KEY (TerritoryID) REFERENCES Territories (TerritoryID));
CREATE TABLE Shippers (ShipperID integer AUTO_INCREMENT PRIMARY KEY, CompanyName varchar(40) NOT NULL, Phone varchar(24));
CREATE TABLE Suppliers (SupplierID integer AUTO_INCREMENT PRIMARY KEY, CompanyName varchar(40) NOT NULL, ContactName varchar(30), ContactTitle varchar(30),
    Address varchar(60), City varchar(15), Region varchar(15), PostalCode varchar(10), Country varchar(15), Phone varchar(24), Fax varchar(24),
    HomePage mediumtext, KEY CompanyName (CompanyName), KEY PostalCode (PostalCode));
CREATE TABLE Products (ProductID integer AUTO_INCREMENT PRIMARY KEY, ProductName varchar(40) NOT NULL, SupplierID integer, CategoryID integer,
    QuantityPerUnit varchar(20), UnitPrice decimal(10,4) DEFAULT 0, UnitsInStock smallint DEFAULT 0, UnitsOnOrder smallint DEFAULT 0,
    ReorderLevel smallint DEFAULT 0, Discontinued bit(1) NOT NULL DEFAULT b'0', KEY ProductName (ProductName), CONSTRAINT CK_UnitPrice CHECK (UnitPrice >= 0),
    CONSTRAINT FK_Products_Categories FOREIGN KEY (CategoryID) REFERENCES Categories (CategoryID),
    CONSTRAINT FK_Products_Suppliers FOREIGN KEY (SupplierID) REFERENCES Suppliers (SupplierID));
CREATE TABLE Orders (OrderID integer AUTO_INCREMENT PRIMARY KEY, CustomerID varchar(5), EmployeeID integer, OrderDate datetime, RequiredDate datetime,
    ShippedDate datetime, ShipVia integer, Freight decimal(10,4) DEFAULT 0, ShipName varchar(40), ShipAddress varchar(60), ShipCity varchar(15),
    ShipRegion varchar(15), ShipPostalCode varchar(10), ShipCountry varchar(15), KEY OrderDate (OrderDate), KEY ShippedDate (ShippedDate),
    KEY ShipPostalCode (ShipPostalCode),
    CONSTRAINT FK_Orders_Customers FOREIGN KEY (CustomerID) REFERENCES Customers (CustomerID),
    CONSTRAINT FK_Orders_Employees FOREIGN KEY (EmployeeID) REFERENCES Employees (EmployeeID),
    CONSTRAINT FK_Orders_Shippers FOREIGN KEY (ShipVia) REFERENCES Shippers (ShipperID));
CREATE TABLE `Order Details` (OrderID integer, ProductID integer, UnitPrice decimal(10,4) NOT NULL DEFAULT 0, Quantity smallint NOT NULL DEFAULT 1,
    Discount double(8,0) NOT NULL DEFAULT 0, PRIMARY KEY (OrderID, ProductID), CONSTRAINT CK_Discount CHECK (Discount >= 0 AND Discount <= 1),
    CONSTRAINT FK_Order_Details_Orders FOREIGN KEY (OrderID) REFERENCES Orders (OrderID),
    CONSTRAINT FK_Order_Details_Products FOREIGN KEY (ProductID) REFERENCES Products (ProductID));
CREATE VIEW `Current Product List` AS SELECT ProductID, ProductName FROM Products WHERE Discontinued = 0;
CREATE VIEW `Order Subtotals` AS
    SELECT OrderID, sum(UnitPrice * Quantity * (1 - Discount) / 100) * 100 AS Subtotal FROM `Order Details` GROUP BY OrderID;
CREATE PROCEDURE CustOrderHist(IN AtCustomerID varchar(5)) BEGIN
    SELECT ProductName, sum(Quantity) AS TOTAL FROM Products P JOIN `Order Details` OD USING (ProductID) JOIN Orders O USING (OrderID)
     WHERE O.CustomerID = AtCustomerID GROUP BY ProductName;
END;
INSERT INTO Categories VALUES (1, 'c', 'd', x'00');
INSERT INTO Customers (CustomerID, CompanyName) VALUES ('a', 'b');
INSERT INTO Employees (EmployeeID, LastName, FirstName, BirthDate, HireDate) VALUES (1, 'a', 'b', '1960-01-01', '1990-01-01');
INSERT INTO Region VALUES (1, 'r');
INSERT INTO Territories VALUES ('t', 'u', 1);
INSERT INTO Shippers VALUES (1, 's', NULL);
INSERT INTO Suppliers (SupplierID, CompanyName) VALUES (1, 's');
INSERT INTO Products (ProductID, ProductName, SupplierID, CategoryID) VALUES (1, 'p', 1, 1);
INSERT INTO Orders (OrderID, CustomerID, EmployeeID, ShipVia) VALUES (1, 'a', 1, 1);
INSERT INTO `Order Details` VALUES (1, 1, 2, 3, 0);
