DELETE FROM data_versions WHERE topic = 'registry';
ALTER TABLE data_versions DROP CONSTRAINT data_versions_topic_check,
    ADD CONSTRAINT data_versions_topic_check CHECK (topic IN ('areas', 'ground', 'cases', 'reference'));
DROP FUNCTION elements_found(integer, text, text[], text[], bigint, geometry, integer, bigint, integer),
    persons_found(integer, text, bytea, bytea, bigint, integer), neighbourhood(bigint, bigint, integer, text[], integer, integer),
    elements_on(integer, date), relink_elements(integer), merge_elements(bigint, bigint, text), part_elements(bigint),
    person_looks(bigint, bigint, integer), retention_over(integer, date), retention_delete(integer, date);
DROP INDEX ix_elements_words, ix_elements_listed, ix_access_log_subject;
