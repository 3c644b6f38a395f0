-- Cases 事 and what they hang on: categories, imports, and the rule that gives a point its cell.

CREATE TABLE case_categories (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    code text NOT NULL CHECK (code <> ''),
    name text NOT NULL,
    name_en text,
    line text,
    major text,
    standard_ref text,
    UNIQUE (district_id, code)
);

-- One row an import that took effect: where its rows come from.
CREATE TABLE imports (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('areas', 'cases', 'ground')),
    file_name text NOT NULL,
    options jsonb NOT NULL DEFAULT '{}',
    rows_read bigint NOT NULL,
    rows_added bigint NOT NULL,
    rows_changed bigint NOT NULL,
    rows_skipped bigint NOT NULL,
    notes jsonb NOT NULL DEFAULT '[]',
    finished_at timestamptz NOT NULL DEFAULT now()
);

-- Ids are days since 2000 << 32 | sequence: ordered in time, below 2^53. The upper half of a day's sequence is for bulk
-- loads, which take blocks of 2^20 ids and bring each its own partition, indexed before anybody sees it.
CREATE SEQUENCE case_id_seq MAXVALUE 2147483647 CYCLE;
CREATE SEQUENCE case_block_seq MINVALUE 0 MAXVALUE 2047 CYCLE;

CREATE FUNCTION new_case_id() RETURNS bigint LANGUAGE sql VOLATILE
RETURN ((current_date - DATE '2000-01-01')::bigint << 32) | nextval('case_id_seq');

CREATE FUNCTION new_case_block() RETURNS bigint LANGUAGE sql VOLATILE
RETURN ((current_date - DATE '2000-01-01')::bigint << 32) | (1::bigint << 31) | (nextval('case_block_seq') << 20);

-- 在办: what the map shows unless somebody asks for more; hence indexes of its own.
CREATE FUNCTION open_state(state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN state IN ('reported', 'confirming', 'registered', 'dispatched', 'handling', 'suspended', 'handled');

CREATE TABLE cases (
    id bigint NOT NULL DEFAULT new_case_id() PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts,
    external_ref text,
    category_id integer NOT NULL REFERENCES case_categories,
    state text NOT NULL CHECK (state IN ('reported', 'confirming', 'registered', 'dispatched', 'handling', 'suspended',
        'handled', 'closed', 'archived', 'declined', 'void', 'merged')),
    reported_at timestamptz NOT NULL,
    due_at timestamptz,
    closed_at timestamptz,
    source text,
    address text,
    description text,
    area_id integer NOT NULL REFERENCES areas,
    cell_id integer REFERENCES areas,
    import_id integer REFERENCES imports,
    import_row integer,
    simulated boolean NOT NULL DEFAULT false,
    geom geometry (Point, 4490) CHECK (NOT ST_IsEmpty(geom)),
    geom_3857 geometry (Point, 3857),
    CHECK (cell_id IS NULL OR geom IS NOT NULL),
    CHECK ((geom IS NULL) = (geom_3857 IS NULL))
) PARTITION BY RANGE (id);
CREATE TABLE cases_live PARTITION OF cases DEFAULT;
CREATE INDEX ix_cases_geom_3857 ON cases USING gist (geom_3857);
CREATE INDEX ix_cases_open_geom_3857 ON cases USING gist (geom_3857) WHERE open_state(state);
CREATE INDEX ix_cases_open_cell_id ON cases (cell_id) WHERE open_state(state);
CREATE INDEX ix_cases_cell_id ON cases (cell_id);
CREATE INDEX ix_cases_reported_at ON cases (reported_at);
CREATE INDEX ix_cases_external_ref ON cases (external_ref);

-- When a point is written, the database gives it its cell. A case outside every cell, or without a position, is the
-- whole district's: somebody owns it.
CREATE FUNCTION place_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.geom_3857 := ST_Transform(NEW.geom, 3857);
    NEW.cell_id := cell_at(NEW.district_id, NEW.geom);
    NEW.area_id := coalesce(NEW.cell_id, (
        SELECT a.id FROM areas a WHERE a.district_id = NEW.district_id AND a.level = 'district'
        AND daterange(a.valid_from_on, a.valid_to_on) @> district_today(NEW.district_id)));
    RETURN NEW;
END $$;
CREATE TRIGGER cases_place BEFORE INSERT OR UPDATE OF geom, geom_3857, district_id, cell_id, area_id ON cases
    FOR EACH ROW EXECUTE FUNCTION place_case();
