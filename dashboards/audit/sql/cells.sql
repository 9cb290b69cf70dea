-- What each dossier is as of now.
CREATE OR REPLACE TEMP TABLE judged AS
SELECT verdicts.* EXCLUDE (accepted), dossiers.* EXCLUDE (dossier), happened.* EXCLUDE (dossier),
  minutes.* EXCLUDE (dossier), date_at(verdicts.accepted) AS date, date_at(ended) AS ended_date, date_at(due) AS due_date,
  voids_end(finished, said_finished, reopened, said_reopened, t_us)
    OR voids_end(returned, said_returned, reopened, said_reopened, t_us)
    OR voids_end(stopped, said_stopped, reopened, said_reopened, t_us)
    OR voids_end(withdrawn, said_withdrawn, reopened, said_reopened, t_us)
    OR voids_end(not_accepted, said_not_accepted, reopened, said_reopened, t_us) AS voided,
  is_computed AND due IS NOT NULL AND (
    SELECT count(*) > 0 FROM calendar_years years WHERE years.edition = terms.calendar AND provisional
    AND year BETWEEN year(date_at(verdicts.accepted)) AND year(date_at(due))) AS provisional
FROM verdicts JOIN dossiers USING (dossier)
LEFT JOIN happened USING (dossier)
LEFT JOIN minutes USING (dossier)
LEFT JOIN terms ON terms.dossier = verdicts.dossier AND terms.horizon = 'now'
WHERE verdicts.horizon = 'now';

-- Open dossiers that are due soon or late, by the calendar in force: docs/semantics.md, "Watch list".
CREATE OR REPLACE TEMP TABLE listed AS
WITH open AS (
  SELECT *, coalesce(late_after, due) AS until, date_at(coalesce(late_after, due)) AS until_date
  FROM judged WHERE ended IS NULL AND (late_after IS NOT NULL OR frozen)),
measured AS (
  SELECT open.*, calendars.edition AS calendar, worked_in(accepted, accepting.opens, accepting.closes, accepting.seconds_before) AS at_accepted,
    worked_in(until, owing.opens, owing.closes, owing.seconds_before) AS at_until, coalesce(days.worked_before, 0) AS ordinal,
    bounds.edition IS NOT NULL AS is_known
  FROM open
  ASOF LEFT JOIN calendars ON t_us >= calendars.holds_us
  LEFT JOIN calendar_bounds bounds ON bounds.edition = calendars.edition AND accepted >= begins AND until < ends
  LEFT JOIN calendar_days days ON days.edition = calendars.edition AND days.date = until_date
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
SELECT dossier, unit, procedure, until AS due, warned, verdict = 'open_overdue' AS late, waits AS paused,
  before(apologised, t_us) AS apologised, accepted AS received, coalesce(step, '') AS step, date,
  midnight(until_date) * 1000000 <= t_us AS today
FROM warned WHERE warned * 1000000 <= t_us;

-- Cells of a unit and the day of reception: docs/semantics.md, "Tallies and index", and the words of the counters.
CREATE OR REPLACE TEMP TABLE cells_received AS
SELECT unit, date AS day, count(*) AS received,
  count_if(channel NOT IN (2, 3)) AS direct,
  count_if(channel = 2) AS online,
  count_if(channel = 3) AS postal,
  count_if(ended IS NOT NULL) AS ended,
  count_if(ended IS NOT NULL AND NOT with_result) AS without_result,
  count_if(ended IS NULL AND waits) AS paused,
  count_if(is_computed AND due IS NOT NULL) AS due_computed,
  count_if(provisional) AS due_provisional,
  count_if(before(apologised, t_us)) AS apologised,
  count_if(before(digitised, t_us)) AS digitised,
  count_if(before(result_issued, t_us)) AS result_issued,
  count_if(before(reused, t_us)) AS reused,
  count_if(before(linked, t_us)) AS linked,
  count_if(before(population_data, t_us)) AS population_data,
  count_if(before(identified, t_us)) AS identified,
  count_if(before(synchronised, t_us)) AS synchronised,
  count_if(before(complained, t_us)) AS complained,
  count_if(with_obligation) AS with_obligation,
  count_if(paid) AS paid,
  count_if(paid_online) AS paid_online,
  count_if(paid_cashless) AS paid_cashless,
  -- findings
  count_if(due < accepted) AS found_due_before_reception,
  count_if(ended < accepted) AS found_ended_before_reception,
  count_if(rounds > 1) AS found_several_supplements,
  count_if(first_completed < coalesce(first_asked, first_completed + 1)) AS found_supplement_unasked,
  count_if(ended IS NOT NULL AND unfinished) AS found_supplement_unfinished,
  count_if(rounds > 0 AND first_asked > due_before_pauses AND due IS NOT NULL) AS found_supplement_after_due,
  count_if(last_asked > ended) AS found_supplement_after_end,
  count_if(due_current <> due AND NOT is_computed AND NOT was_apologised) AS found_due_moved,
  count_if(voided) AS found_end_voided,
  count_if(lacks_year) AS found_no_calendar
FROM judged GROUP BY unit, date;

-- Cells of a unit and the day of the end; the report rate compares civil days.
CREATE OR REPLACE TEMP TABLE cells_ended AS
SELECT unit, ended_date AS day, count(*) AS ends,
  count_if(with_result AND ended_date < due_date) AS finished_early,
  count_if(with_result AND ended_date = due_date) AS finished_on_time,
  count_if(with_result AND ended_date > due_date) AS finished_late,
  count_if(with_result AND due IS NULL) AS finished_no_due,
  count_if(NOT with_result) AS closed_without_result,
  count_if(used IS NOT NULL) AS timed,
  count_if(allowed > 0) AS compared,
  CAST(coalesce(sum(used), 0) AS BIGINT) AS timed_minutes,
  CAST(coalesce(sum(used) FILTER (allowed > 0), 0) AS BIGINT) AS compared_minutes,
  CAST(coalesce(sum(allowed), 0) AS BIGINT) AS allowed_minutes,
  count_if(with_result AND returned_how = 2) AS returned_by_post,
  count_if(with_result AND score IS NOT NULL) AS rated,
  count_if(with_result AND score >= 4) AS rated_satisfied,
  count_if(with_result AND on_the_spot AND returned_how = 1) AS five_on_the_spot
FROM judged WHERE ended IS NOT NULL GROUP BY unit, ended_date;

INSERT INTO cells
SELECT unit, day, NULL, name, count FROM (UNPIVOT cells_received ON COLUMNS(* EXCLUDE (unit, day)) INTO NAME name VALUE count)
UNION ALL
SELECT unit, day, NULL, name, count FROM (UNPIVOT cells_ended ON COLUMNS(* EXCLUDE (unit, day)) INTO NAME name VALUE count)
UNION ALL
SELECT unit, date_at(verdicts.accepted), horizon, verdict, count(*)
FROM verdicts JOIN dossiers USING (dossier) GROUP BY ALL
UNION ALL
SELECT unit, date_at(verdicts.accepted), horizon, 'unblamed', count(*)
FROM verdicts JOIN dossiers USING (dossier)
WHERE verdict IN ('on_time', 'open_within') AND NOT before(complained, t_us) GROUP BY ALL
UNION ALL
SELECT unit, date, NULL, CASE WHEN paused THEN 'due_paused' WHEN today THEN 'due_today' ELSE 'due_soon' END, count(*)
FROM listed WHERE NOT late GROUP BY ALL
UNION ALL
SELECT unit, NULL, NULL, 'held', count(*) FROM dossiers
WHERE NOT before(accepted, getvariable('t_us')) AND NOT before(not_accepted, getvariable('t_us')) GROUP BY unit;

INSERT INTO watched SELECT * EXCLUDE (date, today) FROM listed;
INSERT INTO judgements
SELECT dossier, unit, verdict, ended, late_after, due FROM judged;
INSERT INTO cases SELECT dossier, getvariable('partition') FROM dossiers;
