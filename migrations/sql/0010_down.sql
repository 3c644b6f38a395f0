DROP TRIGGER assignments_group ON assignments;
ALTER TABLE assignments DROP place, DROP group_no;
DROP TABLE group_leaders, unit_members, unit_terms;
DROP FUNCTION check_group(), check_member();
DELETE FROM units WHERE kind IN ('council', 'security_team');
ALTER TABLE units DROP CONSTRAINT units_kind_check, ADD CONSTRAINT units_kind_check CHECK (kind IN ('command', 'sub_centre', 'party',
    'department', 'agency', 'crew', 'utility', 'body', 'territory', 'community'));
