-- {{ name }}. Runs once every process runs {{ release or "its release" }}.
-- Only what that code does not need any more, or does not notice.
-- All of it is one transaction (MariaDB: each schema change by itself). There is no way back.

