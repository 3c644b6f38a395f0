-- A page of the elements that a search finds, as before (0027); a word that is everywhere is not looked at further than
-- what is ranked, and who has a territory and no unit is let in by the range of its numbers, so that an
-- index serves; codes are looked up kind by kind, as theirs is.
CREATE OR REPLACE FUNCTION elements_found(of_district integer, said text, kinds text[], types text[], of_area bigint, box geometry,
    after_rank integer, after_id bigint, most integer)
RETURNS TABLE (id bigint, rank integer) LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp
SET max_parallel_workers_per_gather = 0 SET jit = off AS $f$
DECLARE
    few constant integer := 5000; -- so many are ranked in no time
    whole constant boolean := whole_territory(); seen constant int8multirange := territory();
    units constant integer[] := acting_units(); persons constant boolean := reads_persons();
    wanted text := search_text(said, NULL); pairs bigint[]; patterns text[]; last bigint := (SELECT last_no FROM area_numbers WHERE no = of_area);
    wall constant text := $q$ e.district_id = $1 AND e.merged_into IS NULL AND ($2 IS NULL OR e.kind = ANY ($2))
        AND ($3 IS NULL OR e.type = ANY ($3)) AND ($4 IS NULL OR e.area_no BETWEEN $4 AND $5) AND ($6 IS NULL OR e.geom_3857 && $6)
        AND (e.kind <> 'person' OR $7) $q$ || CASE WHEN whole THEN '' WHEN cardinality(units) = 0
            THEN ' AND e.area_no >= lower($9) AND e.area_no < upper($9) AND e.area_no <@ $9' ELSE ' AND (e.area_no <@ $9 OR e.unit_id = ANY ($10))' END;
    found text;
BEGIN
    IF said IS NULL THEN
        RETURN QUERY EXECUTE 'SELECT e.id, 0 FROM elements e WHERE ' || wall
            || CASE WHEN of_area IS NOT NULL OR whole THEN '' ELSE ' AND e.area_no >= lower($9) AND e.area_no < upper($9) ' END
            || ' AND ($11 IS NULL OR e.id > $11) ORDER BY e.id LIMIT $12'
        USING of_district, kinds, types, of_area, last, box, persons, whole, seen, units, after_id, most;
        RETURN;
    END IF;
    wanted := btrim(wanted, E' \n\t');
    SELECT array_agg(DISTINCT p), array_agg(DISTINCT '%' || regexp_replace(word, '([\\%_])', '\\\1', 'g') || '%') INTO pairs, patterns
        FROM regexp_split_to_table(wanted, '\s+') AS word LEFT JOIN LATERAL unnest(letter_pairs(word)) AS p ON true WHERE word <> '';
    pairs := array_remove(pairs, NULL);
    -- One letter finds nothing by pairs: then only what is called just so.
    found := CASE WHEN pairs = '{}' OR pairs IS NULL THEN 'false' ELSE
        'letter_pairs(search_text(e.name, e.address)) @> $13 AND search_text(e.name, e.address) LIKE ALL ($14)' END;
    RETURN QUERY EXECUTE 'SELECT f.id, f.rank FROM (SELECT d.id, d.rank FROM ('
        || '(SELECT e.id, CASE WHEN lower(e.name) = $15 THEN 0 WHEN starts_with(lower(e.name), $15) THEN 1 ELSE 2 END AS rank FROM elements e WHERE '
        || wall || ' AND e.kind <> ''person'' AND e.type <> ''dwelling'' AND ' || found || ' LIMIT $16)'
        || ' UNION SELECT e.id, 0 FROM elements e WHERE ' || wall || ' AND e.kind = ANY (coalesce($2, ARRAY[''place'', ''object'', ''organisation''])) AND e.code = upper($15)) d) f'
        || ' WHERE $11 IS NULL OR (f.rank, f.id) > ($17, $11) ORDER BY f.rank, f.id LIMIT $12'
    USING of_district, kinds, types, of_area, last, box, persons, whole, seen, units, after_id, most, pairs, patterns, wanted, few, after_rank;
END $f$;
