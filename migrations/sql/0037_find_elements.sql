-- What is said as the searches by pairs of letters take it: all of it, the pairs in it, a pattern for each of its words,
-- and for those alone that the pairs do not settle: of two letters a word is its pair.
CREATE FUNCTION search_words(said text, OUT wanted text, OUT pairs bigint[], OUT patterns text[], OUT beyond text[])
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = public, pg_temp AS $$
BEGIN
    wanted := btrim(search_text(said, NULL), E' \n\t');
    SELECT coalesce(array_remove(array_agg(DISTINCT p), NULL), '{}'), coalesce(array_agg(DISTINCT pattern), '{}'),
        coalesce(array_agg(DISTINCT pattern) FILTER (WHERE char_length(word) <> 2), '{}') INTO pairs, patterns, beyond
    FROM regexp_split_to_table(wanted, '\s+') AS word CROSS JOIN LATERAL (
        SELECT '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%' AS pattern) w
    LEFT JOIN LATERAL unnest(letter_pairs(word)) AS p ON true WHERE word <> '';
END $$;

DROP INDEX ix_elements_words;
CREATE INDEX ix_elements_words ON elements USING gin (letter_pairs(search_text(name, address)), kind)
    WHERE kind <> 'person' AND type <> 'dwelling' AND merged_into IS NULL;

-- What is called so, or so to begin with, is found however many others have it in their name.
CREATE INDEX ix_elements_called ON elements (kind, lower(name) text_pattern_ops)
    WHERE kind <> 'person' AND type <> 'dwelling' AND merged_into IS NULL;

-- Whoever has a territory is let in by the range of its numbers, so that an index serves.
CREATE FUNCTION elements_wall(of_kind text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $f$
    SELECT ' e.district_id = $1 AND e.merged_into IS NULL AND ' || of_kind || $q$
        AND ($3 IS NULL OR e.type = ANY ($3)) AND ($4 IS NULL OR e.area_no BETWEEN $4 AND $5) AND ($6 IS NULL OR e.geom_3857 && $6)
        AND (e.kind <> 'person' OR $7) $q$ || CASE WHEN whole_territory() THEN '' ELSE
        ' AND (e.area_no >= lower($8) AND e.area_no < upper($8) AND e.area_no <@ $8'
        || CASE WHEN cardinality(acting_units()) = 0 THEN ')' ELSE ' OR e.unit_id = ANY ($9))' END END
$f$;

-- The text of ids with their rank of what words find. A word that is everywhere is not looked at further than what is
-- ranked; beginnings of names and whole codes are looked up as such. One letter finds nothing by pairs.
CREATE FUNCTION elements_said(wall text, spelled boolean) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = public, pg_temp AS $f$
    SELECT 'SELECT d.id, min(d.rank) AS rank FROM ('
        || CASE WHEN spelled THEN $q$(SELECT e.id, 2 AS rank FROM elements e WHERE $q$ || wall || $q$ AND e.kind <> 'person' AND e.type <> 'dwelling'
            AND letter_pairs(search_text(e.name, e.address)) @> $12 AND search_text(e.name, e.address) LIKE ALL ($13) LIMIT $15) UNION $q$ ELSE '' END
        || $q$(SELECT e.id, CASE WHEN lower(e.name) = $14 THEN 0 ELSE 1 END AS rank FROM elements e WHERE $q$ || wall
        || $q$ AND e.kind <> 'person' AND e.type <> 'dwelling' AND e.kind = ANY (coalesce($2, ARRAY['place', 'object', 'organisation']))
            AND lower(e.name) ~>=~ $14 AND lower(e.name) ~<~ ($14 || chr(1114111)) ORDER BY lower(e.name) USING ~<~ LIMIT $15)
            UNION SELECT e.id, 0 FROM elements e WHERE $q$ || wall
        || $q$ AND e.kind = ANY (coalesce($2, ARRAY['place', 'object', 'organisation'])) AND e.code = upper($14)) d GROUP BY d.id$q$
$f$;

-- A page of the elements that a search finds, as before (0027).
CREATE OR REPLACE FUNCTION elements_found(of_district integer, said text, kinds text[], types text[], of_area bigint, box geometry,
    after_rank integer, after_id bigint, most integer)
RETURNS TABLE (id bigint, rank integer) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp
SET max_parallel_workers_per_gather = 0 SET jit = off AS $f$
DECLARE
    few constant integer := least(5000, 200 * most); -- so many are ranked in no time
    seen constant int8multirange := territory();
    units constant integer[] := acting_units(); persons constant boolean := reads_persons();
    wanted text; pairs bigint[]; beyond text[]; last bigint := (SELECT last_no FROM area_numbers WHERE no = of_area);
    wall constant text := elements_wall('($2 IS NULL OR e.kind = ANY ($2))');
BEGIN
    IF said IS NULL THEN
        RETURN QUERY EXECUTE 'SELECT e.id, 0 FROM elements e WHERE ' || wall
            || ' AND ($10 IS NULL OR e.id > $10) ORDER BY e.id LIMIT $11'
        USING of_district, kinds, types, of_area, last, box, persons, seen, units, after_id, most;
        RETURN;
    END IF;
    SELECT w.wanted, w.pairs, w.beyond INTO wanted, pairs, beyond FROM search_words(said) w;
    RETURN QUERY EXECUTE 'SELECT f.id, f.rank FROM (' || elements_said(wall, pairs <> '{}') || ') f'
        || ' WHERE $10 IS NULL OR (f.rank, f.id) > ($16, $10) ORDER BY f.rank, f.id LIMIT $11'
    USING of_district, kinds, types, of_area, last, box, persons, seen, units, after_id, most, pairs, beyond, wanted, few, after_rank;
END $f$;

-- The best of each kind that a search finds.
CREATE FUNCTION elements_found_of_each(of_district integer, said text, kinds text[], most integer)
RETURNS TABLE (kind text, id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp
SET max_parallel_workers_per_gather = 0 SET jit = off AS $f$
DECLARE
    wanted text; pairs bigint[]; beyond text[];
BEGIN
    SELECT w.wanted, w.pairs, w.beyond INTO wanted, pairs, beyond FROM search_words(said) w;
    RETURN QUERY EXECUTE 'SELECT k.kind, f.id FROM unnest($2) k (kind) CROSS JOIN LATERAL ('
        || elements_said(elements_wall('e.kind = k.kind'), pairs <> '{}') || ' ORDER BY 2, 1 LIMIT $11) f ORDER BY k.kind, f.rank, f.id'
    USING of_district, kinds, NULL::text[], NULL::bigint, NULL::bigint, NULL::geometry, reads_persons(), territory(), acting_units(),
        NULL::bigint, most, pairs, beyond, wanted, least(5000, 50 * most);
END $f$;
REVOKE EXECUTE ON FUNCTION elements_wall(text), elements_said(text, boolean), elements_found_of_each(integer, text, text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION elements_found_of_each(integer, text, text[], integer) TO panlong_app;
