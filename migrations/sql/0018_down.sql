DROP FUNCTION rate_receipt(bytea, boolean, integer, text);
DROP FUNCTION read_receipt(bytea, text[]);
DROP FUNCTION public_steps(bigint, boolean);
DROP FUNCTION closing_of(bigint);
DROP FUNCTION goes_on_in(bigint);
DROP FUNCTION open_receipt(text, text, inet, bytea);
DROP TABLE receipt_visits, receipt_tries, case_ratings, notices;
