-- One tile of cases under a filter: near ones gathered in a grid of :bins by :bins per tile, late ones apart from the rest.
WITH bounds AS (
    SELECT ST_TileEnvelope(:z, :x, :y) AS tile
), edge AS (
    SELECT tile, ST_XMin(tile) AS west, ST_YMin(tile) AS south, (ST_XMax(tile) - ST_XMin(tile)) / :bins AS bin FROM bounds
), seen AS (
    SELECT c.id, c.category_id, c.state, c.geom_3857 AS geom,
           CASE WHEN NOT open_state(c.state) THEN 'closed' WHEN c.state = 'suspended' THEN 'paused'
                WHEN c.due_at < :now THEN 'overdue' WHEN near_from(c.near_at, c.due_at) <= CAST(:now AS timestamptz) THEN 'near'
                ELSE 'normal' END AS urgency
    FROM cases c, bounds
    WHERE c.geom_3857 && bounds.tile AND c.district_id = :district AND c.area_no BETWEEN :first AND :last AND {filter}
), binned AS (
    SELECT seen.*, urgency = 'overdue' AS late,
           least(floor((ST_X(geom) - west) / bin), :bins - 1)::int AS column_no,
           least(floor((ST_Y(geom) - south) / bin), :bins - 1)::int AS row_no
    FROM seen, edge
    -- The tile's west and south edges are its own, the others the next tile's, or a case on an edge would be drawn twice.
    WHERE ST_X(geom) >= west AND ST_X(geom) < ST_XMax(tile) AND ST_Y(geom) >= south AND ST_Y(geom) < ST_YMax(tile)
), gathered AS (
    SELECT late, count(*)::int AS count, count(*) FILTER (WHERE urgency = 'near')::int AS near,
           count(*) FILTER (WHERE urgency = 'closed')::int AS closed,
           min(id) AS id, min(category_id) AS category, min(state) AS state, min(urgency) AS urgency,
           avg(ST_X(geom)) AS x, avg(ST_Y(geom)) AS y, column_no, row_no
    FROM binned GROUP BY late, column_no, row_no
), placed AS (
    -- Several stand where they are on the average, but off the edge of their bin, or two bins' discs would overlap.
    SELECT gathered.*, ST_SetSRID(ST_MakePoint(
               CASE WHEN count = 1 THEN x ELSE west + bin * (column_no + least(greatest((x - west) / bin - column_no, 0.22), 0.78)) END,
               CASE WHEN count = 1 THEN y ELSE south + bin * (row_no + least(greatest((y - south) / bin - row_no, 0.22), 0.78)) END
           ), 3857) AS place
    FROM gathered, edge
), marks AS (
    SELECT CASE WHEN count = 1 THEN id END AS id, late, count, near, closed,
           CASE WHEN count = 1 THEN id END AS case_id, CASE WHEN count = 1 THEN category END AS category,
           CASE WHEN count = 1 THEN state END AS state, CASE WHEN count = 1 THEN urgency END AS urgency,
           ST_AsMVTGeom(place, tile, 4096, 0, false) AS geom
    FROM placed, bounds ORDER BY late, count, row_no, column_no
)
SELECT coalesce(ST_AsMVT(marks, 'cases', 4096, 'geom', 'id'), '') FROM marks;
