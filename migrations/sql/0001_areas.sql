-- The territory: districts as data, their levels, the area tree, the editions of the grid, and the ground to find one's way by.

CREATE TABLE districts (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    name_en text,
    timezone text NOT NULL,
    metric_srid integer, -- chosen from the first areas where nobody named one
    gaps_allowed boolean NOT NULL DEFAULT false,
    simulated boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Which levels a district has, from the widest (depth 0) to the cell, and the rule of their codes. A level beside the
-- cell (resident groups) shares the cell's depth.
CREATE TABLE area_levels (
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    level text NOT NULL CHECK (level IN ('district', 'subdistrict', 'community', 'cell', 'resident_group')),
    depth smallint NOT NULL CHECK (depth BETWEEN 0 AND 9),
    code_pattern text NOT NULL DEFAULT '.+',
    code_extends_parent boolean NOT NULL DEFAULT false,
    PRIMARY KEY (district_id, level)
);

CREATE TABLE grid_editions (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    name text NOT NULL,
    state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'in_force', 'superseded')),
    effective_on date NOT NULL,
    superseded_on date CHECK (superseded_on >= effective_on),
    source text,
    created_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((state = 'superseded') = (superseded_on IS NOT NULL)),
    CONSTRAINT grid_editions_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, daterange(effective_on, superseded_on) WITH &&) WHERE (state <> 'draft')
);

CREATE TABLE areas (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    level text NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    name_en text,
    kind text,
    parent_id integer REFERENCES areas ON DELETE RESTRICT,
    edition_id integer REFERENCES grid_editions ON DELETE CASCADE,
    households integer CHECK (households >= 0),
    valid_from_on date,
    valid_to_on date CHECK (valid_to_on > valid_from_on),
    source text,
    simulated boolean NOT NULL DEFAULT false,
    geom geometry (MultiPolygon, 4490) NOT NULL CHECK (NOT ST_IsEmpty(geom) AND ST_IsValid(geom)),
    geom_3857 geometry (MultiPolygon, 3857) NOT NULL GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    label_3857 geometry (Point, 3857) NOT NULL,
    area_m2 double precision NOT NULL,
    FOREIGN KEY (district_id, level) REFERENCES area_levels (district_id, level),
    CHECK ((level = 'district') = (parent_id IS NULL)),
    -- A cell is valid as long as its edition is; every other area has days of its own.
    CHECK ((level = 'cell') = (edition_id IS NOT NULL)),
    CHECK ((edition_id IS NULL) = (valid_from_on IS NOT NULL)),
    CONSTRAINT areas_code_unique_in_edition UNIQUE (edition_id, code),
    CONSTRAINT areas_code_unique_in_time EXCLUDE USING gist
        (district_id WITH =, level WITH =, code WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
        WHERE (edition_id IS NULL)
);
CREATE INDEX ix_areas_parent_id ON areas (parent_id);
CREATE INDEX ix_areas_geom ON areas USING gist (geom);
CREATE INDEX ix_areas_geom_3857 ON areas USING gist (geom_3857);

-- Borders of today's areas, each drawn once and marked with the widest level that it parts.
CREATE TABLE area_borders (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    level text NOT NULL,
    geom_3857 geometry (LineString, 3857) NOT NULL
);
CREATE INDEX ix_area_borders_geom_3857 ON area_borders USING gist (geom_3857);

CREATE TABLE ground_features (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('street', 'river', 'reservoir', 'hill', 'park', 'landmark', 'compound', 'building')),
    class text,
    rank smallint NOT NULL DEFAULT 5,
    name text,
    name_en text,
    source text,
    simulated boolean NOT NULL DEFAULT false,
    geom geometry (Geometry, 4490) NOT NULL,
    geom_3857 geometry (Geometry, 3857) NOT NULL GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX ix_ground_features_geom_3857 ON ground_features USING gist (geom_3857);

-- The number that tile caches and ETags are keyed by; whoever changes a topic counts it up in the same transaction.
CREATE TABLE data_versions (
    topic text PRIMARY KEY CHECK (topic IN ('areas', 'ground', 'cases')),
    version bigint NOT NULL DEFAULT 1
);
INSERT INTO data_versions (topic) VALUES ('areas'), ('ground'), ('cases');

CREATE FUNCTION district_today(of_district integer) RETURNS date LANGUAGE sql STABLE
RETURN (SELECT (now() AT TIME ZONE timezone)::date FROM districts WHERE id = of_district);

-- The areas of a day: cells by their edition, all others by their own days. (A body of text and not a parsed one, so that
-- a column that is added to `areas` later is returned too.)
CREATE FUNCTION areas_on(of_district integer, on_day date) RETURNS SETOF areas LANGUAGE sql STABLE AS $$
    SELECT a.* FROM areas a LEFT JOIN grid_editions e ON e.id = a.edition_id
    WHERE a.district_id = of_district
      AND CASE WHEN a.edition_id IS NULL
               THEN daterange(a.valid_from_on, a.valid_to_on) @> on_day
               ELSE e.state <> 'draft' AND daterange(e.effective_on, e.superseded_on) @> on_day END
$$;

CREATE FUNCTION check_district() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM now() AT TIME ZONE NEW.timezone;
    IF NEW.metric_srid IS NOT NULL AND NOT EXISTS (SELECT FROM spatial_ref_sys s WHERE s.srid = NEW.metric_srid 
            AND s.proj4text ~ '\+units=m|\+proj=utm' AND s.proj4text !~ '\+proj=(longlat|merc)') THEN
        RAISE EXCEPTION 'metric_srid % is not a projection in metres', NEW.metric_srid USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER districts_check BEFORE INSERT OR UPDATE ON districts FOR EACH ROW EXECUTE FUNCTION check_district();

-- Area and label follow the shape. The label stands in the middle of the widest part, not in the centroid, which may lie outside.
CREATE FUNCTION measure_area() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE metric integer := (SELECT metric_srid FROM districts WHERE id = NEW.district_id);
        web geometry := ST_Transform(NEW.geom, 3857);
BEGIN
    NEW.area_m2 := ST_Area(ST_Transform(NEW.geom, metric));
    NEW.label_3857 := (ST_MaximumInscribedCircle(web)).center;
    RETURN NEW;
END $$;
CREATE TRIGGER areas_measure BEFORE INSERT OR UPDATE OF geom, district_id ON areas FOR EACH ROW EXECUTE FUNCTION measure_area();

CREATE FUNCTION check_area_code() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE rule area_levels; parent areas; parent_depth smallint;
BEGIN
    SELECT * INTO rule FROM area_levels WHERE district_id = NEW.district_id AND level = NEW.level;
    IF NEW.code !~ ('^(?:' || rule.code_pattern || ')$') THEN
        RAISE EXCEPTION 'code % does not fit the rule % of level %', NEW.code, rule.code_pattern, NEW.level
            USING ERRCODE = 'check_violation', CONSTRAINT = 'areas_code_pattern';
    END IF;
    IF NEW.parent_id IS NOT NULL THEN
        SELECT * INTO parent FROM areas WHERE id = NEW.parent_id;
        SELECT depth INTO parent_depth FROM area_levels WHERE district_id = parent.district_id AND level = parent.level;
        IF parent.district_id <> NEW.district_id OR parent_depth <> rule.depth - 1 THEN
            RAISE EXCEPTION 'area % of level % cannot lie under % of level %', NEW.code, NEW.level, parent.code, parent.level
                USING ERRCODE = 'check_violation', CONSTRAINT = 'areas_parent_level';
        END IF;
        IF rule.code_extends_parent AND left(NEW.code, length(parent.code)) <> parent.code THEN
            RAISE EXCEPTION 'code % does not begin with that of its parent %', NEW.code, parent.code
                USING ERRCODE = 'check_violation', CONSTRAINT = 'areas_code_extends_parent';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER areas_check_code BEFORE INSERT OR UPDATE OF code, level, parent_id, district_id ON areas
    FOR EACH ROW EXECUTE FUNCTION check_area_code();

-- What keeps an edition from taking effect. Shapes are compared as they are stored, in degrees: projected first, a corner
-- in the middle of a neighbour's long side would leave that side. What is found is measured in metres; thinner than a
-- centimetre is rounding of coordinates: width = 2 area / perimeter.
CREATE FUNCTION grid_edition_faults(of_edition integer)
RETURNS TABLE (kind text, code text, other_code text, area_m2 double precision, width_m double precision, place geometry)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH district AS (
        SELECT d.id, d.metric_srid, d.gaps_allowed FROM districts d JOIN grid_editions e ON e.district_id = d.id WHERE e.id = of_edition
    ), cell AS MATERIALIZED (
        SELECT a.id, a.code, a.parent_id, a.geom AS shape
        FROM areas a JOIN district d ON d.id = a.district_id WHERE a.edition_id = of_edition
    ), parent AS MATERIALIZED (
        SELECT a.id, a.code, a.geom AS shape
        FROM areas a JOIN district d ON d.id = a.district_id
        WHERE a.id IN (SELECT parent_id FROM cell)
    ), piece AS (
        SELECT 'overlap' AS kind, a.code, b.code AS other_code, (ST_Dump(ST_Intersection(a.shape, b.shape))).geom AS shape
        FROM cell a JOIN cell b ON a.code < b.code AND a.shape && b.shape AND ST_Relate(a.shape, b.shape, '2********')
        UNION ALL
        SELECT 'outside_parent', c.code, p.code, (ST_Dump(ST_Difference(c.shape, p.shape))).geom
        FROM cell c JOIN parent p ON p.id = c.parent_id WHERE NOT ST_Covers(p.shape, c.shape)
        UNION ALL
        SELECT 'gap', p.code, NULL, (ST_Dump(ST_Difference(p.shape, u.shape))).geom
        FROM parent p JOIN (SELECT parent_id, ST_Union(shape) AS shape FROM cell GROUP BY parent_id) u ON u.parent_id = p.id
        WHERE NOT (SELECT gaps_allowed FROM district)
    ), measured AS (
        SELECT kind, code, other_code, ST_Area(m) AS area_m2, 2 * ST_Area(m) / nullif(ST_Perimeter(m), 0) AS width_m,
               ST_PointOnSurface(shape) AS place
        FROM piece, LATERAL (SELECT ST_Transform(shape, (SELECT metric_srid FROM district)) AS m) p
        WHERE ST_Dimension(shape) = 2
    )
    SELECT kind, code, other_code, area_m2, width_m, place FROM measured WHERE width_m > 0.01
    UNION ALL
    -- Every parent of the level above must be filled, or a whole community may be missing and nobody notices.
    SELECT 'without_cells', p.code, NULL, p.area_m2, NULL, ST_Transform(p.label_3857, 4490)
    FROM areas p JOIN district d ON d.id = p.district_id AND NOT d.gaps_allowed
    JOIN area_levels l ON l.district_id = d.id AND l.level = p.level
    JOIN area_levels c ON c.district_id = d.id AND c.level = 'cell' AND c.depth = l.depth + 1
    JOIN grid_editions e ON e.id = of_edition
    WHERE daterange(p.valid_from_on, p.valid_to_on) @> e.effective_on AND NOT EXISTS (SELECT FROM cell WHERE cell.parent_id = p.id)
    ORDER BY 1, 2, 3;
END;

CREATE FUNCTION check_edition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE fault record;
BEGIN
    IF NEW.state = 'in_force' AND (TG_OP = 'INSERT' OR OLD.state IS DISTINCT FROM 'in_force') THEN
        SELECT * INTO fault FROM grid_edition_faults(NEW.id) LIMIT 1;
        IF FOUND THEN
            RAISE EXCEPTION 'edition % cannot take effect: % % % (% m2)', NEW.name, fault.kind, fault.code, fault.other_code, fault.area_m2
                USING ERRCODE = 'check_violation', CONSTRAINT = 'grid_editions_coverage';
        END IF;
        IF NOT EXISTS (SELECT FROM areas WHERE edition_id = NEW.id) THEN
            RAISE EXCEPTION 'edition % has no cells', NEW.name USING ERRCODE = 'check_violation', CONSTRAINT = 'grid_editions_coverage';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER grid_editions_check AFTER INSERT OR UPDATE ON grid_editions FOR EACH ROW EXECUTE FUNCTION check_edition();

-- An edition that took effect is history: a new border is a new edition. Names and household counts may be corrected.
CREATE FUNCTION keep_edition() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE row areas := coalesce(NEW, OLD);
BEGIN
    IF row.edition_id IS NOT NULL AND EXISTS (SELECT FROM grid_editions WHERE id = row.edition_id AND state <> 'draft') THEN
        RAISE EXCEPTION 'cell % belongs to an edition that has taken effect', row.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'areas_edition_kept';
    END IF;
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT FROM areas child JOIN grid_editions e ON e.id = child.edition_id WHERE child.parent_id = row.id AND e.state = 'in_force') THEN
        RAISE EXCEPTION 'area % holds cells of the edition in force', row.code
            USING ERRCODE = 'check_violation', CONSTRAINT = 'areas_edition_kept';
    END IF;
    RETURN row;
END $$;
CREATE TRIGGER areas_keep_edition_insert_delete BEFORE INSERT OR DELETE ON areas FOR EACH ROW EXECUTE FUNCTION keep_edition();
CREATE TRIGGER areas_keep_edition_update BEFORE UPDATE OF geom, code, parent_id, edition_id ON areas FOR EACH ROW EXECUTE FUNCTION keep_edition();

-- The cells that an area holds, itself if it is one.
CREATE FUNCTION cells_below(of_area integer) RETURNS SETOF integer LANGUAGE sql STABLE AS $$
    WITH RECURSIVE down AS (
        SELECT id, level FROM areas WHERE id = of_area
        UNION ALL SELECT a.id, a.level FROM areas a JOIN down ON a.parent_id = down.id
    ) SELECT id FROM down WHERE level = 'cell'
$$;

-- The one rule of a point's cell, the same as spatial.locate: of all cells that cover it, the one with the smallest code.
CREATE FUNCTION cell_at(of_district integer, point geometry) RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE
RETURN (
    SELECT a.id FROM areas a JOIN grid_editions e ON e.id = a.edition_id
    WHERE a.district_id = of_district AND e.state = 'in_force' AND ST_Covers(a.geom, point)
    ORDER BY a.code COLLATE "C" LIMIT 1
);
