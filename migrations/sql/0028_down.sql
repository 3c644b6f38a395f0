DROP FUNCTION follow_cells(integer);
DROP TABLE case_areas, cell_lineage;
