-- Every count of a period is the number of its rows here; its list is these rows.
counted AS (
    SELECT name, case_id, version, at, area_no, unit_id, post_id, account_id, seconds FROM filing
    UNION ALL SELECT name, case_id, version, at, area_no, unit_id, post_id, account_id, seconds FROM dispatching
    UNION ALL SELECT name, case_id, version, at, area_no, unit_id, post_id, account_id, seconds FROM handling
    UNION ALL SELECT name, case_id, version, at, area_no, unit_id, post_id, account_id, seconds FROM ending
    UNION ALL SELECT name, case_id, version, at, area_no, unit_id, post_id, account_id, seconds FROM standing
)
