-- The rows of some counts of one object, page by page, each with how many there are in all.
SELECT c.case_id, c.version, c.at, c.name, c.seconds, c.total FROM (
    SELECT n.case_id, n.version, n.at, n.name, n.seconds, count(*) OVER () AS total FROM counted n {join}
    WHERE {key} = :key AND n.name = ANY (:names)
) c
WHERE CAST(:after_case AS bigint) IS NULL
    OR (c.at, c.case_id, c.version, c.name) > (CAST(:after_at AS timestamptz), :after_case, :after_version, CAST(:after_name AS text))
ORDER BY c.at, c.case_id, c.version, c.name LIMIT :limit
