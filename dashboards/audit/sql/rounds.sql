-- Rounds of supplement as of each horizon: docs/semantics.md, "Rounds".
-- An asking opens a round unless one is open; a completion or a new appointment closes it, a step when it comes later
-- than the asking that opened it, and an end.
CREATE OR REPLACE TEMP TABLE supplements AS
SELECT dossier, moment,
  bool_or(field = 'asked') AS asks,
  bool_or(field IN ('completed', 'appointment')) AS answers,
  bool_or(field = 'step') AS steps,
  any_value(number(value)) FILTER (field = 'appointment') AS appointment,
  any_value({'us': recorded_us, 'id': id}) FILTER (field = 'appointment') AS said_appointment
FROM standing
WHERE field IN ('asked', 'completed', 'appointment', 'step') AND json_type(value) <> 'NULL'
  AND dossier IN (SELECT dossier FROM dossiers WHERE has_asked)
GROUP BY dossier, moment;

CREATE OR REPLACE TEMP TABLE rounds AS
WITH counting AS (
  SELECT horizon, ended, supplements.*,
    -- asked and stepped at one moment: the asking belongs to an open round, which the step closes, or opens one
    CASE WHEN answers THEN 'shut' WHEN asks AND steps THEN 'turn' WHEN asks THEN 'open' ELSE 'shut' END AS makes
  FROM supplements JOIN ends USING (dossier)
  WHERE before(moment, t_us) AND moment >= accepted AND moment <= coalesce(ended, moment)),
turned AS (
  SELECT *, count_if(makes = 'turn') OVER told AS turns,
    last_value(CASE makes WHEN 'open' THEN 1 WHEN 'shut' THEN 0 END IGNORE NULLS) OVER told AS made
  FROM counting WINDOW told AS (PARTITION BY dossier, horizon ORDER BY moment ROWS UNBOUNDED PRECEDING)),
after AS (
  SELECT *, (coalesce(made, 0) + turns
      - coalesce(last_value(CASE WHEN makes <> 'turn' THEN turns END IGNORE NULLS) OVER told, 0)) % 2 = 1 AS open_after
  FROM turned WINDOW told AS (PARTITION BY dossier, horizon ORDER BY moment ROWS UNBOUNDED PRECEDING)),
opened AS (
  SELECT *, asks AND NOT lag(open_after, 1, false) OVER (PARTITION BY dossier, horizon ORDER BY moment) AS opens FROM after),
numbered AS (
  SELECT *, count_if(opens) OVER (PARTITION BY dossier, horizon ORDER BY moment) AS number FROM opened)
SELECT dossier, horizon, number, min(moment) AS asked,
  min(moment) FILTER (NOT open_after) AS closed,
  -- an end closes a round, too
  coalesce(min(moment) FILTER (NOT open_after), any_value(ended)) AS over,
  arg_max(appointment, moment) FILTER (appointment IS NOT NULL) AS appointment,
  arg_max(said_appointment, moment) FILTER (appointment IS NOT NULL) AS said_appointment
FROM numbered WHERE number > 0 GROUP BY dossier, horizon, number;

CREATE OR REPLACE TEMP TABLE supplemented AS
SELECT dossier, horizon, count(*) AS rounds,
  any_value(asked) FILTER (number = 1) AS asked1, any_value(over) FILTER (number = 1) AS over1,
  any_value(appointment) FILTER (number = 1) AS appointment1,
  any_value(said_appointment) FILTER (number = 1) AS said_appointment1,
  any_value(asked) FILTER (number = 2) AS asked2,
  bool_or(number = last AND over IS NULL) AS waits,
  bool_or(number = last AND closed IS NULL) AS unfinished
FROM (SELECT *, max(number) OVER (PARTITION BY dossier, horizon) AS last FROM rounds)
GROUP BY dossier, horizon;
