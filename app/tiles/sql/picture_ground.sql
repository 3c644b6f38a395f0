-- What a drawing shows of what people find their way by, with paths in its pixels and where a name could stand.
WITH frame AS (
    SELECT ST_MakeEnvelope(:west - 24 * :metres, :south - 24 * :metres, :east + 24 * :metres, :north + 24 * :metres, 3857) AS wide
), seen AS (
    SELECT g.id, g.kind, g.class, g.rank, g.name, g.name_en,
           ST_SnapToGrid(ST_Affine(ST_ClipByBox2D(g.geom_3857, frame.wide), 1 / CAST(:metres AS float), 0, 0,
               1 / CAST(:metres AS float), -:west / :metres, -:north / :metres), 0.5) AS geom
    FROM ground_features g, frame
    WHERE g.district_id = :district AND g.geom_3857 && frame.wide AND {drawn_from} <= :level
)
SELECT id, kind, class, name, name_en, ST_Dimension(geom) AS dimension,
       CASE WHEN ST_Dimension(geom) > 0 THEN ST_AsSVG(geom, 0, 1) END AS path,
       ST_X(middle) AS x, -ST_Y(middle) AS y
FROM seen, LATERAL (SELECT CASE ST_Dimension(geom) WHEN 1 THEN ST_LineInterpolatePoint(ST_GeometryN(ST_LineMerge(geom), 1), 0.5)
                                WHEN 2 THEN ST_PointOnSurface(geom) ELSE ST_GeometryN(geom, 1) END AS middle) named
WHERE NOT ST_IsEmpty(geom)
ORDER BY rank, id
LIMIT :most
