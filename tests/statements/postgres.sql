# Statements of PostgreSQL, in which `{c}` is the column. `@error`: fails without a rename as well.
SELECT DISTINCT ON ({c}) {c}, id FROM users ORDER BY {c}, id
SELECT DISTINCT ON (lower({c})) id, {c} FROM users ORDER BY lower({c}), id DESC
SELECT id FROM users WHERE {c} = ANY(ARRAY['ada', 'Bob'])
SELECT id FROM users WHERE {c} = ANY($1) ;; {ada,Bob}
SELECT id FROM users WHERE {c} IN ($1, $2) AND email <> $1 ;; ada, Bob
SELECT id FROM users WHERE ({c}, email) IS DISTINCT FROM ('ada', 'a@x')
SELECT id FROM users WHERE {c} ILIKE 'A%' OR {c} ~* '^B' OR {c} SIMILAR TO '(c|d)%'
SELECT {c}::varchar(2), ({c})::text || '!', {c} COLLATE "C", CAST({c} AS char(3)) FROM users
SELECT id, p.title FROM users u, LATERAL (SELECT title FROM posts WHERE author = u.{c}) AS p ORDER BY id, title
SELECT id, p.n FROM users LEFT JOIN LATERAL (SELECT count(*) AS n FROM posts WHERE author = users.{c}) AS p ON true ORDER BY id
SELECT {c}, count(*) FROM users GROUP BY GROUPING SETS (({c}), ()) ORDER BY {c} NULLS LAST, 2
SELECT {c}, email, count(*), grouping({c}) FROM users GROUP BY ROLLUP ({c}, email) ORDER BY 1, 2, 3
SELECT {c}, email, count(*) FROM users GROUP BY CUBE ({c}, email) ORDER BY 1, 2, 3
SELECT {c}, count(*) FROM users GROUP BY {c} HAVING count({c}) > 0 ORDER BY {c} DESC
SELECT lower({c}) AS {c} FROM users GROUP BY {c} ORDER BY {c}
SELECT lower({c}) AS email FROM users ORDER BY email
SELECT array_agg({c} ORDER BY {c} DESC) FILTER (WHERE {c} IS NOT NULL) FROM users
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY {c}) FROM users
SELECT id, first_value({c}) OVER w, lag({c}) OVER (ORDER BY {c}, id) FROM users WINDOW w AS (PARTITION BY {c} IS NULL ORDER BY {c}) ORDER BY id
SELECT string_agg({c}, ',' ORDER BY id) FROM users
SELECT id, string_agg({c}, '-') OVER (ORDER BY {c}, id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) FROM users ORDER BY id
SELECT id, count({c}) OVER (ORDER BY {c} GROUPS UNBOUNDED PRECEDING EXCLUDE TIES), count({c}) OVER (ORDER BY {c} ROWS 1 PRECEDING EXCLUDE GROUP) FROM users ORDER BY id
SELECT id, max({c}) OVER (ORDER BY timestamp '2020-01-01' + id * '1 day'::interval RANGE BETWEEN '1 day'::interval PRECEDING AND '2 days'::interval FOLLOWING EXCLUDE NO OTHERS) FROM users ORDER BY id
SELECT trim(TRAILING FROM {c}) AS a, trim(BOTH FROM {c} || ' ') AS b, trim(FROM {c}) AS c FROM users ORDER BY id
MERGE INTO ONLY users AS u USING posts p ON u.{c} = p.author AND p.pid = 3 WHEN MATCHED THEN UPDATE SET {c} = u.{c} || p.title
SELECT jsonb_build_object('k', {c}) ->> 'k' AS k, to_jsonb({c}) FROM users ORDER BY id
SELECT json_build_object('{c}', {c}) FROM users ORDER BY id
SELECT (ARRAY[{c}, email])[1], (ARRAY[{c}, email])[1:2] FROM users ORDER BY id
SELECT u.{c} FROM users u FOR UPDATE OF u
SELECT {c} FROM users WHERE {c} = 'ada' FOR NO KEY UPDATE SKIP LOCKED
SELECT u.{c}, p.title FROM users u JOIN posts p ON p.author = u.{c} ORDER BY p.pid FOR SHARE OF u
SELECT {c} FROM users TABLESAMPLE BERNOULLI (100) ORDER BY id
SELECT {c} FROM public.users WHERE public.users.{c} = 'ada'
SELECT public.users.* FROM public.users ORDER BY id
SELECT n, {c} FROM users, generate_series(1, 2) AS n ORDER BY id, n
SELECT u.{c}, x.v, x.o FROM users u, unnest(ARRAY[u.{c}, u.email]) WITH ORDINALITY AS x(v, o) ORDER BY u.id, x.o
SELECT x.{c} FROM json_to_recordset('[{"{c}": "z"}]') AS x({c} text)
SELECT {c} FROM users ORDER BY {c} COLLATE "C" DESC NULLS LAST FETCH FIRST 2 ROWS ONLY
SELECT {c} FROM users WHERE {c} > $1 ORDER BY {c} LIMIT $2 ;; B, 2
SELECT extract(year FROM timestamp '2020-01-01'), {c} FROM users ORDER BY id
SELECT E'\n' || {c}, $$x$$ || {c}, U&'\0041' || {c} FROM users ORDER BY id
SELECT CASE WHEN {c} = 'ada' THEN {c} END, coalesce({c}, email), nullif({c}, email) FROM users ORDER BY id
SELECT CASE WHEN true THEN 1 END, {c} IS NOT NULL AS {c} FROM users ORDER BY id
SELECT "{c}", users."{c}" FROM "users" ORDER BY "users"."{c}"
SELECT {c} FROM users UNION SELECT author FROM posts ORDER BY {c} NULLS FIRST
(SELECT {c} FROM users ORDER BY {c} LIMIT 1) UNION ALL (SELECT author FROM posts ORDER BY author DESC LIMIT 1)
WITH x AS MATERIALIZED (SELECT * FROM users) SELECT {c} FROM x ORDER BY {c}
WITH x AS NOT MATERIALIZED (SELECT {c}, id FROM users) SELECT x.{c} FROM x WHERE x.{c} = 'ada'
WITH RECURSIVE r({c}, n) AS (SELECT {c}, 1 FROM users WHERE id = 1 UNION ALL SELECT {c} || 'x', n + 1 FROM r WHERE n < 3) SELECT * FROM r ORDER BY n
SELECT * FROM users ORDER BY id
SELECT * FROM users u JOIN posts p ON p.author = u.{c} ORDER BY p.pid
SELECT * FROM users AS a NATURAL JOIN users AS b ORDER BY id FOR UPDATE OF a
SELECT EXISTS (SELECT {c} FROM users WHERE {c} = 'ada'), ARRAY(SELECT {c} FROM users ORDER BY id)
EXPLAIN (COSTS OFF) SELECT 1 FROM users WHERE false AND {c} = 'x'
@error SELECT {c} FROM users WHERE {c} = 1
@error SELECT nothing, {c} FROM users
SELECT id, {c} FROM users WHERE to_jsonb({c}) @> ANY (ARRAY['"ada"', '"cyd"']::jsonb[]) OR {c} || 'x' <> ALL (SELECT author FROM posts) AND id < 3
SELECT {c} FROM users WHERE id BETWEEN SYMMETRIC 3 AND 1 AND {c} ILIKE ANY ($1::text[]) ;; {ADA}
SELECT {c}, j.id FROM users JOIN (SELECT pid AS id, title FROM posts) AS p USING (id) AS j WHERE j.id < 3 AND {c} <> 'x'
# Writes.
INSERT INTO users ({c}, email) VALUES ($1, $2), ($3, DEFAULT) RETURNING * ;; eve, e@x, fay
INSERT INTO users ({c}) VALUES (DEFAULT) RETURNING id, {c}
INSERT INTO users AS u ({c}, email) VALUES ('ada', 'new') ON CONFLICT ({c}) DO UPDATE SET email = excluded.email || u.{c} WHERE u.{c} = 'ada' RETURNING u.*
INSERT INTO users (id, {c}) VALUES (1, 'eve') ON CONFLICT ON CONSTRAINT users_pkey DO UPDATE SET {c} = excluded.{c}, email = users.{c} RETURNING {c}, email
INSERT INTO users (id, {c}) OVERRIDING SYSTEM VALUE VALUES (50, 'x')
INSERT INTO users (id, {c}) SELECT pid + 50, title || $1 FROM posts RETURNING {c} ;; z
INSERT INTO users (id, {c}) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET ({c}, email) = ($1, users.{c}) ;; eve
INSERT INTO users (id, {c}) SELECT 1, 'eve' ON CONFLICT (id) DO UPDATE SET {c} = excluded.{c} || users.{c} RETURNING id, {c}
INSERT INTO users ({c}, id) SELECT lower($1), 1 ON CONFLICT DO NOTHING ;; EVE
INSERT INTO users (id, {c}) SELECT 70, (SELECT title FROM posts ORDER BY pid LIMIT 1) UNION ALL SELECT 1, 'b'ON CONFLICT(id)DO UPDATE SET {c} = 'dup' || users.id
@error INSERT INTO users ({c}) VALUES ('ada')
@error INSERT INTO users (id, {c}) VALUES (1, 'zoe')
UPDATE users SET {c} = $1 WHERE {c} = $2 RETURNING * ;; eve, ada
UPDATE users u SET {c} = u.{c} || p.title, email = u.{c} FROM posts p WHERE p.author = u.{c} AND p.pid <> 1 RETURNING u.{c}, p.pid
UPDATE users SET ({c}, email) = (email, {c}) WHERE id < 3
UPDATE users SET ({c}, email) = ROW({c} || '1', {c}) WHERE id < 3
UPDATE users SET ({c}, email) = (SELECT author || id, title FROM posts WHERE author = users.{c} ORDER BY pid LIMIT 1) WHERE id < 3
UPDATE users SET {c} = DEFAULT WHERE id = 1
@error UPDATE users SET {c} = 'same'
DELETE FROM users u USING posts p WHERE p.author = u.{c} RETURNING u.*
DELETE FROM users WHERE {c} = $1 RETURNING {c} ;; ada
WITH d AS (DELETE FROM users WHERE {c} = 'ada' RETURNING *), i AS (INSERT INTO posts (pid, author) SELECT 50, {c} FROM d RETURNING author) SELECT d.{c}, i.author FROM d, i
WITH u AS (UPDATE users SET {c} = upper({c}) RETURNING id, {c}) SELECT * FROM u ORDER BY id
WITH i AS (INSERT INTO users (id, {c}) VALUES (60, 'x') RETURNING *) UPDATE users SET email = i.{c} FROM i WHERE users.id = 1
MERGE INTO users u USING posts p ON u.{c} = p.author AND p.pid <> 1 WHEN MATCHED THEN UPDATE SET {c} = p.title, email = u.{c} WHEN NOT MATCHED AND p.pid > 3 THEN INSERT (id, {c}) VALUES (p.pid + 50, p.author)
MERGE INTO users u USING (SELECT 'ada' AS {c}) s ON u.{c} = s.{c} WHEN MATCHED THEN DELETE
# Whole rows have the code's columns.
SELECT row_to_json(users) FROM users ORDER BY id
SELECT to_jsonb(u), u::text, u.id FROM users u ORDER BY u.id
SELECT users FROM users ORDER BY users
SELECT u AS whole FROM users u ORDER BY whole DESC
SELECT count(u), count(u.*), count(DISTINCT u) FROM users u
SELECT json_agg(u ORDER BY u.id) FROM users u
SELECT json_agg(u ORDER BY u.{c}), p.author FROM users u JOIN posts p ON p.author = u.{c} GROUP BY p.author ORDER BY p.author
SELECT p.pid, row_to_json(u), u IS NULL, u IS NOT NULL FROM posts p LEFT JOIN users u ON u.{c} = p.author ORDER BY p.pid
SELECT p.pid, count(u.*), count(u) FROM posts p LEFT JOIN users u ON u.{c} = p.author GROUP BY p.pid ORDER BY p.pid
SELECT p.pid, to_json(u.*) FROM posts p LEFT JOIN users u ON u.{c} = p.author ORDER BY p.pid
SELECT id FROM users u WHERE u IS NOT NULL ORDER BY id
SELECT id FROM users u WHERE u = ROW(1, 'ada'::text, 'a@x'::text) OR u = ROW(1, 'a@x'::text, 'ada'::text)
SELECT id FROM users u WHERE (u.*) = ROW(1, 'ada'::text, 'a@x'::text) OR (u.*) = ROW(1, 'a@x'::text, 'ada'::text)
SELECT (users).{c}, (u2).email FROM users, users AS u2 WHERE (users).id = (u2).id ORDER BY users.id
SELECT (u).{c}, p.pid FROM users u JOIN posts p ON p.author = (u).{c} ORDER BY p.pid
SELECT (u).{c} FROM users u WHERE (u).{c} > 'B' ORDER BY (u).{c}
SELECT a.id, b.id FROM users a, users b WHERE a = b ORDER BY 1
SELECT a.id FROM users a WHERE a IN (SELECT b FROM users b WHERE b.{c} = 'ada')
SELECT (SELECT row_to_json(u) FROM posts WHERE author = u.{c} AND pid <> 2) FROM users u ORDER BY id
SELECT u, count(*) FROM users u GROUP BY u ORDER BY u
SELECT row_to_json(u) FROM users u GROUP BY u.id ORDER BY u.id
SELECT lower(email) AS users FROM users GROUP BY users ORDER BY users
SELECT DISTINCT u FROM users u ORDER BY u
SELECT DISTINCT ON (u) u.id FROM users u ORDER BY u
SELECT row_to_json(x) FROM (SELECT * FROM users) x ORDER BY x.id
WITH x AS (SELECT id, {c} FROM users) SELECT json_agg(x ORDER BY x.id) FROM x
SELECT row_to_json(users) FROM users WHERE id = 1 FOR UPDATE OF users
SELECT row_to_json(u), p.pid FROM users u JOIN posts p ON p.author = u.{c} ORDER BY p.pid FOR UPDATE OF u
SELECT row_to_json(users), ctid IS NOT NULL FROM public.users ORDER BY id
SELECT max(u.id) FROM users u HAVING count(u) > 1
SELECT row_number() OVER (ORDER BY u) FROM users u ORDER BY 1
SELECT array_agg(u ORDER BY u) FROM users u
SELECT CASE WHEN id = 1 THEN u END, coalesce(u, u) FROM users u ORDER BY id
SELECT jsonb_set(to_jsonb(u), '{email}', '"x"') FROM users u ORDER BY id
SELECT "U".id, row_to_json("U") FROM users AS "U" ORDER BY 1
INSERT INTO users (id, {c}) VALUES (50, 'x') RETURNING row_to_json(users), (users).{c}
INSERT INTO users AS u (id, {c}) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET email = u::text RETURNING to_json(u.*)
UPDATE users SET email = users::text RETURNING row_to_json(users)
UPDATE users SET {c} = (row_to_json(users) ->> '{c}') || 'x' RETURNING users
UPDATE users u SET {c} = 'x' FROM posts p WHERE p.author = u.{c} AND pid = 3 RETURNING to_json(u.*), p.pid
DELETE FROM users WHERE id < 3 RETURNING row_to_json(users)
DELETE FROM users u USING posts p WHERE p.author = u.{c} RETURNING u.*, row_to_json(u.*)
WITH d AS (DELETE FROM users u RETURNING row_to_json(u) AS j) SELECT j FROM d ORDER BY j ->> 'id'
# Words that the parser does not know.
SELECT {c} FROM ONLY users JOIN ONLY public.posts ON author = {c} ORDER BY pid
UPDATE ONLY users SET {c} = {c} || 'x' WHERE id = 1
DELETE FROM ONLY users WHERE {c} = 'ada'
SELECT {c} FROM users WHERE id = 1 FOR KEY SHARE
TABLE users ORDER BY id
(TABLE users) UNION ALL SELECT * FROM users ORDER BY 1, 2
WITH x AS (TABLE users) SELECT {c} FROM x ORDER BY {c}
INSERT INTO wide TABLE users; SELECT * FROM wide ORDER BY n, name
# Queries whose rows are kept.
DECLARE c CURSOR FOR SELECT * FROM users ORDER BY id; FETCH ALL FROM c
CREATE TEMPORARY TABLE x AS SELECT * FROM users; SELECT * FROM x ORDER BY id
SELECT *, {c} AS n INTO TEMPORARY x FROM users; SELECT * FROM x ORDER BY id
WITH d AS (DELETE FROM posts RETURNING *) INSERT INTO users (id, {c}) SELECT d.pid + 50, (SELECT d.title || d.pid LIMIT 1) FROM d
MERGE INTO users u USING posts p ON false WHEN NOT MATCHED THEN INSERT VALUES (p.pid + 50, p.title || p.pid, p.title || p.pid || 'b')
SELECT u.a, b, c FROM users AS u(a, b, c) WHERE u.b = 'ada' ORDER BY a
SELECT u.* FROM users AS u(a, b) ORDER BY a
SELECT * FROM users u(id, b, c) JOIN users v USING (id) ORDER BY id
SELECT (u).b, u.c FROM users AS u(a, b, c) ORDER BY a
SELECT {c}, b FROM users, LATERAL (SELECT b FROM users AS w(a, b) WHERE a = users.id) AS x ORDER BY users.id
SELECT a FROM ONLY users AS u(a, b) WHERE b IS NOT NULL ORDER BY a FOR UPDATE
UPDATE posts SET title = b FROM users AS u(a, b) WHERE a = user_id
DELETE FROM posts USING users u(a, b) WHERE b = author
SELECT * FROM ONLY users NATURAL JOIN (SELECT 'ada' AS {c}) AS x
# A row in a list stands for its columns.
SELECT ROW(u.*, 1), ROW(users.*)::text FROM users u JOIN public.users ON users.id = u.id ORDER BY u.id
SELECT p.pid, (u.*, p.*)::text, ROW(u.*) IS NULL FROM posts p LEFT JOIN users u ON u.{c} = p.author ORDER BY p.pid
SELECT id FROM users u WHERE (u.*, 1) IN (SELECT v.*, 1 FROM users v WHERE {c} = 'ada') ORDER BY id
SELECT id FROM users u ORDER BY ROW(u.*, 1) DESC
SELECT ROW(u.*, 'x') FROM users AS u(a, b) ORDER BY a
UPDATE users u SET {c} = ROW(u.*, v.*)::text FROM (SELECT 60, 'x', 'y') AS v WHERE u.id = 1 RETURNING u.id, ROW(v.*)::text
INSERT INTO users (id, {c}) VALUES (60, 'x') ON CONFLICT (id) DO UPDATE SET email = ROW(excluded.*)::text RETURNING (users.*, 1)::text
UPDATE posts SET title = 'x' FROM users NATURAL JOIN (SELECT 'ada' AS {c}) AS x WHERE users.id = user_id
UPDATE users SET email = 'x' FROM users AS v JOIN (SELECT 'ada' AS {c}) AS x USING ({c}) WHERE users.id = v.id RETURNING v.*
DELETE FROM posts USING users NATURAL JOIN (SELECT 'ada' AS {c}) AS x WHERE users.id = user_id RETURNING users.{c}
