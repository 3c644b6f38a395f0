-- The platform itself, when it loads many elements at once, finds their cells in memory by the same rule (`spatial.locate`, held to
-- `cell_at` by a test), says so for its transaction, and is believed. Whoever acts on somebody's behalf is not.
CREATE OR REPLACE FUNCTION place_element() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.geom IS NOT NULL AND NEW.area_no IS NOT NULL AND acting_account() IS NULL
        AND current_setting('panlong.located', true) = 'on' THEN
        RETURN NEW;
    END IF;
    IF NEW.geom IS NOT NULL THEN
        NEW.area_no := (SELECT no FROM areas WHERE id = cell_at(NEW.district_id, NEW.geom));
    ELSIF NEW.site_id IS NOT NULL THEN
        NEW.area_no := (SELECT area_no FROM elements WHERE id = NEW.site_id);
    END IF;
    NEW.area_no := coalesce(NEW.area_no, (SELECT no FROM area_numbers WHERE district_id = NEW.district_id AND parent_no IS NULL LIMIT 1));
    RETURN NEW;
END $$;
