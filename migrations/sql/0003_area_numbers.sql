-- The area tree as nested intervals: every area that ever was has a number, and holds the numbers from it to its last one.
-- A territory is then a few intervals, and whether a case lies in it is a comparison of integers, which an index answers.
-- The number says which place of the tree, not which drawing of it: a cell keeps it through editions.

CREATE TABLE area_numbers (
    no bigint PRIMARY KEY,
    last_no bigint NOT NULL CHECK (last_no >= no),
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    level text NOT NULL,
    code text NOT NULL,
    parent_no bigint REFERENCES area_numbers ON UPDATE CASCADE ON DELETE CASCADE,
    UNIQUE (no, last_no)
);
CREATE UNIQUE INDEX area_numbers_place ON area_numbers (district_id, level, code, coalesce(parent_no, 0));
CREATE INDEX ix_area_numbers_parent_no ON area_numbers (parent_no);

-- A level has fifteen bits: 32,767 areas below one, over all time. The root's own number and those of its children never
-- meet, since children count from one.
CREATE FUNCTION area_width(depth integer) RETURNS bigint LANGUAGE sql IMMUTABLE RETURN 1::bigint << (60 - 15 * depth);

CREATE FUNCTION next_area_number(parent bigint, depth integer) RETURNS bigint LANGUAGE sql STABLE
RETURN coalesce((SELECT max(no) FROM area_numbers WHERE parent_no IS NOT DISTINCT FROM parent), parent, 0) + area_width(depth);

-- The number of a place in the tree, a new one where it has none yet. The parent's row is the lock under which one is taken.
CREATE FUNCTION area_number_of(of_district integer, of_level text, of_code text, parent bigint) RETURNS area_numbers
LANGUAGE plpgsql AS $$
DECLARE known area_numbers; depth integer; following bigint;
BEGIN
    IF parent IS NULL THEN PERFORM FROM districts WHERE id = of_district FOR NO KEY UPDATE;
    ELSE PERFORM FROM area_numbers WHERE no = parent FOR NO KEY UPDATE; END IF;
    SELECT * INTO known FROM area_numbers
    WHERE district_id = of_district AND level = of_level AND code = of_code AND coalesce(parent_no, 0) = coalesce(parent, 0);
    IF FOUND THEN RETURN known; END IF;
    depth := (SELECT l.depth FROM area_levels l WHERE l.district_id = of_district AND l.level = of_level);
    following := next_area_number(parent, depth);
    IF following + area_width(depth) - 1 > coalesce((SELECT last_no FROM area_numbers WHERE no = parent), 9223372036854775807) THEN
        RAISE EXCEPTION 'no number is left below %', parent USING ERRCODE = 'program_limit_exceeded';
    END IF;
    INSERT INTO area_numbers VALUES (following, following + area_width(depth) - 1, of_district, of_level, of_code, parent)
    RETURNING * INTO known;
    RETURN known;
END $$;

ALTER TABLE areas ADD no bigint, ADD last_no bigint;
DO $$
DECLARE area record; number area_numbers;
BEGIN
    FOR area IN SELECT a.id, a.district_id, a.level, a.code, a.parent_id FROM areas a JOIN area_levels l USING (district_id, level)
                ORDER BY l.depth, a.code COLLATE "C", a.id LOOP
        number := area_number_of(area.district_id, area.level, area.code, (SELECT no FROM areas WHERE id = area.parent_id));
        UPDATE areas SET no = number.no, last_no = number.last_no WHERE id = area.id;
    END LOOP;
END $$;
ALTER TABLE areas ALTER no SET NOT NULL, ALTER last_no SET NOT NULL,
    ADD CONSTRAINT areas_number_fkey FOREIGN KEY (no, last_no) REFERENCES area_numbers (no, last_no) ON UPDATE CASCADE;
CREATE INDEX ix_areas_no ON areas (no);

CREATE FUNCTION number_area() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE number area_numbers := area_number_of(NEW.district_id, NEW.level, NEW.code, (SELECT no FROM areas WHERE id = NEW.parent_id));
BEGIN
    NEW.no := number.no;
    NEW.last_no := number.last_no;
    RETURN NEW;
END $$;
CREATE TRIGGER areas_number BEFORE INSERT ON areas FOR EACH ROW EXECUTE FUNCTION number_area();

-- An area that comes under another parent takes all that is below it along: its interval moves, and cases move with it.
CREATE FUNCTION move_area_numbers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE parent bigint; shift bigint;
BEGIN
    IF NEW.code <> OLD.code THEN UPDATE area_numbers SET code = NEW.code WHERE no = OLD.no; END IF;
    IF NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
        parent := (SELECT no FROM areas WHERE id = NEW.parent_id);
        PERFORM FROM area_numbers WHERE no = parent FOR NO KEY UPDATE;
        shift := next_area_number(parent, (SELECT depth FROM area_levels l WHERE l.district_id = NEW.district_id AND l.level = NEW.level))
                 - OLD.no;
        UPDATE area_numbers SET no = no + shift, last_no = last_no + shift,
               parent_no = CASE WHEN no = OLD.no THEN parent ELSE parent_no + shift END
        WHERE no BETWEEN OLD.no AND OLD.last_no;
        UPDATE cases SET area_no = area_no + shift WHERE area_no BETWEEN OLD.no AND OLD.last_no;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER areas_move_numbers AFTER UPDATE OF code, parent_id ON areas FOR EACH ROW EXECUTE FUNCTION move_area_numbers();

-- Whose desk a case is on, as a number: what row security, filters and live streams compare.
ALTER TABLE cases ADD area_no bigint;
UPDATE cases SET area_no = a.no FROM areas a WHERE a.id = cases.area_id;
ALTER TABLE cases ALTER area_no SET NOT NULL;
DROP INDEX ix_cases_cell_id, ix_cases_open_cell_id;
CREATE INDEX ix_cases_area_no ON cases (area_no);
CREATE INDEX ix_cases_open_area_no ON cases (area_no) WHERE open_state(state);

CREATE OR REPLACE FUNCTION place_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.geom_3857 := ST_Transform(NEW.geom, 3857);
    NEW.cell_id := cell_at(NEW.district_id, NEW.geom);
    -- Without a position it belongs to the desk that took it; outside every cell, or with no desk named, to the district's.
    IF NEW.geom IS NOT NULL OR NEW.area_id IS NULL THEN
        NEW.area_id := coalesce(NEW.cell_id, (
            SELECT a.id FROM areas a WHERE a.district_id = NEW.district_id AND a.level = 'district'
            AND daterange(a.valid_from_on, a.valid_to_on) @> district_today(NEW.district_id)));
    END IF;
    NEW.area_no := (SELECT no FROM areas WHERE id = NEW.area_id);
    RETURN NEW;
END $$;
DROP TRIGGER cases_place ON cases;
CREATE TRIGGER cases_place BEFORE INSERT OR UPDATE OF geom, geom_3857, district_id, cell_id, area_id ON cases
    FOR EACH ROW EXECUTE FUNCTION place_case();
