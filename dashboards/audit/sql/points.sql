-- Points, groups, totals and bands from counts, exactly: points are quotients of integers until they are rounded.
CREATE OR REPLACE TABLE entries AS
SELECT period, unit, coalesce(units.level, 'unregistered') AS level,
  -- the province above it as of the last day of the period
  coalesce(provinces.code, '') AS province
FROM (SELECT period, unit, any_value(last) AS last FROM quantities JOIN (SELECT DISTINCT period, last FROM spans) USING (period)
      GROUP BY ALL) entry
LEFT JOIN units ON units.code = unit
LEFT JOIN provinces ON provinces.below = unit AND provinces.last = entry.last;

-- Counts above and below the line of each indicator that has data; below a province 1.1 to 1.3 are those of the province.
CREATE OR REPLACE TABLE amounts AS
WITH knowing AS (
  SELECT indicators.*, kind, bool_and(known.name IS NOT NULL AND (kind <> 'week' OR in_weeks)) AS has_data
  FROM indicators JOIN parts USING (id) LEFT JOIN known USING (name)
  CROSS JOIN (SELECT 'all' AS kind UNION ALL FROM kinds) GROUP BY ALL),
asked AS (
  SELECT entries.period, entries.unit, knowing.*,
    CASE WHEN inherited AND level NOT IN ('country', 'province') THEN nullif(province, '') ELSE unit END AS whose
  FROM entries JOIN (SELECT DISTINCT period, kind FROM spans) USING (period)
  JOIN knowing USING (kind) WHERE has_data)
SELECT asked.period, asked.unit, id, grp, maximum, threshold, empty, measured,
  CAST(coalesce(sum(count) FILTER (above), 0) AS HUGEINT) AS numerator,
  CAST(coalesce(sum(count) FILTER (NOT above), 0) AS HUGEINT) AS denominator
FROM asked JOIN parts USING (id)
LEFT JOIN quantities ON quantities.period = asked.period AND quantities.unit = whose AND quantities.name = parts.name
WHERE whose IS NOT NULL
  -- whether petitions were in time is not known where a calendar is missing for one of them
  AND NOT (id IN ('5.2', '5.3') AND EXISTS (
    FROM quantities undue WHERE undue.period = asked.period AND undue.unit = whose AND undue.name = 'petitions_no_due'))
GROUP BY ALL;

CREATE OR REPLACE TABLE points AS
SELECT *, CASE WHEN maximum = 0 OR (denominator = 0 AND empty = 'no data') THEN NULL
    WHEN denominator = 0 THEN CASE empty WHEN 'full' THEN maximum ELSE 0 END
    ELSE least(maximum * numerator * 100, maximum * denominator * threshold) END AS above,
  CASE WHEN denominator = 0 THEN 1 ELSE denominator * threshold END AS below
FROM amounts;

-- A group is the sum of its unrounded points, rounded half up; the total is the sum of the groups as shown.
CREATE OR REPLACE TABLE groups AS
WITH placed AS (
  SELECT *, row_number() OVER (PARTITION BY period, unit, grp ORDER BY id) AS place FROM points WHERE above IS NOT NULL),
apart AS (
  SELECT period, unit, grp, sum(maximum) * 100 AS reachable, bool_and(measured) AS measured,
    coalesce(any_value(above) FILTER (place = 1), 0) AS a1, coalesce(any_value(below) FILTER (place = 1), 1) AS b1,
    coalesce(any_value(above) FILTER (place = 2), 0) AS a2, coalesce(any_value(below) FILTER (place = 2), 1) AS b2,
    coalesce(any_value(above) FILTER (place = 3), 0) AS a3, coalesce(any_value(below) FILTER (place = 3), 1) AS b3,
    coalesce(any_value(above) FILTER (place = 4), 0) AS a4, coalesce(any_value(below) FILTER (place = 4), 1) AS b4,
    coalesce(any_value(above) FILTER (place = 5), 0) AS a5, coalesce(any_value(below) FILTER (place = 5), 1) AS b5,
    coalesce(any_value(above) FILTER (place = 6), 0) AS a6, coalesce(any_value(below) FILTER (place = 6), 1) AS b6,
    coalesce(any_value(above) FILTER (place = 7), 0) AS a7, coalesce(any_value(below) FILTER (place = 7), 1) AS b7
  FROM placed GROUP BY ALL),
common AS (
  SELECT *, lcm(b1, lcm(b2, lcm(b3, lcm(b4, lcm(b5, lcm(b6, b7)))))) AS b FROM apart)
SELECT period, unit, grp, CAST(reachable AS BIGINT) AS reachable, measured,
  CAST(half_up(a1 * (b // b1) + a2 * (b // b2) + a3 * (b // b3) + a4 * (b // b4) + a5 * (b // b5) + a6 * (b // b6)
               + a7 * (b // b7), b) AS BIGINT) AS points
FROM common;

CREATE OR REPLACE TABLE totals AS
SELECT period, unit, sum(points) AS total, sum(reachable) AS reachable, bool_and(measured) AS measured,
  sum(reachable) = (SELECT sum(maximum) * 100 FROM indicators) AS complete,
  (SELECT arg_max(band, least) FROM bands WHERE least * 100 <= sum(groups.points)) AS band
FROM groups GROUP BY ALL;

-- Ranks among peers: provinces in the country, departments and communes within their province; too few dossiers
-- received: provisional, without a rank.
CREATE OR REPLACE TABLE ranks AS
WITH peers AS (
  SELECT entries.period, entries.unit, total, totals.reachable,
    CASE WHEN level = 'province' OR province = '' THEN level ELSE level || '/' || province END AS peers,
    coalesce(received.count, 0) AS volume
  FROM entries LEFT JOIN totals USING (period, unit)
  LEFT JOIN quantities received ON received.period = entries.period AND received.unit = entries.unit
    AND received.name = 'received'
  WHERE level NOT IN ('country', 'unregistered')),
stated AS (
  SELECT *, CASE WHEN total IS NULL THEN 'no_total' WHEN volume < getvariable('least_volume') THEN 'provisional'
                 ELSE 'ranked' END AS state FROM peers)
SELECT period, unit, peers, state, volume,
  count_if(state = 'ranked') OVER (PARTITION BY period, peers) AS "of",
  CASE WHEN state = 'ranked' THEN rank() OVER (PARTITION BY period, peers, state ORDER BY total DESC) END AS rank,
  CASE WHEN state = 'ranked' AND reachable > 0 THEN
    rank() OVER (PARTITION BY period, peers, state ORDER BY total * 1000000000 // nullif(reachable, 0) DESC NULLS LAST) END
    AS share_rank,
  CASE WHEN reachable > 0 THEN (total * 20000 + reachable) // (reachable * 2) END AS share
FROM stated;
