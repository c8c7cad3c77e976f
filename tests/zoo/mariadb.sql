-- case: plain
-- about: nothing but a column
-- expect: equal
-- write: INSERT INTO users (id, {c}, n) VALUES (100 + {n}, 'w{n}', 0)
-- write: UPDATE users SET {c} = concat({c}, 'x'), n = n + 1 WHERE id = 1
-- write: DELETE FROM users WHERE id = 98 + {n}
CREATE TABLE users (id integer PRIMARY KEY, username text, n integer DEFAULT 0);
INSERT INTO users VALUES (1, 'ada', 1), (2, NULL, 2), (3, '', 3);

-- case: no_key
-- about: a table without a key, with equal rows
-- expect: equal
-- write: INSERT INTO users ({c}, n) VALUES ('w{n}', {n})
-- write: DELETE FROM users WHERE n = {n} - 2
CREATE TABLE users (username varchar(40), n integer);
INSERT INTO users VALUES ('ada', -9), ('ada', -9), (NULL, -9), ('', NULL);

-- case: auto_increment_not_null_unique
-- about: the commonest table
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (1000 + {n}, 'w{n}') ON DUPLICATE KEY UPDATE email = 'twice'
-- write: INSERT INTO users (id, {c}) VALUES (5000 + {n}, 'w{n}') ON DUPLICATE KEY UPDATE email = 'twice'
-- write: UPDATE users SET {c} = 'ada{n}' WHERE id = 1
CREATE TABLE users (id integer AUTO_INCREMENT PRIMARY KEY, username varchar(60) NOT NULL UNIQUE, email text,
                    created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP);
INSERT INTO users (username) VALUES ('ada'), ('grace');

-- case: composite_key_bigint
-- about: a number as the column, and a key of two columns
-- expect: equal
-- write: UPDATE users SET {c} = {c} + 1 WHERE tenant = 1
-- write: INSERT INTO users (tenant, code, {c}) VALUES (2, 'c{n}', {n})
CREATE TABLE users (tenant integer, code varchar(9), username bigint unsigned NOT NULL DEFAULT 7, PRIMARY KEY (tenant, code),
                    KEY by_tenant (tenant, username DESC));
INSERT INTO users VALUES (1, 'a', 9007199254740993), (1, 'b', 1), (2, 'a', 0);

-- case: decimals_and_floats
-- about: numbers that are no integers
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username decimal(30, 9) ZEROFILL DEFAULT 1.5, f float, d double);
INSERT INTO users VALUES (1, 123456789012345678901.123456789, 0.1, 0.1), (2, NULL, -0.0, 1e300);

-- case: updated_at
-- about: a time beside the column that every UPDATE sets
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username varchar(20),
                    updated_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
                    changed datetime(3) DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP(3));
INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace');

-- case: updated_at_written
-- about: as before, while the app writes to one row
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username varchar(20) NOT NULL,
                    updated_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6));
INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace');

-- case: timestamp_default
-- about: the column is a time that the database sets
-- expect: equal
-- write: INSERT INTO users (id) VALUES (10 + {n})
CREATE TABLE users (id integer PRIMARY KEY, username timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, n integer);
INSERT INTO users (id) VALUES (1), (2);

-- case: timestamp_on_update
-- about: the column is a time that every UPDATE sets
-- expect: either comput
CREATE TABLE users (id integer PRIMARY KEY, username timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
INSERT INTO users (id) VALUES (1), (2);

-- case: datetime_bits_year
-- about: times and bits without a default
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username datetime(6), b bit(5), y year, t time(2));
INSERT INTO users VALUES (1, '2024-02-29 23:59:59.999999', b'10101', 2024, '-10:11:12.13'), (2, '0001-01-01', NULL, NULL, NULL);

-- case: bit_column
-- about: bits as the column
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username bit(9) NOT NULL DEFAULT b'101');
INSERT INTO users VALUES (1, b'111000111'), (2, b'0');

-- case: binary
-- about: bytes, with a key on their beginning
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username varbinary(300), KEY beginning (username(20)));
INSERT INTO users VALUES (1, x'00ff'), (2, ''), (3, NULL);

-- case: uuid_type
-- about: a uuid that the database makes
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, '00000000-0000-0000-0000-000000000001')
CREATE TABLE users (id integer PRIMARY KEY, username uuid NOT NULL DEFAULT uuid());
INSERT INTO users VALUES (1, '123e4567-e89b-12d3-a456-426655440000');

-- case: inet_type
-- about: an address
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username inet6 UNIQUE);
INSERT INTO users VALUES (1, '::1'), (2, NULL);

-- case: enumeration_and_set
-- about: an enum as the column, a set beside it
-- expect: equal
-- write: UPDATE users SET {c} = if({n} % 2, 'low', 'it''s') WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username enum('low', 'high', 'it''s') NOT NULL DEFAULT 'low', s set('a', 'b'));
INSERT INTO users VALUES (1, 'low', 'a,b'), (2, 'it''s', '');

-- case: json
-- about: JSON is a text with a CHECK of its own
-- expect: equal
-- write: UPDATE users SET {c} = json_set({c}, '$.n', {n}) WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username json NOT NULL DEFAULT '{}');
INSERT INTO users VALUES (1, '{"n":  1}'), (2, '[]');

-- case: json_beside
-- about: JSON in another column
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username varchar(20), extra json);
INSERT INTO users VALUES (1, 'ada', '{}'), (2, 'grace', NULL);

-- case: geometry_spatial
-- about: points with a spatial key
-- expect: either spatial
CREATE TABLE users (id integer PRIMARY KEY, username point NOT NULL, SPATIAL KEY places (username));
INSERT INTO users VALUES (1, point(1, 2));

-- case: geometry
-- about: points without a key
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username point);
INSERT INTO users VALUES (1, point(1, 2)), (2, NULL);

-- case: collations
-- about: a character set and a collation that are not the table's
-- expect: equal
-- write: UPDATE users SET {c} = if({n} % 2, 'ADA', 'ada') WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30) CHARACTER SET latin1 COLLATE latin1_german2_ci UNIQUE)
    CHARACTER SET utf8mb4 COLLATE utf8mb4_swedish_ci;
INSERT INTO users VALUES (1, 'Ada'), (2, 'Händel');

-- case: collation_of_the_table
-- about: the column has the table's collation, which is not the database's
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), other varchar(30)) CHARACTER SET ascii COLLATE ascii_bin;
INSERT INTO users VALUES (1, 'Ada', 'x'), (2, 'ada', 'y');

-- case: comment
-- about: a comment on the column and on the table
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30) DEFAULT 'x' COMMENT 'the user''s "name" \\ `x`') COMMENT 'people';
INSERT INTO users VALUES (1, 'Ada');

-- case: invisible
-- about: a column that SELECT * leaves out
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30) INVISIBLE, n integer);
INSERT INTO users (id, username) VALUES (1, 'ada');

-- case: compressed_column
-- about: a column that is kept compressed
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text COMPRESSED);
INSERT INTO users VALUES (1, repeat('ada', 500));

-- case: compressed_table
-- about: a table whose pages are compressed
-- expect: either compressed
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30)) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8;
INSERT INTO users VALUES (1, 'ada');

-- case: index_ignored_and_comment
-- about: a key that is not used, one with a comment, one of the beginning, one backwards
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), n integer,
    KEY unused (username, n) IGNORED, KEY told (username) COMMENT 'for the "list"',
    KEY users_username_8 (username(8)), KEY backwards (n, username DESC));
INSERT INTO users VALUES (1, 'ada', 1), (2, 'grace', 2);

-- case: unique_names_kept
-- about: a unique key whose name does not have the column's in it
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'ada') ON DUPLICATE KEY UPDATE n = n + 1
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), n integer DEFAULT 0, UNIQUE KEY k (username), UNIQUE KEY two (n, username));
INSERT INTO users VALUES (1, 'ada', 0), (2, NULL, 0);

-- case: odd_names
-- about: names in quotes, with letters that are no ASCII
-- expect: equal
-- rename: Odd `table`.user name => Händel
-- write: UPDATE `Odd ``table``` SET {c} = concat({c}, '.') WHERE `Id` = 1
CREATE TABLE `Odd ``table``` (`Id` integer PRIMARY KEY, `user name` varchar(3000) NOT NULL DEFAULT 'it''s', KEY `a key of "user name"` (`user name`(100)));
INSERT INTO `Odd ``table``` VALUES (1, 'ada'), (2, 'o''hara \\ "x"');

-- case: many_keys
-- about: 62 keys, of which the column is in three: 64 are allowed
-- expect: either keys
CREATE TABLE users (id integer PRIMARY KEY, username varchar(20), a integer, KEY u1 (username), KEY u2 (username, a), KEY u3 (a, username));
SET @keys = (SELECT group_concat('ADD KEY k', seq, ' (a)') FROM seq_1_to_58);
EXECUTE IMMEDIATE concat('ALTER TABLE users ', @keys);
INSERT INTO users VALUES (1, 'ada', 1);

-- case: many_keys_that_fit
-- about: 58 keys, of which the column is in three
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username varchar(20), a integer, KEY u1 (username), KEY u2 (username, a), KEY u3 (a, username));
SET @keys = (SELECT group_concat('ADD KEY k', seq, ' (a)') FROM seq_1_to_54);
EXECUTE IMMEDIATE concat('ALTER TABLE users ', @keys);
INSERT INTO users VALUES (1, 'ada', 1);

-- case: fulltext
-- about: the column has an index of words
-- expect: either fulltext
CREATE TABLE users (id integer PRIMARY KEY, username varchar(200), FULLTEXT KEY words (username));
INSERT INTO users VALUES (1, 'ada');

-- case: fulltext_of_another_column
-- about: another column has an index of words
-- expect: either full-text
CREATE TABLE users (id integer PRIMARY KEY, username varchar(200), bio text, FULLTEXT KEY words (bio));
INSERT INTO users VALUES (1, 'ada', 'counts');

-- case: unique_of_text
-- about: a unique key of a text without a length, which is a hash
-- expect: either hash
CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE);
INSERT INTO users VALUES (1, 'ada');

-- case: check_alone
-- about: CHECKs of the column alone, in its definition and in the table's
-- expect: refused check, sane
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30) NOT NULL CHECK (username <> 'username'),
                    CONSTRAINT sane CHECK (char_length(`username`) < 30));
INSERT INTO users VALUES (1, 'ada');

-- case: check_with_others
-- about: a CHECK of two columns
-- expect: refused check, one_of
-- write: UPDATE users SET {c} = 'w{n}', email = 'x' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), email varchar(30),
                    CONSTRAINT one_of CHECK (username IS NOT NULL OR email <> 'username'));
INSERT INTO users VALUES (1, 'ada', NULL), (2, NULL, 'e');

-- case: key_out
-- about: a foreign key out of the column
-- expect: equal
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
-- write: DELETE FROM users WHERE id = 8 + {n}
CREATE TABLE names (name varchar(30) PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), CONSTRAINT of_names FOREIGN KEY (username) REFERENCES names (name));
INSERT INTO names VALUES ('ada'), ('grace');
INSERT INTO users VALUES (1, 'ada'), (2, NULL);

-- case: key_out_cascades
-- about: the other side renames and deletes
-- expect: either of_names
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
-- write: UPDATE names SET name = 'v{n}' WHERE name = 'w{n}'
-- write: DELETE FROM names WHERE name = concat('v', {n} - 2)
CREATE TABLE names (name varchar(30) PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30) NOT NULL,
    CONSTRAINT of_names FOREIGN KEY (username) REFERENCES names (name) ON UPDATE CASCADE ON DELETE CASCADE);
INSERT INTO names VALUES ('ada'), ('grace');
INSERT INTO users VALUES (1, 'ada');

-- case: key_out_set_null
-- about: the other side clears the column
-- expect: either of_names
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
-- write: DELETE FROM names WHERE name = 'w{n}'
CREATE TABLE names (name varchar(30) PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30),
    CONSTRAINT of_names FOREIGN KEY (username) REFERENCES names (name) ON DELETE SET NULL);
INSERT INTO names VALUES ('ada'), ('grace');
INSERT INTO users VALUES (1, 'ada'), (2, NULL);

-- case: key_out_composite
-- about: a foreign key of two columns
-- expect: equal
CREATE TABLE names (tenant integer, name varchar(30), UNIQUE (tenant, name));
CREATE TABLE users (id integer PRIMARY KEY, tenant integer, username varchar(30),
    CONSTRAINT whole FOREIGN KEY (tenant, username) REFERENCES names (tenant, name));
INSERT INTO names VALUES (1, 'ada');
INSERT INTO users VALUES (1, 1, 'ada'), (2, NULL, NULL);

-- case: key_out_to_itself
-- about: a tree
-- expect: either tree
-- rename: users.parent => above
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 2)
-- write: DELETE FROM users WHERE id = 9 + {n}
CREATE TABLE users (id integer PRIMARY KEY, parent integer, CONSTRAINT tree FOREIGN KEY (parent) REFERENCES users (id) ON DELETE CASCADE);
INSERT INTO users VALUES (1, NULL), (2, 1), (3, 2);

-- case: column_privileges
-- about: rights on the column, some with the right to pass them on
-- expect: equal
-- reference: GRANT SELECT (handle), UPDATE (handle) ON users TO zoo_reader@localhost; GRANT INSERT (handle), REFERENCES (handle) ON users TO zoo_app@localhost WITH GRANT OPTION
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), secret text);
GRANT SELECT (id, username), UPDATE (username) ON users TO zoo_reader@localhost;
GRANT INSERT (username), REFERENCES (username) ON users TO zoo_app@localhost WITH GRANT OPTION;
INSERT INTO users VALUES (1, 'ada', 'x');

-- case: table_privileges
-- about: rights on the whole table
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30));
GRANT SELECT, UPDATE ON users TO zoo_reader@localhost WITH GRANT OPTION;
INSERT INTO users VALUES (1, 'ada');

-- case: primary_key
-- about: the column is the key
-- expect: refused primary key
CREATE TABLE users (username varchar(30) PRIMARY KEY);
INSERT INTO users VALUES ('ada');

-- case: part_of_the_key
-- about: the column is a part of the key
-- expect: refused primary key
CREATE TABLE users (tenant integer, username varchar(30), n integer, PRIMARY KEY (tenant, username));
INSERT INTO users VALUES (1, 'ada', 1);

-- case: auto_increment
-- about: the column numbers the rows
-- expect: either comput
CREATE TABLE users (id varchar(9) PRIMARY KEY, username integer AUTO_INCREMENT UNIQUE);
INSERT INTO users (id) VALUES ('a'), ('b');

-- case: referenced
-- about: other tables refer to the column
-- expect: refused foreign key, posts
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30) UNIQUE);
CREATE TABLE posts (id integer PRIMARY KEY, author varchar(30), CONSTRAINT posts_author FOREIGN KEY (author) REFERENCES users (username));
INSERT INTO users VALUES (1, 'ada');
INSERT INTO posts VALUES (1, 'ada');

-- case: generated_of_it
-- about: another column is computed of it
-- expect: refused generated column, shout
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), shout varchar(30) AS (upper(username)) STORED);
INSERT INTO users (id, username) VALUES (1, 'ada');

-- case: is_generated
-- about: the column itself is computed
-- expect: refused comput
CREATE TABLE users (id integer PRIMARY KEY, n integer, username integer AS (n + 1) VIRTUAL);
INSERT INTO users (id, n) VALUES (1, 1);

-- case: default_of_another_column
-- about: a default that is computed of another column
-- expect: either default
CREATE TABLE users (id integer PRIMARY KEY, email varchar(30), username varchar(40) DEFAULT (concat(email, 'x')));
INSERT INTO users (id, email) VALUES (1, 'a');

-- case: default_of_it
-- about: another column's default is computed of it
-- expect: either shown
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), shown varchar(40) DEFAULT (concat(username, 'x')));
INSERT INTO users (id, username) VALUES (1, 'a');

-- case: default_sequence
-- about: a default out of a sequence
-- expect: either default
CREATE SEQUENCE numbers START 70;
CREATE TABLE users (id integer PRIMARY KEY, username integer DEFAULT (nextval(numbers)));
INSERT INTO users (id) VALUES (1), (2);

-- case: view
-- about: a view of the column
-- expect: refused view, names_of_all
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30));
CREATE VIEW names_of_all AS SELECT username FROM users;
INSERT INTO users VALUES (1, 'ada');

-- case: view_of_others
-- about: a view without the column
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}', email = '{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), email varchar(30));
CREATE VIEW emails AS SELECT id, email FROM users;
INSERT INTO users VALUES (1, 'ada', 'a');

-- case: trigger_updated_at
-- about: each UPDATE sets a time and counts a version
-- expect: refused touch
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), version integer DEFAULT 0, updated_at datetime DEFAULT '2024-01-01');
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW BEGIN
    SET NEW.version = OLD.version + 1;
    SET NEW.updated_at = now();
END;
INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace');

-- case: trigger_audit
-- about: each UPDATE leaves a row in another table
-- expect: refused note
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), n integer DEFAULT 0);
CREATE TABLE audit (of_user integer, what text);
CREATE TRIGGER note AFTER UPDATE ON users FOR EACH ROW INSERT INTO audit VALUES (OLD.id, 'u');
INSERT INTO users VALUES (1, 'ada', 0), (2, 'grace', 0);

-- case: trigger_append_only
-- about: no row may ever be updated
-- expect: refused never
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30));
CREATE TRIGGER never BEFORE UPDATE ON users FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'append-only';
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: trigger_of_inserts
-- about: a trigger that the copy does not fire, and that does not use the column
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), n integer);
CREATE TRIGGER numbered BEFORE INSERT ON users FOR EACH ROW SET NEW.n = 5;
INSERT INTO users VALUES (1, 'ada', 0), (2, 'grace', 0);

-- case: trigger_uses_the_column
-- about: a trigger that changes what is written to the column
-- expect: refused lower_name
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30));
CREATE TRIGGER lower_name BEFORE INSERT ON users FOR EACH ROW SET NEW.username = lower(NEW.username);
INSERT INTO users VALUES (1, 'Ada');

-- case: trigger_of_another_table
-- about: each row of another table counts up the column
-- expect: refused counted
-- rename: users.posts => post_count
CREATE TABLE users (id integer PRIMARY KEY, posts integer NOT NULL DEFAULT 0);
CREATE TABLE post (id integer PRIMARY KEY, by_user integer);
CREATE TRIGGER counted AFTER INSERT ON post FOR EACH ROW UPDATE users SET posts = posts + 1 WHERE id = NEW.by_user;
INSERT INTO users VALUES (1, 0);

-- case: trigger_inserts_by_position
-- about: another table's trigger inserts into this one without naming columns
-- expect: refused mirrored
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30));
CREATE TABLE people (id integer PRIMARY KEY, name varchar(30));
CREATE TRIGGER mirrored AFTER INSERT ON people FOR EACH ROW INSERT INTO users VALUES (NEW.id, NEW.name);
INSERT INTO users VALUES (1, 'ada');

-- case: procedure
-- about: a procedure that writes the column
-- expect: refused rename_user
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30));
CREATE PROCEDURE rename_user(wanted integer, new_name varchar(30)) BEGIN
    UPDATE users SET username = new_name WHERE id = wanted;
END;
INSERT INTO users VALUES (1, 'ada');

-- case: function
-- about: a function that reads the column
-- expect: refused name_of
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30));
CREATE FUNCTION name_of(wanted integer) RETURNS varchar(30) READS SQL DATA
    RETURN (SELECT username FROM users WHERE id = wanted);
INSERT INTO users VALUES (1, 'ada');

-- case: event
-- about: an event that writes the column
-- expect: refused nightly
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30));
CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01' DO UPDATE users SET username = trim(username);
INSERT INTO users VALUES (1, 'ada');

-- case: procedure_of_other_things
-- about: a procedure that does not know of the table
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30));
CREATE PROCEDURE nothing_much() BEGIN SELECT 1; END;
INSERT INTO users VALUES (1, 'ada');

-- case: partitioned
-- about: a table in parts
-- expect: refused partition
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30)) PARTITION BY HASH (id) PARTITIONS 2;
INSERT INTO users VALUES (1, 'ada');

-- case: system_versioned
-- about: a table that keeps its past
-- expect: either version
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30)) WITH SYSTEM VERSIONING;
INSERT INTO users VALUES (1, 'ada');

-- case: period
-- about: a table with a period of application time, and a key that knows it
-- expect: either period
CREATE TABLE users (id integer, username varchar(30), s date, e date, PERIOD FOR valid (s, e),
                    UNIQUE (id, valid WITHOUT OVERLAPS));
INSERT INTO users VALUES (1, 'ada', '2024-01-01', '2024-02-01');

-- case: myisam
-- about: an engine without transactions
-- expect: refused MyISAM
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30)) ENGINE=MyISAM;
INSERT INTO users VALUES (1, 'ada');

-- case: row_format_and_options
-- about: options of the table that are to stay
-- expect: equal
CREATE TABLE users (id integer AUTO_INCREMENT PRIMARY KEY, username varchar(30) NOT NULL DEFAULT '') ROW_FORMAT=REDUNDANT STATS_PERSISTENT=0 AUTO_INCREMENT=500;
INSERT INTO users (username) VALUES ('ada'), ('grace');

-- case: target_in_capitals
-- about: there is a column of the new name in capitals
-- expect: refused handle
CREATE TABLE users (id integer PRIMARY KEY, username varchar(30), HANDLE integer);
INSERT INTO users VALUES (1, 'ada', 2);

-- case: everything_at_once
-- about: what an old table has gathered
-- expect: equal
-- reference: GRANT SELECT (handle) ON users TO zoo_reader@localhost
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}, tenant) VALUES (10 + {n}, 'w{n}', 1)
-- write: UPDATE users SET n = n + 1 WHERE {c} = 'ada'
-- write: DELETE FROM users WHERE id = 8 + {n}
CREATE TABLE names (name varchar(40) COLLATE utf8mb4_bin PRIMARY KEY);
CREATE TABLE users (id integer AUTO_INCREMENT PRIMARY KEY, tenant integer DEFAULT 1, n integer DEFAULT 0,
    username varchar(40) COLLATE utf8mb4_bin NOT NULL DEFAULT 'nobody' COMMENT 'who' CHECK (username <> ''),
    updated_at timestamp DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
    UNIQUE KEY per_tenant (tenant, username), KEY users_username_n (username DESC, n) COMMENT 'list',
    CONSTRAINT of_names FOREIGN KEY (username) REFERENCES names (name));
GRANT SELECT (username) ON users TO zoo_reader@localhost;
INSERT INTO names VALUES ('ada'), ('grace'), ('nobody');
INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace');

-- case: stored_beside_not_null
-- about: MariaDB changes no column in place beside a STORED generated one
-- expect: refused stored
CREATE TABLE users (id integer PRIMARY KEY, username varchar(20) NOT NULL, n integer,
                    twice integer AS (n * 2) STORED);
INSERT INTO users (id, username, n) VALUES (1, 'ada', 2);
