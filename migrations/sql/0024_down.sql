DROP TABLE case_followers;
