-- 大屏: what the wall of a district shows, as those on duty at its command centre have set it. No row: as for visitors.
CREATE TABLE wall_settings (
    district_id integer PRIMARY KEY REFERENCES districts ON DELETE CASCADE,
    preset text NOT NULL DEFAULT 'visit' CHECK (preset IN ('everyday', 'flood', 'fire', 'guard', 'visit')),
    focus_no bigint, -- number of an area, which outlives its editions; none: the whole district
    tours boolean NOT NULL DEFAULT true,
    warning_kind text CHECK (warning_kind ~ '^[a-z_]{1,40}$'),
    warning_level text CHECK (warning_level IN ('blue', 'yellow', 'orange', 'red')),
    warning_text text NOT NULL DEFAULT '' CHECK (length(warning_text) <= 40),
    warning_until_at timestamptz,
    version integer NOT NULL DEFAULT 1 CHECK (version > 0),
    set_by integer REFERENCES accounts ON DELETE SET NULL,
    set_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT wall_settings_warning CHECK ((warning_kind IS NULL) = (warning_level IS NULL)
        AND (warning_kind IS NULL) = (warning_until_at IS NULL) AND (warning_kind IS NOT NULL OR warning_text = ''))
);

-- Who serves the command centre: the officer in charge, and whoever has said 上岗 there.
CREATE FUNCTION drives_wall() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
RETURN whole_territory() AND EXISTS (
    SELECT FROM acting_posts() p JOIN units u ON u.id = p.unit_id
    WHERE u.kind = 'command' AND (p.role = 'duty_officer' OR EXISTS (
        SELECT FROM duty_spells d JOIN staff_members s ON s.id = d.staff_id
        WHERE s.account_id = acting_account() AND d.unit_id = u.id AND d.ended_at IS NULL)));
REVOKE EXECUTE ON FUNCTION drives_wall() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drives_wall() TO panlong_app;

CREATE POLICY wall_settings_seen ON wall_settings FOR SELECT TO panlong_app USING (true);
CREATE POLICY wall_settings_made ON wall_settings FOR INSERT TO panlong_app
    WITH CHECK ((SELECT drives_wall()) AND set_by = (SELECT acting_account()));
CREATE POLICY wall_settings_set ON wall_settings FOR UPDATE TO panlong_app
    USING ((SELECT drives_wall())) WITH CHECK (set_by = (SELECT acting_account()));
ALTER TABLE wall_settings ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON wall_settings TO panlong_app;
