-- case: plain
-- about: a column with nothing on it, in a table with a key
-- expect: equal
-- write: INSERT INTO users (id, {c}, n) VALUES (100 + {n}, 'w{n}', 0)
-- write: UPDATE users SET {c} = {c} || 'x', n = n + 1 WHERE id = 1
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

-- case: not_null_unique_serial
-- about: the commonest table: serial id, unique name, a time
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (1000 + {n}, 'w{n}') ON CONFLICT ({c}) DO NOTHING
-- write: INSERT INTO users (id, {c}) VALUES (5000 + {n}, 'w{n}') ON CONFLICT ({c}) DO UPDATE SET email = 'twice'
-- write: UPDATE users SET {c} = 'ada' || {n} WHERE id = 1
CREATE TABLE users (id serial PRIMARY KEY, username text NOT NULL UNIQUE, email text,
                    created_at timestamptz NOT NULL DEFAULT now());
INSERT INTO users (username, created_at) VALUES ('ada', '2024-02-03'), ('grace', '2024-02-04');

-- case: bigint_composite_key
-- about: a number as the column, and a key of two columns
-- expect: equal
-- write: UPDATE users SET {c} = {c} + 1 WHERE tenant = 1
-- write: INSERT INTO users (tenant, code, {c}) VALUES (2, 'c{n}', {n})
CREATE TABLE users (tenant integer, code text, username bigint NOT NULL DEFAULT 7,
                    PRIMARY KEY (tenant, code));
CREATE INDEX users_by_tenant ON users (tenant, username DESC NULLS LAST);
INSERT INTO users VALUES (1, 'a', 9007199254740993), (1, 'b', -1), (2, 'a', 0);

-- case: numeric_scale
-- about: a numeric of a scale, with NaN and infinity
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username numeric(30, 9) DEFAULT 1.5);
INSERT INTO users VALUES (1, 'NaN'), (2, 123456789012345678901.123456789), (3, NULL);

-- case: json
-- about: json has no equality of its own
-- expect: equal
-- write: UPDATE users SET {c} = '{"n": {n},  "n": 1}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username json NOT NULL DEFAULT '{}');
INSERT INTO users VALUES (1, '{"a":1,  "a":2}'), (2, '[]'), (3, 'null');

-- case: jsonb_gin
-- about: jsonb with a GIN index of another operator class
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username jsonb);
CREATE INDEX users_username_gin ON users USING gin (username jsonb_path_ops) WITH (fastupdate = off);
INSERT INTO users VALUES (1, '{"a":1}'), (2, '[]'), (3, NULL);

-- case: array_gin
-- about: an array with an index on its elements
-- expect: equal
-- write: UPDATE users SET {c} = {c} || 'w{n}'::text WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text[] DEFAULT '{}');
CREATE INDEX elements ON users USING gin (username);
INSERT INTO users VALUES (1, '{a,b}'), (2, '{}'), (3, '{{1,2},{NULL,"x y"}}');

-- case: enumeration
-- about: an enum with a default, and an index
-- expect: equal
-- write: UPDATE users SET {c} = CASE {c} WHEN 'low' THEN 'high'::level ELSE 'low' END
CREATE TYPE level AS ENUM ('low', 'high');
CREATE TABLE users (id integer PRIMARY KEY, username level NOT NULL DEFAULT 'low');
CREATE INDEX ON users (username);
INSERT INTO users VALUES (1, 'low'), (2, 'high');

-- case: domain_with_check
-- about: a domain that has a CHECK
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES ({n} + 10, 'w{n}')
CREATE DOMAIN name AS text CHECK (VALUE <> 'root');
CREATE TABLE users (id integer PRIMARY KEY, username public.name);
INSERT INTO users VALUES (1, 'ada'), (2, NULL);

-- case: domain_not_null
-- about: a column of a domain that is NOT NULL cannot be added empty
-- expect: either users, name
CREATE DOMAIN name AS text NOT NULL;
CREATE TABLE users (id integer PRIMARY KEY, username public.name);
INSERT INTO users VALUES (1, 'ada'), (2, '');

-- case: domain_default
-- about: the default is the domain's, not the column's
-- expect: equal
-- write: INSERT INTO users (id) VALUES (10 + {n})
CREATE DOMAIN name AS text DEFAULT 'nobody';
CREATE TABLE users (id integer PRIMARY KEY, username public.name);
INSERT INTO users VALUES (1, 'ada'), (2, NULL);

-- case: timestamps
-- about: a time without a zone as the column, set by a default
-- expect: equal
-- write: INSERT INTO users (id) VALUES (10 + {n})
CREATE TABLE users (id integer PRIMARY KEY, username timestamp(3) NOT NULL DEFAULT now());
INSERT INTO users VALUES (1, '2024-02-29 23:59:59.999'), (2, 'infinity');

-- case: interval_float_date
-- about: a type whose output hangs on settings of the session
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username interval, d date, f double precision);
INSERT INTO users VALUES (1, '1 mon 2 days 03:04:05.678901', '2024-01-02', 0.1), (2, '-1 day', NULL, 'NaN');

-- case: bytea
-- about: bytes, with a hash index
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username bytea);
CREATE INDEX by_hash ON users USING hash (username);
INSERT INTO users VALUES (1, '\x00ff'), (2, ''), (3, NULL);

-- case: uuid_volatile_default
-- about: a default that differs each time
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, '00000000-0000-0000-0000-000000000001')
CREATE TABLE users (id integer PRIMARY KEY, username uuid NOT NULL DEFAULT gen_random_uuid());
INSERT INTO users (id) VALUES (1), (2);

-- case: nondeterministic_collation
-- only: postgres15
-- about: a collation in which ada and ADA are equal
-- expect: equal
-- write: UPDATE users SET {c} = CASE WHEN {n} % 2 = 0 THEN 'ADA' ELSE 'ada' END WHERE id = 1
CREATE COLLATION anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TABLE users (id integer PRIMARY KEY, username text COLLATE anycase UNIQUE);
INSERT INTO users VALUES (1, 'Ada'), (2, 'grace');

-- case: citext
-- about: a type of an extension, with a unique index
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'W{n}') ON CONFLICT ({c}) DO NOTHING
CREATE EXTENSION citext;
CREATE TABLE users (id integer PRIMARY KEY, username citext NOT NULL UNIQUE);
INSERT INTO users VALUES (1, 'Ada'), (2, 'grace');

-- case: bits
-- about: a string of bits
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username bit(5) DEFAULT B'10101');
INSERT INTO users VALUES (1, B'00000'), (2, NULL);

-- case: geometry_gist
-- about: points, for which there is no equality in a b-tree
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username point);
CREATE INDEX ON users USING gist (username);
INSERT INTO users VALUES (1, '(1,2)'), (2, '(-0,0)'), (3, NULL);

-- case: range_brin
-- about: a BRIN index with a storage parameter and a parameter of its operator class
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username bigint);
CREATE INDEX summary ON users USING brin (username int8_minmax_multi_ops (values_per_range = 16))
    WITH (pages_per_range = 8);
INSERT INTO users SELECT n, n * 7 FROM generate_series(1, 50) AS n;

-- case: trigram_class
-- about: an operator class of an extension with a parameter
-- expect: equal
CREATE EXTENSION pg_trgm;
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE INDEX similar_names ON users USING gist (username gist_trgm_ops (siglen = 32));
CREATE INDEX begins_with ON users (username text_pattern_ops, id DESC);
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: identity
-- about: the database numbers the rows by this column
-- expect: equal
-- rename: users.number => no
-- write: INSERT INTO users (id, {c}) OVERRIDING SYSTEM VALUE VALUES (10 + {n}, 100 + {n})
CREATE TABLE users (id integer PRIMARY KEY, number integer GENERATED BY DEFAULT AS IDENTITY (START 40 INCREMENT 2), t text);
INSERT INTO users (id, t) VALUES (1, 'a'), (2, 'b');

-- case: identity_of_an_app
-- about: the app, which is not the owner, inserts rows; its rights to the sequence and the comment stay
-- expect: equal
-- rename: users.number => no
-- write: INSERT INTO users (id, {c}) OVERRIDING SYSTEM VALUE VALUES (10 + {n}, 20000 + {n})
-- write: INSERT INTO users (id) VALUES (10000 + {n})
-- write: INSERT INTO users (id, {c}) VALUES (20000 + {n}, DEFAULT), (30000 + {n}, DEFAULT)
-- write: DELETE FROM users WHERE id > 10000
CREATE TABLE users (id integer PRIMARY KEY, number smallint GENERATED ALWAYS AS IDENTITY
                    (START 7 INCREMENT 3 MINVALUE 5 MAXVALUE 9000 CACHE 5 CYCLE) UNIQUE);
GRANT SELECT, INSERT, UPDATE ON users TO zoo_app;
GRANT USAGE ON SEQUENCE users_number_seq TO zoo_app WITH GRANT OPTION;
GRANT SELECT ON SEQUENCE users_number_seq TO PUBLIC;
COMMENT ON SEQUENCE users_number_seq IS 'numbers of members';
INSERT INTO users (id) VALUES (1), (2), (3);

-- case: identity_without_usage
-- about: who inserts rows takes numbers without a right to the sequence, which the shim could not
-- expect: refused GRANT USAGE ON SEQUENCE, zoo_app
CREATE TABLE users (id integer PRIMARY KEY, username integer GENERATED BY DEFAULT AS IDENTITY);
GRANT INSERT ON users TO zoo_app;
INSERT INTO users (id) VALUES (1);

-- case: identity_used_elsewhere
-- about: another table takes its numbers from the same sequence
-- expect: refused users_username_seq
CREATE TABLE users (id integer PRIMARY KEY, username integer GENERATED BY DEFAULT AS IDENTITY);
CREATE TABLE others (id integer DEFAULT nextval('users_username_seq'));
INSERT INTO users (id) VALUES (1);

-- case: identity_always
-- about: as identity, and nobody else may set it
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username integer NOT NULL GENERATED ALWAYS AS IDENTITY UNIQUE);
INSERT INTO users (id) VALUES (1), (2), (3);

-- case: owned_sequence
-- about: a serial that is no key owns its sequence
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username serial);
INSERT INTO users (id) VALUES (1), (2), (3);

-- case: foreign_sequence
-- about: a default of a sequence that belongs to nobody
-- expect: equal
CREATE SEQUENCE numbers START 70;
CREATE TABLE users (id integer PRIMARY KEY, username integer DEFAULT nextval('numbers'));
INSERT INTO users (id) VALUES (1), (2), (3);

-- case: unique_names_kept
-- about: a unique constraint and an index whose names do not have the column's in them keep them
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES ({n} + 10, 'ada') ON CONFLICT ON CONSTRAINT k DO UPDATE SET n = users.n + 1
CREATE TABLE users (id integer PRIMARY KEY, username text, n integer DEFAULT 0, CONSTRAINT k UNIQUE (username));
CREATE INDEX lookup ON users (n, username);
INSERT INTO users VALUES (1, 'ada'), (2, NULL);

-- case: long_and_odd_names
-- about: names in quotes, with letters that are no ASCII, at the limit of length
-- expect: equal
-- rename: Odd "table".user name => Händel
-- write: UPDATE "Odd ""table""" SET {c} = {c} || '.' WHERE "Id" = 1
CREATE TABLE "Odd ""table""" ("Id" integer PRIMARY KEY, "user name" text NOT NULL DEFAULT 'it''s');
CREATE INDEX "an index with a name that is as long as PostgreSQL will let it" ON "Odd ""table""" ("user name");
CREATE UNIQUE INDEX "user name, ""unique""" ON "Odd ""table""" ("user name", "Id");
INSERT INTO "Odd ""table""" VALUES (1, 'ada'), (2, 'o''hara \ "x"');

-- case: schema_qualified
-- about: the table is in a schema that is not on the path
-- expect: equal
-- rename: tenant.users.username => handle
-- write: INSERT INTO tenant.users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE SCHEMA tenant;
CREATE TABLE tenant.users (id integer PRIMARY KEY, username text UNIQUE);
CREATE TABLE public.users (id integer PRIMARY KEY, username text UNIQUE);
INSERT INTO tenant.users VALUES (1, 'ada');
INSERT INTO public.users VALUES (1, 'grace');

-- case: search_path_twins
-- about: another table, first on the path, has an index of the same name
-- expect: equal
-- options: search_path=tenant,public
CREATE SCHEMA tenant;
CREATE TABLE public.users (id integer PRIMARY KEY, username text);
CREATE INDEX users_username ON public.users (username);
CREATE TABLE tenant.accounts (id integer PRIMARY KEY, username text);
CREATE INDEX users_username ON tenant.accounts (username);
INSERT INTO public.users VALUES (1, 'ada'), (2, 'grace');
INSERT INTO tenant.accounts VALUES (1, 'eve');

-- case: search_path_handle_twin
-- about: the new index's name is taken in the schema that comes first
-- expect: equal
-- options: search_path=tenant,public
CREATE SCHEMA tenant;
CREATE TABLE public.users (id integer PRIMARY KEY, username text UNIQUE);
CREATE TABLE tenant.accounts (id integer PRIMARY KEY, handle text CONSTRAINT users_handle_key UNIQUE);
INSERT INTO public.users VALUES (1, 'ada'), (2, 'grace');

-- case: partial_unique
-- about: unique among the rows that are not deleted
-- expect: equal
-- write: INSERT INTO users (id, {c}, is_deleted) VALUES (10 + {n}, 'w', true)
-- write: INSERT INTO users (id, {c}) VALUES (100000 + {n}, 'v{n}') ON CONFLICT ({c}) WHERE NOT is_deleted DO NOTHING
CREATE TABLE users (id integer PRIMARY KEY, username text, is_deleted boolean NOT NULL DEFAULT false);
CREATE UNIQUE INDEX live ON users (username) WHERE NOT is_deleted;
CREATE INDEX named ON users (id) WHERE username IS NOT NULL AND username <> 'username';
INSERT INTO users VALUES (1, 'ada', false), (2, 'ada', true), (3, NULL, false);

-- case: expression_indexes
-- about: expressions of the column, also within a string that looks like its name
-- expect: equal
-- write: UPDATE users SET {c} = upper({c}) || {n} WHERE id = 2
CREATE TABLE users (id integer PRIMARY KEY, username text, email text);
CREATE UNIQUE INDEX users_lower ON users (lower(username));
CREATE INDEX users_both ON users ((coalesce(username, 'username') || email), (email || username) DESC);
INSERT INTO users VALUES (1, 'ada', 'a'), (2, 'grace', NULL);

-- case: include_and_nulls
-- about: INCLUDE, NULLS NOT DISTINCT, fillfactor, order
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text, email text);
CREATE UNIQUE INDEX one_null ON users (username) NULLS NOT DISTINCT WITH (fillfactor = 60);
CREATE INDEX covering ON users (email DESC NULLS LAST) INCLUDE (username);
CREATE UNIQUE INDEX users_username_email ON users (username COLLATE "C" DESC, email) INCLUDE (id);
ALTER TABLE users ADD CONSTRAINT nulls_too UNIQUE NULLS NOT DISTINCT (username, id) INCLUDE (email);
INSERT INTO users VALUES (1, 'ada', 'a'), (2, NULL, NULL);

-- case: index_comment_cluster
-- about: what is said of an index, and the table is clustered by it; statistics of an expression
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE INDEX users_username_idx ON users (username);
CREATE INDEX users_lower_idx ON users (lower(username));
COMMENT ON INDEX users_username_idx IS 'for the list of users';
ALTER TABLE users CLUSTER ON users_username_idx;
ALTER INDEX users_lower_idx ALTER COLUMN 1 SET STATISTICS 300;
INSERT INTO users VALUES (2, 'ada'), (1, 'grace');

-- case: comments
-- about: a comment on the column, and on its constraint
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text CONSTRAINT users_username_key UNIQUE);
COMMENT ON COLUMN users.username IS 'the user''s "name"';
COMMENT ON CONSTRAINT users_username_key ON users IS 'nobody twice';
COMMENT ON TABLE users IS 'people';
INSERT INTO users VALUES (1, 'ada');

-- case: column_settings
-- about: statistics target, storage, compression, n_distinct
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, repeat('w{n}', 1000))
CREATE TABLE users (id integer PRIMARY KEY, username text COMPRESSION pglz);
ALTER TABLE users ALTER username SET STATISTICS 500, ALTER username SET STORAGE EXTERNAL,
    ALTER username SET (n_distinct = -0.5, n_distinct_inherited = 7);
INSERT INTO users VALUES (1, repeat('ada', 5000));

-- case: extended_statistics
-- about: statistics of two columns, and of an expression
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text, email text);
CREATE STATISTICS duo (dependencies, ndistinct) ON username, email FROM users;
CREATE STATISTICS expr ON lower(username), email FROM users;
ALTER STATISTICS duo SET STATISTICS 77;
COMMENT ON STATISTICS duo IS 'they go together';
INSERT INTO users VALUES (1, 'ada', 'a'), (2, 'grace', 'g');

-- case: column_privileges
-- about: rights on the column, some with the right to pass them on
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text, secret text);
GRANT SELECT (id, username) ON users TO zoo_reader;
GRANT UPDATE (username), INSERT (username, id) ON users TO zoo_app WITH GRANT OPTION;
GRANT REFERENCES (username) ON users TO PUBLIC;
INSERT INTO users VALUES (1, 'ada', 'x');

-- case: table_privileges
-- about: rights on the whole table
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text);
GRANT SELECT, UPDATE ON users TO zoo_reader WITH GRANT OPTION;
GRANT SELECT ON users TO PUBLIC;
INSERT INTO users VALUES (1, 'ada');

-- case: replica_identity
-- about: rows are known to subscribers by the unique index of the column
-- expect: equal
-- write: UPDATE users SET n = n + 1, {c} = 'w{n}' WHERE id = 1
CREATE TABLE users (id integer NOT NULL, username text NOT NULL, n integer DEFAULT 0);
CREATE UNIQUE INDEX who ON users (username);
ALTER TABLE users REPLICA IDENTITY USING INDEX who;
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: replica_identity_full
-- about: rows are known by all columns
-- expect: equal
-- write: UPDATE users SET n = n + 1 WHERE {c} = 'ada'
CREATE TABLE users (id integer NOT NULL, username text NOT NULL, n integer DEFAULT 0);
ALTER TABLE users REPLICA IDENTITY FULL;
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: check_alone
-- about: CHECKs of the column alone, one of them of no row so far, one not for heirs
-- expect: refused check, later
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text CHECK (username <> ''),
                    CONSTRAINT sane CHECK (length(username) < 30) NO INHERIT);
INSERT INTO users VALUES (1, 'ada'), (2, 'Root');
ALTER TABLE users ADD CONSTRAINT later CHECK (username <> 'Root') NOT VALID;
COMMENT ON CONSTRAINT sane ON users IS 'as it was';

-- case: check_alone_valid
-- about: CHECKs of the column alone, one of them with a comment and not for heirs
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text CHECK (username <> ''),
                    CONSTRAINT sane CHECK (length(username) < 30) NO INHERIT);
INSERT INTO users VALUES (1, 'ada'), (2, 'Root');
ALTER TABLE users ADD CONSTRAINT later CHECK (username <> 'nobody') NOT VALID;
COMMENT ON CONSTRAINT sane ON users IS 'as it was';

-- case: check_with_others
-- about: a CHECK of two columns, with the name in a string
-- expect: equal
-- write: UPDATE users SET {c} = 'b' || {n}, email = 'x{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text, email text,
    CONSTRAINT one_of CHECK (username IS NOT NULL OR email <> 'username' AND users.id > 0));
INSERT INTO users VALUES (1, 'ada', NULL), (2, NULL, 'e');

-- case: key_out_cascades
-- about: a foreign key whose other side renames and deletes
-- expect: either foreign key, cascade
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
-- write: UPDATE names SET name = 'v{n}' WHERE name = 'w{n}'
-- write: DELETE FROM names WHERE name = 'v' || ({n} - 3)
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY,
                    username text REFERENCES names ON UPDATE CASCADE ON DELETE CASCADE);
INSERT INTO names VALUES ('ada'), ('grace');
INSERT INTO users VALUES (1, 'ada'), (2, NULL), (3, 'ada');

-- case: key_out_set_null
-- about: a foreign key that clears the column
-- expect: either of_names
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
-- write: DELETE FROM names WHERE name = 'w' || ({n} - 2)
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, username text);
ALTER TABLE users ADD CONSTRAINT of_names FOREIGN KEY (username) REFERENCES names ON DELETE SET NULL
    DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ON users (username);
INSERT INTO names VALUES ('ada'), ('grace');
INSERT INTO users VALUES (1, 'ada'), (2, NULL), (3, 'grace');

-- case: key_out_deferrable
-- about: a foreign key that is checked at the end, and a row that goes with the other one
-- expect: equal
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
-- write: DELETE FROM names WHERE name = 'w' || ({n} - 2)
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL);
ALTER TABLE users ADD CONSTRAINT of_names FOREIGN KEY (username) REFERENCES names ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED;
COMMENT ON CONSTRAINT of_names ON users IS 'who is known';
INSERT INTO names VALUES ('ada'), ('grace');
INSERT INTO users VALUES (1, 'ada'), (3, 'grace');

-- case: key_out_set_default
-- about: a foreign key that falls back to the default
-- expect: either users_username_fkey
-- write: INSERT INTO names VALUES ('w{n}')
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
-- write: DELETE FROM names WHERE name = 'w{n}'
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY,
                    username text DEFAULT 'nobody' REFERENCES names ON DELETE SET DEFAULT);
INSERT INTO names VALUES ('ada'), ('nobody');
INSERT INTO users VALUES (1, 'ada'), (2, 'nobody');

-- case: key_out_composite_full
-- about: a foreign key of two columns, MATCH FULL; clearing one of them only
-- expect: equal
CREATE TABLE names (tenant integer, name text, UNIQUE (tenant, name));
CREATE TABLE users (id integer PRIMARY KEY, tenant integer, username text,
    CONSTRAINT whole FOREIGN KEY (tenant, username) REFERENCES names (tenant, name) MATCH FULL);
CREATE TABLE more (id integer PRIMARY KEY, tenant integer, name text,
    FOREIGN KEY (tenant, name) REFERENCES names (tenant, name) ON DELETE SET NULL (name));
INSERT INTO names VALUES (1, 'ada'), (2, 'ada');
INSERT INTO users VALUES (1, 1, 'ada'), (2, NULL, NULL);

-- case: key_out_set_null_of_one
-- about: the other side clears this column of two
-- expect: either users_tenant_username_fkey
-- write: INSERT INTO names VALUES (7, 'w{n}')
-- write: INSERT INTO users (id, tenant, {c}) VALUES (10 + {n}, 7, 'w{n}')
-- write: DELETE FROM names WHERE name = 'w' || ({n} - 1)
CREATE TABLE names (tenant integer, name text, UNIQUE (tenant, name));
CREATE TABLE users (id integer PRIMARY KEY, tenant integer, username text,
    FOREIGN KEY (tenant, username) REFERENCES names (tenant, name) ON DELETE SET NULL (username));
INSERT INTO names VALUES (1, 'ada'), (2, 'ada');
INSERT INTO users VALUES (1, 1, 'ada'), (2, NULL, NULL);

-- case: key_out_to_itself
-- about: a tree: the column refers to the table's own key
-- expect: equal
-- rename: users.parent => above
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 2)
-- write: DELETE FROM users WHERE id = 9 + {n}
CREATE TABLE users (id integer PRIMARY KEY, parent integer REFERENCES users ON DELETE CASCADE);
INSERT INTO users VALUES (1, NULL), (2, 1), (3, 2);

-- case: key_out_not_valid
-- about: a foreign key that not every row meets
-- expect: equal
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, username text);
INSERT INTO users VALUES (1, 'ada'), (2, 'lost');
INSERT INTO names VALUES ('ada');
ALTER TABLE users ADD CONSTRAINT someday FOREIGN KEY (username) REFERENCES names NOT VALID;

-- case: primary_key
-- about: the column is the key
-- expect: refused primary key
CREATE TABLE users (username text PRIMARY KEY);
INSERT INTO users VALUES ('ada');

-- case: referenced
-- about: other tables refer to the column
-- expect: refused foreign key, posts
CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE);
CREATE TABLE posts (id integer PRIMARY KEY, author text REFERENCES users (username));
INSERT INTO users VALUES (1, 'ada');
INSERT INTO posts VALUES (1, 'ada');

-- case: exclusion
-- about: an exclusion constraint
-- expect: refused exclusion, no_overlap
CREATE TABLE users (id integer PRIMARY KEY, username int4range,
                    CONSTRAINT no_overlap EXCLUDE USING gist (username WITH &&));
INSERT INTO users VALUES (1, '[1,3)'), (2, '[3,9)');

-- case: deferrable_unique
-- about: a unique constraint that is checked at the end of a transaction
-- expect: either users_username_key
CREATE TABLE users (id integer PRIMARY KEY, username text UNIQUE DEFERRABLE INITIALLY DEFERRED);
INSERT INTO users VALUES (1, 'ada');

-- case: generated
-- about: another column is computed of it
-- expect: refused generated column, shout
CREATE TABLE users (id integer PRIMARY KEY, username text,
                    shout text GENERATED ALWAYS AS (upper(username)) STORED);
INSERT INTO users VALUES (1, 'ada');

-- case: is_generated
-- about: the column itself is computed
-- expect: refused comput
CREATE TABLE users (id integer PRIMARY KEY, n integer, username integer GENERATED ALWAYS AS (n + 1) STORED);
INSERT INTO users VALUES (1, 1);

-- case: view
-- about: a view of the column
-- expect: refused view, names_of_all
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE VIEW names_of_all AS SELECT username FROM users;
INSERT INTO users VALUES (1, 'ada');

-- case: view_of_others
-- about: a view that does not have the column, which is equal before and after
-- expect: equal
-- write: UPDATE users SET {c} = 'w{n}', email = '{n}' WHERE id = 1
CREATE TABLE users (id integer PRIMARY KEY, username text, email text);
CREATE VIEW emails AS SELECT id, email AS username FROM users;
INSERT INTO users VALUES (1, 'ada', 'a');

-- case: view_of_rows
-- about: a view that uses the whole row grows with the table
-- expect: either view, whole_rows
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE VIEW whole_rows AS SELECT to_jsonb(users) AS it FROM users;
INSERT INTO users VALUES (1, 'ada');

-- case: materialized_view
-- about: a view that is kept
-- expect: refused view, kept
CREATE TABLE users (id integer PRIMARY KEY, username text);
INSERT INTO users VALUES (1, 'ada');
CREATE MATERIALIZED VIEW kept AS SELECT id, lower(username) AS low FROM users;

-- case: rule
-- about: a rule that looks at the column
-- expect: refused rule, keep_root
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE RULE keep_root AS ON DELETE TO users WHERE old.username = 'root' DO INSTEAD NOTHING;
INSERT INTO users VALUES (1, 'root');

-- case: rule_instead_of_update
-- about: a rule by which no UPDATE has any effect
-- expect: either rule
CREATE TABLE users (id integer PRIMARY KEY, username text);
INSERT INTO users VALUES (1, 'ada');
CREATE RULE read_only AS ON UPDATE TO users DO INSTEAD NOTHING;

-- case: policy
-- about: a policy that looks at the column
-- expect: refused policy, mine
CREATE TABLE users (id integer PRIMARY KEY, username text);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY mine ON users USING (username = current_user);
INSERT INTO users VALUES (1, 'ada');

-- case: forced_row_security
-- about: the owner sees no row but those of a tenant that nobody has set
-- expect: refused row
-- as: zoo_owner
SET ROLE zoo_owner;
CREATE TABLE users (id serial PRIMARY KEY, tenant integer, username text);
INSERT INTO users (tenant, username) VALUES (1, 'a'), (2, 'b');
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
ALTER TABLE users FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON users USING (tenant = current_setting('app.tenant', true)::int);

-- case: row_security_of_others
-- about: the owner sees all rows, other roles theirs
-- expect: equal
-- as: zoo_owner
SET ROLE zoo_owner;
CREATE TABLE users (id integer PRIMARY KEY, tenant integer, username text NOT NULL);
INSERT INTO users (id, tenant, username) VALUES (1, 1, 'a'), (2, 2, 'b');
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON users USING (tenant = current_setting('app.tenant', true)::int);

-- case: publication_columns
-- about: a publication lists the column
-- expect: refused publication, some_columns
CREATE TABLE users (id integer PRIMARY KEY, username text, secret text);
CREATE PUBLICATION some_columns FOR TABLE users (id, username);
INSERT INTO users VALUES (1, 'ada', 'x');

-- case: publication_filter
-- about: a publication chooses rows by the column
-- expect: refused publication, some_rows
CREATE TABLE users (id integer PRIMARY KEY, username text);
ALTER TABLE users REPLICA IDENTITY FULL;
CREATE PUBLICATION some_rows FOR TABLE users WHERE (username <> 'root');
INSERT INTO users VALUES (1, 'ada');

-- case: publication
-- about: a publication of the whole table: a subscriber that lacks the new column stops
-- expect: either publication, everything
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE PUBLICATION everything FOR TABLE users;
INSERT INTO users VALUES (1, 'ada');

-- case: partitioned
-- about: a table in parts
-- expect: refused partitioned
CREATE TABLE users (id integer, username text) PARTITION BY RANGE (id);
CREATE TABLE users_low PARTITION OF users FOR VALUES FROM (0) TO (100);
INSERT INTO users VALUES (1, 'ada');

-- case: partition
-- about: the table is a part of another
-- expect: refused partition
CREATE TABLE everybody (id integer, username text) PARTITION BY RANGE (id);
CREATE TABLE users PARTITION OF everybody FOR VALUES FROM (0) TO (100);
INSERT INTO users VALUES (1, 'ada');

-- case: parent
-- about: another table inherits from it
-- expect: refused inherit, admins
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE admins (level integer) INHERITS (users);
INSERT INTO users VALUES (1, 'ada');
INSERT INTO admins VALUES (2, 'eve', 3);

-- case: child
-- about: it inherits the column
-- expect: refused inherit
CREATE TABLE people (id integer, username text);
CREATE TABLE users (level integer) INHERITS (people);
INSERT INTO users VALUES (1, 'ada', 2);

-- case: typed
-- about: the table is of a type
-- expect: refused type
CREATE TYPE person AS (id integer, username text);
CREATE TABLE users OF person;
INSERT INTO users VALUES (1, 'ada');

-- case: row_type_used
-- about: another table has a column of the table's row type
-- expect: either log
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE log (at integer, was users);
INSERT INTO users VALUES (1, 'ada');
INSERT INTO log SELECT 1, users FROM users;

-- case: unlogged
-- about: a table that does not outlive a crash
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE UNLOGGED TABLE users (id integer PRIMARY KEY, username text NOT NULL) WITH (fillfactor = 50, autovacuum_enabled = off);
INSERT INTO users VALUES (1, 'ada');

-- case: target_is_system_column
-- about: the new name is one that every table has already
-- expect: refused xmin
-- rename: users.username => xmin
CREATE TABLE users (id integer PRIMARY KEY, username text);
INSERT INTO users VALUES (1, 'ada');

-- case: target_exists
-- about: there is a column of the new name
-- expect: refused handle
CREATE TABLE users (id integer PRIMARY KEY, username text, handle integer);
INSERT INTO users VALUES (1, 'ada', 2);

-- case: not_the_owner
-- about: the role may write to the table, but not change it
-- expect: refused own
-- as: zoo_owner
CREATE TABLE users (id integer PRIMARY KEY, username text);
GRANT ALL ON users TO zoo_owner;
INSERT INTO users VALUES (1, 'ada');

-- case: trigger_updated_at
-- about: each UPDATE sets a time and counts a version
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text, version integer DEFAULT 0,
                    updated_at timestamptz DEFAULT '2024-01-01');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    NEW.version := OLD.version + 1;
    RETURN NEW;
END $$;
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: trigger_version_written
-- about: as before, under writes, each of which counts
-- expect: refused trigger, touch
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 1
-- write: UPDATE users SET note = 'n{n}' WHERE id = 2
CREATE TABLE users (id integer PRIMARY KEY, username text, note text, version integer DEFAULT 0);
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.version := OLD.version + 1; RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
ALTER TABLE users ENABLE ALWAYS TRIGGER touch;
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: trigger_audit
-- about: each UPDATE leaves a row in another table, which refers to this one
-- expect: equal
-- write: UPDATE users SET n = n + 1 WHERE id = 1
-- write: UPDATE users SET {c} = 'w{n}' WHERE id = 2
CREATE TABLE users (id integer PRIMARY KEY, username text, n integer DEFAULT 0);
CREATE TABLE audit (of_user integer REFERENCES users, what text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit VALUES (OLD.id, TG_OP || NEW.n); RETURN NULL; END $$;
CREATE TRIGGER note AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION note();
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: trigger_append_only
-- about: no row may ever be updated
-- expect: equal
-- write: INSERT INTO users (id, {c}) VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'this table is append-only'; END $$;
CREATE TRIGGER never BEFORE UPDATE OR DELETE ON users FOR EACH ROW EXECUTE FUNCTION never();
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: trigger_append_only_as_owner
-- about: a role that cannot keep triggers from firing
-- expect: either never
-- as: zoo_owner
SET ROLE zoo_owner;
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE FUNCTION never() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'this table is append-only'; END $$;
CREATE TRIGGER never BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION never();
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: trigger_updated_at_as_owner
-- about: a role that cannot keep a trigger from setting a time
-- expect: refused touch
-- as: zoo_owner
SET ROLE zoo_owner;
CREATE TABLE users (id integer PRIMARY KEY, username text, updated_at timestamptz DEFAULT '2024-01-01');
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.updated_at := now(); RETURN NEW; END $$;
CREATE TRIGGER touch BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: trigger_returns_null
-- about: some rows are never updated, silently
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text, is_frozen boolean DEFAULT false);
CREATE FUNCTION keep_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF OLD.is_frozen THEN RETURN NULL; END IF; RETURN NEW; END $$;
CREATE TRIGGER keep_frozen BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION keep_frozen();
INSERT INTO users VALUES (1, 'ada', true), (2, 'grace', false);

-- case: trigger_reads_setting
-- about: a trigger that fails without a setting of the app's session
-- expect: equal
CREATE TABLE users (id integer PRIMARY KEY, username text, by_whom text);
INSERT INTO users VALUES (1, 'ada', 'x');
CREATE FUNCTION sign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.by_whom := current_setting('app.user'); RETURN NEW; END $$;
CREATE TRIGGER sign BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION sign();

-- case: trigger_uses_the_column
-- about: a trigger's function names the column in a text that the database does not look into
-- expect: refused lower_name
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE FUNCTION lower_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.username := lower(NEW.username); RETURN NEW; END $$;
CREATE TRIGGER lower_name BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION lower_name();
INSERT INTO users VALUES (1, 'Ada');

-- case: trigger_of_column
-- about: a trigger on UPDATE OF the column, under a condition on it
-- expect: either told
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE log (what text);
CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO log VALUES (TG_NAME); RETURN NULL; END $$;
CREATE TRIGGER told AFTER UPDATE OF username ON users FOR EACH ROW
    WHEN (OLD.username IS DISTINCT FROM NEW.username) EXECUTE FUNCTION tell();
INSERT INTO users VALUES (1, 'ada');

-- case: trigger_of_another_table
-- about: each row of another table counts up the column
-- expect: refused count_posts
-- rename: users.posts => post_count
CREATE TABLE users (id integer PRIMARY KEY, posts integer NOT NULL DEFAULT 0);
CREATE TABLE post (id integer PRIMARY KEY, by_user integer REFERENCES users);
CREATE FUNCTION count_posts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE users SET posts = posts + 1 WHERE id = NEW.by_user; RETURN NULL; END $$;
CREATE TRIGGER counted AFTER INSERT ON post FOR EACH ROW EXECUTE FUNCTION count_posts();
INSERT INTO users VALUES (1, 0);

-- case: trigger_inserts_by_position
-- about: another table's trigger inserts into this one without naming columns, and fails when there is one more
-- expect: refused mirror
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE people (id integer PRIMARY KEY, name text);
CREATE FUNCTION mirror() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO users SELECT NEW.*; RETURN NULL; END $$;
CREATE TRIGGER mirrored AFTER INSERT ON people FOR EACH ROW EXECUTE FUNCTION mirror();
INSERT INTO users VALUES (1, 'ada');

-- case: function_with_body_in_text
-- about: a function that reads the column
-- expect: refused find_user
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE FUNCTION find_user(wanted text) RETURNS integer LANGUAGE sql AS
    $$ SELECT id FROM users WHERE username = wanted $$;
INSERT INTO users VALUES (1, 'ada');

-- case: function_with_body_in_sql
-- about: a function whose body the database knows
-- expect: refused first_name
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE FUNCTION first_name() RETURNS text LANGUAGE sql
    BEGIN ATOMIC SELECT username FROM users ORDER BY id LIMIT 1; END;
INSERT INTO users VALUES (1, 'ada');

-- case: function_of_other_things
-- about: a function that says the column's name and means another table's
-- expect: either other_name
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE accounts (id integer PRIMARY KEY, username text);
CREATE FUNCTION other_name() RETURNS text LANGUAGE sql AS $$ SELECT max(username) FROM accounts $$;
INSERT INTO users VALUES (1, 'ada');

-- case: everything_at_once
-- about: what an old table has gathered
-- expect: equal
-- write: INSERT INTO names VALUES ('w{n}') ON CONFLICT DO NOTHING
-- write: INSERT INTO users (id, {c}, tenant) VALUES (10 + {n}, 'w{n}', 1)
-- write: UPDATE users SET n = n + 1 WHERE {c} = 'ada'
-- write: DELETE FROM users WHERE id = 8 + {n}
CREATE TABLE names (name text PRIMARY KEY);
CREATE TABLE users (id integer PRIMARY KEY, tenant integer DEFAULT 1, n integer DEFAULT 0,
    username varchar(40) COLLATE "C" NOT NULL DEFAULT 'nobody' CHECK (username <> '')
        REFERENCES names,
    CONSTRAINT per_tenant UNIQUE (tenant, username));
CREATE INDEX lowered ON users (lower(username) text_pattern_ops) WHERE tenant = 1;
CREATE INDEX users_username_n ON users (username DESC) INCLUDE (n) WITH (fillfactor = 80);
COMMENT ON COLUMN users.username IS 'who';
ALTER TABLE users ALTER username SET STATISTICS 200;
GRANT SELECT (username) ON users TO zoo_reader;
CREATE STATISTICS pair ON tenant, username FROM users;
CREATE FUNCTION count_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.n := OLD.n + 1; RETURN NEW; END $$;
CREATE TRIGGER count_up BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION count_up();
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON users TO zoo_reader USING (tenant = 1);
INSERT INTO names VALUES ('ada'), ('grace'), ('nobody');
INSERT INTO users (id, username) VALUES (1, 'ada'), (2, 'grace');

-- case: composite_field
-- about: a field of another column's type has the column's name
-- expect: refused adult
CREATE TYPE person AS (username text, age integer);
CREATE TABLE users (id integer PRIMARY KEY, username text, c person,
                    CONSTRAINT adult CHECK ((c).username <> ''));
INSERT INTO users VALUES (1, 'ada', ROW('x', 3));

-- case: composite_field_in_index
-- about: the same in an index
-- expect: refused by_field
CREATE TYPE person AS (username text, age integer);
CREATE TABLE users (id integer PRIMARY KEY, username text, c person);
CREATE INDEX by_field ON users (((c).username));
INSERT INTO users VALUES (1, 'ada', ROW('x', 3));

-- case: interim_names_of_indexes
-- about: what one index is called meanwhile is what another one will be called
-- expect: equal
-- write: INSERT INTO users VALUES (10 + {n}, 'w{n}')
CREATE TABLE users (id integer PRIMARY KEY, username text NOT NULL);
CREATE INDEX aa ON users (username, id);
CREATE UNIQUE INDEX users_username_key ON users (username);
CREATE INDEX bb ON users (lower(username));
CREATE INDEX users_username_idx ON users (upper(username));
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: interim_names_of_constraints
-- about: the same of checks and foreign keys
-- expect: equal
CREATE TABLE names (name text PRIMARY KEY, other text UNIQUE);
CREATE TABLE users (id integer PRIMARY KEY, username text,
                    CONSTRAINT c1 CHECK (username <> ''),
                    CONSTRAINT users_username_check CHECK (length(username) < 30),
                    CONSTRAINT f1 FOREIGN KEY (username) REFERENCES names (name),
                    CONSTRAINT users_username_fkey FOREIGN KEY (username) REFERENCES names (other));
INSERT INTO names VALUES ('ada', 'ada'), ('grace', 'grace');
INSERT INTO users VALUES (1, 'ada'), (2, 'grace');

-- case: granted_by_another
-- about: a role that does not own the table has passed its right on
-- expect: refused granted by, zoo_app
CREATE TABLE users (id integer PRIMARY KEY, username text);
GRANT SELECT (username) ON users TO zoo_app WITH GRANT OPTION;
SET ROLE zoo_app;
GRANT SELECT (username) ON users TO zoo_reader;
RESET ROLE;
INSERT INTO users VALUES (1, 'ada');

-- case: own_operator
-- about: a predicate with an operator that is not the database's own
-- expect: refused odd
CREATE FUNCTION same(text, text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 = $2';
CREATE OPERATOR @@@ (LEFTARG = text, RIGHTARG = text, FUNCTION = same);
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE INDEX odd ON users (id) WHERE username @@@ 'ada';
INSERT INTO users VALUES (1, 'ada');

-- case: rows_as_values
-- about: another table has whole rows of it, and lists of them
-- expect: refused whole rows, was, were
CREATE TABLE users (id integer PRIMARY KEY, username text);
CREATE TABLE log (was users, were users[]);
INSERT INTO users VALUES (1, 'ada');
INSERT INTO log SELECT users, ARRAY[users] FROM users;
