DELETE FROM imports WHERE kind = 'relation';
ALTER TABLE imports DROP CONSTRAINT imports_kind_check,
    ADD CONSTRAINT imports_kind_check CHECK (kind IN ('areas', 'cases', 'ground', 'place', 'object', 'organisation', 'person'));
DROP TABLE import_mappings;
DROP FUNCTION places_addressed(integer, text[], text[], text, text[], integer);
DROP INDEX ix_elements_plain_name, ix_elements_plain_address;
DROP FUNCTION plain_address(text);
