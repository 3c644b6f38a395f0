DROP POLICY area_numbers_named ON area_numbers;
DROP POLICY areas_named ON areas;
DROP TRIGGER maintenance_areas_ruling_reason ON maintenance_areas;
DROP FUNCTION keep_ruling_reason();
DROP TRIGGER routing_rules_keep_past ON routing_rules;
DROP TRIGGER maintenance_areas_keep_past ON maintenance_areas;
DROP TRIGGER routing_rules_count ON routing_rules;
DROP TRIGGER maintenance_areas_count ON maintenance_areas;
ALTER TABLE maintenance_areas DROP ended_because;
