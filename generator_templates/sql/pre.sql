-- {{ name }}. Runs before {{ release or "its release" }} is rolled out, beside the code of the release before.
-- Only what that code does not notice: a table, a column that may be null, rows of its own.
-- All of it is one transaction (MariaDB: each schema change by itself). There is no way back.

