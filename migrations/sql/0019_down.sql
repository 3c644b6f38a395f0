DROP FUNCTION cases_found(text, geometry, integer, timestamptz, text, integer[], timestamptz, timestamptz, integer, integer, text, text, boolean,
    integer, timestamptz, bigint, integer);
CREATE FUNCTION cases_in_box(box geometry, of_district integer, at timestamptz, states text, categories integer[], since timestamptz,
    until timestamptz, of_area integer, due_first boolean, after_rank integer, after_at timestamptz, after_id bigint, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
DECLARE
    rank constant text := $q$CASE WHEN c.state = 'suspended' THEN 3 WHEN c.due_at < $1 THEN 0
        WHEN near_from(c.near_at, c.due_at) <= $1 THEN 1 ELSE 2 END$q$;
    due constant text := $q$coalesce(c.due_at, 'infinity')$q$;
BEGIN
    RETURN QUERY EXECUTE 'SELECT c.id FROM cases c WHERE c.geom_3857 && $10 AND c.district_id = $11 AND ' || case_filter(states)
        || CASE WHEN due_first
            THEN ' AND ($12 IS NULL OR (' || rank || ', ' || due || ', c.id) > ($12, $13, $14)) ORDER BY ' || rank || ', ' || due || ', c.id'
            ELSE ' AND ($12 IS NULL OR (c.reported_at, c.id) < ($13, $14)) ORDER BY c.reported_at DESC, c.id DESC' END || ' LIMIT $15'
    USING at, states, categories, since, until, of_area, territory(), acting_units(), acting_account(),
        box, of_district, after_rank, after_at, after_id, most;
END $f$;
DO $$
DECLARE part text;
BEGIN
    FOR part IN SELECT relname FROM pg_class WHERE relkind = 'i' AND relname ~ '^ix_cases_.*_words$' LOOP
        EXECUTE format('DROP INDEX %I', part);
    END LOOP;
END $$;
DROP INDEX ix_cases_number_end;
DROP FUNCTION index_case_words(), letter_pairs(text), search_text(text, text);
