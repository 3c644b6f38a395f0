DELETE FROM notices WHERE report_run_id IS NOT NULL;
DROP INDEX notices_report_once;
ALTER TABLE notices DROP CONSTRAINT notices_of_one, DROP report_run_id,
    ADD CONSTRAINT notices_of_one CHECK (num_nonnulls(case_id, proposal_id) = 1);
DROP TABLE report_files, report_signatures, report_documents, report_editions, report_runs, report_schedules, report_definitions;
DROP FUNCTION tell_of_report(integer, text, boolean, integer), sign_report_run(), keeps_reports(), issues_reports();
