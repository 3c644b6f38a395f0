DROP TRIGGER accounts_disabled ON accounts;
DROP TABLE post_holders, post_areas, posts, staff_members, units;
DROP FUNCTION account_view(integer), part_powers(), keep_role(), end_sessions_of_staff(integer[], text), holder_changed(), post_areas_changed(),
    account_disabled();
