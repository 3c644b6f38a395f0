-- Counts of the first objects by their key, and how long what each counts took together.
SELECT key, name, cases, seconds FROM (
    SELECT {key} AS key, n.name, count(*) AS cases, sum(n.seconds) AS seconds, dense_rank() OVER (ORDER BY {key}) AS place
    FROM counted n {join} GROUP BY 1, 2
) c WHERE place <= :limit ORDER BY 1, 2
