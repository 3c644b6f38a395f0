-- 消息: what has happened that concerns somebody. Written after the move, from its row of the log; the same row read twice is
-- one notice. It says which case and what was done, never a text and never who.
CREATE TABLE notices (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id integer NOT NULL REFERENCES accounts ON DELETE CASCADE,
    kind text NOT NULL,
    case_id bigint NOT NULL,
    version integer NOT NULL, -- the row of the log that it tells of
    facts jsonb NOT NULL DEFAULT '{}',
    at timestamptz NOT NULL,
    read_at timestamptz,
    UNIQUE (account_id, case_id, version, kind)
);
CREATE INDEX ix_notices_account_id ON notices (account_id, id);
CREATE INDEX ix_notices_unread ON notices (account_id) WHERE read_at IS NULL;
ALTER TABLE notices ENABLE ROW LEVEL SECURITY;
CREATE POLICY notices_own ON notices FOR SELECT TO panlong_app USING (account_id = (SELECT acting_account()));
CREATE POLICY notices_read ON notices FOR UPDATE TO panlong_app USING (account_id = (SELECT acting_account()))
    WITH CHECK (account_id = (SELECT acting_account()));
GRANT SELECT, UPDATE (read_at) ON notices TO panlong_app;

-- 评价: what whoever reported says of an end: solved and satisfied apart. One of each end, by the case that they reported.
CREATE TABLE case_ratings (
    case_id bigint NOT NULL, -- that was reported
    closed_case_id bigint NOT NULL, -- that was closed: another one where the reported one was merged
    closing integer NOT NULL, -- the row of its log
    solved boolean NOT NULL,
    satisfied smallint NOT NULL CHECK (satisfied BETWEEN 1 AND 5),
    remark text CHECK (length(remark) <= 500), -- may be forgotten
    rated_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz,
    PRIMARY KEY (case_id, closed_case_id, closing)
);
CREATE INDEX ix_case_ratings_closed_case_id ON case_ratings (closed_case_id);
ALTER TABLE case_ratings ENABLE ROW LEVEL SECURITY;
CREATE POLICY case_ratings_seen ON case_ratings FOR SELECT TO panlong_app USING (
    EXISTS (SELECT FROM cases c WHERE c.id = closed_case_id) AND confided(closed_case_id) AND confided(case_id));
GRANT SELECT ON case_ratings TO panlong_app;

-- 回执: whoever reported looks up their case by its number and the last four digits of the telephone that they left. Nobody
-- reads these tables; the functions below are the only way in, and what they show is all that there is to see.
CREATE TABLE receipt_tries (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number_hash bytea NOT NULL, -- people type anything into a field
    address inet NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ix_receipt_tries_number_hash ON receipt_tries (number_hash, at);
CREATE INDEX ix_receipt_tries_address ON receipt_tries (address, at);
CREATE TABLE receipt_visits (
    token_hash bytea PRIMARY KEY,
    case_id bigint NOT NULL,
    until timestamptz NOT NULL
);
CREATE INDEX ix_receipt_visits_until ON receipt_visits (until);

-- A number that does not exist takes the same way as one whose digits are wrong, and is counted alike. The digits of a
-- number are 10,000: at 20 tries a day half of them are through in eight months.
CREATE FUNCTION open_receipt(wanted text, digits text, from_address inet, token bytea) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE sought bytea := sha256(convert_to(wanted, 'UTF8')); found bigint; tried bigint;
BEGIN
    -- One try of a number, and from an address, at a time: a volley has no more of them than a person.
    PERFORM pg_advisory_xact_lock(530118, hashtext(wanted));
    PERFORM pg_advisory_xact_lock(530119, hashtext(host(from_address)));
    IF (SELECT count(*) FILTER (WHERE at > now() - interval '30 minutes') >= 5 OR count(*) >= 20
            FROM receipt_tries WHERE number_hash = sought AND at > now() - interval '1 day')
        OR (SELECT count(*) FILTER (WHERE at > now() - interval '30 minutes') >= 20 OR count(*) >= 100
            FROM receipt_tries WHERE address = from_address AND at > now() - interval '1 day') THEN
        RETURN 'locked';
    END IF;
    INSERT INTO receipt_tries (number_hash, address) VALUES (sought, from_address) RETURNING id INTO tried;
    -- Those that count no more go a few at a time, the oldest first.
    DELETE FROM receipt_tries WHERE id IN (SELECT id FROM receipt_tries ORDER BY id LIMIT 20) AND at < now() - interval '2 days';
    -- Hashes are compared, so that how long it takes says nothing about how many digits were right.
    SELECT c.id INTO found FROM cases c JOIN case_contacts k ON k.case_id = c.id
        WHERE c.number = wanted AND length(digits) = 4
        AND sha256(convert_to(right(regexp_replace(k.phone, '\D', '', 'g'), 4), 'UTF8')) = sha256(convert_to(digits, 'UTF8'))
        ORDER BY c.id LIMIT 1;
    IF found IS NULL THEN
        RETURN 'refused';
    END IF;
    -- Only the try that was right is taken back: whoever knows one number does not get others for nothing.
    DELETE FROM receipt_tries WHERE id = tried;
    DELETE FROM receipt_visits WHERE until < now();
    INSERT INTO receipt_visits VALUES (sha256(token), found, now() + interval '20 minutes');
    RETURN 'open';
END $$;

-- The case in which a case goes on: itself, or the end of its mergers.
CREATE FUNCTION goes_on_in(of_case bigint) RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE here bigint := of_case; following bigint;
BEGIN
    FOR hop IN 1..10 LOOP
        SELECT (c.stand ->> 'into')::bigint INTO following FROM cases c WHERE c.id = here AND c.state = 'merged';
        EXIT WHEN following IS NULL;
        here := following;
    END LOOP;
    RETURN here;
END $$;

-- The row by which a case that is closed was closed.
CREATE FUNCTION closing_of(of_case bigint) RETURNS TABLE (version integer, at timestamptz) LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
    SELECT t.version, t.at FROM cases c JOIN case_transitions t ON t.case_id = c.id AND t.version <= c.version
    WHERE c.id = of_case AND c.state IN ('closed', 'archived') AND t.move IN ('close', 'force_close') ORDER BY t.version DESC LIMIT 1
$$;

-- What of a case's log everybody may know who has reported it: what was undone never was.
CREATE FUNCTION public_steps(of_case bigint, own boolean) RETURNS TABLE (at timestamptz, version integer, move text, unit text, unit_en text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT row.at, row.version, row.move, u.name, u.name_en FROM (
        SELECT t.*, lead(t.move) OVER (ORDER BY t.version) AS following FROM case_transitions t WHERE t.case_id = of_case) row
    LEFT JOIN units u ON u.id = row.unit_id AND row.move IN ('dispatch', 'phone_order', 'adjudicate', 'acknowledge', 'control',
        'give_feedback', 'pass_inside', 'verify_fail', 'resume')
    WHERE row.following IS DISTINCT FROM 'undo' AND row.move = ANY (ARRAY['accept', 'request_confirmation', 'confirm_true',
        'confirm_false', 'register', 'decline', 'void', 'merge', 'unmerge', 'split', 'dispatch', 'phone_order', 'adjudicate',
        'acknowledge', 'control', 'give_feedback', 'pass_inside', 'uphold_return', 'grant_extension', 'grant_suspension', 'resume', 'verify_pass',
        'verify_fail', 'close', 'force_close', 'reopen', 'archive', 'escalate', 'delegate', 'self_handle'])
        OR own AND row.move IN ('report', 'imported')
    ORDER BY row.version LIMIT 200
$$;

-- A visit's receipt. Of the reasons for declining only one that the district has worded, or one of those known, is shown.
CREATE FUNCTION read_receipt(token bytea, known text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE mine bigint; onward bigint; receipt jsonb;
BEGIN
    SELECT case_id INTO mine FROM receipt_visits WHERE token_hash = sha256(token) AND until > now();
    IF mine IS NULL THEN
        RETURN NULL;
    END IF;
    onward := goes_on_in(mine);
    SELECT jsonb_build_object('number', m.number, 'category', k.name, 'category_en', k.name_en, 'reported_at', m.reported_at,
        'simulated', m.simulated, 'into', CASE WHEN onward <> mine THEN c.number END, 'state', c.state, 'due_at', c.due_at,
        'unit', u.name, 'unit_en', u.name_en, 'closed_at', z.at,
        'may_rate', coalesce(z.at > now() - interval '15 days', false), 'rate_until', z.at + interval '15 days',
        'reason', CASE WHEN c.state IN ('declined', 'void') THEN (SELECT r.body FROM case_remarks r JOIN case_transitions t USING (case_id, version)
            WHERE r.case_id = c.id AND r.field = 'reason' AND t.move IN ('decline', 'void') AND (r.body = ANY (known)
                OR r.body IN (SELECT p.text FROM phrases p WHERE p.district_id = c.district_id AND p.kind = 'decline_reason'))
            ORDER BY r.version DESC LIMIT 1) END,
        'rating', (SELECT jsonb_build_object('solved', g.solved, 'satisfied', g.satisfied, 'remark', g.remark) FROM case_ratings g
            WHERE g.case_id = mine AND g.closed_case_id = c.id AND g.closing = z.version),
        'splits', (SELECT coalesce(jsonb_agg(jsonb_build_object('number', s.number, 'state', s.state, 'unit', su.name, 'unit_en', su.name_en,
                'due_at', s.due_at) ORDER BY s.id), '[]') FROM case_links l JOIN cases s ON s.id = l.case_id LEFT JOIN units su ON su.id = s.unit_id
            WHERE l.kind = 'split_from' AND l.other_id IN (mine, c.id)),
        'steps', (SELECT coalesce(jsonb_agg(jsonb_build_object('at', p.at, 'move', p.move, 'unit', p.unit, 'unit_en', p.unit_en) ORDER BY p.at, p.version), '[]')
            FROM (SELECT * FROM public_steps(mine, true) UNION ALL SELECT * FROM public_steps(c.id, false) WHERE c.id <> mine) p))
        INTO receipt FROM cases m JOIN cases c ON c.id = onward JOIN case_categories k ON k.id = m.category_id LEFT JOIN units u ON u.id = c.unit_id
        LEFT JOIN LATERAL closing_of(c.id) z ON true WHERE m.id = mine;
    RETURN receipt;
END $$;

-- What was rated is told to the program, which tells the desk of what is not solved.
CREATE FUNCTION rate_receipt(token bytea, is_solved boolean, how_satisfied integer, said text,
    OUT came text, OUT closed_case bigint, OUT closing_row integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE mine bigint; ended record;
BEGIN
    SELECT case_id INTO mine FROM receipt_visits WHERE token_hash = sha256(token) AND until > now();
    IF mine IS NULL THEN
        came := 'gone';
        RETURN;
    END IF;
    closed_case := goes_on_in(mine);
    SELECT * INTO ended FROM closing_of(closed_case);
    IF ended.version IS NULL THEN
        came := 'not_closed';
        RETURN;
    ELSIF ended.at <= now() - interval '15 days' THEN
        came := 'too_late';
        RETURN;
    END IF;
    INSERT INTO case_ratings AS r (case_id, closed_case_id, closing, solved, satisfied, remark)
        VALUES (mine, closed_case, ended.version, is_solved, how_satisfied, said)
        ON CONFLICT (case_id, closed_case_id, closing) DO UPDATE
        SET solved = EXCLUDED.solved, satisfied = EXCLUDED.satisfied, remark = EXCLUDED.remark, changed_at = now();
    came := 'rated';
    closing_row := ended.version;
END $$;
REVOKE EXECUTE ON FUNCTION open_receipt(text, text, inet, bytea), goes_on_in(bigint), closing_of(bigint), public_steps(bigint, boolean),
    read_receipt(bytea, text[]), rate_receipt(bytea, boolean, integer, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_receipt(text, text, inet, bytea), read_receipt(bytea, text[]), rate_receipt(bytea, boolean, integer, text)
    TO panlong_app;
