CREATE OR REPLACE FUNCTION staff_called(of_district integer, said text, most integer) RETURNS SETOF integer
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $f$
DECLARE wanted text; pairs bigint[]; beyond text[];
BEGIN
    SELECT w.wanted, w.pairs, w.beyond INTO wanted, pairs, beyond FROM search_words(said) w;
    RETURN QUERY SELECT c.id FROM (
        SELECT s.id, s.name, s.code FROM staff_members s WHERE s.district_id = of_district AND pairs <> '{}'
            AND letter_pairs(search_text(s.name, NULL)) @> pairs AND search_text(s.name, NULL) LIKE ALL (beyond)
        UNION SELECT s.id, s.name, s.code FROM staff_members s WHERE s.district_id = of_district AND wanted <> ''
            AND lower(s.code) ~>=~ wanted AND lower(s.code) ~<~ (wanted || chr(1114111))) c
    ORDER BY (lower(c.name) = wanted OR lower(c.code) = wanted) DESC, NOT starts_with(lower(c.name), wanted), c.code LIMIT most;
END $f$;
DROP FUNCTION staff_around();
CREATE OR REPLACE FUNCTION cases_found(scope text, box geometry, of_district integer, at timestamptz, states text, categories integer[], since timestamptz,
    until timestamptz, of_area integer, of_unit integer, of_condition text, said text, due_first boolean, after_rank integer, after_at timestamptz,
    after_id bigint, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp
SET max_parallel_workers_per_gather = 0 SET jit = off SET enable_sort = on AS $f$ -- to call for help takes longer than to look
DECLARE
    few constant integer := CASE WHEN due_first THEN 5000 ELSE least(5000, 200 * most) END; -- so many are sorted in no time; of more, a page comes soon when they are read in order
    rank constant text := $q$CASE WHEN c.state = 'suspended' THEN 3 WHEN c.due_at < $1 THEN 0
        WHEN near_from(c.near_at, c.due_at) <= $1 THEN 1 ELSE 2 END$q$;
    due constant text := $q$coalesce(c.due_at, 'infinity')$q$;
    kept text := 'c.district_id = $11 AND ($16 IS NULL OR c.unit_id = $16) AND ($17 IS NULL OR c.condition_id = ANY ($17)) AND '
        || CASE scope WHEN 'box' THEN 'c.geom_3857 && $10' WHEN 'outside' THEN 'c.geom IS NOT NULL AND c.cell_id IS NULL'
            WHEN 'unlocated' THEN 'c.geom IS NULL' ELSE 'true' END
        || ' AND ' || case_filter(states);
    has_words constant text := 'search_text(c.address, c.description) LIKE ALL ($19)';
    page text := CASE WHEN due_first
        THEN '($12 IS NULL OR (' || rank || ', ' || due || ', c.id) > ($12, $13, $14)) ORDER BY ' || rank || ', ' || due || ', c.id'
        ELSE '($12 IS NULL OR (c.reported_at, c.id) < ($13, $14)) ORDER BY c.reported_at DESC, c.id DESC' END || ' LIMIT $15';
    conditions integer[] := CASE WHEN of_condition IS NOT NULL THEN ARRAY(
        SELECT id FROM filing_conditions f WHERE f.district_id = of_district AND f.number = of_condition) END;
    pairs bigint[]; patterns text[]; beyond text[]; own integer; found bigint[]; said_so text; looked_up text;
BEGIN
    IF said ~ '^\d{4}$' THEN
        said_so := '("right"(c.number, 4) = $18 OR c.external_ref = $18)';
    ELSIF said ~* '^\S{1,4}-[A-Z0-9]{1,6}-\d{8}-\d{4,9}$' THEN
        said_so := '(c.number = upper($18) OR c.external_ref = $18)';
    ELSIF said IS NOT NULL THEN
        SELECT w.pairs, w.patterns, w.beyond INTO pairs, patterns, beyond FROM search_words(said) w;
        said_so := '(c.external_ref = $18 OR ' || has_words || ')';
        looked_up := '(c.external_ref = $18 OR letter_pairs(search_text(c.address, c.description)) @> $20'
            || CASE WHEN beyond = '{}' THEN '' ELSE ' AND ' || has_words END || ')';
        -- Whoever has few cases looks through them all; of many the index of words is asked.
        IF NOT whole_territory() THEN
            SELECT count(*) INTO own FROM (SELECT FROM cases c WHERE c.area_no >= lower(territory()) AND c.area_no < upper(territory()) LIMIT few + 1) o;
            looked_up := CASE WHEN own <= few THEN said_so ELSE looked_up END;
        END IF;
    END IF;
    IF said IS NOT NULL THEN
        -- Which these are, as long as they are few.
        EXECUTE 'SELECT array_agg(id) FROM (SELECT c.id FROM cases c WHERE ' || kept || ' AND ' || coalesce(looked_up, said_so) || ' LIMIT $15 + 1) few'
            INTO found USING at, states, categories, since, until, of_area, territory(), acting_units(), acting_account(),
            box, of_district, NULL::integer, NULL::timestamptz, NULL::bigint, few, of_unit, conditions, said, patterns, pairs;
        IF cardinality(found) <= few OR found IS NULL THEN
            kept := 'c.id = ANY ($20)';
        ELSIF due_first THEN
            kept := kept || ' AND ' || coalesce(looked_up, said_so);
        ELSE
            -- What many cases hold is met soon by going from the newest on; the planner takes it for rare.
            PERFORM set_config('enable_sort', 'off', true);
            kept := kept || ' AND ' || said_so;
        END IF;
    END IF;
    RETURN QUERY EXECUTE 'SELECT c.id FROM cases c WHERE ' || kept || ' AND ' || page
        USING at, states, categories, since, until, of_area, territory(), acting_units(), acting_account(),
            box, of_district, after_rank, after_at, after_id, most, of_unit, conditions, said, patterns,
            CASE WHEN cardinality(found) > few THEN pairs ELSE coalesce(found, '{}') END;
END $f$;
