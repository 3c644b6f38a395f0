-- The areas of a level that are in sight, with the place of their name; `dense` are the half of them with the smallest cells.
SELECT a.id, a.no, a.code, a.name, a.name_en,
    round(ST_X(ST_Transform(a.label_3857, 4490))::numeric, 5)::float8 AS lon,
    round(ST_Y(ST_Transform(a.label_3857, 4490))::numeric, 5)::float8 AS lat,
    ARRAY[ST_XMin(a.geom), ST_YMin(a.geom), ST_XMax(a.geom), ST_YMax(a.geom)] AS bounds,
    m.mean IS NOT NULL AND percent_rank() OVER (ORDER BY m.mean NULLS LAST) < 0.5 AS dense
FROM areas a LEFT JOIN LATERAL (
    SELECT avg(c.area_m2) AS mean FROM areas c JOIN grid_editions e ON e.id = c.edition_id AND e.state = 'in_force'
    WHERE c.level = 'cell' AND c.no BETWEEN a.no AND a.last_no
) m ON true
WHERE a.district_id = :district AND a.level = :level AND a.valid_to_on IS NULL ORDER BY a.code LIMIT 60
