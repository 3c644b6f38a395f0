-- 关注: whoever follows a case finds it under a tab of their own. It is theirs alone: nobody else learns of it, and it shows
-- them no case that they do not see anyway.
CREATE TABLE case_followers (
    account_id integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
    case_id bigint NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, case_id)
);
ALTER TABLE case_followers ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_followers_own ON case_followers TO panlong_app
    USING (account_id = (SELECT acting_account()))
    WITH CHECK (account_id = (SELECT acting_account()) AND EXISTS (SELECT FROM cases c WHERE c.id = case_id));
GRANT SELECT, INSERT (account_id, case_id), DELETE ON case_followers TO panlong_app;
