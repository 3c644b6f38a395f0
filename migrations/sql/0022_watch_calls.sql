-- The log is read by auditors alone; of one's own calls one learns how many they were, so that all servers count alike.
-- Their own newest entries are read by the index on account and number, and no more than a thousand of them.
CREATE FUNCTION my_calls(seconds integer) RETURNS integer LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN (
    SELECT count(*)::integer FROM (
        SELECT l.at, l.action, l.outcome, l.facts FROM access_log l
        WHERE l.account_id = acting_account() ORDER BY l.no DESC LIMIT 1000
    ) mine
    WHERE mine.at > now() - make_interval(secs => seconds) AND mine.action = 'personal.read' AND mine.outcome = 'done'
        AND mine.facts ->> 'field' = 'contact'
);
REVOKE ALL ON FUNCTION my_calls(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_calls(integer) TO panlong_app;
