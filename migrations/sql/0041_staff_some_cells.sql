-- What cells have and lack, as before (0011), of all of a district or of those from one number to another: the card of a cell asks for one.
DROP FUNCTION staffing_seen(integer, date), staffing_on(integer, date);
CREATE FUNCTION staffing_on(of_district integer, on_day date, first bigint DEFAULT NULL, last bigint DEFAULT NULL)
RETURNS TABLE (cell_id integer, cell_no bigint, inspectors integer, supervisors integer, officers integer, part_time integer,
    away integer, missing text[])
LANGUAGE sql STABLE AS $$
    WITH cell AS (
        SELECT a.id, a.no FROM areas_on(of_district, on_day) a WHERE a.level = 'cell' AND (first IS NULL OR a.no BETWEEN first AND last)
    ), absent AS (
        SELECT staff_id FROM leaves WHERE daterange(from_on, until_on) @> on_day
    ), post AS (
        SELECT h.staff_id, p.role, n.no, n.last_no FROM post_holders h JOIN posts p ON p.id = h.post_id AND p.role IN ('inspector', 'supervisor')
        JOIN post_areas a ON a.post_id = p.id JOIN area_numbers n ON n.no = a.area_no
        WHERE daterange(h.from_on, h.until_on) @> on_day AND h.staff_id NOT IN (SELECT staff_id FROM absent)
            AND (first IS NULL OR n.no <= last AND n.last_no >= first)
    ), look AS (
        SELECT a.cell_no AS no, a.staff_id, a.duty, a.kind, a.staff_id IN (SELECT staff_id FROM absent) AS away
        FROM assignments a WHERE daterange(a.from_on, a.until_on) @> on_day AND (first IS NULL OR a.cell_no BETWEEN first AND last)
    ), by_post AS (
        -- One person counts once, whatever leads them to the cell.
        SELECT no, count(DISTINCT staff_id) FILTER (WHERE role = 'inspector') AS inspectors,
               count(DISTINCT staff_id) FILTER (WHERE role = 'supervisor') AS supervisors
        FROM (SELECT cell.no, post.staff_id, post.role FROM cell JOIN post ON cell.no BETWEEN post.no AND post.last_no
              UNION SELECT no, staff_id, duty FROM look WHERE duty IN ('inspector', 'supervisor') AND NOT away) both_ways GROUP BY no
    ), by_cell AS (
        SELECT no, count(*) FILTER (WHERE duty = 'grid_officer' AND NOT away) AS officers,
               count(*) FILTER (WHERE kind = 'part_time' AND NOT away) AS part_time, count(*) FILTER (WHERE kind = 'full_time' AND away) AS away
        FROM look GROUP BY no
    ), counted AS (
        SELECT cell.id, cell.no, coalesce(p.inspectors, 0)::int AS inspectors, coalesce(p.supervisors, 0)::int AS supervisors, coalesce(c.officers, 0)::int AS officers,
               coalesce(c.part_time, 0)::int AS part_time, coalesce(c.away, 0)::int AS away
        FROM cell LEFT JOIN by_post p ON p.no = cell.no LEFT JOIN by_cell c ON c.no = cell.no
    )
    SELECT id, no, inspectors, supervisors, officers, part_time, away, array_remove(ARRAY[
        CASE WHEN inspectors = 0 THEN 'inspector' END, CASE WHEN supervisors = 0 THEN 'supervisor' END,
        CASE WHEN officers = 0 THEN 'officer' END,
        CASE WHEN part_time < (SELECT part_time_needed FROM districts WHERE districts.id = of_district) THEN 'part_time' END], NULL)
    FROM counted
$$;
CREATE FUNCTION staffing_seen(of_district integer, on_day date, first bigint DEFAULT NULL, last bigint DEFAULT NULL)
RETURNS TABLE (cell_id integer, cell_no bigint, inspectors integer, supervisors integer, officers integer, part_time integer,
    away integer, missing text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE seen int8multirange := territory();
BEGIN
    RETURN QUERY SELECT s.* FROM staffing_on(of_district, on_day, first, last) s WHERE s.cell_no <@ seen;
END $$;
REVOKE EXECUTE ON FUNCTION staffing_on(integer, date, bigint, bigint) FROM PUBLIC;
