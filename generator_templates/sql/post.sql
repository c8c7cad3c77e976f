-- {{ name }}. Runs once every process runs {{ release or "its release" }}.
-- Change only what that code does not need any more, or does not notice.
-- The file runs in one transaction (MariaDB: each schema change commits by itself). It cannot be rolled back.

