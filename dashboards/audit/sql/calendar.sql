-- Working time of every edition of the calendar, from its rows: days, office hours, working days.
-- Comes from: calendars(edition, holds_us), calendar_years(edition, year, provisional),
-- calendar_weekdays(edition, since, weekdays), calendar_hours(edition, since, hours), calendar_unusual(edition, date, worked).
CREATE TABLE calendar_days AS
WITH known AS (
  SELECT edition, CAST(unnest(generate_series(make_date(min(year), 1, 1)::TIMESTAMP, make_date(max(year), 12, 31)::TIMESTAMP,
                                              INTERVAL 1 DAY)) AS DATE) AS date
  FROM calendar_years GROUP BY edition),
open AS (
  SELECT known.*,
    CASE WHEN unusual.worked IS NOT NULL THEN unusual.worked
         ELSE list_contains(weekdays.weekdays, isodow(known.date) - 1) END AS worked,
    coalesce(NOT unusual.worked, false) AS holiday,
    hours.hours
  FROM known
  ASOF JOIN calendar_weekdays weekdays ON weekdays.edition = known.edition AND known.date >= weekdays.since
  ASOF JOIN calendar_hours hours ON hours.edition = known.edition AND known.date >= hours.since
  LEFT JOIN calendar_unusual unusual ON unusual.edition = known.edition AND unusual.date = known.date)
SELECT edition, date, CAST(date - DATE '1970-01-01' AS BIGINT) AS day, worked, holiday, hours, midnight(date) AS midnight,
  -- working days up to, not including, this one
  CAST(count_if(worked) OVER (PARTITION BY edition ORDER BY date) - CAST(worked AS INTEGER) AS BIGINT) AS worked_before
FROM open;

-- From when to when an edition knows what is worked.
CREATE TABLE calendar_bounds AS
SELECT edition, min(midnight) AS begins, midnight(max(date) + 1) AS ends, min(day) AS first_day, max(day) AS last_day
FROM calendar_days GROUP BY edition;

-- Office hours, half open, with the working seconds before and up to the end of each.
CREATE TABLE office AS
WITH intervals AS (
  SELECT edition, day, worked_before AS ordinal, midnight + hour[1] AS opens, midnight + hour[2] AS closes
  FROM (SELECT edition, day, worked_before, midnight, unnest(hours) AS hour FROM calendar_days WHERE worked))
SELECT *, CAST(sum(closes - opens) OVER (PARTITION BY edition ORDER BY opens) AS BIGINT) AS seconds_after,
  CAST(sum(closes - opens) OVER (PARTITION BY edition ORDER BY opens) AS BIGINT) - (closes - opens) AS seconds_before
FROM intervals;

-- The nth working day of an edition, from 0, its close of office and its working seconds.
CREATE TABLE working_days AS
SELECT office.edition, office.ordinal, office.day, any_value(days.midnight) AS midnight, max(closes) AS closes,
  CAST(sum(closes - opens) AS BIGINT) AS seconds
FROM office JOIN calendar_days days ON days.edition = office.edition AND days.day = office.day GROUP BY ALL;

-- Working seconds before an instant, by the office hours that began last before it (NULL: none had).
CREATE MACRO worked_in(instant, opens, closes, seconds_before) AS
  coalesce(seconds_before + least(instant, closes) - opens, 0);
