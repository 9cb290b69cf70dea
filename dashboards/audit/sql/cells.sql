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
  count_if(with_result AND returned_how = 1 AND served_at_centre) AS five_on_the_spot
FROM judged WHERE ended IS NOT NULL GROUP BY unit, ended_date;

-- Cells of petitions, by the day on which they came.
CREATE OR REPLACE TEMP TABLE cells_petitions AS
SELECT verdicts.unit, verdicts.date AS day, count(*) AS petitions,
  count_if(topic = 'procedure') AS petitions_procedure,
  count_if(topic = 'behaviour') AS petitions_behaviour,
  count_if(topic = 'extra_trips') AS petitions_trips,
  count_if(has_answer IS NULL) AS petitions_open,
  count_if(has_answer IS NULL AND NOT in_time) AS petitions_overdue,
  count_if(NOT listed.late) AS petitions_due_soon
FROM petition_verdicts verdicts LEFT JOIN listed ON listed.dossier = petition AND is_petition
WHERE horizon = 'now' GROUP BY ALL;

INSERT INTO cells
SELECT unit, day, NULL, name, count FROM (UNPIVOT cells_received ON COLUMNS(* EXCLUDE (unit, day)) INTO NAME name VALUE count)
UNION ALL
SELECT unit, day, NULL, name, count FROM (UNPIVOT cells_ended ON COLUMNS(* EXCLUDE (unit, day)) INTO NAME name VALUE count)
UNION ALL
SELECT unit, day, NULL, name, count FROM (UNPIVOT cells_petitions ON COLUMNS(* EXCLUDE (unit, day)) INTO NAME name VALUE count)
UNION ALL
SELECT unit, date, horizon, CASE WHEN in_time IS NULL THEN 'petitions_no_due' ELSE 'petitions_in_time' END, count(*)
FROM petition_verdicts WHERE coalesce(in_time, true) GROUP BY ALL
UNION ALL
SELECT unit, date, horizon, 'petitions_well', count(*)
FROM petition_verdicts WHERE in_time AND NOT before(disliked, t_us) AND NOT before(repeated, t_us) GROUP BY ALL
UNION ALL
SELECT unit, date_at(verdicts.accepted), horizon, verdict, count(*)
FROM verdicts JOIN dossiers USING (dossier) GROUP BY ALL
UNION ALL
SELECT unit, date_at(verdicts.accepted), horizon, 'unblamed', count(*)
FROM verdicts JOIN dossiers USING (dossier)
WHERE verdict IN ('on_time', 'open_within') AND NOT before(complained, t_us) GROUP BY ALL
UNION ALL
-- what nothing but a correction can change any more
SELECT unit, date_at(verdicts.accepted), horizon, 'settled', count(*)
FROM verdicts JOIN dossiers USING (dossier) WHERE verdict NOT IN ('open_within', 'open_no_due') GROUP BY ALL
UNION ALL
SELECT unit, date, NULL, CASE WHEN paused THEN 'due_paused' WHEN today THEN 'due_today' ELSE 'due_soon' END, count(*)
FROM listed WHERE NOT late AND NOT is_petition GROUP BY ALL
UNION ALL
SELECT unit, NULL, NULL, 'held', count(*) FROM dossiers
WHERE NOT before(accepted, getvariable('t_us')) AND NOT before(not_accepted, getvariable('t_us')) GROUP BY unit;

INSERT INTO watched SELECT * EXCLUDE (date, today, is_petition) FROM listed;
INSERT INTO judgements
SELECT dossier, unit, verdict, ended, late_after, due FROM judged;
-- By unit, procedure and month of reception; five on the spot by the month of the end.
INSERT INTO uses
SELECT unit, procedure, date_trunc('month', date), count(*), count_if(channel = 2), count_if(channel = 3),
  count_if(with_obligation AND before(synchronised, t_us)), count_if(paid_online), 0
FROM judged GROUP BY ALL
UNION ALL
SELECT unit, procedure, date_trunc('month', ended_date), 0, 0, 0, 0, 0, count(*)
FROM judged WHERE with_result AND returned_how = 1 AND served_at_centre GROUP BY ALL;
