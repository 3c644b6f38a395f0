-- Areas that a drawing shows a part of, with their paths in its pixels; the widest level first.
WITH frame AS (
    SELECT ST_MakeEnvelope(:west, :south, :east, :north, 3857) AS box,
           ST_MakeEnvelope(:west - 8 * :metres, :south - 8 * :metres, :east + 8 * :metres, :north + 8 * :metres, 3857) AS wide
)
SELECT a.id, a.level, a.code, a.name, a.name_en,
       ST_AsSVG(ST_SnapToGrid(ST_Affine(ST_ClipByBox2D(a.geom_3857, frame.wide), 1 / CAST(:metres AS float), 0, 0,
           1 / CAST(:metres AS float), -:west / :metres, -:north / :metres), 0.5), 0, 1) AS path,
       CASE WHEN a.label_3857 && frame.box THEN (ST_X(a.label_3857) - :west) / :metres END AS x,
       CASE WHEN a.label_3857 && frame.box THEN (:north - ST_Y(a.label_3857)) / :metres END AS y
FROM areas_on(:district, district_today(:district)) a, frame
WHERE a.geom_3857 && frame.wide AND a.level = ANY (:levels)
ORDER BY array_position(CAST(:levels AS text[]), a.level), a.id
LIMIT :most
