DROP TABLE evaluation_objections, evaluation_corrections, evaluation_figures, evaluation_periods, evaluation_schemes;
DROP FUNCTION keep_of_period(), keep_period(), keep_scheme(), objects_to_evaluation(), evaluates();
DROP FUNCTION cases_moved(timestamptz, timestamptz, timestamptz, bigint, bigint);
DROP INDEX ix_cases_closed_at, ix_case_transitions_at;
