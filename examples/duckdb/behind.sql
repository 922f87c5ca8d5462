-- Who has been below target with a lead measure most often, in the tidy csv on standard input.
SELECT name, measure, count(*) AS weeks_below, sum(target - value) AS short_by
FROM read_csv(
    '/dev/stdin',
    -- Digits stay as they are: a DOUBLE would round money.
    types = {'value': 'DECIMAL(18, 4)', 'target': 'DECIMAL(18, 4)'}
)
WHERE level = 'owner' AND role = 'lead' AND complete AND value < target
GROUP BY ALL
ORDER BY weeks_below DESC, short_by DESC, name
LIMIT 5;
