-- One tile of what people find their way by; the rank says from which zoom a thing is drawn.
WITH bounds AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS tile, ST_TileEnvelope(:z, :x, :y, margin => 0.0625) AS wide
), feature AS MATERIALIZED (
    SELECT g.id, g.kind, g.class, g.rank, g.name, g.name_en, ST_AsMVTGeom(g.geom_3857, tile, 4096, 128) AS geom
    FROM ground_features g, bounds
    WHERE g.district_id = :district AND g.geom_3857 && bounds.wide
      AND {drawn_from} <= :z
), layer AS (
    SELECT kind, ST_AsMVT(f, kind, 4096, 'geom', 'id') AS mvt
    FROM (SELECT * FROM feature WHERE geom IS NOT NULL ORDER BY rank, id) f GROUP BY kind
)
SELECT coalesce(string_agg(mvt, ''::bytea ORDER BY kind), '') FROM layer;
