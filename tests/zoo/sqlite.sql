-- case: plain
-- about: nothing but a column
-- expect: equal
-- write: INSERT INTO users (id, {c}, n) VALUES (100 + {n}, 'w{n}', 0)
-- write: UPDATE users SET {c} = {c} || 'x', n = n + 1 WHERE id = 1
-- write: DELETE FROM users WHERE id = 98 + {n}
CREATE TABLE users (id integer PRIMARY KEY, username text, n integer DEFAULT 0);
INSERT INTO users VALUES (1, 'ada', 1), (2, NULL, 2), (3, '', 3);

-- case: no_key_no_type
-- about: columns without a type hold whatever they are given
-- expect: equal
-- write: INSERT INTO users (n, {c}) VALUES ({n}, x'00ff')
-- write: UPDATE users SET {c} = n + 0.5 WHERE n % 3 = 0
CREATE TABLE users (username, n);
INSERT INTO users VALUES ('ada', -1), ('ada', -1), (NULL, -1), (1.5, -1), (x'00', -1), (9223372036854775807, -1);

-- case: autoincrement_not_null_unique
-- about: the commonest table
-- expect: equal
-- write: INSERT INTO users ({c}) VALUES ('w{n}') ON CONFLICT ({c}) DO NOTHING
-- write: INSERT INTO users ({c}) VALUES ('w{n}') ON CONFLICT ({c}) DO UPDATE SET email = 'twice'
-- write: REPLACE INTO users (id, {c}) VALUES (1, 'ada{n}')
CREATE TABLE users (id integer PRIMARY KEY AUTOINCREMENT, username varchar(50) NOT NULL UNIQUE, email text,
                    created_at datetime NOT NULL DEFAULT CURRENT_TIMESTAMP);
INSERT INTO users (username, created_at) VALUES ('ada', '2024-02-03'), ('grace', '2024-02-04');

-- case: without_rowid
-- about: a table that is its key
-- expect: equal
-- write: INSERT INTO users (tenant, code, {c}) VALUES (3, 'c{n}', {n})
-- write: UPDATE users SET {c} = coalesce({c}, 0) + 1 WHERE tenant = 1
CREATE TABLE users (tenant integer, code text, username integer DEFAULT 7, PRIMARY KEY (tenant, code)) WITHOUT ROWID;
CREATE INDEX by_tenant ON users (tenant, username DESC);
INSERT INTO users VALUES (1, 'a', 1), (1, 'b', NULL), (2, 'a', 3);

-- case: strict
-- about: types are kept to
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL DEFAULT 'x', raw blob, f real) STRICT;
INSERT INTO users VALUES (1, 'ada', x'00', 1.5);

-- case: strict_any_without_rowid
-- about: STRICT and WITHOUT ROWID, a column that takes anything
-- expect: equal
CREATE TABLE users (id text PRIMARY KEY, username any) STRICT, WITHOUT ROWID;
INSERT INTO users VALUES ('a', '000123'), ('b', 1.0), ('c', NULL), ('d', x'31');

-- case: affinities
-- about: a numeric column keeps what is no number
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username decimal(10, 2) DEFAULT 1.50);
INSERT INTO users VALUES (1, '1e3'), (2, 'abc'), (3, 2), (4, x'3132');

-- case: collate_inline
-- about: a collation in the column's definition, with a unique index
-- expect: equal
-- write: UPDATE users SET {c} = 'ADA' WHERE {c} = 'ada' AND {n} % 2 = 0
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}') ON CONFLICT ({c}) DO NOTHING
CREATE TABLE users (id integer PRIMARY KEY, username text COLLATE NOCASE UNIQUE);
INSERT INTO users VALUES (1, 'Ada'), (2, 'grace'), (3, NULL);

-- case: collate_rtrim_index
-- about: an index of another collation and order
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE INDEX trimmed ON users (username COLLATE RTRIM DESC, id);
INSERT INTO users VALUES (1, 'ada '), (2, 'ada');

-- case: check_inline
-- about: CHECKs of the column, alone and with another, with its name in a string
-- expect: equal
-- write: INSERT INTO users (id, {c}, email) VALUES (10 + {n}, 'w{n}', 'e')
CREATE TABLE users (id integer PRIMARY KEY, username text CHECK (username <> 'username') NOT NULL, email text,
                    CONSTRAINT one_of CHECK (length(username) > 0 OR "email" IS NOT NULL));
INSERT INTO users VALUES (1, 'ada', NULL), (2, '', 'e');

-- case: json_check
-- about: JSON in a text, with an index on a part of it
-- expect: equal
-- write: UPDATE users SET {c} = json_set({c}, '$.n', {n}) WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text CHECK (json_valid(username)));
CREATE INDEX by_part ON users (json_extract(username, '$.n'));
INSERT INTO users VALUES (1, '{"n": 1}'), (2, '[]');

-- case: unique_names
-- about: an index whose name does not have the column's in it keeps it, and one that has
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text, n integer, UNIQUE (n, username));
CREATE UNIQUE INDEX k ON users (username);
CREATE INDEX users_username_n ON users (n DESC, username);
INSERT INTO users VALUES (1, 'ada', 1), (2, 'grace', 1);

-- case: partial_unique
-- about: unique among the rows that are not deleted
-- expect: equal
-- write: INSERT INTO users (id, {c}, is_deleted) VALUES (10 + {n}, 'w', 1)
-- write: INSERT INTO users (id, {c}) VALUES (100000 + {n}, 'v{n}') ON CONFLICT ({c}) WHERE is_deleted = 0 DO NOTHING
CREATE TABLE users (id integer PRIMARY KEY, username text, is_deleted integer NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX live ON users (username) WHERE is_deleted = 0;
INSERT INTO users VALUES (1, 'ada', 0), (2, 'ada', 1), (3, NULL, 0);

-- case: partial_on_the_column
-- about: an index of the rows that have the column
-- expect: equal
-- write: UPDATE users SET {c} = NULL WHERE id = 2 AND {n} % 2 = 0
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 2
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE INDEX named ON users (id) WHERE username IS NOT NULL AND username <> 'username';
INSERT INTO users VALUES (1, 'ada'), (2, NULL);

-- case: expression_index
-- about: unique expressions
-- expect: equal
-- write: UPDATE users SET {c} = upper({c}) || {n} WHERE id = 2
CREATE TABLE users (id integer PRIMARY KEY, username text, email text);
CREATE UNIQUE INDEX users_lower ON users (lower(username));
CREATE INDEX users_both ON users (coalesce(username, 'username') || email, email || username DESC);
INSERT INTO users VALUES (1, 'ada', 'a'), (2, 'grace', NULL);

-- case: on_conflict_ignore
-- about: a unique constraint that skips what is there
-- expect: either conflict
CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE ON CONFLICT IGNORE);
INSERT INTO users VALUES (1, 'ada');

-- case: on_conflict_not_null
-- about: NOT NULL that puts the default in
-- expect: either conflict
CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL ON CONFLICT REPLACE DEFAULT 'none');
INSERT INTO users VALUES (1, 'ada');

-- case: key_out_inline
-- about: REFERENCES that nobody acts on
-- expect: equal
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, username text REFERENCES names (name));
INSERT INTO names VALUES ('ada');
INSERT INTO users VALUES (1, 'ada'), (2, NULL);

-- case: key_out_cascades
-- about: the other side renames and deletes, which the guard would refuse
-- expect: refused foreign key, cascade
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
-- write: UPDATE names SET name = 'v{n}' WHERE name = 'w{n}'
-- write: DELETE FROM names WHERE name = 'v' || ({n} - 2)
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY,
                    username text REFERENCES names ON UPDATE CASCADE ON DELETE CASCADE);
INSERT INTO names VALUES ('ada'), ('grace');
INSERT INTO users VALUES (1, 'ada'), (2, NULL);

-- case: key_out_set_null
-- about: the other side clears the column
-- expect: refused foreign key, set null
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
-- write: DELETE FROM names WHERE name = 'w{n}'
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, username text DEFAULT 'x',
    FOREIGN KEY (username) REFERENCES names ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED);
INSERT INTO names VALUES ('ada'), ('grace');
INSERT INTO users VALUES (1, 'ada'), (2, NULL);

-- case: key_out_delete_cascades
-- about: rows go with those that they refer to: no column is written
-- expect: equal
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
-- write: DELETE FROM names WHERE name = 'w' || ({n} - 2)
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, username text REFERENCES names ON DELETE CASCADE);
INSERT INTO names VALUES ('ada'), ('grace');
INSERT INTO users VALUES (1, 'ada'), (2, NULL);

-- case: key_out_to_itself
-- about: a tree
-- expect: equal
-- rename: users.parent => above
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 2)
-- write: DELETE FROM users WHERE id = 9 + {n}
CREATE TABLE users (id integer PRIMARY KEY, parent integer REFERENCES users ON DELETE CASCADE);
INSERT INTO users VALUES (1, NULL), (2, 1), (3, 2);

-- case: key_out_composite
-- about: a foreign key of two columns
-- expect: equal
CREATE TABLE names (tenant integer, name text, UNIQUE (tenant, name));
CREATE TABLE users (id integer PRIMARY KEY, tenant integer, username text,
    CONSTRAINT whole FOREIGN KEY (tenant, username) REFERENCES names (tenant, name) MATCH FULL);
INSERT INTO names VALUES (1, 'ada');
INSERT INTO users VALUES (1, 1, 'ada'), (2, NULL, NULL);

-- case: primary_key
-- about: the column is the key of the table
-- expect: either primary key
-- write: INSERT INTO users ({c}, n) VALUES ('w{n}', 1) ON CONFLICT ({c}) DO UPDATE SET n = n + 1
-- write: UPDATE users SET {c} = 'v{n}' WHERE {c} = 'w{n}'
CREATE TABLE users (username text PRIMARY KEY, n integer);
INSERT INTO users VALUES ('ada', 1);

-- case: part_of_the_key
-- about: the column is a part of the key of a table without row ids
-- expect: either primary key
-- write: INSERT INTO users (tenant, {c}, n) VALUES (2, 'w{n}', 1)
CREATE TABLE users (tenant integer, username text, n integer, PRIMARY KEY (tenant, username)) WITHOUT ROWID;
INSERT INTO users VALUES (1, 'ada', 1);

-- case: integer_key
-- about: the column is the row id
-- expect: either users
CREATE TABLE users (username integer PRIMARY KEY, n integer);
INSERT INTO users VALUES (1, 1);

-- case: referenced
-- about: other tables refer to the column
-- expect: either foreign key, posts
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE);
CREATE TABLE posts (id integer PRIMARY KEY, author text REFERENCES users (username) ON UPDATE CASCADE);
INSERT INTO users VALUES (1, 'ada');
INSERT INTO posts VALUES (1, 'ada');

-- case: generated_of_it
-- about: another column is computed of it
-- expect: either shout
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text, shout text AS (upper(username)) STORED, n AS (length(username)));
INSERT INTO users VALUES (1, 'ada');

-- case: is_generated
-- about: the column itself is computed
-- expect: refused comput
CREATE TABLE users (id integer PRIMARY KEY, n integer, username AS (n + 1));
INSERT INTO users VALUES (1, 1);

-- case: generated_of_others
-- about: a computed column of other columns
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}', n = {n} WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text, n integer, twice AS (n * 2), kept AS (n + 1) STORED);
INSERT INTO users VALUES (1, 'ada', 1);

-- case: view
-- about: a view of the column, whose own column would get another name
-- expect: either names_of_all
-- reference: DROP VIEW names_of_all; CREATE VIEW names_of_all AS SELECT handle AS username FROM users
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE VIEW names_of_all AS SELECT username FROM users;
INSERT INTO users VALUES (1, 'ada');

-- case: view_with_output_names
-- about: a view that says what its columns are called
-- expect: either names_of_all
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE VIEW names_of_all (who) AS SELECT username FROM users;
CREATE VIEW by_alias AS SELECT lower(username) AS low FROM users WHERE username > '';
INSERT INTO users VALUES (1, 'ada');

-- case: view_of_everything
-- about: a view with a star gets the copy as a further column
-- expect: either all_of_it
-- reference: DROP VIEW all_of_it; CREATE VIEW all_of_it AS SELECT id, handle AS username FROM users
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE VIEW all_of_it AS SELECT * FROM users;
INSERT INTO users VALUES (1, 'ada');

-- case: view_of_others
-- about: a view without the column, whose own column has the same name
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}', email = '{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text, email text);
CREATE VIEW emails AS SELECT id, email AS username FROM users;
INSERT INTO users VALUES (1, 'ada', 'a');

-- case: view_instead_of_trigger
-- about: a view that is written to
-- expect: either people
-- write: INSERT INTO people (id, name) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE VIEW people AS SELECT id, username AS name FROM users;
CREATE TRIGGER people_insert INSTEAD OF INSERT ON people BEGIN
    INSERT INTO users (id, username) VALUES (NEW.id, NEW.name);
END;
INSERT INTO people VALUES (1, 'ada');

-- case: stale_view
-- about: a view of a table that is gone, which makes every ALTER TABLE … RENAME fail
-- expect: refused stale_names
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE gone (a);
CREATE VIEW stale_names AS SELECT a FROM gone;
DROP TABLE gone;
INSERT INTO users VALUES (1, 'ada');

-- case: stale_trigger
-- about: a trigger that writes to a table that is gone
-- expect: refused orphan
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE others (id integer PRIMARY KEY);
CREATE TABLE gone (a);
CREATE TRIGGER orphan AFTER INSERT ON others BEGIN INSERT INTO gone VALUES (1); END;
DROP TABLE gone;
INSERT INTO users VALUES (1, 'ada');

-- case: full_text_external
-- about: an index of words that reads the table, and three triggers that keep it
-- expect: refused users_fts
CREATE TABLE users (id integer PRIMARY KEY, username text, bio text);
CREATE VIRTUAL TABLE users_fts USING fts5 (username, bio, content='users', content_rowid='id');
CREATE TRIGGER users_ai AFTER INSERT ON users BEGIN
    INSERT INTO users_fts (rowid, username, bio) VALUES (NEW.id, NEW.username, NEW.bio);
END;
CREATE TRIGGER users_au AFTER UPDATE ON users BEGIN
    INSERT INTO users_fts (users_fts, rowid, username, bio) VALUES ('delete', OLD.id, OLD.username, OLD.bio);
    INSERT INTO users_fts (rowid, username, bio) VALUES (NEW.id, NEW.username, NEW.bio);
END;
INSERT INTO users VALUES (1, 'ada', 'counts'), (2, 'grace', 'compiles');

-- case: full_text_of_another_column
-- about: an index of words that does not have the column
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text, bio text);
CREATE VIRTUAL TABLE bios_fts USING fts5 (bio, content='users', content_rowid='id');
CREATE TRIGGER users_ai AFTER INSERT ON users BEGIN
    INSERT INTO bios_fts (rowid, bio) VALUES (NEW.id, NEW.bio);
END;
INSERT INTO users VALUES (1, 'ada', 'counts'), (2, 'grace', 'compiles');

-- case: trigger_updated_at
-- about: each UPDATE sets a time and counts a version
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text, version integer DEFAULT 0, updated_at text DEFAULT '2024-01-01');
CREATE TRIGGER touch AFTER UPDATE ON users BEGIN
    UPDATE users SET version = version + 1, updated_at = datetime('now') WHERE id = NEW.id;
END;
INSERT INTO users VALUES (1, 'ada', 0, '2024-01-01'), (2, 'grace', 0, '2024-01-01');

-- case: trigger_version_written
-- about: as before, under writes, each of which counts
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
-- write: UPDATE users SET note = 'n{n}' WHERE id = 2
CREATE TABLE users (id integer PRIMARY KEY, username text, note text, version integer DEFAULT 0);
CREATE TRIGGER touch AFTER UPDATE ON users WHEN NEW.version = OLD.version BEGIN
    UPDATE users SET version = version + 1 WHERE id = NEW.id;
END;
INSERT INTO users VALUES (1, 'ada', 'x', 0), (2, 'grace', 'y', 0);

-- case: trigger_audit
-- about: each UPDATE leaves a row in another table
-- expect: equal
-- write: UPDATE users SET n = n + 1 WHERE id = 1
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 2
CREATE TABLE users (id integer PRIMARY KEY, username text, n integer DEFAULT 0);
CREATE TABLE audit (of_user integer REFERENCES users, what text);
CREATE TRIGGER note AFTER UPDATE ON users BEGIN INSERT INTO audit VALUES (OLD.id, 'u' || NEW.n); END;
INSERT INTO users VALUES (1, 'ada', 0), (2, 'grace', 0);

-- case: trigger_append_only
-- about: no row may ever be updated
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TRIGGER never BEFORE UPDATE ON users BEGIN SELECT raise(ABORT, 'this table is append-only'); END;
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: trigger_ignores
-- about: some rows are never updated, silently
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text, is_frozen integer DEFAULT 0);
CREATE TRIGGER keep_frozen BEFORE UPDATE ON users WHEN OLD.is_frozen BEGIN SELECT raise(IGNORE); END;
INSERT INTO users VALUES (1, 'ada', 1), (2, 'grace', 0);

-- case: trigger_of_column
-- about: a trigger on UPDATE OF the column, under a condition on it
-- expect: either told
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE log (what text);
CREATE TRIGGER told AFTER UPDATE OF username ON users WHEN OLD.username IS NOT NEW.username BEGIN
    INSERT INTO log VALUES (NEW.username);
END;
INSERT INTO users VALUES (1, 'ada');

-- case: trigger_writes_it
-- about: a trigger that writes the column again
-- expect: either lower_name
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'W{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TRIGGER lower_name AFTER INSERT ON users BEGIN
    UPDATE users SET username = lower(username) WHERE id = NEW.id;
END;
INSERT INTO users VALUES (1, 'Ada');

-- case: trigger_of_another_table
-- about: each row of another table counts up the column
-- expect: either counted
-- rename: users.posts => post_count
-- write: INSERT INTO post VALUES ({n}, 1)
CREATE TABLE users (id integer PRIMARY KEY, posts integer NOT NULL DEFAULT 0);
CREATE TABLE post (id integer PRIMARY KEY, by_user integer REFERENCES users);
CREATE TRIGGER counted AFTER INSERT ON post BEGIN UPDATE users SET posts = posts + 1 WHERE id = NEW.by_user; END;
INSERT INTO users VALUES (1, 0);

-- case: trigger_inserts_by_position
-- about: another table's trigger inserts into this one without naming columns
-- expect: either mirrored
-- write: INSERT INTO people VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE people (id integer PRIMARY KEY, name text);
CREATE TRIGGER mirrored AFTER INSERT ON people BEGIN INSERT INTO users VALUES (NEW.id, NEW.name); END;
INSERT INTO users VALUES (1, 'ada');

-- case: trigger_reads_it
-- about: another table's trigger only reads the column
-- expect: either copied
-- write: INSERT INTO post VALUES ({n}, 1, NULL)
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE post (id integer PRIMARY KEY, by_user integer, name text);
CREATE TRIGGER copied AFTER INSERT ON post BEGIN
    UPDATE post SET name = (SELECT username FROM users WHERE id = NEW.by_user) WHERE id = NEW.id;
END;
INSERT INTO users VALUES (1, 'ada');

-- case: named_rowid
-- about: columns that have the names of the row id
-- expect: equal
-- write: INSERT INTO users (rowid, oid, {c}) VALUES ('r{n}', 'o', 'w{n}')
CREATE TABLE users (rowid text, oid text, username text);
INSERT INTO users VALUES ('a', 'b', 'ada'), ('a', 'b', 'ada');

-- case: all_names_of_rowid
-- about: a table without a key that hides every name of its row id
-- expect: refused row id
CREATE TABLE users (rowid text, oid text, _rowid_ text, username text);
INSERT INTO users VALUES ('a', 'b', 'c', 'ada');

-- case: rowid_as_the_column
-- about: the column is called as the row id is
-- expect: equal
-- rename: users.rowid => number
CREATE TABLE users (id integer PRIMARY KEY, rowid text NOT NULL);
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: odd_names
-- about: names in quotes, with letters that are no ASCII
-- expect: equal
-- rename: Odd "table".user name => Händel
-- write: UPDATE "Odd ""table""" SET {c} = {c} || '.' WHERE "Id" = 1
CREATE TABLE "Odd ""table""" ("Id" integer PRIMARY KEY, [user name] text NOT NULL DEFAULT 'it''s');
CREATE INDEX `an index of "user name"` ON "Odd ""table""" ("user name");
INSERT INTO "Odd ""table""" VALUES (1, 'ada'), (2, 'o''hara \ "x"');

-- case: remarks_in_the_definition
-- about: the table's text has remarks and odd spaces, which are to stay
-- expect: equal
CREATE TABLE users (
    id integer PRIMARY KEY,      -- the number
    username /* who, as "username" */ text
        NOT NULL UNIQUE,         -- nobody twice
    n integer
);
INSERT INTO users VALUES (1, 'ada', 1);

-- case: in_capitals
-- about: names are the same whatever their case
-- expect: equal
-- write: INSERT INTO Users (ID, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE USERS (ID INTEGER PRIMARY KEY, UserName TEXT UNIQUE);
CREATE INDEX By_Name ON users (UserName, id);
INSERT INTO users VALUES (1, 'ada');

-- case: target_in_capitals
-- about: there is a column of the new name in capitals
-- expect: refused handle
CREATE TABLE users (id integer PRIMARY KEY, username text, HANDLE integer);
INSERT INTO users VALUES (1, 'ada', 2);

-- case: default_expression
-- about: a default that differs each time
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL DEFAULT (lower(hex(randomblob(8)))));
INSERT INTO users (id) VALUES (1), (2);

-- case: default_time
-- about: a default that is the time
-- expect: equal
-- write: INSERT INTO users (id) VALUES (10 + {n})
CREATE TABLE users (id integer PRIMARY KEY, username text DEFAULT CURRENT_TIMESTAMP);
INSERT INTO users VALUES (1, '2024-02-03 04:05:06');

-- case: default_constants
-- about: constants of every kind as a default
-- expect: equal
-- write: INSERT INTO users (id) VALUES (10 + {n})
CREATE TABLE users (id integer PRIMARY KEY, username text DEFAULT 'it''s "username"', n integer DEFAULT (-7), b blob DEFAULT x'00ff');
INSERT INTO users (id) VALUES (1);

-- case: other_schema_twin
-- about: another table has a column of the same name and an index of the new one
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE INDEX users_username ON users (username);
CREATE TABLE accounts (id integer PRIMARY KEY, username text, handle text);
CREATE INDEX users_handle ON accounts (username);
INSERT INTO users VALUES (1, 'ada');
INSERT INTO accounts VALUES (1, 'eve', 'e');

-- case: many_rows_negative_ids
-- about: row ids below zero, and gaps
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL);
WITH RECURSIVE n(n) AS (SELECT -500 UNION ALL SELECT n + 7 FROM n WHERE n < 3000)
INSERT INTO users SELECT n, 'u' || n FROM n;

-- case: virtual_table_beside
-- about: the database has a table of a module beside it
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE VIRTUAL TABLE words USING fts5 (word);
INSERT INTO words VALUES ('username');
INSERT INTO users VALUES (1, 'ada');

-- case: everything_at_once
-- about: what an old table has gathered
-- expect: equal
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}, tenant) VALUES (10 + {n}, 'w{n}', 1)
-- write: UPDATE users SET n = n + 1 WHERE {c} = 'ada'
-- write: DELETE FROM users WHERE id = 8 + {n}
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, tenant integer DEFAULT 1, n integer DEFAULT 0,
    username varchar(40) COLLATE NOCASE NOT NULL DEFAULT 'nobody' CHECK (username <> '') REFERENCES names,
    CONSTRAINT per_tenant UNIQUE (tenant, username));
CREATE INDEX lowered ON users (lower(username)) WHERE tenant = 1;
CREATE INDEX users_username_n ON users (username DESC, n);
CREATE TABLE log (what text);
CREATE TRIGGER counted AFTER UPDATE OF n ON users BEGIN INSERT INTO log VALUES (NEW.n); END;
INSERT INTO names VALUES ('ada'), ('grace'), ('nobody');
INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace');
