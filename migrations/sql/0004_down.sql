DROP FUNCTION access_log_hash(access_log), access_log_text(access_log);
DROP TABLE access_log, access_log_end;
DROP FUNCTION chain_access_log(), keep_access_log();
