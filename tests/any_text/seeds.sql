# Forms of PostgreSQL and MariaDB, and shapes that sea-orm builds; {c} is the renamed column.

# As sea-orm writes them.
SELECT "users"."id", "users"."{c}", "users"."email" FROM "users" WHERE "users"."{c}" = $1 LIMIT $2
SELECT `users`.`id`, `users`.`{c}`, `users`.`email` FROM `users` WHERE `users`.`{c}` = ? LIMIT ?
SELECT "users"."id" AS "A_id", "users"."{c}" AS "A_{c}", "posts"."pid" AS "B_pid" FROM "users" LEFT JOIN "posts" ON "users"."id" = "posts"."user_id" WHERE "users"."{c}" LIKE $1 ORDER BY "users"."id" ASC
SELECT COUNT(*) AS num_items FROM (SELECT `users`.`{c}` FROM `users` WHERE `users`.`id` > ?) AS `sub_query`
INSERT INTO "users" ("{c}", "email") VALUES ($1, $2), ($3, $4) RETURNING "id", "{c}", "email"
INSERT INTO `users` (`{c}`, `email`) VALUES (?, ?)
INSERT INTO "users" ("id", "{c}") VALUES ($1, $2) ON CONFLICT ("{c}") DO UPDATE SET "email" = "excluded"."email", "{c}" = "excluded"."{c}" RETURNING "id"
INSERT INTO `users` (`id`, `{c}`) VALUES (?, ?) ON DUPLICATE KEY UPDATE `{c}` = VALUES(`{c}`), `email` = ?
UPDATE "users" SET "{c}" = $1, "email" = $2 WHERE "users"."id" = $3 RETURNING "id", "{c}", "email"
UPDATE `users` SET `{c}` = ? WHERE `users`.`id` = ?
DELETE FROM "users" WHERE "users"."{c}" IN ($1, $2, $3)
SELECT "users"."id", "users"."{c}" FROM "users" WHERE ("users"."{c}", "users"."id") > ($1, $2) ORDER BY "users"."{c}" ASC, "users"."id" ASC LIMIT $3

# PostgreSQL.
SELECT DISTINCT ON ({c}) id, {c} FROM users ORDER BY {c}, id
SELECT u.{c}, l.title FROM users u CROSS JOIN LATERAL (SELECT title FROM posts WHERE author = u.{c} LIMIT 1) l
SELECT {c}::text, {c} COLLATE "C", ({c})::varchar(3), ARRAY[{c}, 's3cr3t'] FROM users WHERE {c} = ANY($1)
SELECT {c} -> 'a' ->> 'b', {c} @> '{"a": 1}' FROM users WHERE {c} ? 'key'
SELECT row_number() OVER w, lag({c}) OVER (PARTITION BY email ORDER BY {c} NULLS LAST) FROM users WINDOW w AS (ORDER BY {c} ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
SELECT count(*) FILTER (WHERE {c} > 'a'), string_agg({c}, ',' ORDER BY {c}) FROM users GROUP BY GROUPING SETS (({c}), ())
SELECT id FROM users WHERE {c} IS DISTINCT FROM $1 AND {c} ILIKE $2 FOR UPDATE OF users SKIP LOCKED
SELECT * FROM ONLY users
TABLE users
SELECT extract(year FROM now()), position('a' IN {c}), trim(BOTH 'x' FROM {c}), substring({c} FROM 1 FOR 2) FROM users
WITH RECURSIVE t(n, {c}) AS (SELECT 1, {c} FROM users UNION ALL SELECT n + 1, {c} FROM t WHERE n < 3) SELECT * FROM t
WITH moved AS (DELETE FROM users WHERE {c} = $1 RETURNING *) INSERT INTO posts (author) SELECT {c} FROM moved
WITH new AS MATERIALIZED (INSERT INTO users ({c}) VALUES ('s3cr3t') RETURNING id, {c}) SELECT * FROM new
INSERT INTO users AS t ({c}, email) VALUES ($1, DEFAULT) ON CONFLICT ({c}) WHERE email IS NULL DO UPDATE SET {c} = t.{c} || EXCLUDED.{c} WHERE t.{c} <> excluded.{c} RETURNING *, {c} AS x
INSERT INTO users ({c}) SELECT author FROM posts ON CONFLICT ON CONSTRAINT by_name DO NOTHING
INSERT INTO users ({c}) VALUES (gen_random_uuid()::text), (nextval('s')::text)
UPDATE users u SET {c} = p.title FROM posts p WHERE p.author = u.{c} RETURNING u.*, p.title
UPDATE users SET ({c}, email) = (email, {c}) WHERE id = $1
UPDATE users SET ({c}, email) = (SELECT title, author FROM posts LIMIT 1)
UPDATE ONLY users SET {c} = DEFAULT
DELETE FROM users USING posts WHERE posts.author = users.{c} RETURNING users.{c}
MERGE INTO users u USING (SELECT author, title FROM posts) p ON u.{c} = p.author WHEN MATCHED AND u.id > 1 THEN UPDATE SET {c} = p.title WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id, {c}) VALUES (7, p.author)
SELECT row_to_json(users) FROM users
SELECT to_jsonb(u), (u).{c}, u.*::text FROM users u
SELECT * FROM users NATURAL JOIN posts
SELECT * FROM users u JOIN users v USING ({c}, id)
COPY (SELECT {c} FROM users) TO STDOUT
EXPLAIN (ANALYZE, FORMAT JSON) SELECT {c} FROM public.users
SELECT {c} FROM users UNION (SELECT author FROM posts ORDER BY author) EXCEPT ALL VALUES ('s3cr3t') ORDER BY 1
SELECT CASE {c} WHEN 'a' THEN email ELSE {c} END AS {c} FROM users GROUP BY 1 HAVING bool_or({c} > 'a')
SELECT $tag$ {c} $tag$, E'\'{c}', U&'\0061', B'01', X'ff', '{c}' || {c} FROM users
PREPARE p AS SELECT {c} FROM users WHERE {c} = $1
CREATE INDEX by_{c} ON users ({c})
CREATE VIEW v AS SELECT {c} FROM users
ALTER TABLE users RENAME COLUMN {c} TO nick
COMMENT ON COLUMN users.{c} IS 's3cr3t'

# MariaDB and MySQL.
INSERT INTO users SET {c} = 's3cr3t', email = ?
REPLACE INTO users (id, {c}) VALUES (1, ?), (2, DEFAULT)
INSERT IGNORE INTO users ({c}) VALUES (?) ON DUPLICATE KEY UPDATE {c} = concat({c}, VALUES({c}))
INSERT INTO users (id, {c}) VALUES (1, 'a') AS new ON DUPLICATE KEY UPDATE {c} = new.{c}
UPDATE users u JOIN posts p ON p.author = u.{c} SET u.{c} = p.title, p.title = u.{c} WHERE u.id = ?
UPDATE users SET {c} = lower({c}), email = {c} ORDER BY {c} DESC LIMIT 2
DELETE u FROM users u JOIN posts p ON p.author = u.{c} WHERE u.{c} <> ?
DELETE FROM users WHERE {c} = ? ORDER BY {c} LIMIT 1
SELECT SQL_CALC_FOUND_ROWS {c} FROM users FORCE INDEX (by_name) WHERE {c} <=> NULL LIMIT 1, 2
SELECT GROUP_CONCAT(DISTINCT {c} ORDER BY {c} SEPARATOR ';') FROM users GROUP BY email WITH ROLLUP
SELECT {c} FROM users WHERE MATCH ({c}) AGAINST ('s3cr3t' IN BOOLEAN MODE)
SELECT {c} FROM users WHERE {c} REGEXP '^a' AND {c} LIKE BINARY 'A' LOCK IN SHARE MODE
SELECT "{c}", '{c}', `{c}`, @{c} := {c} FROM users PROCEDURE ANALYSE()
INSERT INTO users VALUES (1, 's3cr3t', NULL)
INSERT INTO users ({c}) VALUES (uuid()), (rand()) RETURNING {c}
SELECT STRAIGHT_JOIN u.{c} FROM (users u, posts p) LEFT JOIN posts q USING (pid)
WITH q ({c}) AS (SELECT {c} FROM users) DELETE FROM posts WHERE author IN (SELECT {c} FROM q)

# SQLite.
INSERT OR REPLACE INTO users ({c}) VALUES (?1), (:name), (@a), ($b) RETURNING rowid, {c}
UPDATE OR IGNORE users INDEXED BY by_name SET {c} = ?, email = {c} WHERE rowid = ? RETURNING {c} AS name
SELECT {c} FROM users NOT INDEXED WHERE {c} MATCH 'a' OR {c} IS NOT email OR {c} ISNULL
SELECT json_each.value FROM users, json_each(users.{c}) WHERE json_each.key = ?
SELECT [{c}], "{c}", `{c}`, {c} FROM [users] AS 'u' GROUP BY 4 ORDER BY {c} COLLATE NOCASE
INSERT INTO main.users ({c}) SELECT {c} FROM users WHERE TRUE ON CONFLICT DO UPDATE SET {c} = excluded.{c}
PRAGMA table_info(users)
BEGIN; UPDATE users SET {c} = 's3cr3t'; SELECT changes(); COMMIT
UPDATE users SET {c}[1] = $1, email[2:$2][3] = {c}[1] WHERE id = 1
INSERT INTO users (id, {c}[1], email[1:2]) VALUES (1, $1, $2) ON CONFLICT (id) DO UPDATE SET (email[1], id) = (excluded.{c}[1], 2)
INSERT INTO users (id, {c}) SELECT 1, 'x'ON CONFLICT DO NOTHING
