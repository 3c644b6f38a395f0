-- A page of cases as before (0042), but a territory of some thousand cases is no longer looked through for a word.
CREATE OR REPLACE FUNCTION cases_found(scope text, box geometry, of_district integer, at timestamptz, states text, categories integer[], since timestamptz,
    until timestamptz, of_area integer, of_unit integer, of_condition text, said text, due_first boolean, after_rank integer, after_at timestamptz,
    after_id bigint, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp
SET max_parallel_workers_per_gather = 0 SET jit = off SET enable_sort = on AS $f$ -- to call for help takes longer than to look
DECLARE
    few constant integer := CASE WHEN due_first THEN 5000 ELSE least(5000, 200 * most) END; -- so many are sorted in no time; of more, a page comes soon when they are read in order
    own_few constant integer := 1000;
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
        looked_up := '(letter_pairs(search_text(c.address, c.description)) @> $20' || CASE WHEN beyond = '{}' THEN '' ELSE ' AND ' || has_words END || ')';
        -- Whoever has few cases looks through them all, which takes 4 us each; of more the index of words is asked.
        IF NOT whole_territory() THEN
            SELECT count(*) INTO own FROM (SELECT FROM cases c WHERE c.area_no >= lower(territory()) AND c.area_no < upper(territory()) LIMIT own_few + 1) o;
            looked_up := CASE WHEN own <= own_few THEN has_words ELSE looked_up END;
        END IF;
    END IF;
    IF said IS NOT NULL THEN
        -- Which these are, as long as they are few. References apart: of words OR a reference each would be compared again after the index.
        EXECUTE 'SELECT array_agg(id) FROM (' || CASE WHEN looked_up IS NULL THEN ''
                ELSE 'SELECT c.id FROM cases c WHERE ' || kept || ' AND c.external_ref = $18 UNION ' END
            || '(SELECT c.id FROM cases c WHERE ' || kept || ' AND ' || coalesce(looked_up, said_so) || ' LIMIT $15 + 1)) few'
            INTO found USING at, states, categories, since, until, of_area, territory(), acting_units(), acting_account(),
            box, of_district, NULL::integer, NULL::timestamptz, NULL::bigint, few, of_unit, conditions, said, patterns, pairs;
        IF cardinality(found) <= few OR found IS NULL THEN
            kept := 'c.id = ANY ($20)';
        ELSIF due_first THEN
            kept := kept || ' AND ' || coalesce('(c.external_ref = $18 OR ' || looked_up || ')', said_so);
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

-- All whom `staff_in_sight` is true of, together: of one it is asked by their id, of whoever is called so it took 0.1 ms each.
CREATE FUNCTION staff_around() RETURNS SETOF integer LANGUAGE sql STABLE SECURITY DEFINER ROWS 200 SET search_path = public, pg_temp AS $f$
    SELECT id FROM staff_members WHERE account_id = acting_account()
    UNION SELECT id FROM staff_members WHERE entered_by = acting_account() AND account_id IS NULL AND unplaced(id)
    UNION SELECT h.staff_id FROM area_numbers n JOIN post_areas a ON a.area_no = n.no JOIN post_holders h ON h.post_id = a.post_id
        WHERE n.no >= lower(territory()) AND n.last_no < upper(territory()) AND int8range(n.no, n.last_no, '[]') <@ territory()
    UNION SELECT h.staff_id FROM posts p JOIN post_holders h ON h.post_id = p.id WHERE p.unit_id = ANY (acting_units())
    UNION SELECT o.staff_id FROM staff_members s JOIN post_holders h ON h.staff_id = s.id JOIN post_holders o ON o.post_id = h.post_id
        WHERE s.account_id = acting_account()
    UNION SELECT staff_id FROM assignments WHERE cell_no >= lower(territory()) AND cell_no < upper(territory()) AND cell_no <@ territory()
    UNION SELECT staff_id FROM group_leaders WHERE group_no <@ territory()
    UNION SELECT m.staff_id FROM units u JOIN unit_terms t ON t.unit_id = u.id JOIN unit_members m ON m.term_id = t.id WHERE u.area_no <@ territory()
    UNION SELECT id FROM staff_members WHERE whole_territory()
$f$;
REVOKE EXECUTE ON FUNCTION staff_around() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION staff_around() TO panlong_app;

-- Who is called so (0042), of those who are in sight of the one who asks.
CREATE OR REPLACE FUNCTION staff_called(of_district integer, said text, most integer) RETURNS SETOF integer
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $f$
DECLARE everybody constant boolean := whole_territory() OR administers(); wanted text; pairs bigint[]; beyond text[];
BEGIN
    SELECT w.wanted, w.pairs, w.beyond INTO wanted, pairs, beyond FROM search_words(said) w;
    RETURN QUERY SELECT c.id FROM (
        SELECT s.id, s.name, s.code FROM staff_members s WHERE s.district_id = of_district AND pairs <> '{}'
            AND letter_pairs(search_text(s.name, NULL)) @> pairs AND search_text(s.name, NULL) LIKE ALL (beyond)
        UNION SELECT s.id, s.name, s.code FROM staff_members s WHERE s.district_id = of_district AND wanted <> ''
            AND lower(s.code) ~>=~ wanted AND lower(s.code) ~<~ (wanted || chr(1114111))) c
    WHERE everybody OR c.id IN (SELECT staff_around())
    ORDER BY (lower(c.name) = wanted OR lower(c.code) = wanted) DESC, NOT starts_with(lower(c.name), wanted), c.code LIMIT most;
END $f$;
