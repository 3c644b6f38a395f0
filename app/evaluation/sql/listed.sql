-- The rows of one count of one object, page by page.
SELECT n.case_id, n.version, n.at, n.seconds FROM counted n {join}
WHERE {key} = :key AND n.name = :name
    AND (CAST(:after_case AS bigint) IS NULL OR (n.at, n.case_id, n.version) > (CAST(:after_at AS timestamptz), :after_case, :after_version))
ORDER BY n.at, n.case_id, n.version LIMIT :limit
