DROP SCHEMA layers CASCADE;
DROP POLICY elements_counted ON elements;
DROP POLICY posts_counted ON posts;
DROP POLICY units_counted ON units;
REVOKE SELECT (id, kind) ON elements FROM panlong_analyst;
REVOKE SELECT (id) ON posts FROM panlong_analyst;
REVOKE SELECT (id, district_id, code, name, kind, parent_id, area_no, valid_from_on, valid_to_on, simulated) ON units FROM panlong_analyst;
REVOKE EXECUTE ON FUNCTION post_in_sight(integer) FROM panlong_analyst;
