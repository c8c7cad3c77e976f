-- case: named_not_null
-- about: NOT NULL has a name that does not have the column's in it
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text CONSTRAINT must NOT NULL);
COMMENT ON CONSTRAINT must ON users IS 'since ever';
INSERT INTO users VALUES (1, 'ada');

-- case: named_not_null_of_the_column
-- about: NOT NULL has a name of its own with the column's in it
-- expect: refused NO INHERIT
CREATE TABLE users (id integer PRIMARY KEY, username text CONSTRAINT a_username_is_given NOT NULL NO INHERIT);
INSERT INTO users VALUES (1, 'ada');

-- case: not_null_not_valid
-- about: NOT NULL that not every row meets
-- expect: refused someday
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text);
INSERT INTO users VALUES (1, 'ada'), (2, NULL);
ALTER TABLE users ADD CONSTRAINT someday NOT NULL username NOT VALID;

-- case: check_not_enforced
-- about: a CHECK that nobody keeps to
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text, CONSTRAINT wish CHECK (username <> 'ada') NOT ENFORCED);
INSERT INTO users VALUES (1, 'ada');

-- case: key_not_enforced
-- about: a foreign key that nobody keeps to
-- expect: equal
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, username text, CONSTRAINT wish FOREIGN KEY (username) REFERENCES names NOT ENFORCED);
INSERT INTO users VALUES (1, 'lost');

-- case: virtual_generated
-- about: another column is computed of it whenever it is read
-- expect: refused generated column, shout
CREATE TABLE users (id integer PRIMARY KEY, username text, shout text GENERATED ALWAYS AS (upper(username)) VIRTUAL);
INSERT INTO users VALUES (1, 'ada');

-- case: is_virtual_generated
-- about: the column itself is computed whenever it is read
-- expect: refused comput
CREATE TABLE users (id integer PRIMARY KEY, n integer, username integer GENERATED ALWAYS AS (n + 1) VIRTUAL);
INSERT INTO users VALUES (1, 1);

-- case: virtual_generated_of_others
-- about: a computed column of other columns
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}', n = {n} WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text, n integer, twice integer GENERATED ALWAYS AS (n * 2) VIRTUAL);
INSERT INTO users VALUES (1, 'ada', 1);

-- case: without_overlaps_with_it
-- about: unique for a time: the column is the range
-- expect: refused users
-- rename: users.valid => during
CREATE EXTENSION btree_gist;
CREATE TABLE users (id integer, valid daterange, n integer, CONSTRAINT at_a_time UNIQUE (id, valid WITHOUT OVERLAPS));
INSERT INTO users VALUES (1, '[2024-01-01,2024-02-01)', 1), (1, '[2024-02-01,)', 2);

-- case: without_overlaps_of_it
-- about: unique for a time: the column is what is unique
-- expect: refused at_a_time
CREATE EXTENSION btree_gist;
CREATE TABLE users (username text, valid daterange, n integer, CONSTRAINT at_a_time UNIQUE (username, valid WITHOUT OVERLAPS));
INSERT INTO users VALUES ('ada', '[2024-01-01,2024-02-01)', 1), ('ada', '[2024-02-01,)', 2);

-- case: without_overlaps_beside_it
-- about: a key for a time that does not have the column
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE EXTENSION btree_gist;
CREATE TABLE users (id integer, valid daterange, username text, PRIMARY KEY (id, valid WITHOUT OVERLAPS));
INSERT INTO users VALUES (1, '[2024-01-01,2024-02-01)', 'ada'), (1, '[2024-02-01,)', 'grace');

-- case: temporal_key_out
-- about: a foreign key for a time out of the column
-- expect: either at_that_time
CREATE EXTENSION btree_gist;
CREATE TABLE names (name text, valid daterange, PRIMARY KEY (name, valid WITHOUT OVERLAPS));
CREATE TABLE users (id integer PRIMARY KEY, username text, valid daterange,
    CONSTRAINT at_that_time FOREIGN KEY (username, PERIOD valid) REFERENCES names (name, PERIOD valid));
INSERT INTO names VALUES ('ada', '[2024-01-01,)');
INSERT INTO users VALUES (1, 'ada', '[2024-02-01,2024-03-01)');

-- case: temporal_key_out_period
-- about: the column is the time of such a key
-- expect: either at_that_time
-- rename: users.valid => during
CREATE EXTENSION btree_gist;
CREATE TABLE names (name text, valid daterange, PRIMARY KEY (name, valid WITHOUT OVERLAPS));
CREATE TABLE users (id integer PRIMARY KEY, name text, valid daterange,
    CONSTRAINT at_that_time FOREIGN KEY (name, PERIOD valid) REFERENCES names (name, PERIOD valid));
INSERT INTO names VALUES ('ada', '[2024-01-01,)');
INSERT INTO users VALUES (1, 'ada', '[2024-02-01,2024-03-01)');

-- case: publication_of_generated
-- about: a publication that has computed columns, of a list
-- expect: refused publication, computed
CREATE TABLE users (id integer PRIMARY KEY, username text, twice integer GENERATED ALWAYS AS (id * 2) STORED);
CREATE PUBLICATION computed FOR TABLE users (id, username, twice) WITH (publish_generated_columns = stored);
INSERT INTO users VALUES (1, 'ada');

-- case: uuid_version_7
-- about: the default is a uuid that has the time in it
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, '00000000-0000-0000-0000-000000000001')
CREATE TABLE users (id integer PRIMARY KEY, username uuid NOT NULL DEFAULT uuidv7());
INSERT INTO users (id) VALUES (1), (2);

-- case: inherited_not_null
-- about: NOT NULL by inheritance of another table's column
-- expect: refused inherit
CREATE TABLE people (id integer, username text NOT NULL);
CREATE TABLE users (level integer) INHERITS (people);
INSERT INTO users VALUES (1, 'ada', 2);

-- case: deterministic_builtin_collation
-- about: the collation that the server brings along
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text COLLATE pg_catalog.pg_c_utf8 UNIQUE);
INSERT INTO users VALUES (1, 'ada'), (2, 'Händel');
