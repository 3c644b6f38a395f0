-- One tile of the territory: shapes by level, borders drawn once, labels.
WITH bounds AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS tile, ST_TileEnvelope(:z, :x, :y, margin => 0.0625) AS wide
), area AS MATERIALIZED (
    SELECT a.id, a.level, a.code, a.name, a.name_en, a.parent_id, a.geom_3857, a.label_3857
    FROM bounds, areas_on(:district, district_today(:district)) a
    WHERE a.geom_3857 && bounds.wide AND a.level = ANY(:levels)
      AND (:whole OR a.no BETWEEN :first AND :last)
), shapes AS (
    SELECT level, ST_AsMVT(f, level, 4096, 'geom', 'id') AS mvt
    FROM (SELECT id, level, code, name, name_en, parent_id AS parent,
                 ST_AsMVTGeom(geom_3857, tile, 4096, 256) AS geom
          FROM area, bounds ORDER BY id) f
    WHERE geom IS NOT NULL GROUP BY level
), borders AS (
    SELECT ST_AsMVT(f, 'borders', 4096, 'geom') AS mvt
    FROM (SELECT level, ST_AsMVTGeom(geom_3857, tile, 4096, 256) AS geom
          FROM area_borders, bounds
          WHERE district_id = :district AND geom_3857 && wide AND level = ANY(:levels)
            AND CASE WHEN :whole THEN left_no IS NULL AND right_no IS NULL
                     ELSE left_no BETWEEN :first AND :last OR right_no BETWEEN :first AND :last END
          ORDER BY area_borders.id) f
    WHERE geom IS NOT NULL
), labels AS (
    SELECT ST_AsMVT(f, 'labels', 4096, 'geom', 'id') AS mvt
    FROM (SELECT id, level, code, name, name_en, ST_AsMVTGeom(label_3857, tile, 4096, 0) AS geom
          FROM area, bounds WHERE label_3857 && tile ORDER BY id) f
    WHERE geom IS NOT NULL
)
SELECT coalesce((SELECT string_agg(mvt, ''::bytea ORDER BY level) FROM shapes), '')
    || coalesce((SELECT mvt FROM borders), '') || coalesce((SELECT mvt FROM labels), '');
