# Statements of MariaDB, in which `{c}` is the column. `@error`: fails without a rename as well.
SELECT `users`.`id`, `users`.`{c}` FROM `users` WHERE `users`.`{c}` = ? ORDER BY `users`.`{c}` ;; ada
SELECT {c} FROM users WHERE {c} <=> NULL OR {c} REGEXP '^a' ORDER BY id
SELECT {c} FROM users ORDER BY {c} LIMIT 1, 2
SELECT GROUP_CONCAT({c} ORDER BY {c} DESC SEPARATOR '-') FROM users
SELECT {c} FROM users WHERE BINARY {c} = 'ada'
SELECT "handle" AS x, {c} AS "y" FROM users WHERE {c} <> "handle" AND email NOT IN ("users", "handle") ORDER BY id
SELECT {c} FROM users WHERE EXISTS (SELECT "handle" FROM posts WHERE author = users.{c}) ORDER BY id
SELECT * FROM (SELECT "username" AS x, id FROM users) AS x ORDER BY id
SELECT x.username FROM (SELECT "username", id FROM users) AS x ORDER BY id
SELECT x.handle FROM (SELECT 'handle', id FROM users) AS x ORDER BY id
SELECT {c}, count(*) FROM users GROUP BY {c}, "handle" HAVING {c} <> "handle" ORDER BY "handle", {c}
INSERT INTO users (id, {c}, email) VALUES (60, "handle", "users")
UPDATE users SET {c} = "handle", email = concat("handle", {c}) WHERE id = 1
SELECT TRIM(LEADING FROM {c}), TRIM(TRAILING FROM concat({c}, ' ')) FROM users ORDER BY id
SELECT {c} COLLATE utf8mb4_bin AS x FROM users ORDER BY id
SELECT STRAIGHT_JOIN u.{c}, p.title FROM users u JOIN posts p ON p.author = u.{c} ORDER BY p.pid
SELECT u.{c} FROM users u STRAIGHT_JOIN posts p ON p.author = u.{c} ORDER BY p.pid
SELECT u.{c}, p.title, x.title AS t FROM users u LEFT JOIN (posts AS p, posts x) ON p.author = u.{c} AND x.pid = p.pid ORDER BY u.id, p.pid
SELECT * FROM (users u, posts) WHERE posts.author = {c} ORDER BY pid
SELECT {c} FROM users WHERE id = 1 LOCK IN SHARE MODE
SELECT {c} FROM users WHERE id = 1 FOR UPDATE
SELECT DISTINCT {c} FROM users ORDER BY {c}
SELECT {c}, count(*) FROM users GROUP BY {c} WITH ROLLUP
SELECT lower({c}) AS l FROM users GROUP BY l HAVING l > 'a' ORDER BY l
SELECT {c}, count(*) AS n FROM users GROUP BY {c} HAVING {c} IS NOT NULL ORDER BY n, {c}
SELECT DATE_ADD('2020-01-01', INTERVAL 1 DAY), {c} FROM users ORDER BY id
SELECT '2020-01-01 10:00' + INTERVAL '1:30' MINUTE_SECOND, EXTRACT(YEAR_MONTH FROM '2020-01-01'), {c} FROM users ORDER BY id
SELECT {c}, !id, !(id MOD 2) AS even, id MOD 2 + 1, MOD(id, 2) FROM users WHERE id + 3 MOD 2 > 1 OR {c} SOUNDS LIKE 'aida' ORDER BY id
SELECT {c}, !({c} IS NULL), {c} SOUNDS LIKE 'aida' FROM users ORDER BY id
SELECT u.{c}, j.* FROM users AS u, JSON_TABLE(concat('[{"a": "', u.{c}, '"}, {"a": 2}]'), '$[*]' COLUMNS (n FOR ORDINALITY, username varchar(9) PATH '$.a', NESTED PATH '$.b' COLUMNS (handle int PATH '$'))) AS j WHERE u.{c} <> '' ORDER BY u.id, n
SELECT {c}, n FROM users JOIN JSON_TABLE('[1, 2]', '$[*]' COLUMNS (n int PATH '$')) AS j ON n = id AND {c} <> '' ORDER BY id
SELECT {c} FROM users WHERE id = 1 FOR UPDATE WAIT 5
SELECT IF({c} = 'ada', 1, 2), IFNULL({c}, 'n'), CONCAT_WS('-', {c}, email) FROM users ORDER BY id
SELECT * FROM users ORDER BY id
SELECT u.*, p.title FROM users u JOIN posts p ON p.author = u.{c} ORDER BY p.pid
SELECT {c} FROM users UNION SELECT author FROM posts ORDER BY {c}
WITH x AS (SELECT * FROM users) SELECT {c} FROM x ORDER BY {c}
INSERT INTO `users` (`{c}`, `email`) VALUES (?, ?), (?, ?) ;; eve, e@x, fay, f@x
INSERT INTO users ({c}, email) VALUES ('eve', 'x') RETURNING id, {c}
INSERT INTO users (id, {c}) VALUES (60, 'eve') RETURNING *
INSERT INTO users (id, {c}) VALUES (?, ?) ON DUPLICATE KEY UPDATE {c} = VALUES({c}), email = {c} ;; 1, eve
INSERT INTO users (id, {c}) VALUES (1, 'eve') ON DUPLICATE KEY UPDATE email = {c}, {c} = concat({c}, VALUES({c}))
INSERT INTO users ({c}) VALUES ('ada') ON DUPLICATE KEY UPDATE email = 'dup'
INSERT IGNORE INTO users ({c}) VALUES ('ada'), ('eve')
INSERT INTO users SET id = 60, {c} = ?, email = {c} ;; eve
INSERT INTO users ({c}) VALUES (DEFAULT)
INSERT INTO users () VALUES ()
INSERT INTO users (id, {c}) SELECT pid + 60, concat(author, title) FROM posts
REPLACE INTO users (id, {c}) VALUES (1, 'eve')
INSERT INTO users (id, {c}) VALUES (60, (SELECT {c} FROM users AS u WHERE u.id = 1) REGEXP '^a')
REPLACE INTO users ({c}) VALUES ('ada')
REPLACE INTO users SET id = 2, {c} = 'bea'
@error INSERT INTO users ({c}) VALUES ('ada')
UPDATE users SET {c} = ?, email = {c} WHERE {c} = ? ;; eve, ada
UPDATE users SET email = {c}, {c} = email WHERE id < 3
UPDATE users SET {c} = email, email = {c} WHERE id < 3
UPDATE users SET {c} = concat({c}, 'x'), email = concat({c}, 'y')
UPDATE users SET {c} = concat({c}, 'x') ORDER BY {c} DESC LIMIT 2
UPDATE users u JOIN posts p ON p.author = u.{c} SET u.{c} = 'x' WHERE p.pid = 3
UPDATE users u, posts p SET u.{c} = 'x', p.title = 'y' WHERE p.author = u.{c} AND p.pid = 3
DELETE FROM users WHERE {c} = ? ORDER BY {c} LIMIT 1 ;; ada
DELETE FROM users WHERE {c} = 'ada' RETURNING id, {c}
DELETE u FROM users u JOIN posts p ON p.author = u.{c} WHERE p.pid = 3
DELETE FROM u USING users u JOIN posts p ON p.author = u.{c} WHERE p.pid = 3
DELETE u.*, posts.* FROM users u, posts WHERE posts.author = u.{c} AND u.{c} = 'ada'
DELETE FROM u.* USING users u JOIN posts p ON p.author = u.{c} WHERE p.pid = 3
UPDATE users u JOIN posts p ON p.author = u.{c} SET u.{c} = concat(u.{c}, p.title), u.email = u.{c} WHERE p.pid IN (2, 3)
UPDATE posts p JOIN users u ON p.author = u.{c} SET u.email = u.{c}, u.{c} = concat(u.{c}, p.title), p.title = u.{c} WHERE p.pid IN (2, 3)
UPDATE posts p, users u SET u.{c} = concat(u.{c}, p.title), p.title = concat(p.title, u.{c}) WHERE p.author = u.{c}
UPDATE users u, (SELECT author, max(title) AS t FROM posts GROUP BY author) AS p SET u.{c} = concat(p.t, u.{c}, u.id) WHERE p.author = u.{c}
UPDATE users a JOIN users b ON a.id = b.id + 1 SET a.{c} = concat(b.{c}, a.{c}, 'x')
UPDATE IGNORE users SET {c} = 'ada' WHERE id = 2
UPDATE LOW_PRIORITY users SET {c} = concat({c}, '2')
DELETE QUICK FROM users WHERE {c} = 'ada'
SELECT {c} FROM users USE INDEX (PRIMARY) WHERE {c} = 'ada'
SELECT SQL_NO_CACHE {c} FROM users ORDER BY id
SELECT a.id, {c} FROM users AS a JOIN users AS b USING (id, {c}) ORDER BY a.id
INSERT INTO posts (pid, author) SELECT id + 50, {c} FROM users NATURAL JOIN (SELECT 'ada' AS {c}) AS x
SELECT lower(email) AS {c} FROM users GROUP BY {c} ORDER BY 1
INSERT INTO users ({c}, id) SELECT concat(author, pid), pid + ? FROM posts ORDER BY 2 DESC LIMIT 3 ;; 50
INSERT INTO users (id, {c}) WITH d AS (SELECT pid + 50, concat(title, pid) FROM posts) SELECT * FROM d
INSERT IGNORE INTO users (id, {c}) (SELECT 1, 'zoe' UNION SELECT 70, 'zoe' ORDER BY 1)
REPLACE INTO users (id, {c}) SELECT * FROM (SELECT 1, 'zoe') AS x
CREATE TEMPORARY TABLE x AS SELECT * FROM users; SELECT * FROM x ORDER BY id; DROP TEMPORARY TABLE x
SELECT SQL_NO_CACHE upper({c}), {c} FROM users ORDER BY id
SELECT DISTINCT SQL_CALC_FOUND_ROWS lower({c}) FROM users WHERE id = 1
INSERT INTO users (id, {c}) SELECT STRAIGHT_JOIN pid + 50, concat(title, pid) FROM posts
# As many values as there are columns.
INSERT INTO users SELECT * FROM wide WHERE n > 49
INSERT INTO users SELECT w.* FROM wide AS w WHERE w.n > ? ORDER BY n DESC LIMIT 1 ;; 49
INSERT IGNORE INTO users SELECT * FROM wide UNION ALL SELECT 1, 'zoe', 'z' UNION ALL SELECT 53, 'zed', 'z'
INSERT INTO users WITH w AS (SELECT * FROM wide) SELECT * FROM w WHERE n = 50
INSERT INTO users (SELECT n, w.name, 'a' FROM wide AS w NATURAL JOIN (SELECT 50 AS n) AS x)
INSERT INTO users SELECT w.* FROM wide AS w JOIN wide AS v USING (n) WHERE n > 49
REPLACE INTO users SELECT * FROM wide
REPLACE users SELECT * FROM wide FOR UPDATE
INSERT INTO users () VALUES (60, 'eve', 'x'), (61, 'fay', 'y')
INSERT INTO users SELECT p.pid + 60, w.name, w.note FROM wide AS w JOIN posts AS p ON p.pid = w.n
INSERT INTO users SELECT x.*, 'a', 'a' FROM (SELECT 60 AS n UNION SELECT 61) AS x ORDER BY n LIMIT 1
INSERT INTO users (SELECT x.*, 'a', 'a' FROM (SELECT 60 AS n UNION SELECT 61) AS x ORDER BY n DESC LIMIT 1)
INSERT INTO users (SELECT x.*, 'a', 'a' FROM (SELECT 60 AS n) AS x)
INSERT INTO users SELECT * FROM wide ON DUPLICATE KEY UPDATE {c} = VALUES({c}), email = concat(users.email, VALUES(email), ?) ;; z
INSERT INTO users (id, {c}) SELECT n, concat(name, (SELECT title FROM posts ORDER BY pid LIMIT 1)) FROM wide ON DUPLICATE KEY UPDATE {c} = concat(users.{c}, VALUES({c})), email = users.{c}
INSERT INTO users (id, {c}) SELECT 1, 'eve' ON DUPLICATE KEY UPDATE {c} = concat(VALUES({c}), users.{c})
INSERT INTO users ({c}, id) SELECT lower(?), ? ON DUPLICATE KEY UPDATE email = users.{c} ;; EVE, 1
INSERT INTO users (id, {c}) SELECT 1, concat('a', (SELECT title FROM posts ORDER BY pid LIMIT 1)) ON DUPLICATE KEY UPDATE {c} = VALUES({c})
INSERT INTO users (id, {c}) SELECT n, concat(name, (SELECT title FROM posts ORDER BY pid LIMIT 1)) FROM wide WHERE n = 2 ON DUPLICATE KEY UPDATE email = users.{c}, {c} = DEFAULT
@error INSERT INTO users SELECT * FROM wide
@error INSERT INTO users VALUES (1, 'zoe', 'z')
