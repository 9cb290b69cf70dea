-- What stands of each field of each dossier: docs/semantics.md, "Facts and cases".
-- Comes from: statements(dossier, recorded_us, id, field, value), one row an assignment, value as JSON.
CREATE OR REPLACE TEMP TABLE standing AS
WITH said AS (
  -- elements of a set have a moment each: a moment alone, or a list of [moment, detail]
  SELECT dossier, recorded_us, id, field, CAST(value AS BIGINT) AS moment, CAST('true' AS JSON) AS value
  FROM statements WHERE field IN (FROM set_fields) AND json_type(value) <> 'ARRAY'
  UNION ALL
  SELECT dossier, recorded_us, id, field, CAST(element ->> '$[0]' AS BIGINT), coalesce(element -> '$[1]', 'null')
  FROM (SELECT * EXCLUDE (value), unnest(CAST(value AS JSON[])) AS element
        FROM statements WHERE field IN (FROM set_fields) AND json_type(value) = 'ARRAY')
  UNION ALL
  SELECT dossier, recorded_us, id, field, 0, value FROM statements WHERE field NOT IN (FROM set_fields))
SELECT * FROM said WHERE field <> 'due_first'
QUALIFY row_number() OVER (PARTITION BY dossier, field, moment
                           ORDER BY recorded_us DESC, id DESC, content_order(value) DESC) = 1
UNION ALL
SELECT * FROM said WHERE field = 'due_first'
QUALIFY row_number() OVER (PARTITION BY dossier ORDER BY recorded_us, id, content_order(value) DESC) = 1;

-- A row a dossier.  A field that was cleared is there and NULL.
CREATE OR REPLACE TEMP TABLE dossiers AS
SELECT dossier,
  coalesce(nullif(any_value(value ->> '$') FILTER (field = 'unit'), ''),
           any_value(value ->> '$') FILTER (field = 'received_unit'), '') AS unit,
  any_value(value ->> '$') FILTER (field = 'received_unit') AS received_unit,
  coalesce(any_value(value ->> '$') FILTER (field = 'procedure'), '') AS procedure,
  coalesce(any_value(number(value)) FILTER (field = 'channel'), 1) AS channel,
  any_value(number(value)) FILTER (field = 'accepted') AS accepted,
  any_value(number(value)) FILTER (field = 'not_accepted') AS not_accepted,
  any_value(number(value)) FILTER (field = 'finished') AS finished,
  any_value(number(value)) FILTER (field = 'returned') AS returned,
  any_value(number(value)) FILTER (field = 'stopped') AS stopped,
  any_value(number(value)) FILTER (field = 'withdrawn') AS withdrawn,
  any_value(number(value)) FILTER (field = 'reopened') AS reopened,
  any_value(number(value)) FILTER (field = 'due_first') AS due_first,
  any_value(number(value)) FILTER (field = 'due_corrected') AS due_corrected,
  any_value(number(value)) FILTER (field = 'due_current') AS due_current,
  any_value(number(value)) FILTER (field = 'returned_how') AS returned_how,
  any_value(number(value)) FILTER (field = 'apologised') AS apologised,
  any_value(number(value)) FILTER (field = 'digitised') AS digitised,
  any_value(number(value)) FILTER (field = 'result_issued') AS result_issued,
  any_value(number(value)) FILTER (field = 'reused') AS reused,
  any_value(number(value)) FILTER (field = 'linked') AS linked,
  any_value(number(value)) FILTER (field = 'population_data') AS population_data,
  any_value(number(value)) FILTER (field = 'identified') AS identified,
  any_value(number(value)) FILTER (field = 'synchronised') AS synchronised,
  any_value(number(value)) FILTER (field = 'complained') AS complained,
  bool_or(field = 'due_corrected') AS is_corrected,
  bool_or(field = 'due_current') AS has_current,
  bool_or(field = 'apologised') AS was_apologised,
  bool_or(field = 'asked' AND json_type(value) <> 'NULL') AS has_asked,
  -- when the voidable and the voiding were said
  any_value({'us': recorded_us, 'id': id}) FILTER (field = 'not_accepted') AS said_not_accepted,
  any_value({'us': recorded_us, 'id': id}) FILTER (field = 'finished') AS said_finished,
  any_value({'us': recorded_us, 'id': id}) FILTER (field = 'returned') AS said_returned,
  any_value({'us': recorded_us, 'id': id}) FILTER (field = 'stopped') AS said_stopped,
  any_value({'us': recorded_us, 'id': id}) FILTER (field = 'withdrawn') AS said_withdrawn,
  any_value({'us': recorded_us, 'id': id}) FILTER (field = 'reopened') AS said_reopened,
  any_value({'us': recorded_us, 'id': id}) FILTER (field = 'due_corrected') AS said_corrected
FROM standing GROUP BY dossier
HAVING NOT bool_or(field IN ('petition_received', 'stated'));

-- Payments, ratings, steps and supplements as of now: only what happened before it.
CREATE OR REPLACE TEMP TABLE happened AS
SELECT dossier,
  coalesce(bool_or(field = 'payment_asked' AND number(value) > 0), false)
    OR coalesce(bool_or(field = 'paid' AND TRY_CAST(value ->> '$[0]' AS BIGINT) > 0), false) AS with_obligation,
  coalesce(bool_or(field = 'paid' AND TRY_CAST(value ->> '$[0]' AS BIGINT) > 0), false) AS paid,
  coalesce(bool_or(field = 'paid' AND TRY_CAST(value ->> '$[0]' AS BIGINT) > 0
    AND value ->> '$[1]' IN ('national_portal', 'local_gateway')), false) AS paid_online,
  coalesce(bool_or(field = 'paid' AND TRY_CAST(value ->> '$[0]' AS BIGINT) > 0
    AND value ->> '$[1]' IN ('national_portal', 'local_gateway', 'transfer')), false) AS paid_cashless,
  arg_max(number(value), moment) FILTER (field = 'rated') AS score,
  arg_max(value ->> '$', moment) FILTER (field = 'step' AND value ->> '$' <> '') AS step,
  bool_or(field = 'step' AND done LIKE '%,appraised,%') AND bool_or(field = 'step' AND done LIKE '%,approved,%')
    AND bool_or(field = 'step' AND done LIKE '%,stamped,%') AS served_at_centre,
  min(moment) FILTER (field = 'asked') AS first_asked,
  max(moment) FILTER (field = 'asked') AS last_asked,
  min(moment) FILTER (field = 'completed') AS first_completed
FROM (
  SELECT *, CASE WHEN value ->> '$' LIKE '%@centre' THEN ',' || replace(value ->> '$', '@centre', '') || ',' END AS done
  FROM standing)
WHERE field IN ('payment_asked', 'paid', 'rated', 'step', 'asked', 'completed') AND json_type(value) <> 'NULL'
  AND before(moment, getvariable('t_us'))
GROUP BY dossier;

-- Petitions are whatever has ever said when it was received.
CREATE OR REPLACE TEMP TABLE petitions AS
SELECT dossier AS petition, coalesce(any_value(value ->> '$') FILTER (field = 'unit'), '') AS unit,
  any_value(number(value)) FILTER (field = 'petition_received') AS received,
  any_value(number(value)) FILTER (field = 'petition_answered') AS answered,
  any_value(number(value)) FILTER (field = 'petition_disliked') AS disliked,
  any_value(number(value)) FILTER (field = 'petition_repeated') AS repeated,
  any_value(value ->> '$') FILTER (field = 'petition_topic') AS topic
FROM standing GROUP BY dossier HAVING bool_or(field = 'petition_received');

-- What is stated beside dossiers: the whole statement is one value.
INSERT INTO statements_held SELECT recorded_us, id, value FROM standing WHERE field = 'stated';
INSERT INTO cases SELECT DISTINCT dossier, CAST(getvariable('partition') AS INTEGER) FROM standing;
