-- Of each of the last days, how many cases were reported and how many were closed.
WITH days AS (
    SELECT day::date AS day FROM generate_series(CAST(:today AS date) - (:days - 1), CAST(:today AS date), interval '1 day') day
), since AS (
    SELECT (min(day)::timestamp) AT TIME ZONE :zone AS at FROM days
), reported AS (
    SELECT (c.reported_at AT TIME ZONE :zone)::date AS day, count(*) AS n FROM cases c
    WHERE c.district_id = :district AND c.reported_at >= (SELECT at FROM since) GROUP BY 1
), closed AS (
    SELECT (c.closed_at AT TIME ZONE :zone)::date AS day, count(*) AS n FROM cases c
    WHERE c.district_id = :district AND c.closed_at >= (SELECT at FROM since) AND c.state IN ('closed', 'archived') GROUP BY 1
)
SELECT d.day, coalesce(r.n, 0) AS reported, coalesce(c.n, 0) AS closed
FROM days d LEFT JOIN reported r ON r.day = d.day LEFT JOIN closed c ON c.day = d.day ORDER BY d.day
