-- case: plain
-- about: nothing but a column
-- expect: equal
-- write: INSERT INTO users (id, {c}, n) VALUES (100 + {n}, 'w{n}', 0)
-- write: UPDATE users SET {c} = {c} || 'x', n = n + 1 WHERE id = 1
-- write: DELETE FROM users WHERE id = 98 + {n}
CREATE TABLE users (id integer PRIMARY KEY, username text, n integer DEFAULT 0);
INSERT INTO users VALUES (1, 'ada', 1), (2, NULL, 2), (3, '', 3);
