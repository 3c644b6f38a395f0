-- Every count of the period as a whole, by place, by unit, by day of the district and by category, from one pass over its rows.
SELECT n.name, n.area_no, n.unit_id, n.day, n.category_id, grouping(n.area_no, n.unit_id, n.day, n.category_id) AS apart, count(*) AS cases,
    sum(n.seconds) AS seconds
FROM (
    SELECT r.name, r.area_no, r.unit_id, r.seconds, c.category_id, CAST(r.at AT TIME ZONE :zone AS date) AS day
    FROM counted r LEFT JOIN cases c ON c.id = r.case_id WHERE CAST(:unit AS integer) IS NULL OR r.unit_id = :unit
) n
GROUP BY n.name, GROUPING SETS ((), (n.area_no), (n.unit_id), (n.day), (n.category_id))
