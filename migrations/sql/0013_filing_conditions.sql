-- 立案条件: under which conditions a problem becomes a case, within which limit, and when it is done. A row is never changed
-- once a case was registered under it; a new one with the same number follows it from a day on.
CREATE TABLE filing_conditions (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    number text NOT NULL,
    category_id integer NOT NULL REFERENCES case_categories,
    condition text NOT NULL,
    closing_condition text NOT NULL,
    limit_amount numeric(9, 4) NOT NULL CHECK (limit_amount > 0),
    limit_unit text NOT NULL,
    control_amount numeric(9, 4) CHECK (control_amount > 0),
    control_unit text,
    season text,
    season_amount numeric(9, 4) CHECK (season_amount > 0),
    season_unit text,
    default_unit text NOT NULL, -- code of a unit, or 'owner' 权属单位, found by where the thing stands
    lowest_loop text NOT NULL CHECK (lowest_loop IN ('community', 'subdistrict', 'district')),
    risk text NOT NULL CHECK (risk IN ('low', 'moderate', 'serious', 'severe')),
    verification text NOT NULL CHECK (verification IN ('on_the_spot', 'by_photo', 'by_call')),
    self_handle boolean NOT NULL DEFAULT false,
    standard_ref text,
    valid_from_on date NOT NULL DEFAULT DATE '2000-01-01',
    valid_to_on date,
    CHECK (limit_unit IN ('urgent_hours', 'working_hours', 'working_days', 'calendar_days')),
    CHECK (control_unit IN ('urgent_hours', 'working_hours', 'working_days', 'calendar_days')),
    CHECK (season_unit IN ('urgent_hours', 'working_hours', 'working_days', 'calendar_days')),
    CHECK ((control_amount IS NULL) = (control_unit IS NULL)),
    CHECK ((season IS NULL) = (season_amount IS NULL) AND (season IS NULL) = (season_unit IS NULL)),
    CONSTRAINT filing_conditions_one_at_a_time EXCLUDE USING gist
        (district_id WITH =, number WITH =, daterange(valid_from_on, valid_to_on) WITH &&)
);
CREATE INDEX ix_filing_conditions_category_id ON filing_conditions (category_id);
GRANT SELECT ON filing_conditions TO panlong_app, panlong_analyst;

-- 编号: what a case is called, `盘-LM-20261123-0042`. The letters of a subdistrict are data; without them its digits serve.
ALTER TABLE districts ADD number_sign text;
CREATE TABLE case_prefixes (
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    area_code text NOT NULL,
    letters text NOT NULL CHECK (letters ~ '^[A-Z0-9]{1,6}$'),
    PRIMARY KEY (district_id, area_code),
    UNIQUE (district_id, letters)
);
CREATE TABLE case_counters (
    district_id integer NOT NULL REFERENCES districts ON DELETE CASCADE,
    letters text NOT NULL,
    counted_on date NOT NULL,
    last integer NOT NULL,
    PRIMARY KEY (district_id, letters, counted_on)
);
GRANT SELECT ON case_prefixes TO panlong_app;

CREATE FUNCTION new_case_number(of_district integer, of_area_no bigint) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found text; said text; today date := district_today(of_district); counted integer;
BEGIN
    SELECT coalesce(p.letters, right(a.code, 3)) INTO found FROM areas a
        LEFT JOIN case_prefixes p ON p.district_id = a.district_id AND p.area_code = a.code
        WHERE a.district_id = of_district AND a.level = 'subdistrict' AND of_area_no BETWEEN a.no AND a.last_no
        ORDER BY a.valid_to_on IS NULL DESC LIMIT 1;
    SELECT coalesce(number_sign, left(name, 1)) INTO said FROM districts WHERE id = of_district;
    INSERT INTO case_counters AS c VALUES (of_district, coalesce(found, '000'), today, 1)
        ON CONFLICT (district_id, letters, counted_on) DO UPDATE SET last = c.last + 1 RETURNING last INTO counted;
    RETURN format('%s-%s-%s-%s', said, coalesce(found, '000'), to_char(today, 'YYYYMMDD'), lpad(counted::text, greatest(4, length(counted::text)), '0'));
END $$;
REVOKE EXECUTE ON FUNCTION new_case_number(integer, bigint) FROM PUBLIC;
