-- What keeps an edition from taking effect, as before (0001); where areas add up, shapes need not be compared pair by pair. Cells that lie in
-- their parent and are together as large as their union do not overlap; where that is as large as the parent, there is no gap. Of what is
-- wider than a centimetre nothing is lost: a millionth of a square metre is told from none.
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
    ), together AS MATERIALIZED (
        SELECT parent_id, ST_Union(shape) AS shape, sum(ST_Area(shape)) AS degrees FROM cell GROUP BY parent_id
    ), tiled AS MATERIALIZED (
        SELECT abs(ST_Area(ST_Union(shape)) - sum(degrees)) < 1e-16 AS yes FROM together
    ), piece AS (
        SELECT 'overlap' AS kind, a.code, b.code AS other_code, (ST_Dump(ST_Intersection(a.shape, b.shape))).geom AS shape
        FROM cell a JOIN cell b ON a.code < b.code AND a.shape && b.shape AND ST_Relate(a.shape, b.shape, '2********')
        WHERE NOT coalesce((SELECT yes FROM tiled), true)
        UNION ALL
        SELECT 'outside_parent', c.code, p.code, (ST_Dump(ST_Difference(c.shape, p.shape))).geom
        FROM cell c JOIN parent p ON p.id = c.parent_id WHERE NOT ST_Covers(p.shape, c.shape)
        UNION ALL
        SELECT 'gap', p.code, NULL, (ST_Dump(ST_Difference(p.shape, u.shape))).geom
        FROM parent p JOIN together u ON u.parent_id = p.id WHERE NOT (SELECT gaps_allowed FROM district)
            AND (abs(ST_Area(p.shape) - ST_Area(u.shape)) >= 1e-16 OR NOT ST_Covers(p.shape, u.shape))
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
