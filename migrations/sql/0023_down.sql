DROP TABLE wall_settings;
DROP FUNCTION drives_wall();
