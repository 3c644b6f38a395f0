-- Imports of elements from files that somebody sends: each is its sender's alone, and its file is here, sealed, until it is through.

CREATE TABLE element_imports (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    client_id uuid NOT NULL,
    account_id integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('place', 'object', 'organisation', 'person', 'relation')),
    file_name text NOT NULL CHECK (length(file_name) BETWEEN 1 AND 120),
    ending text NOT NULL CHECK (ending IN ('.xlsx', '.csv', '.zip', '.gpkg')),
    size_bytes bigint NOT NULL CHECK (size_bytes > 0),
    state text NOT NULL DEFAULT 'sent' CHECK (state IN ('sent', 'checked', 'done')),
    -- What a worker is at: to check it, or to write it.
    doing text CHECK (doing IN ('check', 'write')),
    queued boolean NOT NULL DEFAULT false,
    begun_at timestamptz,
    cancelled boolean NOT NULL DEFAULT false,
    rows_read integer NOT NULL DEFAULT 0,
    part real NOT NULL DEFAULT 0 CHECK (part BETWEEN 0 AND 1),
    options jsonb NOT NULL DEFAULT '{}',
    header jsonb NOT NULL DEFAULT '{}',
    report jsonb,
    problem jsonb,
    sent_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    CONSTRAINT element_imports_once UNIQUE (account_id, client_id),
    CONSTRAINT element_imports_done CHECK ((state = 'done') = (done_at IS NOT NULL) AND (state <> 'done' OR doing IS NULL))
);
CREATE INDEX ix_element_imports_account_id ON element_imports (account_id, id);
CREATE INDEX ix_element_imports_asked ON element_imports (id) WHERE doing IS NOT NULL AND NOT queued;

-- What was sent, and the workbook of what is wrong with it, in parts; each is sealed with its place.
CREATE TABLE element_import_parts (
    import_id bigint NOT NULL REFERENCES element_imports ON DELETE CASCADE,
    what text NOT NULL CHECK (what IN ('sent', 'faults')),
    no integer NOT NULL CHECK (no >= 0),
    sealed bytea NOT NULL,
    PRIMARY KEY (import_id, what, no)
);
ALTER TABLE element_import_parts ALTER sealed SET STORAGE EXTERNAL; -- what is sealed does not shrink

-- Rows that may be known already, each with what it may be, and what somebody has decided: an id, new, or skip.
CREATE TABLE element_import_choices (
    import_id bigint NOT NULL REFERENCES element_imports ON DELETE CASCADE,
    row integer NOT NULL CHECK (row > 0),
    said jsonb NOT NULL,
    candidates jsonb NOT NULL,
    decision text CHECK (decision ~ '^(new|skip|[1-9][0-9]{0,17})$'),
    PRIMARY KEY (import_id, row)
);

ALTER TABLE element_imports ENABLE ROW LEVEL SECURITY;
CREATE POLICY element_imports_own ON element_imports TO panlong_app USING (account_id = (SELECT acting_account()));
ALTER TABLE element_import_parts ENABLE ROW LEVEL SECURITY;
CREATE POLICY element_import_parts_own ON element_import_parts TO panlong_app
    USING (EXISTS (SELECT FROM element_imports i WHERE i.id = import_id));
ALTER TABLE element_import_choices ENABLE ROW LEVEL SECURITY;
CREATE POLICY element_import_choices_own ON element_import_choices TO panlong_app
    USING (EXISTS (SELECT FROM element_imports i WHERE i.id = import_id));
GRANT SELECT, INSERT, UPDATE, DELETE ON element_imports, element_import_choices TO panlong_app;
GRANT SELECT, INSERT, DELETE ON element_import_parts TO panlong_app;

-- Whoever imports on their own behalf goes through the walls of the rows, many at a time, under ids that are reserved for them.
GRANT INSERT (id) ON elements TO panlong_app;
GRANT USAGE ON SEQUENCE elements_id_seq TO panlong_app;
CREATE POLICY import_mappings_seen ON import_mappings FOR SELECT TO panlong_app USING ((SELECT edits_registry()));
CREATE POLICY import_mappings_made ON import_mappings FOR INSERT TO panlong_app WITH CHECK ((SELECT edits_registry()));
CREATE POLICY import_mappings_changed ON import_mappings FOR UPDATE TO panlong_app USING ((SELECT edits_registry()));
GRANT SELECT, INSERT, UPDATE ON import_mappings TO panlong_app;
