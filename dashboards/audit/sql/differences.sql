-- What the stream, or the truth, says beside what is counted here.  Comes from: asked(figures) and said(figures, subject, period, told), values by name;
-- what is not said, or 0 of a count, is nothing.
CREATE OR REPLACE TABLE sayings AS
SELECT figures, subject, period, value.key AS name, value.value AS value
FROM (SELECT figures, subject, period, unnest(map_entries(told)) AS value FROM said)
WHERE value.value IS NOT NULL AND NOT (figures IN ('counts', 'days', 'history', 'truth') AND value.value = '0');

CREATE OR REPLACE TABLE audit AS
SELECT 'counts' AS figures, unit AS subject, period, name, CAST(count AS VARCHAR) AS value
FROM quantities
UNION ALL
SELECT 'indicators', unit, period, id || ' numerator', CAST(numerator AS VARCHAR) FROM points
UNION ALL
SELECT 'indicators', unit, period, id || ' denominator', CAST(denominator AS VARCHAR) FROM points
UNION ALL
SELECT 'points', unit, period, id, CAST(half_up(above, below) AS VARCHAR) FROM points WHERE above IS NOT NULL
UNION ALL
SELECT 'points', unit, period, grp, CAST(points AS VARCHAR) FROM groups
UNION ALL
SELECT 'totals', unit, period, name, value
FROM totals, LATERAL (VALUES ('total', CAST(total AS VARCHAR)), ('reachable', CAST(reachable AS VARCHAR)), ('band', band),
                             ('estimated', CAST(NOT measured AS VARCHAR)),
                             ('complete', CAST(complete AS VARCHAR)), ('catalogue', 'qd766-2026')) AS held (name, value)
UNION ALL
SELECT 'ranks', unit, period, name, value
FROM ranks, LATERAL (VALUES ('peers', peers), ('state', state), ('of', CAST("of" AS VARCHAR)),
                            ('rank', CAST(rank AS VARCHAR)), ('share_rank', CAST(share_rank AS VARCHAR)),
                            ('share', CAST(share AS VARCHAR))) AS held (name, value)
WHERE value IS NOT NULL
UNION ALL
SELECT 'late list', dossier, '', name, value
FROM watched, LATERAL (VALUES ('unit', unit), ('procedure', procedure), ('due', CAST(due AS VARCHAR)),
                              ('warned', CAST(warned AS VARCHAR)), ('late', CAST(late AS VARCHAR)),
                              ('paused', CAST(paused AS VARCHAR)), ('apologised', CAST(apologised AS VARCHAR)),
                              ('received', CAST(received AS VARCHAR)), ('step', step)) AS held (name, value)
UNION ALL
SELECT 'items', input, '', 'accounted for', CAST(sum(items) AS VARCHAR) FROM items GROUP BY input
UNION ALL
-- read = applied or repeated, rejected or ignored; applied and repeated are the origins that the facts name
SELECT 'items', inputs.input, '', 'read', CAST(any_value(refused) + coalesce(sum(items), 0) AS VARCHAR)
FROM inputs LEFT JOIN items USING (input) GROUP BY inputs.input
UNION ALL
SELECT 'history', unit, period, name, CAST(count AS VARCHAR) FROM figures WHERE period <> 'all' AND name IN (FROM closed_names)
UNION ALL
SELECT 'cases', '', '', 'cases', CAST(count(DISTINCT dossier) AS VARCHAR) FROM cases
UNION ALL
SELECT kind, unit, coalesce(CAST(day AS VARCHAR), ''), CASE WHEN horizon IS NULL THEN name ELSE name || '_' || horizon END,
  CAST(sum(count) AS VARCHAR)
FROM cells, (SELECT unnest(['days', 'truth']) AS kind) WHERE kind IN (SELECT figures FROM asked) AND name <> 'settled'
GROUP BY ALL HAVING sum(count) <> 0;

-- Compared is what one of both says; only kinds of figures that the stream was asked for.
CREATE OR REPLACE TABLE paired AS
SELECT figures, subject, period, name, sayings.value AS said, audit.value AS audit
FROM sayings FULL JOIN audit USING (figures, subject, period, name)
WHERE figures IN (SELECT figures FROM asked) AND (figures <> 'truth' OR name IN (FROM meant));
INSERT INTO compared
SELECT figures, count(*) FROM paired GROUP BY figures;
INSERT INTO differences SELECT * FROM paired WHERE said IS DISTINCT FROM audit;
