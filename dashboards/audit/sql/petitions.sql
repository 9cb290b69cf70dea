-- Petitions as of each horizon: docs/semantics.md, "Petitions".  Due at the close of office of the 15th working day
-- after they came, by the calendar in force while they are open, or when they were answered.
CREATE OR REPLACE TEMP TABLE petition_horizons AS
WITH came AS (SELECT *, date_at(received) AS date FROM petitions WHERE before(received, getvariable('t_us')))
SELECT *, 'now' AS horizon, CAST(getvariable('t_us') AS BIGINT) AS t_us FROM came
UNION ALL
SELECT came.*, kind, least(CAST(getvariable('t_us') AS BIGINT), midnight(end_of(kind, date)) * 1000000) FROM came, kinds;

CREATE OR REPLACE TEMP TABLE petition_dues AS
WITH asking AS (
  SELECT *, CASE WHEN before(answered, t_us) THEN answered END AS has_answer FROM petition_horizons),
ruled AS (
  SELECT asking.*, calendars.edition AS calendar
  FROM asking ASOF LEFT JOIN calendars ON least(t_us, has_answer * 1000000) >= calendars.holds_us),
started AS (
  SELECT ruled.*, CASE WHEN bounds.edition IS NOT NULL THEN greatest(received, office.opens) END AS start
  FROM ruled
  LEFT JOIN calendar_bounds bounds ON bounds.edition = calendar AND received >= begins AND received < ends
  ASOF LEFT JOIN office ON office.edition = calendar AND received < office.closes)
SELECT started.*, working.closes AS due
FROM started
LEFT JOIN calendar_days days ON days.edition = calendar AND days.day = day_at(start)
LEFT JOIN working_days working ON working.edition = calendar
  AND working.ordinal = days.worked_before + CAST(days.worked AS BIGINT) + 15 - 1;

CREATE OR REPLACE TEMP TABLE petition_verdicts AS
SELECT *, CASE WHEN due IS NULL THEN NULL WHEN has_answer IS NULL THEN t_us < (due + 1) * 1000000
               ELSE has_answer <= due END AS in_time
FROM petition_dues;
