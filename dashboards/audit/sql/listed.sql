-- Open cases that are due soon or late, by the calendar in force: docs/semantics.md, "Watch list".
CREATE OR REPLACE TEMP TABLE listed AS
WITH open AS (
  SELECT dossier, unit, procedure, accepted, coalesce(late_after, due) AS until, verdict = 'open_overdue' AS late,
    waits AS paused, before(apologised, t_us) AS apologised, coalesce(step, '') AS step, date, false AS is_petition, t_us
  FROM judged WHERE ended IS NULL AND (late_after IS NOT NULL OR frozen)
  UNION ALL
  SELECT petition, unit, '', received, due, NOT in_time, false, false, '', date, true, t_us
  FROM petition_verdicts WHERE horizon = 'now' AND has_answer IS NULL AND due IS NOT NULL),
measured AS (
  SELECT open.*, date_at(until) AS until_date, calendars.edition AS calendar, worked_in(accepted, accepting.opens, accepting.closes, accepting.seconds_before) AS at_accepted,
    worked_in(until, owing.opens, owing.closes, owing.seconds_before) AS at_until, coalesce(days.worked_before, 0) AS ordinal,
    bounds.edition IS NOT NULL AS is_known
  FROM open
  ASOF LEFT JOIN calendars ON t_us >= calendars.holds_us
  LEFT JOIN calendar_bounds bounds ON bounds.edition = calendars.edition AND accepted >= begins AND until < ends
  LEFT JOIN calendar_days days ON days.edition = calendars.edition AND days.date = date_at(until)
  ASOF LEFT JOIN office accepting ON accepting.edition = calendars.edition AND accepted >= accepting.opens
  ASOF LEFT JOIN office owing ON owing.edition = calendars.edition AND until >= owing.opens),
-- so much working time is left at the warning: a share, or so many working days as long as the one in which it is due
aimed AS (
  SELECT measured.*, at_until - greatest(
      CAST(trunc(getvariable('warning_share') * greatest(at_until - at_accepted, 0)) AS BIGINT),
      CAST(trunc(getvariable('warning_days') * coalesce(lengths.seconds, 0)) AS BIGINT)) AS aim
  FROM measured LEFT JOIN working_days lengths ON lengths.edition = calendar AND lengths.ordinal = measured.ordinal),
warned AS (
  SELECT aimed.*, least(midnight(until_date),
      CASE WHEN is_known AND (until <= accepted OR aim <= at_accepted) THEN accepted
           WHEN is_known THEN office.opens + aim - office.seconds_before
           ELSE until - greatest(CAST(trunc(getvariable('warning_share') * (until - accepted)) AS BIGINT),
                                 CAST(getvariable('warning_least') AS BIGINT)) END) AS warned
  FROM aimed ASOF LEFT JOIN office ON office.edition = calendar AND aim <= office.seconds_after)
SELECT dossier, unit, procedure, until AS due, warned, late, paused, apologised, accepted AS received, step, date, is_petition,
  midnight(until_date) * 1000000 <= t_us AS today
FROM warned WHERE warned * 1000000 <= t_us;
