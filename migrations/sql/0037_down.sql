DROP FUNCTION elements_in(integer, bigint);
CREATE OR REPLACE FUNCTION grid_edition_faults(of_edition integer)
RETURNS TABLE (kind text, code text, other_code text, area_m2 double precision, width_m double precision, place geometry)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH district AS (
        SELECT d.id, d.metric_srid, d.gaps_allowed FROM districts d JOIN grid_editions e ON e.district_id = d.id WHERE e.id = of_edition
    ), cell AS MATERIALIZED (
        SELECT a.id, a.code, a.parent_id, a.geom AS shape
        FROM areas a JOIN district d ON d.id = a.district_id WHERE a.edition_id = of_edition
    ), parent AS MATERIALIZED (
        SELECT a.id, a.code, a.geom AS shape
        FROM areas a JOIN district d ON d.id = a.district_id
        WHERE a.id IN (SELECT parent_id FROM cell)
    ), piece AS (
        SELECT 'overlap' AS kind, a.code, b.code AS other_code, (ST_Dump(ST_Intersection(a.shape, b.shape))).geom AS shape
        FROM cell a JOIN cell b ON a.code < b.code AND a.shape && b.shape AND ST_Relate(a.shape, b.shape, '2********')
        UNION ALL
        SELECT 'outside_parent', c.code, p.code, (ST_Dump(ST_Difference(c.shape, p.shape))).geom
        FROM cell c JOIN parent p ON p.id = c.parent_id WHERE NOT ST_Covers(p.shape, c.shape)
        UNION ALL
        SELECT 'gap', p.code, NULL, (ST_Dump(ST_Difference(p.shape, u.shape))).geom
        FROM parent p JOIN (SELECT parent_id, ST_Union(shape) AS shape FROM cell GROUP BY parent_id) u ON u.parent_id = p.id
        WHERE NOT (SELECT gaps_allowed FROM district)
    ), measured AS (
        SELECT kind, code, other_code, ST_Area(m) AS area_m2, 2 * ST_Area(m) / nullif(ST_Perimeter(m), 0) AS width_m,
               ST_PointOnSurface(shape) AS place
        FROM piece, LATERAL (SELECT ST_Transform(shape, (SELECT metric_srid FROM district)) AS m) p
        WHERE ST_Dimension(shape) = 2
    )
    SELECT kind, code, other_code, area_m2, width_m, place FROM measured WHERE width_m > 0.01
    UNION ALL
    -- Every parent of the level above must be filled, or a whole community may be missing and nobody notices.
    SELECT 'without_cells', p.code, NULL, p.area_m2, NULL, ST_Transform(p.label_3857, 4490)
    FROM areas p JOIN district d ON d.id = p.district_id AND NOT d.gaps_allowed
    JOIN area_levels l ON l.district_id = d.id AND l.level = p.level
    JOIN area_levels c ON c.district_id = d.id AND c.level = 'cell' AND c.depth = l.depth + 1
    JOIN grid_editions e ON e.id = of_edition
    WHERE daterange(p.valid_from_on, p.valid_to_on) @> e.effective_on AND NOT EXISTS (SELECT FROM cell WHERE cell.parent_id = p.id)
    ORDER BY 1, 2, 3;
END;
CREATE OR REPLACE FUNCTION persons_found(of_district integer, called text, of_identity bytea, of_phone bytea, after_id bigint, most integer)
RETURNS SETOF bigint LANGUAGE sql STABLE SECURITY DEFINER ROWS 20 SET search_path = public, pg_temp AS $$
    SELECT p.id FROM persons p JOIN elements e ON e.id = p.id
    WHERE p.district_id = of_district AND e.merged_into IS NULL AND (SELECT reads_persons())
        AND num_nonnulls(called, of_identity, of_phone) = 1
        AND (p.name LIKE regexp_replace(called, '([\\%_])', '\\\1', 'g') || '%' OR p.identity_index = of_identity OR p.phone_index = of_phone)
        AND ((SELECT whole_territory()) OR e.area_no <@ (SELECT territory())) AND (after_id IS NULL OR p.id > after_id)
    ORDER BY p.id LIMIT most
$$;
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
        AND (e.kind <> 'person' OR $7) AND ($8 OR e.area_no <@ $9 OR e.unit_id = ANY ($10)) $q$;
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
        || 'SELECT e.id, CASE WHEN lower(e.name) = $15 THEN 0 WHEN starts_with(lower(e.name), $15) THEN 1 ELSE 2 END AS rank FROM elements e WHERE '
        || wall || ' AND e.kind <> ''person'' AND e.type <> ''dwelling'' AND ' || found
        || ' UNION SELECT e.id, 0 FROM elements e WHERE ' || wall || ' AND e.code = upper($15) LIMIT $16) d) f'
        || ' WHERE $11 IS NULL OR (f.rank, f.id) > ($17, $11) ORDER BY f.rank, f.id LIMIT $12'
    USING of_district, kinds, types, of_area, last, box, persons, whole, seen, units, after_id, most, pairs, patterns, wanted, few, after_rank;
END $f$;
DROP FUNCTION elements_found_of_each(integer, text, text[], integer);
DROP FUNCTION elements_said(text, boolean);
DROP FUNCTION elements_wall(text);
DROP FUNCTION search_words(text);
DROP INDEX ix_elements_called;
DROP INDEX ix_elements_words;
CREATE INDEX ix_elements_words ON elements USING gin (letter_pairs(search_text(name, address)))
    WHERE kind <> 'person' AND type <> 'dwelling' AND merged_into IS NULL;
