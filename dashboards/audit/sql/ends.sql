-- As of when each dossier is judged, and which end holds then: docs/semantics.md, "As of" and "Ends".
-- A horizon is now, or the end of the week, month, quarter or year of reception once it has passed.
CREATE OR REPLACE TEMP TABLE horizons AS
WITH accepted AS (
  SELECT dossier, accepted, date_at(accepted) AS date FROM dossiers WHERE before(accepted, getvariable('t_us')))
SELECT dossier, 'now' AS horizon, CAST(getvariable('t_us') AS BIGINT) AS t_us FROM accepted
UNION ALL
SELECT dossier, kind, least(CAST(getvariable('t_us') AS BIGINT), midnight(end_of(kind, date)) * 1000000)
FROM accepted, kinds;

CREATE OR REPLACE TEMP TABLE ends AS
WITH counting AS (
  -- an end counts unless the dossier went back after it, by then, and this was said after it
  SELECT horizon, t_us, dossiers.*,
    CASE WHEN before(finished, t_us) AND NOT voids_end(finished, said_finished, reopened, said_reopened, t_us) THEN finished END AS has_finished,
    CASE WHEN before(returned, t_us) AND NOT voids_end(returned, said_returned, reopened, said_reopened, t_us) THEN returned END AS has_returned,
    CASE WHEN before(stopped, t_us) AND NOT voids_end(stopped, said_stopped, reopened, said_reopened, t_us) THEN stopped END AS has_stopped,
    CASE WHEN before(withdrawn, t_us) AND NOT voids_end(withdrawn, said_withdrawn, reopened, said_reopened, t_us) THEN withdrawn END AS has_withdrawn,
    -- refused before acceptance is no end
    CASE WHEN before(not_accepted, t_us) AND not_accepted >= accepted AND NOT voids_end(not_accepted, said_not_accepted, reopened, said_reopened, t_us)
         THEN not_accepted END AS has_refused
  FROM horizons JOIN dossiers USING (dossier))
SELECT dossier, horizon, t_us, accepted,
  coalesce(has_finished, has_returned, least(has_stopped, has_refused), has_withdrawn) AS ended,
  has_finished IS NOT NULL OR has_returned IS NOT NULL AS with_result
FROM counting;
