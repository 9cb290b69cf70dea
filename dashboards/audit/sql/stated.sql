-- Counts beside dossiers: procedures as stated, declared totals, units of the register: docs/semantics.md, "What is
-- stated beside dossiers", and the words of docs/indicators.md.
-- Comes from: statements_held(unit, recorded_us, id, stated), uses(unit, procedure, month, …), figures, lineage, spans.
CREATE OR REPLACE TABLE periods AS
SELECT kind, period, last,
  min(CASE kind WHEN 'week' THEN date_trunc('week', day) WHEN 'month' THEN date_trunc('month', day)
      WHEN 'quarter' THEN date_trunc('quarter', day) WHEN 'year' THEN date_trunc('year', day)
      ELSE DATE '0001-01-01' END)::DATE AS first,
  CASE kind WHEN 'all' THEN DATE '9999-12-31' ELSE date_of(last + 1) END AS until
FROM spans GROUP BY ALL;
CREATE OR REPLACE MACRO today() AS date_at(CAST(getvariable('t_us') AS BIGINT) // 1000000);

-- Of each thing the statement that was made last; an alias and its unit are one.
CREATE OR REPLACE TABLE stands AS
SELECT codes.code AS unit, stated ->> 'kind' AS kind, stated
FROM statements_held JOIN codes ON codes.sent = stated ->> 'unit'
QUALIFY row_number() OVER (PARTITION BY codes.code, stated ->> 'kind', stated ->> 'procedure', stated ->> 'period'
                           ORDER BY recorded_us DESC, id DESC) = 1;

CREATE OR REPLACE TABLE procedures AS
SELECT unit, stated ->> 'procedure' AS procedure,
  CAST(stated ->> 'announced' AS DATE) AS announced, CAST(stated ->> 'announce_by' AS DATE) AS announce_by,
  CAST(stated ->> 'published' AS DATE) AS published, CAST(stated ->> 'publish_by' AS DATE) AS publish_by,
  CAST(stated ->> 'valid_from' AS DATE) AS valid_from, CAST(stated ->> 'valid_to' AS DATE) AS valid_to,
  coalesce(stated ->> 'online', 'none') <> 'none' AS offered,
  coalesce(stated ->> 'online' IN ('full', 'level_4'), false) AS is_full,
  coalesce(CAST(stated ->> 'complete' AS BOOLEAN), false) AS complete,
  coalesce(CAST(stated ->> 'integrated' AS BOOLEAN), false) AS integrated,
  coalesce(CAST(stated ->> 'fee' AS BOOLEAN), false) AS fee,
  coalesce(CAST(stated ->> 'citizens' AS BOOLEAN), false) AS citizens,
  coalesce(CAST(stated ->> 'population_data' AS BOOLEAN), false) AS population_data,
  coalesce(CAST(stated ->> 'certified_copies' AS BOOLEAN), false) AS certified_copies
FROM stands WHERE kind = 'procedure' AND NOT coalesce(CAST(stated ->> 'removed' AS BOOLEAN), false);

-- Dossiers of each procedure that a unit decides itself, by period; there are none by week.
CREATE OR REPLACE TABLE used AS
SELECT periods.period, uses.unit AS sent, procedure, sum(received) AS received, sum(online) AS online, sum(postal) AS postal,
  sum(fee_synchronised) AS fee_synchronised, sum(paid_online) AS paid_online, sum(five_on_the_spot) AS five_on_the_spot
FROM uses JOIN periods ON kind <> 'week' AND month >= first AND month < until AND procedure <> ''
GROUP BY ALL;

-- What a statement counts for in each period, as of the last day of the period or today.
CREATE OR REPLACE TABLE counted_procedures AS
WITH asked AS (
  SELECT *, least(today(), CAST(until - 1 AS DATE)) AS day, least(today(), until) AS now,
    least(today(), CAST(until - 1 AS DATE)) >= coalesce(valid_from, DATE '0001-01-01')
      AND least(today(), CAST(until - 1 AS DATE)) < coalesce(valid_to, DATE '9999-12-31') AS active
  FROM procedures, periods),
own AS (
  SELECT period, codes.code AS unit, procedure, sum(received) AS received, sum(online) AS online, sum(postal) AS postal,
    sum(fee_synchronised) AS fee_synchronised, sum(paid_online) AS paid_online
  FROM used JOIN codes USING (sent) GROUP BY ALL)
SELECT asked.period, asked.last, asked.unit, asked.procedure, active, certified_copies,
  active AND published <= day AS is_published,
  active AND published <= day AND complete AS is_complete,
  active AND offered AS service, active AND is_full AS service_full, active AND offered AND integrated AS service_integrated,
  active AND fee AS with_fee, active AND citizens AS for_citizens, active AND citizens AND population_data AS with_population,
  coalesce(announced >= first AND announced < until AND announced <= now AND announce_by IS NOT NULL, false) AS was_announced,
  coalesce(announced <= announce_by, false) AS announced_on_time,
  coalesce(publish_by >= first AND publish_by < until, false) AS to_publish,
  coalesce(published <= least(now, publish_by), false) AS published_on_time,
  publish_by < now AS publish_due,
  coalesce(own.received, 0) AS received, coalesce(own.online, 0) AS online, coalesce(own.postal, 0) AS postal,
  coalesce(own.fee_synchronised, 0) AS fee_synchronised, coalesce(own.paid_online, 0) AS paid_online
FROM asked LEFT JOIN own USING (period, unit, procedure);

-- Over a unit with all below it: procedures count once, dossiers each.
CREATE OR REPLACE TABLE stated_counts AS
SELECT period, lineage.code AS unit,
  count(DISTINCT procedure) FILTER (active) AS procedures,
  count(DISTINCT procedure) FILTER (was_announced) AS procedures_announced,
  count(DISTINCT procedure) FILTER (was_announced AND announced_on_time) AS procedures_announced_on_time,
  count(DISTINCT procedure) FILTER (to_publish AND (published_on_time OR publish_due)) AS procedures_to_publish,
  count(DISTINCT procedure) FILTER (to_publish AND published_on_time) AS procedures_published_on_time,
  count(DISTINCT procedure) FILTER (is_published) AS procedures_published,
  count(DISTINCT procedure) FILTER (is_complete) AS procedures_complete,
  count(DISTINCT procedure) FILTER (service) AS services,
  count(DISTINCT procedure) FILTER (service_full) AS services_full,
  count(DISTINCT procedure) FILTER (service_integrated) AS services_integrated,
  count(DISTINCT procedure) FILTER (with_fee) AS procedures_fee,
  count(DISTINCT procedure) FILTER (for_citizens) AS procedures_citizens,
  count(DISTINCT procedure) FILTER (with_population) AS procedures_population,
  count(DISTINCT procedure) FILTER (service AND received > 0) AS services_used,
  count(DISTINCT procedure) FILTER (service AND online > 0) AS services_used_online,
  count(DISTINCT procedure) FILTER (with_fee AND fee_synchronised > 0) AS procedures_fee_dossier,
  count(DISTINCT procedure) FILTER (with_fee AND paid_online > 0) AS procedures_fee_online,
  CAST(coalesce(sum(received) FILTER (service), 0) AS BIGINT) AS received_in_scope,
  CAST(coalesce(sum(online) FILTER (service), 0) AS BIGINT) AS online_in_scope,
  CAST(coalesce(sum(postal) FILTER (service), 0) AS BIGINT) AS postal_in_scope,
  CAST(coalesce(sum(online) FILTER (service_full), 0) AS BIGINT) AS online_full,
  CAST(coalesce(sum(online) FILTER (service AND NOT service_full), 0) AS BIGINT) AS online_partial
FROM counted_procedures JOIN lineage ON lineage.below = counted_procedures.unit AND lineage.last = counted_procedures.last
GROUP BY ALL;

CREATE OR REPLACE TABLE used_counts AS
SELECT used.period, chains.code AS unit,
  count(DISTINCT procedure) FILTER (received > 0) AS procedures_used,
  count(DISTINCT procedure) FILTER (five_on_the_spot > 0) AS procedures_five_on_the_spot
FROM used JOIN periods USING (period) JOIN chains ON chains.sent = used.sent AND chains.last = periods.last
GROUP BY ALL;

-- Units: those that have no unit below them, or the unit itself; reporting anything; offering certified copies.
CREATE OR REPLACE TABLE leaves AS
WITH valid AS (
  SELECT DISTINCT code, parent, last FROM register_rows, (SELECT DISTINCT last FROM spans) WHERE since <= last AND last < until)
SELECT DISTINCT code AS unit, last FROM valid
ANTI JOIN (SELECT parent AS code, last FROM valid) above USING (code, last);

CREATE OR REPLACE TABLE unit_counts AS
SELECT periods.period, lineage.code AS unit, count(*) AS units,
  count_if(coalesce(connected.unit IS NOT NULL, false)) AS units_connected,
  count_if(coalesce(certified.unit IS NOT NULL, false)) AS units_certified
FROM leaves JOIN periods USING (last)
JOIN lineage ON lineage.below = leaves.unit AND lineage.last = leaves.last
LEFT JOIN (SELECT DISTINCT period, unit FROM figures WHERE name IN ('received', 'ends')) connected
  ON connected.period = periods.period AND connected.unit = leaves.unit
LEFT JOIN (SELECT DISTINCT period, unit FROM counted_procedures WHERE active AND certified_copies) certified
  ON certified.period = periods.period AND certified.unit = leaves.unit
GROUP BY ALL;

-- Declared totals: of the period itself, else of its months, else of the quarters of a year.
CREATE OR REPLACE TABLE declared AS
SELECT unit, stated ->> 'period' AS period, CAST(stated ->> 'received' AS BIGINT) AS received,
  left(stated ->> 'period', 4) AS year, TRY_CAST(substr(stated ->> 'period', 6, 2) AS INTEGER) AS month
FROM stands WHERE kind = 'declared_total' AND NOT coalesce(CAST(stated ->> 'removed' AS BOOLEAN), false);

CREATE OR REPLACE TABLE declared_for AS
WITH names AS (
  SELECT period AS name, kind, left(period, 4) AS year FROM periods WHERE kind <> 'all'
  UNION
  SELECT CAST(CAST(left(period, 4) AS INTEGER) - 1 AS VARCHAR), 'year', CAST(CAST(left(period, 4) AS INTEGER) - 1 AS VARCHAR)
  FROM periods WHERE kind <> 'all')
SELECT unit, name, coalesce(any_value(received) FILTER (period = name),
  sum(received) FILTER (month IS NOT NULL AND (kind = 'year'
    OR (kind = 'quarter' AND (month + 2) // 3 = CAST(right(name, 1) AS INTEGER)))),
  sum(received) FILTER (kind = 'year' AND period LIKE '%-Q%')) AS total
FROM names JOIN declared USING (year) GROUP BY unit, name;

-- Synchronised: of each unit the greater of what it declared and what it itself has; where both are 0, of last year's
-- declared total the share that the period is.
CREATE OR REPLACE TABLE synchronisation AS
WITH own AS (
  SELECT period, codes.code AS unit, sum(count) AS own
  FROM cells JOIN spans ON spans.day IS NOT DISTINCT FROM cells.day JOIN codes ON codes.sent = cells.unit
  WHERE name = 'synchronised' GROUP BY ALL),
wanted AS (
  SELECT periods.period, kind, last, units.unit, coalesce(own, 0) AS own,
    greatest(coalesce(here.total, 0), coalesce(own, 0)) AS wanted, coalesce(before.total, 0) AS last_year,
    CASE kind WHEN 'week' THEN 52 WHEN 'month' THEN 12 WHEN 'quarter' THEN 4 ELSE 1 END AS share
  FROM (SELECT DISTINCT unit FROM declared) units CROSS JOIN periods
  LEFT JOIN own USING (period, unit)
  LEFT JOIN declared_for here ON here.unit = units.unit AND here.name = periods.period
  LEFT JOIN declared_for before ON before.unit = units.unit AND kind <> 'all'
    AND before.name = CAST(TRY_CAST(left(periods.period, 4) AS INTEGER) - 1 AS VARCHAR)),
more AS (
  SELECT period, lineage.code AS unit,
    sum(CASE WHEN wanted > 0 OR kind = 'all' THEN wanted ELSE (2 * last_year + share) // (2 * share) END - own) AS more
  FROM wanted JOIN lineage ON lineage.below = wanted.unit AND lineage.last = wanted.last GROUP BY ALL)
SELECT period, unit, CAST(coalesce(count, 0) AS BIGINT) AS synchronised_counted,
  CAST(coalesce(count, 0) + coalesce(more, 0) AS BIGINT) AS to_synchronise
FROM (SELECT period, unit, count FROM figures WHERE name = 'synchronised') portal FULL JOIN more USING (period, unit)
WHERE EXISTS (FROM declared);

-- All counts of a unit and period by name.  Where nothing else is counted of a unit, that it is one counts nothing.
CREATE OR REPLACE TABLE quantities AS
WITH made AS (
  SELECT period, unit, name, count FROM figures
  UNION ALL
  SELECT period, unit, name, count
  FROM (UNPIVOT stated_counts ON COLUMNS(* EXCLUDE (period, unit)) INTO NAME name VALUE count) WHERE count > 0
  UNION ALL
  SELECT period, unit, name, count
  FROM (UNPIVOT used_counts ON COLUMNS(* EXCLUDE (period, unit)) INTO NAME name VALUE count) WHERE count > 0
  UNION ALL
  SELECT period, unit, 'units_certified', units_certified FROM unit_counts WHERE units_certified > 0
  UNION ALL
  SELECT period, unit, name, count
  FROM (UNPIVOT synchronisation ON COLUMNS(* EXCLUDE (period, unit)) INTO NAME name VALUE count) WHERE count > 0)
FROM made
UNION ALL
SELECT period, unit, name, count
FROM (UNPIVOT (SELECT period, unit, units, units_connected FROM unit_counts) ON units, units_connected INTO NAME name VALUE count)
SEMI JOIN made USING (period, unit) WHERE count > 0;

-- What nobody has stated or declared is no data, which is not 0.
CREATE OR REPLACE TABLE known AS
SELECT name, in_weeks FROM counted_names
UNION ALL
SELECT unnest(['procedures_announced_on_time', 'procedures_announced', 'procedures_published_on_time', 'procedures_to_publish',
  'procedures_complete', 'procedures_published', 'services', 'procedures', 'procedures_fee', 'procedures_citizens',
  'procedures_population', 'units_certified', 'units']), true WHERE EXISTS (FROM procedures)
UNION ALL
SELECT unnest(['procedures_used', 'procedures_five_on_the_spot', 'services_used', 'services_used_online', 'procedures_fee_dossier',
  'procedures_fee_online', 'received_in_scope', 'online_in_scope', 'postal_in_scope', 'online_full', 'online_partial']), false
UNION ALL
SELECT unnest(['synchronised_counted', 'to_synchronise']), true WHERE EXISTS (FROM declared);
