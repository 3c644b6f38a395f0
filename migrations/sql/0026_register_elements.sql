-- 人、地、物、组织: persons, places, city objects, organisations. Each is an element: it has a kind and a type, an official code where there
-- is one, days between which it is valid, a source, and a cell. Events 事 are the cases, which have tables of their own.

CREATE TABLE element_types (
    kind text NOT NULL CHECK (kind IN ('person', 'place', 'object', 'organisation')),
    code text NOT NULL CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    standard_ref text,
    rank smallint NOT NULL DEFAULT 0, -- in lists and legends
    PRIMARY KEY (kind, code)
);

-- Where something lies is known in one of three ways: by a point of its own; by what it lies in (a flat in its building, a person in
-- their flat); or only by an area. Its number is that of the cell, or of the area as long as nobody knows the cell. Nobody is a point on
-- a map, and a person's name is in a table with a wall of its own.
CREATE TABLE elements (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    kind text NOT NULL,
    type text NOT NULL,
    code text CHECK (code <> ''),
    name text CHECK (length(name) BETWEEN 1 AND 120),
    address text CHECK (length(address) BETWEEN 1 AND 200),
    site_id bigint REFERENCES elements ON DELETE SET NULL, -- kept by its relations
    geom geometry (Point, 4490),
    geom_3857 geometry (Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    area_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE,
    unit_id integer REFERENCES units, -- in charge of it, wherever it lies
    valid_from_on date NOT NULL,
    valid_to_on date,
    source text NOT NULL CHECK (length(source) BETWEEN 1 AND 120),
    simulated boolean NOT NULL DEFAULT false,
    version integer NOT NULL DEFAULT 1,
    merged_into bigint REFERENCES elements ON DELETE CASCADE,
    CONSTRAINT elements_type FOREIGN KEY (kind, type) REFERENCES element_types (kind, code),
    CONSTRAINT elements_days CHECK (valid_to_on > valid_from_on),
    CONSTRAINT elements_site CHECK (site_id <> id),
    CONSTRAINT elements_named CHECK ((kind = 'person') = (name IS NULL)),
    CONSTRAINT elements_nobody_on_map CHECK (kind <> 'person' OR num_nonnulls(geom, address, unit_id, code) = 0)
);
CREATE UNIQUE INDEX elements_code_unique ON elements (district_id, kind, code) WHERE code IS NOT NULL;
CREATE INDEX ix_elements_area_no ON elements (area_no, kind);
CREATE INDEX ix_elements_site_id ON elements (site_id) WHERE site_id IS NOT NULL;
CREATE INDEX ix_elements_unit_id ON elements (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX ix_elements_merged_into ON elements (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX ix_elements_geom_3857 ON elements USING gist (geom_3857);

CREATE TABLE places (
    id bigint PRIMARY KEY REFERENCES elements ON DELETE CASCADE,
    shape geometry (Geometry, 4490) CHECK (NOT ST_IsEmpty(shape) AND ST_IsValid(shape)), -- outline or course
    floors smallint CHECK (floors BETWEEN 1 AND 200),
    floors_below smallint CHECK (floors_below BETWEEN 0 AND 20),
    height_m real CHECK (height_m > 0 AND height_m < 1000),
    entrance text CHECK (length(entrance) BETWEEN 1 AND 20), -- 单元
    floor smallint CHECK (floor BETWEEN -20 AND 200 AND floor <> 0),
    room text CHECK (length(room) BETWEEN 1 AND 20) -- 室
);
CREATE TABLE city_objects (
    id bigint PRIMARY KEY REFERENCES elements ON DELETE CASCADE,
    state text NOT NULL DEFAULT 'intact' CHECK (state IN ('intact', 'damaged', 'lost', 'abandoned', 'removed')),
    department_code text CHECK (department_code ~ '^[0-9A-HJ-NP-RTUW-Y]{18}$'),
    department text CHECK (length(department) BETWEEN 1 AND 120),
    owner text CHECK (length(owner) BETWEEN 1 AND 120),
    custodian text CHECK (length(custodian) BETWEEN 1 AND 120)
);
-- 社会组织先备案、后登记: a social organisation is put on file before it is registered.
CREATE TABLE organisations (
    id bigint PRIMARY KEY REFERENCES elements ON DELETE CASCADE,
    phone bytea,
    phone_index bytea,
    filed_on date,
    registered_on date,
    CONSTRAINT organisations_path CHECK (registered_on >= filed_on),
    CONSTRAINT organisations_phone CHECK (num_nulls(phone, phone_index) IN (0, 2))
);
CREATE INDEX ix_organisations_phone_index ON organisations (phone_index) WHERE phone_index IS NOT NULL;

-- What serving somebody needs, and nothing else. Numbers are sealed before they come here; the indexes are keyed, so that one finds whom
-- one has a number of and nobody can list them.
CREATE TABLE households (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text CHECK (code <> ''),
    simulated boolean NOT NULL DEFAULT false,
    CONSTRAINT households_code_unique UNIQUE (district_id, code)
);
CREATE TABLE persons (
    id bigint PRIMARY KEY REFERENCES elements ON DELETE CASCADE,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 60),
    identity bytea,
    identity_index bytea,
    phone bytea,
    phone_index bytea,
    born_on date,
    household_id bigint REFERENCES households ON DELETE SET NULL,
    household_relation text CHECK (household_relation IN ('head', 'spouse', 'child', 'grandchild', 'parent', 'grandparent', 'sibling', 'other')),
    legal_basis text NOT NULL CHECK (length(legal_basis) BETWEEN 1 AND 200),
    retain_until_on date NOT NULL,
    restricted_at timestamptz, -- PIPL 47: what cannot be deleted yet is kept and not used
    restriction text CHECK (length(restriction) BETWEEN 1 AND 500),
    CONSTRAINT persons_identity CHECK (num_nulls(identity, identity_index) IN (0, 2)),
    CONSTRAINT persons_phone CHECK (num_nulls(phone, phone_index) IN (0, 2)),
    CONSTRAINT persons_restricted CHECK (num_nulls(restricted_at, restriction) IN (0, 2))
);
CREATE UNIQUE INDEX persons_identity_unique ON persons (district_id, identity_index) WHERE identity_index IS NOT NULL;
CREATE INDEX ix_persons_phone_index ON persons (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX ix_persons_name ON persons (name text_pattern_ops);
CREATE INDEX ix_persons_household_id ON persons (household_id) WHERE household_id IS NOT NULL;
CREATE INDEX ix_persons_retain_until_on ON persons (retain_until_on);

CREATE TABLE need_types (
    code text PRIMARY KEY CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    name_en text NOT NULL CHECK (name_en <> ''),
    legal_basis text NOT NULL CHECK (legal_basis <> ''),
    keep_months smallint NOT NULL CHECK (keep_months BETWEEN 1 AND 120)
);
CREATE TABLE person_needs (
    person_id bigint NOT NULL REFERENCES persons ON DELETE CASCADE,
    need text NOT NULL REFERENCES need_types,
    legal_basis text NOT NULL CHECK (length(legal_basis) BETWEEN 1 AND 200),
    from_on date NOT NULL,
    retain_until_on date NOT NULL,
    source text NOT NULL CHECK (length(source) BETWEEN 1 AND 120),
    PRIMARY KEY (person_id, need)
);
CREATE INDEX ix_person_needs_retain_until_on ON person_needs (retain_until_on);

-- Who is tied to what, how, since when and from which source. The source of `concerns` is a case.
CREATE TABLE relations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('lives_in', 'located_in', 'owns', 'rents', 'works_at', 'manages', 'belongs_to', 'guardian_of',
        'responsible_for', 'serves', 'concerns')),
    source_id bigint REFERENCES elements ON DELETE CASCADE,
    case_id bigint,
    target_id bigint NOT NULL REFERENCES elements ON DELETE CASCADE,
    from_on date NOT NULL,
    to_on date,
    source text NOT NULL CHECK (length(source) BETWEEN 1 AND 120),
    simulated boolean NOT NULL DEFAULT false,
    CONSTRAINT relations_days CHECK (to_on > from_on),
    CONSTRAINT relations_ends CHECK (source_id <> target_id),
    CONSTRAINT relations_of_case CHECK (CASE WHEN kind = 'concerns' THEN case_id IS NOT NULL AND source_id IS NULL
        ELSE case_id IS NULL AND source_id IS NOT NULL END)
);
CREATE UNIQUE INDEX relations_once ON relations (source_id, kind, target_id, from_on) WHERE source_id IS NOT NULL;
CREATE UNIQUE INDEX relations_case_once ON relations (case_id, target_id) WHERE case_id IS NOT NULL;
CREATE UNIQUE INDEX relations_one_site ON relations (source_id) WHERE kind IN ('lives_in', 'located_in') AND to_on IS NULL;
CREATE INDEX ix_relations_target_id ON relations (target_id, kind);

-- What was before: of whatever changed, the row as it stood without its numbers; and other areas than today's, each with the first day on
-- which it no longer held.
CREATE TABLE element_changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    element_id bigint NOT NULL REFERENCES elements ON DELETE CASCADE,
    version integer NOT NULL, -- that this was
    at timestamptz NOT NULL DEFAULT now(),
    account_id integer REFERENCES accounts,
    reason text NOT NULL CHECK (reason IN ('edited', 'imported', 'merged', 'parted', 'ended', 'restricted', 'sealed_anew')),
    before jsonb NOT NULL
);
CREATE INDEX ix_element_changes_element_id ON element_changes (element_id, version);
CREATE TABLE element_areas (
    element_id bigint NOT NULL REFERENCES elements ON DELETE CASCADE,
    until_on date NOT NULL,
    area_no bigint NOT NULL REFERENCES area_numbers ON UPDATE CASCADE,
    PRIMARY KEY (element_id, until_on)
);

-- Two records of one thing: what the one that is gone was tied to now hangs on the other; what it was is kept, and comes back if they are parted.
CREATE TABLE element_merges (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kept_id bigint NOT NULL REFERENCES elements ON DELETE CASCADE,
    gone_id bigint NOT NULL REFERENCES elements ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    account_id integer REFERENCES accounts,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    moved jsonb NOT NULL, -- relations that changed an end, and those that stood there already
    undone_at timestamptz,
    undone_by integer REFERENCES accounts
);
CREATE INDEX ix_element_merges_kept_id ON element_merges (kept_id);
CREATE UNIQUE INDEX element_merges_gone_once ON element_merges (gone_id) WHERE undone_at IS NULL;

-- The keys that have sealed something, each known by what it makes of one text; the keys themselves are never here.
CREATE TABLE seal_keys (
    no integer PRIMARY KEY CHECK (no BETWEEN 1 AND 255),
    cipher text NOT NULL,
    proof bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);

-- The one rule of an element's number: of its point the cell, by the rule of cells; else that of what it lies in; else what is given.
-- Outside every cell it is the district's. What it was until today is kept, once a day.
CREATE FUNCTION place_element() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.geom IS NOT NULL THEN
        NEW.area_no := (SELECT no FROM areas WHERE id = cell_at(NEW.district_id, NEW.geom));
    ELSIF NEW.site_id IS NOT NULL THEN
        NEW.area_no := (SELECT area_no FROM elements WHERE id = NEW.site_id);
    END IF;
    NEW.area_no := coalesce(NEW.area_no, (SELECT no FROM area_numbers WHERE district_id = NEW.district_id AND parent_no IS NULL LIMIT 1));
    RETURN NEW;
END $$;
CREATE TRIGGER elements_place BEFORE INSERT OR UPDATE OF geom, site_id, district_id ON elements FOR EACH ROW EXECUTE FUNCTION place_element();
-- Nobody sets another number than the rule's; what moves through the tree, or follows what it lies in, comes from a trigger.
CREATE TRIGGER elements_place_kept BEFORE UPDATE OF area_no ON elements FOR EACH ROW WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION place_element();
CREATE FUNCTION carry_elements() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO element_areas SELECT n.id, district_today(n.district_id), o.area_no FROM new_rows n JOIN old_rows o USING (id)
    -- Nobody has lain anywhere before the first day on which they are known.
    WHERE n.area_no <> o.area_no AND n.valid_from_on < district_today(n.district_id)
        -- A number that moved in the tree is still the same area's.
        AND EXISTS (SELECT FROM area_numbers a WHERE a.no = o.area_no) ON CONFLICT DO NOTHING;
    IF EXISTS (SELECT FROM new_rows n JOIN old_rows o USING (id) JOIN elements e ON e.site_id = n.id WHERE n.area_no <> o.area_no) THEN
        UPDATE elements e SET area_no = n.area_no FROM new_rows n JOIN old_rows o USING (id)
        WHERE e.site_id = n.id AND n.area_no <> o.area_no AND e.area_no <> n.area_no;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER elements_carry AFTER UPDATE ON elements REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION carry_elements();

-- What something lies in is the target of its one open relation of that kind, and it lies nowhere inside itself.
CREATE FUNCTION follow_relations() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE changed bigint[]; round_trip bigint;
BEGIN
    IF TG_OP = 'INSERT' THEN SELECT array_agg(DISTINCT source_id) INTO changed FROM new_rows WHERE kind IN ('lives_in', 'located_in');
    ELSIF TG_OP = 'DELETE' THEN SELECT array_agg(DISTINCT source_id) INTO changed FROM old_rows WHERE kind IN ('lives_in', 'located_in');
    ELSE SELECT array_agg(DISTINCT source_id) INTO changed
        FROM (TABLE new_rows UNION ALL TABLE old_rows) r WHERE kind IN ('lives_in', 'located_in'); END IF;
    IF changed IS NULL THEN RETURN NULL; END IF;
    UPDATE elements e SET site_id = r.target_id
    FROM unnest(changed) c (id) LEFT JOIN relations r ON r.source_id = c.id AND r.kind IN ('lives_in', 'located_in') AND r.to_on IS NULL
    WHERE e.id = c.id AND e.site_id IS DISTINCT FROM r.target_id;
    IF FOUND THEN
        WITH RECURSIVE up AS (
            SELECT id AS below, site_id AS id, 1 AS steps FROM elements WHERE id = ANY (changed)
            UNION ALL SELECT up.below, e.site_id, steps + 1 FROM up JOIN elements e ON e.id = up.id WHERE steps < 20
        ) SELECT below INTO round_trip FROM up WHERE id = below OR steps >= 20 LIMIT 1;
        IF round_trip IS NOT NULL THEN
            RAISE EXCEPTION 'element % would lie in itself', round_trip USING ERRCODE = 'check_violation', CONSTRAINT = 'relations_no_round_trip';
        END IF;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER relations_followed_insert AFTER INSERT ON relations REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION follow_relations();
CREATE TRIGGER relations_followed_update AFTER UPDATE ON relations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION follow_relations();
CREATE TRIGGER relations_followed_delete AFTER DELETE ON relations REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION follow_relations();

-- The walls. Seen is what lies in the territory, or is in the charge of one's unit. A person is seen by those who serve people there: no
-- department, no leader, no analyst, and nobody because a case is in their hands.
CREATE FUNCTION reads_persons() RETURNS boolean LANGUAGE sql STABLE
RETURN acting_roles() && ARRAY['grid_officer', 'community_desk', 'subcentre_operator', 'subcentre_head'];
CREATE FUNCTION edits_registry() RETURNS boolean LANGUAGE sql STABLE
RETURN acting_roles() && ARRAY['community_desk', 'subcentre_operator', 'subcentre_head', 'duty_officer'];
CREATE FUNCTION keeps_persons() RETURNS boolean LANGUAGE sql STABLE RETURN acting_roles() && ARRAY['community_desk', 'subcentre_head'];

-- Whether an element is for the one who acts to change.
CREATE FUNCTION element_mine(of_element bigint) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN EXISTS (SELECT FROM elements WHERE id = of_element AND edits_registry() AND (kind <> 'person' OR keeps_persons())
    AND area_no <@ territory());

-- What an element said before it changes: its row and that of its kind. Numbers are not remembered, not even sealed: a key that is
-- taken out of use would have to be kept for them.
CREATE FUNCTION remember_element(of_element bigint, why text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO element_changes (element_id, version, account_id, reason, before)
    SELECT e.id, e.version, acting_account(), why,
        to_jsonb(e) - '{id,geom,geom_3857,version}'::text[] || jsonb_build_object('lon', ST_X(e.geom), 'lat', ST_Y(e.geom))
        || coalesce(to_jsonb(p) - '{id,shape}'::text[] || jsonb_build_object('shape', ST_AsGeoJSON(p.shape)::jsonb), '{}')
        || coalesce(to_jsonb(o) - 'id', '{}') || coalesce(to_jsonb(g) - '{id,phone,phone_index}'::text[], '{}')
        || coalesce(to_jsonb(h) - '{id,identity,identity_index,phone,phone_index}'::text[], '{}')
        || CASE WHEN h.id IS NULL THEN '{}' ELSE jsonb_build_object('needs',
            (SELECT coalesce(jsonb_agg(to_jsonb(n) - 'person_id' ORDER BY n.need), '[]') FROM person_needs n WHERE n.person_id = h.id)) END
    FROM elements e LEFT JOIN places p USING (id) LEFT JOIN city_objects o USING (id) LEFT JOIN organisations g USING (id)
    LEFT JOIN persons h USING (id) WHERE e.id = of_element AND (acting_account() IS NULL OR element_mine(e.id))
$$;

ALTER TABLE elements ENABLE ROW LEVEL SECURITY;
CREATE POLICY elements_seen ON elements FOR SELECT TO panlong_app USING (
    (kind <> 'person' OR (SELECT reads_persons())) AND ((SELECT whole_territory())
    OR (area_no >= (SELECT lower(territory())) AND area_no < (SELECT upper(territory())) AND area_no <@ (SELECT territory()))
    OR unit_id = ANY ((SELECT acting_units())::integer[])));
CREATE POLICY elements_made ON elements FOR INSERT TO panlong_app WITH CHECK (
    (SELECT edits_registry()) AND (kind <> 'person' OR (SELECT keeps_persons())) AND area_no <@ (SELECT territory()));
-- Neither from outside in nor from inside out: what is moved lies in the territory before and after.
CREATE POLICY elements_changed ON elements FOR UPDATE TO panlong_app
    USING ((SELECT edits_registry()) AND (kind <> 'person' OR (SELECT keeps_persons())) AND area_no <@ (SELECT territory()))
    WITH CHECK (area_no <@ (SELECT territory()));
CREATE POLICY elements_removed ON elements FOR DELETE TO panlong_app USING (
    kind = 'person' AND (SELECT keeps_persons()) AND area_no <@ (SELECT territory()));

DO $$
DECLARE part text;
BEGIN
    FOREACH part IN ARRAY ARRAY['places', 'city_objects', 'organisations', 'persons'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
        EXECUTE format('CREATE POLICY %I ON %I FOR SELECT TO panlong_app USING (EXISTS (SELECT FROM elements e WHERE e.id = %I.id))',
            part || '_seen', part, part);
        EXECUTE format('CREATE POLICY %I ON %I FOR INSERT TO panlong_app WITH CHECK (element_mine(id))', part || '_made', part);
        EXECUTE format('CREATE POLICY %I ON %I FOR UPDATE TO panlong_app USING (element_mine(id)) WITH CHECK (element_mine(id))',
            part || '_changed', part);
    END LOOP;
END $$;

-- A relation is seen where both of its ends are: of what lies beyond not even that there is something.
ALTER TABLE relations ENABLE ROW LEVEL SECURITY;
CREATE POLICY relations_seen ON relations FOR SELECT TO panlong_app USING (
    EXISTS (SELECT FROM elements e WHERE e.id = target_id)
    AND (EXISTS (SELECT FROM elements e WHERE e.id = source_id) OR EXISTS (SELECT FROM cases c WHERE c.id = case_id)));
CREATE POLICY relations_made ON relations FOR INSERT TO panlong_app WITH CHECK (
    CASE WHEN case_id IS NULL THEN element_mine(source_id) AND EXISTS (SELECT FROM elements e WHERE e.id = target_id)
    ELSE EXISTS (SELECT FROM cases c WHERE c.id = case_id) AND EXISTS (SELECT FROM elements e WHERE e.id = target_id) END);
CREATE POLICY relations_ended ON relations FOR UPDATE TO panlong_app USING (element_mine(coalesce(source_id, target_id)));
CREATE POLICY relations_undone ON relations FOR DELETE TO panlong_app USING (element_mine(coalesce(source_id, target_id)));

ALTER TABLE person_needs ENABLE ROW LEVEL SECURITY;
CREATE POLICY person_needs_seen ON person_needs FOR SELECT TO panlong_app USING (EXISTS (SELECT FROM persons p WHERE p.id = person_id));
CREATE POLICY person_needs_made ON person_needs FOR INSERT TO panlong_app WITH CHECK (element_mine(person_id));
CREATE POLICY person_needs_ended ON person_needs FOR DELETE TO panlong_app USING (element_mine(person_id));
ALTER TABLE households ENABLE ROW LEVEL SECURITY;
CREATE POLICY households_seen ON households FOR SELECT TO panlong_app USING (
    EXISTS (SELECT FROM persons p WHERE p.household_id = households.id));
CREATE POLICY households_made ON households FOR INSERT TO panlong_app WITH CHECK ((SELECT keeps_persons()));
ALTER TABLE element_changes ENABLE ROW LEVEL SECURITY;
CREATE POLICY element_changes_seen ON element_changes FOR SELECT TO panlong_app USING (EXISTS (SELECT FROM elements e WHERE e.id = element_id));
ALTER TABLE element_areas ENABLE ROW LEVEL SECURITY;
CREATE POLICY element_areas_seen ON element_areas FOR SELECT TO panlong_app USING (EXISTS (SELECT FROM elements e WHERE e.id = element_id));
ALTER TABLE element_merges ENABLE ROW LEVEL SECURITY;
CREATE POLICY element_merges_seen ON element_merges FOR SELECT TO panlong_app USING (
    EXISTS (SELECT FROM elements e WHERE e.id = kept_id) AND EXISTS (SELECT FROM elements e WHERE e.id = gone_id));

GRANT SELECT ON element_types, need_types, elements, places, city_objects, organisations, persons, person_needs, households, relations,
    element_changes, element_areas, element_merges, seal_keys TO panlong_app;
GRANT INSERT (district_id, kind, type, code, name, address, geom, area_no, unit_id, valid_from_on, valid_to_on, source, simulated) ON elements TO panlong_app;
GRANT UPDATE (type, code, name, address, geom, area_no, unit_id, valid_from_on, valid_to_on, source, version) ON elements TO panlong_app;
GRANT INSERT, UPDATE ON places, city_objects, organisations, persons TO panlong_app;
GRANT INSERT, DELETE ON person_needs TO panlong_app;
GRANT INSERT ON households TO panlong_app;
GRANT INSERT ON relations TO panlong_app;
GRANT UPDATE (from_on, to_on, source) ON relations TO panlong_app;
GRANT DELETE ON relations, elements TO panlong_app;
REVOKE EXECUTE ON FUNCTION place_element(), carry_elements(), follow_relations(), remember_element(bigint, text), element_mine(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION remember_element(bigint, text), element_mine(bigint) TO panlong_app;

-- Anybody whose entry is the first to be sealed makes the first key known; after that only the platform itself does.
CREATE FUNCTION know_seal_key(of_no integer, of_cipher text, of_proof bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    LOCK TABLE seal_keys IN SHARE ROW EXCLUSIVE MODE;
    IF acting_account() IS NOT NULL AND EXISTS (SELECT FROM seal_keys) THEN RETURN; END IF;
    INSERT INTO seal_keys (no, cipher, proof) VALUES (of_no, of_cipher, of_proof) ON CONFLICT DO NOTHING;
END $$;
REVOKE EXECUTE ON FUNCTION know_seal_key(integer, text, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION know_seal_key(integer, text, bytea) TO panlong_app;
