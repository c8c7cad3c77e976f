# Plain reads, as sea-orm writes them.
SELECT "users"."id", "users"."{c}", "users"."email" FROM "users"
SELECT "users"."id", "users"."{c}" FROM "users" WHERE "users"."{c}" = ? ;; ada
SELECT "users"."id", "users"."{c}" FROM "users" WHERE "users"."{c}" = ? LIMIT ? ;; ada, 1
SELECT "users"."id", "users"."{c}" FROM "users" WHERE "users"."{c}" IN (?, ?) ORDER BY "users"."{c}" DESC ;; ada, Bob
SELECT "users"."id", "users"."{c}" FROM "users" WHERE "users"."{c}" LIKE ? ORDER BY "users"."id" ASC LIMIT ? OFFSET ? ;; %d%, 2, 1
SELECT COUNT(*) AS num_items FROM (SELECT "users"."id", "users"."{c}", "users"."email" FROM "users") AS "sub_query"
SELECT "users"."id" AS "A_id", "users"."{c}" AS "A_{c}", "posts"."pid" AS "B_id", "posts"."title" AS "B_title" FROM "users" LEFT JOIN "posts" ON "users"."id" = "posts"."user_id" ORDER BY "users"."id" ASC, "posts"."pid" ASC
SELECT "users"."id" AS "A_id", "users"."{c}" AS "A_{c}", "r1"."title" AS "B_title" FROM "users" INNER JOIN "posts" AS "r1" ON "users"."{c}" = "r1"."author"
SELECT "r0"."{c}" FROM "users" AS "r0" WHERE "r0"."{c}" IS NOT NULL ORDER BY "r0"."{c}"
SELECT DISTINCT "users"."{c}" FROM "users" INNER JOIN "posts" ON "posts"."user_id" = "users"."id"
SELECT MAX("users"."{c}") FROM "users"
SELECT MAX("users"."{c}") AS "top" FROM "users" WHERE "users"."{c}" IS NULL OR "users"."{c}" <> ? ;; ada
SELECT "users"."{c}", COUNT("posts"."pid") AS "n" FROM "users" LEFT JOIN "posts" ON "posts"."user_id" = "users"."id" GROUP BY "users"."{c}" HAVING COUNT("posts"."pid") > ? ORDER BY "users"."{c}" ;; 0
SELECT EXISTS(SELECT 1 FROM "users" WHERE "users"."{c}" = ?) AS "e" ;; ada
SELECT CASE WHEN "users"."{c}" = ? THEN ? ELSE ? END AS "k" FROM "users" ;; ada, yes, no
SELECT CAST("users"."{c}" AS text) AS "t" FROM "users"
SELECT CAST("users"."{c}" AS text) FROM "users"
# Raw SQL.
@position SELECT * FROM users ORDER BY id
@position SELECT * FROM users WHERE {c} = 'ada'
SELECT {c} FROM users
SELECT {c}, {c} AS other, upper({c}) FROM users ORDER BY {c}
SELECT upper({c}), {c} || '!', length({c}) + 1, {c} IS NULL, -id FROM users
SELECT ({c}) FROM users
SELECT {c} AS name FROM users ORDER BY name
SELECT {c} AS email FROM users ORDER BY email
SELECT lower(email) AS {c} FROM users ORDER BY {c}
SELECT lower(email) AS {c} FROM users WHERE {c} = 'ada'
SELECT lower(email) AS {c} FROM users GROUP BY {c} ORDER BY 1
SELECT id FROM users ORDER BY {c}
SELECT id FROM users ORDER BY {c} COLLATE NOCASE
SELECT id FROM users ORDER BY lower({c}), id DESC
SELECT id FROM users ORDER BY {c} IS NULL, {c} DESC
SELECT {c} FROM users ORDER BY {c} LIMIT 2
SELECT {c} FROM users ORDER BY {c} LIMIT 1, 2
SELECT DISTINCT {c} FROM users ORDER BY {c}
SELECT DISTINCT lower({c}) FROM users ORDER BY lower({c})
SELECT count(*), count({c}), count(DISTINCT {c}) FROM users
SELECT {c}, count(*) FROM users GROUP BY {c} ORDER BY {c}
SELECT {c}, count(*) AS n FROM users GROUP BY 1 HAVING max({c}) > 'b' ORDER BY 1
SELECT substr({c}, 1, 1) AS k, count(*) FROM users GROUP BY k ORDER BY k
SELECT group_concat({c}, ',') FROM (SELECT {c} FROM users WHERE {c} IS NOT NULL ORDER BY {c})
SELECT id FROM users WHERE {c} BETWEEN 'B' AND 'b' OR {c} GLOB 'c*'
SELECT id, {c} FROM users WHERE id << 1 > 2 OR length({c}) >> 1 = 1
SELECT id FROM users WHERE {c} NOT IN ('ada', 'Bob')
SELECT id FROM users WHERE ({c} ISNULL) OR upper({c}) ISNULL
SELECT u.{c}, id FROM users AS u NOT INDEXED WHERE NOT u.{c} ISNULL ORDER BY u.{c}
UPDATE users NOT INDEXED SET {c} = 'zoe' WHERE {c} ISNULL
DELETE FROM users NOT INDEXED WHERE {c} ISNULL
SELECT id, group_concat({c}) OVER (ORDER BY {c}, id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW) AS x FROM users ORDER BY id
SELECT id FROM users WHERE {c} NOT LIKE 'a%' ESCAPE '!'
SELECT id FROM users WHERE ({c}, id) = ('ada', 1)
SELECT id FROM users WHERE ({c}, id) IN (SELECT author, user_id FROM posts)
SELECT id FROM users WHERE {c} IN (SELECT author FROM posts)
SELECT id FROM users WHERE {c} IN (SELECT posts.author FROM posts WHERE posts.user_id = users.id)
SELECT id FROM users WHERE EXISTS (SELECT * FROM posts WHERE posts.author = users.{c})
SELECT id FROM users WHERE NOT EXISTS (SELECT 1 FROM posts WHERE posts.author = users.{c})
SELECT id FROM users WHERE {c} = (SELECT max(author) FROM posts)
SELECT title FROM posts WHERE author IN (SELECT {c} FROM users)
SELECT title FROM posts WHERE author IN (SELECT {c} FROM users ORDER BY {c} LIMIT 1)
SELECT title, (SELECT u.{c} FROM users u WHERE u.id = posts.user_id) AS who FROM posts
SELECT title, (SELECT u.{c} FROM users u WHERE u.id = posts.user_id) FROM posts
SELECT id, (SELECT count(*) FROM posts WHERE posts.author = users.{c}) AS n FROM users
SELECT a.{c}, b.{c} FROM users a JOIN users b ON a.id = b.id + 1
SELECT a.{c} AS x, b.{c} AS y FROM users a LEFT JOIN users b ON a.{c} < b.{c} ORDER BY a.id, b.id
SELECT u.{c}, p.title FROM users u, posts p WHERE u.id = p.user_id AND u.{c} = p.author
SELECT u.{c}, p.title FROM users u CROSS JOIN posts p WHERE p.author = u.{c}
SELECT u.{c}, p.title FROM posts p JOIN (users u JOIN posts q ON q.author = u.{c}) ON p.author = q.author
@position SELECT u.*, p.title FROM users u JOIN posts p ON p.author = u.{c}
@position SELECT users.*, posts.* FROM users, posts WHERE users.id = posts.user_id
@position SELECT * FROM users JOIN posts ON posts.user_id = users.id
@position SELECT * FROM posts JOIN users ON posts.user_id = users.id ORDER BY pid
@position SELECT * FROM (SELECT * FROM users) AS x WHERE x.{c} = 'ada'
SELECT x.{c} FROM (SELECT {c} FROM users) AS x ORDER BY x.{c}
SELECT {c} FROM (SELECT id, {c} FROM users WHERE {c} IS NOT NULL) ORDER BY {c}
SELECT x.n FROM (SELECT {c} AS n FROM users) AS x WHERE n = 'ada'
SELECT x.{c} FROM (SELECT upper({c}) AS {c} FROM users) AS x
SELECT y.{c} FROM (SELECT x.* FROM (SELECT {c}, id FROM users) x) y WHERE y.id < 3
SELECT posts.title, x.{c} FROM posts JOIN (SELECT id, {c} FROM users) x ON x.{c} = posts.author
WITH x AS (SELECT {c} FROM users) SELECT {c} FROM x
WITH x AS (SELECT * FROM users) SELECT x.{c}, x.email FROM x WHERE x.{c} = ? ;; ada
WITH x(a, b) AS (SELECT id, {c} FROM users) SELECT b FROM x WHERE a = 1
WITH x AS (SELECT id, {c} FROM users), y AS (SELECT {c} FROM x WHERE id > 1) SELECT * FROM y
WITH users AS (SELECT 1 AS {c}) SELECT {c} FROM users
WITH users AS (SELECT id, {c} FROM main.users WHERE id < 3) SELECT {c} FROM users
WITH users(n, {c}) AS (SELECT 1, 'a' UNION ALL SELECT n + 1, {c} FROM users WHERE n < 3) SELECT n, {c} FROM users
WITH RECURSIVE r(n, {c}) AS (SELECT 1, {c} FROM users WHERE id = 1 UNION ALL SELECT n + 1, {c} FROM r WHERE n < 3) SELECT n, {c} FROM r
WITH RECURSIVE r AS (SELECT id, {c} FROM users WHERE id = 1 UNION ALL SELECT u.id, u.{c} FROM users u JOIN r ON u.id = r.id + 1) SELECT r.{c} FROM r
SELECT {c} FROM users UNION SELECT author FROM posts
SELECT {c} FROM users UNION ALL SELECT author FROM posts ORDER BY {c}
SELECT author FROM posts UNION SELECT {c} FROM users ORDER BY author LIMIT 3
SELECT author FROM posts EXCEPT SELECT {c} FROM users
SELECT {c}, id FROM users INTERSECT SELECT author, user_id FROM posts ORDER BY 2
SELECT id, row_number() OVER (ORDER BY {c}) AS n FROM users ORDER BY id
SELECT id, max({c}) OVER w AS m FROM users WINDOW w AS (PARTITION BY {c} IS NULL ORDER BY {c}) ORDER BY id
SELECT count({c}) FILTER (WHERE {c} > 'b') AS n FROM users
SELECT iif({c} = 'ada', 1, 2) AS i, coalesce({c}, 'none') AS c, nullif({c}, 'ada') AS n FROM users
SELECT "{c}", `{c}`, [{c}], users."{c}" FROM users
SELECT '{c}', "{c}" FROM users
SELECT id FROM users WHERE "{c}" = "ada"
SELECT   id	,{c}/* {c} */FROM users -- {c}
SELECT 'é', {c} FROM users WHERE {c} <> 'ü' AND email <> '😀'
SELECT id FROM main.users WHERE main.users.{c} = 'ada'
SELECT {c} FROM users AS "Ü" WHERE "Ü".{c} = 'ada'
SELECT id FROM users WHERE {c} = ?1 OR {c} = ?2 OR email = ?1 ;; ada, Bob
SELECT u.rowid, u.{c} FROM users u
SELECT (SELECT {c} FROM users WHERE id = 1) AS a, (SELECT {c} FROM users WHERE id = 2) AS b
SELECT 1 WHERE 'ada' IN (SELECT {c} FROM users)
SELECT count(*) FROM users u WHERE EXISTS (SELECT 1 FROM users v WHERE v.{c} > u.{c})
SELECT id FROM users WHERE {c} IS ? ;; ada
SELECT id FROM users WHERE {c} IS NOT 'ada'
# Inserts.
INSERT INTO users ({c}, email) VALUES ('ada', 'z') ON CONFLICT ({c}) WHERE {c} IS NOT NULL DO UPDATE SET email = excluded.email
INSERT INTO users ({c}, email) VALUES ('ada', 'z') ON CONFLICT ({c} COLLATE BINARY) DO NOTHING
INSERT INTO "users" ("{c}", "email") VALUES (?, ?) ;; eve, e@x
INSERT INTO "users" ("{c}", "email") VALUES (?, ?) RETURNING "id", "{c}", "email" ;; eve, e@x
INSERT INTO "users" ("{c}", "email") VALUES (?, ?), (?, ?) RETURNING "id" ;; eve, e@x, fay, f@x
@position INSERT INTO "users" ("email", "{c}", "id") VALUES (?, ?, ?) RETURNING * ;; e@x, eve, 77
INSERT INTO "users" ("email") VALUES (?) RETURNING "{c}" ;; e@x
INSERT INTO users ({c}) VALUES ('eve')
INSERT INTO users ({c}) VALUES (NULL), (NULL)
INSERT INTO users (email, {c}) VALUES ('e@x', lower('EVE') || ?) ;; !
INSERT INTO users (email, {c}) VALUES ('e@x', CASE WHEN ? = 1 THEN 'x' ELSE ? END), (?, ?) ;; 1, y, f, g
INSERT INTO users (email, {c}) VALUES ('e@x', substr(?, 1, 2)) RETURNING lower({c}), {c} AS n, {c} ;; eve
INSERT INTO users ({c}, email) VALUES ('eve', (SELECT {c} FROM users WHERE id = 1))
INSERT INTO users DEFAULT VALUES
INSERT INTO users DEFAULT VALUES RETURNING {c}
@position INSERT INTO users VALUES (9, 'eve', 'e@x')
@position INSERT INTO users VALUES (9, ?, ?), (10, ?, ?) ;; eve, e@x, fay, f@x
@position INSERT INTO users SELECT pid + 10, title || pid, author FROM posts
@position INSERT INTO users SELECT x.*, 'e' FROM (SELECT pid + 50, title || pid FROM posts) AS x
@position INSERT INTO users SELECT pid + 10 AS id, p.title || pid AS {c}, y.* FROM posts AS p, json_each('[1]') AS x JOIN (SELECT author FROM posts WHERE pid = ?) AS y ON true WHERE pid <> ? RETURNING id, {c} ;; 2, 3
@position INSERT INTO users SELECT pid + 50, j.* FROM posts, (SELECT key, value FROM json_each('{"a": 1, "b": 2}') UNION ALL SELECT * FROM (SELECT title, author FROM posts WHERE false)) AS j WHERE pid = 1 AND j.key = 'b'
@position INSERT INTO users SELECT * FROM wide WHERE n > 49
@position INSERT INTO users SELECT w.* FROM wide AS w WHERE w.n < ? ORDER BY n DESC LIMIT 1 ;; 52
@position INSERT OR IGNORE INTO users SELECT * FROM wide UNION ALL SELECT 1, 'zoe', 'z' UNION ALL SELECT 53, 'zed', 'z'
@position INSERT INTO users SELECT * FROM wide WHERE true ON CONFLICT (id) DO UPDATE SET {c} = excluded.{c} || users.{c} RETURNING *
@position WITH w AS (SELECT * FROM wide) INSERT INTO users SELECT * FROM w WHERE n > 49
@position INSERT INTO users WITH w AS (SELECT * FROM wide) SELECT * FROM w WHERE n > 49
UPDATE posts SET title = 'x' FROM users NATURAL JOIN (SELECT 'ada' AS {c}) AS x WHERE users.id = user_id
UPDATE users SET email = 'x' FROM users AS v JOIN (SELECT 'ada' AS {c}) AS x USING ({c}) WHERE users.id = v.id
INSERT INTO users (id, {c}) SELECT pid + 10, title || pid FROM posts
INSERT INTO users (id, {c}, email) SELECT id + 10, {c} || '2', {c} FROM users
INSERT INTO users ({c}, email) SELECT title || ?, max(?, author) FROM posts WHERE title <> ? ;; z, b, x
INSERT INTO users (id, {c}) SELECT 10, 'a' UNION ALL SELECT 11, 'b'
INSERT INTO users (id, {c}) SELECT id + 10, {c} || '2' AS n FROM users ORDER BY n LIMIT 2
INSERT INTO users (id, {c}) SELECT DISTINCT user_id + 20, author || '2' FROM posts
INSERT INTO users (id, {c}) SELECT user_id + 20, author || '2' FROM posts GROUP BY user_id, author
INSERT INTO users ({c}) SELECT title FROM posts WHERE title NOT IN (SELECT {c} FROM users WHERE {c} IS NOT NULL)
WITH x AS (SELECT 'eve' AS n) INSERT INTO users ({c}) SELECT n FROM x
WITH x AS (SELECT {c} FROM users WHERE id = 1) INSERT INTO users ({c}, email) SELECT {c} || '2', {c} FROM x
INSERT OR IGNORE INTO users (id, {c}) VALUES (1, 'eve')
INSERT OR IGNORE INTO users ({c}) VALUES ('ada'), ('eve')
INSERT OR REPLACE INTO users (id, {c}) VALUES (1, 'eve')
REPLACE INTO users (id, {c}, email) VALUES (?, ?, ?) ;; 2, bea, n@x
REPLACE INTO users ({c}) VALUES ('ada')
INSERT INTO "users" ("{c}", "email") VALUES (?, ?) ON CONFLICT ("{c}") DO UPDATE SET "{c}" = "excluded"."{c}", "email" = "excluded"."email" ;; ada, new
INSERT INTO "users" ("{c}", "email") VALUES (?, ?) ON CONFLICT ("{c}") DO UPDATE SET "email" = "excluded"."email" WHERE "users"."{c}" <> "excluded"."email" RETURNING "id", "{c}" ;; ada, new
INSERT INTO "users" ("id", "{c}") VALUES (?, ?) ON CONFLICT ("id") DO UPDATE SET "{c}" = "excluded"."{c}" RETURNING "id", "{c}" ;; 1, eve
INSERT INTO users (id, {c}) VALUES (1, 'eve') ON CONFLICT (id) DO UPDATE SET {c} = {c} || excluded.{c}, email = {c}
INSERT INTO users (id, {c}) VALUES (1, 'eve') ON CONFLICT (id) DO UPDATE SET email = ?, {c} = ? || users.{c} WHERE {c} = ? ;; m, z, ada
INSERT INTO users (id, {c}) VALUES (1, 'eve') ON CONFLICT (id) DO NOTHING
INSERT INTO users (id, {c}) VALUES (1, 'eve'), (30, 'fay') ON CONFLICT DO NOTHING
INSERT INTO users ({c}) VALUES ('ada') ON CONFLICT ({c}) DO UPDATE SET ({c}, email) = ('x', 'y')
INSERT INTO users AS u ({c}) VALUES ('ada') ON CONFLICT ({c}) DO UPDATE SET email = u.{c} || 'x'
INSERT INTO posts (pid, author) SELECT id + 10, {c} FROM users
INSERT INTO posts (pid, author) VALUES (10, (SELECT {c} FROM users WHERE id = 1)) RETURNING author
# Updates.
UPDATE "users" SET "{c}" = ? WHERE "users"."id" = ? ;; eve, 1
UPDATE "users" SET "email" = ?, "{c}" = ? WHERE "users"."id" = ? RETURNING "id", "{c}", "email" ;; e, eve, 1
UPDATE "users" SET "{c}" = ?, "email" = ? WHERE "users"."{c}" = ? ;; eve, e, ada
@position UPDATE "users" SET "email" = ? WHERE "users"."{c}" IN (?, ?) RETURNING * ;; e, ada, Bob
UPDATE users SET {c} = upper({c})
UPDATE users SET {c} = {c} || ? || {c}, email = {c} ;; z
UPDATE users SET email = {c}, {c} = email
UPDATE users SET {c} = NULL WHERE {c} IS NOT NULL
UPDATE users SET {c} = CASE id WHEN 1 THEN ? ELSE {c} || id END WHERE id IN (?, ?) ;; x, 1, 2
UPDATE users SET {c} = CASE WHEN {c} = 'ada' THEN 'Ada' ELSE {c} END
UPDATE users AS u SET {c} = 'x' || u.id WHERE u.{c} > 'a'
UPDATE users SET ({c}, email) = (?, ?) WHERE id = ? ;; a, b, 1
UPDATE users SET (email, {c}) = ({c}, email) WHERE id < 3
UPDATE users SET {c} = posts.title || users.{c} FROM posts WHERE posts.pid = 3 AND posts.author = users.{c}
UPDATE users SET {c} = p.t FROM (SELECT user_id, max(title) AS t FROM posts GROUP BY user_id) AS p WHERE p.user_id = users.id RETURNING id, users.{c}
UPDATE users SET {c} = x.n FROM (SELECT id, upper({c}) AS n FROM users) AS x WHERE x.id = users.id
UPDATE users SET email = (SELECT {c} FROM users v WHERE v.id = users.id + 1)
UPDATE users SET {c} = (SELECT max(title) || users.id FROM posts WHERE posts.author = users.{c}) WHERE id < 3
UPDATE OR IGNORE users SET {c} = 'ada'
UPDATE posts SET author = (SELECT {c} FROM users WHERE users.id = posts.user_id)
UPDATE posts SET title = users.{c} FROM users WHERE users.{c} = posts.author RETURNING title
WITH x AS (SELECT id, {c} FROM users) UPDATE users SET {c} = x.{c} || '!' FROM x WHERE x.id = users.id
UPDATE users SET {c} = trim(?), email = ? WHERE lower({c}) = lower(?) ;; n, m, BOB
# Deletes.
DELETE FROM "users" WHERE "users"."{c}" = ? ;; ada
DELETE FROM users WHERE {c} IS NULL OR {c} = 'ada' RETURNING id, {c}
@position DELETE FROM users WHERE {c} = 'ada' RETURNING *
DELETE FROM users WHERE {c} IN (SELECT author FROM posts)
DELETE FROM users WHERE EXISTS (SELECT 1 FROM posts WHERE posts.author = users.{c})
DELETE FROM users AS u WHERE u.{c} = 'ada'
DELETE FROM posts WHERE author NOT IN (SELECT {c} FROM users WHERE {c} IS NOT NULL)
DELETE FROM users
# Joins by name: only the columns that the code knows are compared, merged and listed.
@position SELECT * FROM users NATURAL JOIN (SELECT author AS {c}, pid FROM posts) AS p ORDER BY id, pid
SELECT {c}, u.id FROM users AS u NATURAL LEFT JOIN (SELECT author AS {c}, pid FROM posts) AS p ORDER BY u.id, pid
SELECT {c}, u.id, pid FROM users AS u NATURAL RIGHT JOIN (SELECT author AS {c}, pid FROM posts) AS p ORDER BY pid
SELECT {c}, users.{c} AS l, p.{c} AS r, pid FROM users NATURAL FULL JOIN (SELECT author AS {c}, pid FROM posts) AS p ORDER BY id, pid
SELECT {c}, users.id, pid FROM users FULL JOIN (SELECT author AS {c}, pid FROM posts) AS p USING ({c}) WHERE {c} IS NOT NULL ORDER BY {c}, pid
@position SELECT * FROM (SELECT author AS {c}, pid FROM posts) AS p LEFT JOIN users USING ({c}) ORDER BY pid, id
SELECT {c}, count(pid) FROM users JOIN (SELECT author AS {c}, pid FROM posts) AS p USING ({c}) GROUP BY {c} ORDER BY {c}
SELECT a.id, b.id, {c} FROM users AS a JOIN users AS b USING ({c}) WHERE a.{c} <> 'x' ORDER BY 1, 2
@position SELECT * FROM users AS a NATURAL JOIN users AS b ORDER BY id
@position SELECT * FROM users JOIN (SELECT pid AS id, author FROM posts) AS p USING (id) ORDER BY id
@position SELECT * FROM users AS a LEFT JOIN users AS b USING (id) ORDER BY id
SELECT {c} FROM users JOIN (SELECT pid AS id, author FROM posts) AS p USING (id) ORDER BY {c}
@position SELECT * FROM (users JOIN posts ON user_id = id) NATURAL JOIN (SELECT 'ada' AS {c}) AS x ORDER BY pid
WITH x AS (SELECT author FROM posts) SELECT {c} FROM users WHERE {c} IN x AND NOT {c} NOT IN x ORDER BY id
# Whole queries that give the values.
INSERT INTO users (id, {c}) SELECT * FROM (SELECT pid + 50, title || pid FROM posts)
INSERT INTO users ({c}, id) SELECT author || pid, pid + 50 FROM posts ORDER BY 2 DESC
INSERT INTO users ({c}, id) SELECT author || pid, pid + ? FROM posts WHERE title <> ? ORDER BY 1 LIMIT 2 ;; 50, x
INSERT INTO users ({c}, email) SELECT author || 'z', count(*) FROM posts GROUP BY 1
INSERT INTO users (id, {c}) SELECT * FROM (SELECT 1 AS a, 'x' AS b UNION ALL SELECT 70, 'y') AS v WHERE true ON CONFLICT (id) DO UPDATE SET {c} = excluded.{c}, email = users.{c}
INSERT INTO users (id, {c}) SELECT 1, 'eve' ON CONFLICT (id) DO UPDATE SET {c} = excluded.{c} || users.{c} RETURNING id, {c}
INSERT INTO users ({c}, id) SELECT lower(?), ? ON CONFLICT DO NOTHING ;; EVE, 1
INSERT INTO users (id, {c}) SELECT 70, (SELECT title FROM posts ORDER BY pid LIMIT 1) UNION ALL SELECT 1, 'b'ON CONFLICT(id)DO UPDATE SET {c} = 'dup' || id
INSERT INTO users (id, {c}) VALUES (80, 'x'), (81, 'y') RETURNING id
INSERT INTO users (id, {c}) WITH d AS (SELECT pid + 50, title || pid FROM posts) SELECT * FROM d
INSERT INTO users (id, {c}) WITH d AS (SELECT pid + 50, title || pid FROM posts) SELECT * FROM d WHERE true ON CONFLICT DO NOTHING RETURNING id, {c}
@position INSERT INTO users SELECT x.* FROM (SELECT id + 50 AS id, {c} || 'x' AS {c}, email FROM users) AS x
WITH x AS MATERIALIZED (SELECT * FROM users) SELECT {c} FROM x ORDER BY {c}
WITH x AS NOT MATERIALIZED (SELECT id, {c} FROM users) SELECT {c} FROM x ORDER BY {c}
@position SELECT a.*, b.* FROM users AS a RIGHT JOIN users AS b USING (email) ORDER BY b.id
