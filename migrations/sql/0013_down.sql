DROP FUNCTION new_case_number(integer, bigint);
DROP TABLE case_counters, case_prefixes, filing_conditions;
ALTER TABLE districts DROP number_sign;
