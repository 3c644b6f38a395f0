-- Search in cases: by number, its last four digits, the reference of the source, and words of address and description.
-- Chinese has no blanks between words, and most of them have two letters: so the index holds every pair of letters that
-- stand beside each other. (Trigrams would hold none of a word of two letters.)
-- Hardly any text needs the costly half of this.
CREATE FUNCTION search_text(address text, description text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN lower(CASE WHEN coalesce(address, '') || E'\n' || coalesce(description, '') IS NFKC NORMALIZED
    THEN coalesce(address, '') || E'\n' || coalesce(description, '')
    ELSE normalize(coalesce(address, '') || E'\n' || coalesce(description, ''), NFKC) END);

-- A pair is one number: 21 bits a letter. Costly, so that it is never reckoned for a row that an index could rule out.
CREATE FUNCTION letter_pairs(of_text text) RETURNS bigint[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 2000 AS $$
    SELECT coalesce(array_agg(DISTINCT ascii(a)::bigint << 21 | ascii(b)), '{}')
    FROM (SELECT string_to_array(of_text, NULL) AS letters) l, unnest(letters, letters[2:]) AS pair (a, b)
    WHERE ascii(a) > 32 AND ascii(b) > 32
$$;

CREATE INDEX ix_cases_number_end ON cases ("right"(number, 4)) WHERE number IS NOT NULL;

-- Each partition has an index of its own pairs, and the whole has none: a bulk load is not held up by it, for it is built
-- afterwards, and what has none yet is read through.
CREATE FUNCTION index_case_words() RETURNS integer LANGUAGE plpgsql SET maintenance_work_mem = '256MB' AS $$
DECLARE part text; made integer := 0;
BEGIN
    FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'cases'::regclass AND to_regclass('ix_' || c.relname || '_words') IS NULL ORDER BY 1 LOOP
        EXECUTE format('CREATE INDEX %I ON %I USING gin (letter_pairs(search_text(address, description)))', 'ix_' || part || '_words', part);
        EXECUTE format('ANALYZE %I', part);
        made := made + 1;
    END LOOP;
    RETURN made;
END $$;
REVOKE EXECUTE ON FUNCTION index_case_words() FROM PUBLIC;
SELECT index_case_words();

-- A page of the cases in a scope, of a unit, under a condition, that a search finds, in the order in which they are due or
-- the newest first, after a given one. It takes the place of `cases_in_box`; for the same reason it runs as the owner and
-- puts the wall up itself (see 0007).
DROP FUNCTION cases_in_box(geometry, integer, timestamptz, text, integer[], timestamptz, timestamptz, integer, boolean, integer, timestamptz, bigint, integer);
CREATE FUNCTION cases_found(scope text, box geometry, of_district integer, at timestamptz, states text, categories integer[], since timestamptz,
    until timestamptz, of_area integer, of_unit integer, of_condition text, said text, due_first boolean, after_rank integer, after_at timestamptz,
    after_id bigint, most integer)
RETURNS SETOF bigint LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp
SET max_parallel_workers_per_gather = 0 SET jit = off SET enable_sort = on AS $f$ -- to call for help takes longer than to look
DECLARE
    few constant integer := 5000; -- so many are sorted in no time; of more, a page comes soon when they are read in order
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
    pairs bigint[]; patterns text[]; found bigint[]; said_so text; looked_up text;
BEGIN
    IF said ~ '^\d{4}$' THEN
        said_so := '("right"(c.number, 4) = $18 OR c.external_ref = $18)';
    ELSIF said ~* '^\S{1,4}-[A-Z0-9]{1,6}-\d{8}-\d{4,9}$' THEN
        said_so := '(c.number = upper($18) OR c.external_ref = $18)';
    ELSIF said IS NOT NULL THEN
        SELECT array_agg(DISTINCT p), array_agg(DISTINCT '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%') INTO pairs, patterns
            FROM regexp_split_to_table(search_text(NULL, said), '\s+') AS word LEFT JOIN LATERAL unnest(letter_pairs(word)) AS p ON true WHERE word <> '';
        said_so := '(c.external_ref = $18 OR ' || has_words || ')';
        looked_up := '(c.external_ref = $18 OR letter_pairs(search_text(c.address, c.description)) @> $20 AND ' || has_words || ')';
    END IF;
    IF said IS NOT NULL THEN
        -- Which these are, as long as they are few.
        EXECUTE 'SELECT array_agg(id) FROM (SELECT c.id FROM cases c WHERE ' || kept || ' AND ' || coalesce(looked_up, said_so) || ' LIMIT $15 + 1) few'
            INTO found USING at, states, categories, since, until, of_area, territory(), acting_units(), acting_account(),
            box, of_district, NULL::integer, NULL::timestamptz, NULL::bigint, few, of_unit, conditions, said, patterns, array_remove(pairs, NULL);
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
            CASE WHEN cardinality(found) > few THEN array_remove(pairs, NULL) ELSE coalesce(found, '{}') END;
END $f$;
