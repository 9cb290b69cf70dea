-- Working minutes used and allowed, of dossiers that ended with a result: docs/semantics.md, "Working time".
CREATE OR REPLACE TEMP TABLE measuring AS
SELECT verdicts.dossier, verdicts.accepted, ended, due_before_pauses AS until, calendars.edition AS calendar, due
FROM verdicts ASOF JOIN calendars ON ended * 1000000 >= calendars.holds_us
WHERE horizon = 'now' AND with_result;

-- The time of the rounds is taken off, unless a new appointment stands in the place of the due date.
CREATE OR REPLACE TEMP TABLE waits AS
SELECT measuring.dossier, bool_or(coalesce(rounds.appointment = due, false)) AS appointed,
  bool_or(rounds.asked < bounds.begins OR rounds.over >= bounds.ends) AS unknown,
  sum(greatest(worked_in(over, finishing.opens, finishing.closes, finishing.seconds_before) - worked_in(asked, beginning.opens, beginning.closes, beginning.seconds_before), 0)) AS seconds
FROM measuring JOIN rounds ON rounds.dossier = measuring.dossier AND rounds.horizon = 'now'
JOIN calendar_bounds bounds ON bounds.edition = calendar
ASOF LEFT JOIN office beginning ON beginning.edition = calendar AND asked >= beginning.opens
ASOF LEFT JOIN office finishing ON finishing.edition = calendar AND over >= finishing.opens
GROUP BY measuring.dossier;

CREATE OR REPLACE TEMP TABLE minutes AS
WITH worked AS (
  SELECT measuring.dossier, worked_in(accepted, accepting.opens, accepting.closes, accepting.seconds_before) AS at_accepted, worked_in(ended, ending.opens, ending.closes, ending.seconds_before) AS at_ended,
    CASE WHEN until >= bounds.begins AND until < bounds.ends THEN worked_in(until, due.opens, due.closes, due.seconds_before) END AS at_due,
    CASE WHEN appointed THEN 0 ELSE coalesce(seconds, 0) END AS waited
  FROM measuring LEFT JOIN waits USING (dossier)
  JOIN calendar_bounds bounds ON bounds.edition = calendar
    AND least(accepted, ended) >= bounds.begins AND greatest(accepted, ended) < bounds.ends
  ASOF LEFT JOIN office accepting ON accepting.edition = calendar AND accepted >= accepting.opens
  ASOF LEFT JOIN office ending ON ending.edition = calendar AND ended >= ending.opens
  ASOF LEFT JOIN office due ON due.edition = calendar AND until >= due.opens
  WHERE coalesce(appointed OR NOT unknown, true))
SELECT dossier, CAST(greatest(greatest(at_ended - at_accepted, 0) - waited, 0) // 60 AS BIGINT) AS used,
  CAST(coalesce(greatest(at_due - at_accepted, 0) // 60, 0) AS BIGINT) AS allowed
FROM worked;
