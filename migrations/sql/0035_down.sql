CREATE OR REPLACE FUNCTION place_element() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.geom IS NOT NULL THEN
        NEW.area_no := (SELECT no FROM areas WHERE id = cell_at(NEW.district_id, NEW.geom));
    ELSIF NEW.site_id IS NOT NULL THEN
        NEW.area_no := (SELECT area_no FROM elements WHERE id = NEW.site_id);
    END IF;
    NEW.area_no := coalesce(NEW.area_no, (SELECT no FROM area_numbers WHERE district_id = NEW.district_id AND parent_no IS NULL LIMIT 1));
    RETURN NEW;
END $$;
