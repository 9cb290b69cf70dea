-- On time, late, within due or overdue, as of each horizon: Decision 766/QĐ-TTg as docs/semantics.md tells it,
-- "As of, periods, verdicts".
CREATE OR REPLACE TEMP TABLE dues AS
WITH stated AS (
  SELECT promised.*, coalesce(promised, unpaused) AS first_due, terms.dossier IS NOT NULL AS has_term, unpaused,
    coalesce(rounds, 0) AS rounds, asked1, over1, appointment1, asked2, coalesce(waits, false) AS waits,
    coalesce(unfinished, false) AS unfinished, paused.dossier IS NOT NULL AS is_paused, paused.due AS paused_due,
    -- of a corrected due date and a new appointment the later said scores
    appointment1 IS NOT NULL AND (NOT is_corrected OR getvariable('scores') = 'current'
      OR said_later(said_appointment1, said_corrected)) AS appointed
  FROM promised JOIN dossiers USING (dossier)
  LEFT JOIN terms USING (dossier, horizon)
  LEFT JOIN supplemented USING (dossier, horizon)
  LEFT JOIN paused USING (dossier, horizon)),
-- what the first round does
sorted AS (
  SELECT *, CASE WHEN rounds = 0 OR first_due IS NULL THEN 'nothing' WHEN asked1 > first_due THEN 'asked late'
    WHEN appointed THEN 'appointed' WHEN over1 IS NULL THEN 'waiting'
    WHEN promised IS NOT NULL THEN 'given back' ELSE 'given back in working time' END AS supplement
  FROM stated),
moved AS (
  SELECT *,
    CASE supplement WHEN 'appointed' THEN CASE getvariable('scores') WHEN 'promised' THEN appointment1 ELSE first_due END
      WHEN 'given back in working time' THEN CASE WHEN is_paused THEN paused_due ELSE first_due END
      ELSE first_due END AS due,
    has_term AND supplement <> 'appointed' AS is_computed
  FROM sorted)
SELECT *, is_computed AND due IS NULL AS lacks_year,
  CASE WHEN is_computed THEN unpaused ELSE due END AS due_before_pauses,
  -- while it waits it is frozen; a second round is late from its asking
  least(CASE supplement WHEN 'waiting' THEN NULL WHEN 'given back' THEN due + over1 - asked1 ELSE due END,
        asked2 - 1) AS late_after,
  supplement = 'waiting' AND rounds = 1 AS frozen
FROM moved;

CREATE OR REPLACE TEMP TABLE verdicts AS
SELECT *,
  CASE WHEN ended IS NOT NULL THEN
         CASE WHEN late_after IS NULL THEN 'ended_no_due' WHEN ended > late_after THEN 'late' ELSE 'on_time' END
       WHEN frozen THEN 'open_within' WHEN late_after IS NULL THEN 'open_no_due'
       WHEN (late_after + 1) * 1000000 <= t_us THEN 'open_overdue' ELSE 'open_within' END AS verdict
FROM dues;
