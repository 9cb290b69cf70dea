-- From cells to units, all units above them, and periods: docs/semantics.md, "As of, periods, verdicts" and "Index".
-- A period rolls up by the register as of its last day; a unit that the register does not know hangs under `unregistered`.
CREATE OR REPLACE TABLE spans AS
SELECT day, kind, period_of(kind, day) AS period, end_of(kind, day) - DATE '1970-01-01' - 1 AS last
FROM (SELECT DISTINCT day FROM cells WHERE day IS NOT NULL), kinds
UNION ALL
SELECT DISTINCT day, 'all', 'all', 2932895 FROM cells
UNION
SELECT NULL, 'all', 'all', 2932895;

CREATE OR REPLACE TABLE parents AS
SELECT code, last, parent FROM register_rows, (SELECT DISTINCT last FROM spans)
QUALIFY row_number() OVER (PARTITION BY code, last ORDER BY row_order(since, until, last, place) DESC) = 1;

-- Every unit with itself and all above it.
CREATE OR REPLACE TABLE lineage AS
WITH RECURSIVE climbed AS (
  SELECT code AS below, last, code, 0 AS steps FROM parents
  UNION ALL
  SELECT below, last, coalesce(codes.code, parent), steps + 1
  FROM climbed JOIN parents USING (code, last) LEFT JOIN codes ON codes.sent = parent WHERE parent <> '')
FROM climbed;

-- The same for units as they were sent.
CREATE OR REPLACE TABLE chains AS
WITH sent AS (SELECT DISTINCT unit AS sent FROM cells)
SELECT sent, last, lineage.code FROM sent JOIN codes USING (sent) JOIN lineage ON lineage.below = codes.code
UNION ALL
SELECT sent.sent, last, above
FROM sent ANTI JOIN codes USING (sent), (SELECT DISTINCT last FROM spans),
  LATERAL (SELECT sent.sent AS above UNION ALL SELECT 'unregistered'
           UNION ALL SELECT DISTINCT code FROM register_rows WHERE parent = '');

-- The province of a unit, which may be itself.
CREATE OR REPLACE TABLE provinces AS
SELECT below, last, arg_min(code, steps) AS code FROM lineage JOIN units USING (code) WHERE level = 'province'
GROUP BY ALL;

CREATE OR REPLACE TABLE figures AS
WITH own AS (
  SELECT unit, kind, period, last, name, sum(count) AS count
  FROM cells JOIN spans ON spans.day IS NOT DISTINCT FROM cells.day
  WHERE coalesce(horizon, 'now') = CASE WHEN horizon IS NULL OR kind = 'all' THEN 'now' ELSE kind END
  GROUP BY ALL)
SELECT period, chains.code AS unit, name, CAST(sum(count) AS BIGINT) AS count
FROM own JOIN chains ON chains.sent = own.unit AND chains.last = own.last
GROUP BY ALL HAVING sum(count) <> 0;
