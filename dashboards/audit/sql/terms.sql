-- Due dates that are computed because none was promised: docs/semantics.md, "Computed due", "Limits", "Which limit".
CREATE OR REPLACE TEMP TABLE promised AS
SELECT dossier, horizon, ends.t_us, ends.accepted, ends.ended, with_result,
  CASE WHEN is_corrected AND (due_corrected IS NULL OR getvariable('scores') = 'promised') THEN due_corrected
       WHEN getvariable('scores') = 'current' AND has_current THEN due_current
       ELSE due_first END AS promised
FROM ends JOIN dossiers USING (dossier);

-- The editions in force: for an open dossier as of T, for an ended one as of its end; and the row of the table.
CREATE OR REPLACE TEMP TABLE limited AS
WITH asking AS (
  SELECT promised.* EXCLUDE (promised), unit, procedure, channel, received_unit,
    least(t_us, ended * 1000000) AS moment_us, day_at(promised.accepted) AS day
  FROM promised JOIN dossiers USING (dossier) WHERE promised IS NULL AND procedure <> ''),
known AS (
  SELECT asking.*, calendars.edition AS calendar, tables.edition AS limits,
    coalesce(units.level, 'unregistered') AS level, coalesce(receiving.saturday, false) AS saturday
  FROM asking
  ASOF JOIN calendars ON moment_us >= calendars.holds_us
  ASOF JOIN limit_tables tables ON moment_us >= tables.holds_us
  LEFT JOIN codes ON codes.sent = unit LEFT JOIN units ON units.code = codes.code
  LEFT JOIN codes received ON received.sent = coalesce(nullif(received_unit, ''), unit)
  LEFT JOIN units receiving ON receiving.code = received.code)
SELECT known.dossier, known.horizon, known.accepted, known.calendar, known.saturday,
  rules.counts, rules.count, rules.same_time, rules.cut_off
FROM known JOIN limit_rules rules
  ON rules.edition = known.limits AND rules.procedure = known.procedure AND rules.since <= known.day
  AND rules.channel IN (0, known.channel) AND rules.level IN ('', known.level)
QUALIFY row_number() OVER (PARTITION BY known.dossier, known.horizon
  ORDER BY rules.channel > 0 DESC, rules.level <> '' DESC, rules.since DESC) = 1;

-- Where time begins to run: at reception, or the next working moment; a unit with the Saturday switch takes its Saturday.
CREATE OR REPLACE TEMP TABLE started AS
WITH begun AS (
  SELECT limited.*,
    CASE WHEN saturday AND counts IN ('working_days', 'calendar_days', 'calendar_months')
           AND isodow(date_at(accepted)) = 6 AND NOT days.worked AND NOT days.holiday THEN accepted
         ELSE greatest(accepted, office.opens) END AS start
  FROM limited
  JOIN calendar_bounds bounds ON bounds.edition = calendar AND accepted >= begins AND accepted < ends
  LEFT JOIN calendar_days days ON days.edition = calendar AND days.day = day_at(accepted)
  ASOF LEFT JOIN office ON office.edition = calendar AND accepted < office.closes)
SELECT begun.*, days.day AS start_day, start - days.midnight AS start_second, days.worked_before, days.worked,
  office.seconds_before + greatest(start - office.opens, 0) AS start_worked
FROM begun
LEFT JOIN calendar_days days ON days.edition = calendar AND days.day = day_at(start)
ASOF LEFT JOIN office ON office.edition = calendar AND start < office.closes
WHERE start IS NOT NULL;

CREATE OR REPLACE TEMP TABLE unpaused AS
WITH aimed AS (
  SELECT *,
    -- for the close of office of a day, or of the next working day
    CASE counts WHEN 'same_day' THEN start_day + CASE WHEN start_second <= cut_off THEN 0 ELSE 1 END
      WHEN 'calendar_days' THEN start_day + CAST(count AS BIGINT)
      WHEN 'calendar_months' THEN CAST(CAST(date_of(start_day) + to_months(CAST(least(count, 90000) AS INTEGER)) AS DATE)
                                       - DATE '1970-01-01' AS BIGINT)
    END AS from_day,
    -- the nth working day after the day of the start
    CASE counts WHEN 'working_days' THEN worked_before + CAST(worked AS BIGINT) + CAST(count AS BIGINT) - 1 END AS nth,
    CASE counts WHEN 'working_hours' THEN start_worked + CAST(round_even(count * 3600, 0) AS BIGINT) END AS used_up
  FROM started)
SELECT aimed.dossier, aimed.horizon, calendar, start, counts, same_time,
  CASE WHEN counts = 'working_hours' THEN office.opens + used_up - office.seconds_before
       WHEN counts = 'working_days' AND same_time THEN working.midnight + start_second
       ELSE working.closes END AS due
FROM aimed
LEFT JOIN calendar_days days ON days.edition = calendar AND days.day = from_day
LEFT JOIN working_days working ON working.edition = calendar AND working.ordinal = coalesce(nth, days.worked_before)
ASOF LEFT JOIN office ON office.edition = calendar AND used_up <= office.seconds_after;

CREATE OR REPLACE TEMP TABLE terms AS
SELECT limited.dossier, limited.horizon, limited.accepted, limited.calendar, start, limited.counts, limited.same_time,
  due AS unpaused
FROM limited LEFT JOIN unpaused USING (dossier, horizon);

-- The same with the time of the first round given back, in the unit of the limit; NULL where it needs a missing year.
CREATE OR REPLACE TEMP TABLE paused AS
WITH waited AS (
  SELECT terms.*, greatest(asked1, start) AS begin, over1 AS finish
  FROM terms JOIN supplemented USING (dossier, horizon) WHERE over1 > greatest(asked1, start) AND asked1 <= unpaused),
measured AS (
  SELECT waited.*, unpaused + finish - begin AS carried,
    CASE WHEN finish >= bounds.begins AND finish < bounds.ends
         THEN worked_in(finish, finishing.opens, finishing.closes, finishing.seconds_before) - worked_in(begin, beginning.opens, beginning.closes, beginning.seconds_before) END AS given_back,
    worked_in(unpaused, owing.opens, owing.closes, owing.seconds_before) AS owed
  FROM waited JOIN calendar_bounds bounds ON bounds.edition = calendar
  ASOF LEFT JOIN office beginning ON beginning.edition = calendar AND begin >= beginning.opens
  ASOF LEFT JOIN office finishing ON finishing.edition = calendar AND finish >= finishing.opens
  ASOF LEFT JOIN office owing ON owing.edition = calendar AND unpaused >= owing.opens)
SELECT measured.dossier, measured.horizon,
  CASE WHEN counts IN ('calendar_days', 'calendar_months') THEN carrying.closes
       WHEN given_back = 0 THEN unpaused
       WHEN counts = 'working_hours' OR same_time THEN office.opens + owed + given_back - office.seconds_before
       ELSE working.closes END AS due
FROM measured
ASOF LEFT JOIN working_days carrying ON carrying.edition = calendar AND carried <= carrying.closes
ASOF LEFT JOIN office ON office.edition = calendar AND owed + given_back <= office.seconds_after
LEFT JOIN working_days working ON working.edition = calendar AND working.ordinal = office.ordinal;
