REVOKE SELECT, INSERT, UPDATE ON import_mappings FROM panlong_app;
DROP POLICY import_mappings_seen ON import_mappings;
DROP POLICY import_mappings_made ON import_mappings;
DROP POLICY import_mappings_changed ON import_mappings;
REVOKE USAGE ON SEQUENCE elements_id_seq FROM panlong_app;
REVOKE INSERT (id) ON elements FROM panlong_app;
DROP TABLE element_import_choices, element_import_parts, element_imports;
