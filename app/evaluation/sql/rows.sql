-- Every row that is counted, by its place and its unit.
SELECT name, case_id, version, area_no, unit_id FROM counted
