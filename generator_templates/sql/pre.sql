-- {{ name }}. Runs before {{ release or "its release" }} is rolled out, while the code of the previous release runs.
-- Change only what that code does not notice: for example a new table, a nullable column or new rows.
-- The file runs in one transaction (MariaDB: each schema change commits by itself). It cannot be rolled back.

