DROP TABLE case_seals CASCADE;
DROP FUNCTION keep_seal(), chain_seal();
DROP TABLE case_alarms, job_marks;
DROP SCHEMA jobs CASCADE;
