DROP FUNCTION campaign_request(uuid);
DROP FUNCTION campaign_coverage(integer);
DROP FUNCTION campaign_size(integer);
DROP TABLE campaign_visits, campaign_places, campaigns;
DROP FUNCTION keep_visit();
DROP FUNCTION visit_in_time();
DROP FUNCTION place_of_campaign();
DROP FUNCTION area_in_touch(bigint);
DROP FUNCTION runs_campaigns();
