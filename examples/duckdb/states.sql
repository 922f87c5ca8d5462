-- Who is not winning, and why, in the json on standard input.
SELECT s.name, s.state, s.reason
FROM (SELECT unnest(states) AS s FROM read_json('/dev/stdin'))
WHERE s.level = 'owner' AND s.state NOT IN ('', 'WINNING') AND s.leads < 0.9
ORDER BY s.leads;
