CREATE OR REPLACE FUNCTION place_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.geom_3857 := ST_Transform(NEW.geom, 3857);
    NEW.cell_id := cell_at(NEW.district_id, NEW.geom);
    NEW.area_id := coalesce(NEW.cell_id, (
        SELECT a.id FROM areas a WHERE a.district_id = NEW.district_id AND a.level = 'district'
        AND daterange(a.valid_from_on, a.valid_to_on) @> district_today(NEW.district_id)));
    RETURN NEW;
END $$;
DROP TRIGGER areas_number ON areas;
DROP TRIGGER areas_move_numbers ON areas;
DROP FUNCTION number_area(), move_area_numbers();
ALTER TABLE cases DROP area_no;
CREATE INDEX ix_cases_cell_id ON cases (cell_id);
CREATE INDEX ix_cases_open_cell_id ON cases (cell_id) WHERE open_state(state);
ALTER TABLE areas DROP no, DROP last_no;
DROP FUNCTION area_number_of(integer, text, text, bigint), next_area_number(bigint, integer);
DROP TABLE area_numbers;
DROP FUNCTION area_width(integer);
