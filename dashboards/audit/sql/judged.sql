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
