-- Instants are seconds since 1970 UTC unless a name ends in _us (micros); days are counted from 1970-01-01.
CREATE MACRO wall(instant) AS timezone(getvariable('zone'), make_timestamptz(instant * 1000000));
CREATE MACRO date_at(instant) AS CAST(wall(instant) AS DATE);
CREATE MACRO day_at(instant) AS CAST(date_at(instant) - DATE '1970-01-01' AS BIGINT);
CREATE MACRO date_of(day) AS DATE '1970-01-01' + CAST(day AS INTEGER);
CREATE MACRO midnight(date) AS epoch_us(timezone(getvariable('zone'), CAST(date AS TIMESTAMP))) // 1000000;

-- The first day after the week, month, quarter and year of a date, and what these are called.
CREATE MACRO end_of(kind, date) AS CASE kind
  WHEN 'week' THEN CAST(date_trunc('week', date) + INTERVAL 7 DAY AS DATE)
  WHEN 'month' THEN CAST(date_trunc('month', date) + INTERVAL 1 MONTH AS DATE)
  WHEN 'quarter' THEN CAST(date_trunc('quarter', date) + INTERVAL 3 MONTH AS DATE)
  WHEN 'year' THEN CAST(date_trunc('year', date) + INTERVAL 1 YEAR AS DATE) END;
CREATE MACRO period_of(kind, date) AS CASE kind
  WHEN 'week' THEN strftime(date, '%G-W%V')
  WHEN 'month' THEN strftime(date, '%Y-%m')
  WHEN 'quarter' THEN strftime(date, '%Y-Q') || quarter(date)
  WHEN 'year' THEN strftime(date, '%Y') END;
CREATE TABLE kinds AS SELECT unnest(['week', 'month', 'quarter', 'year']) AS kind;

-- What was done strictly before T has been done.
CREATE MACRO before(instant, t_us) AS coalesce(instant * 1000000 < t_us, false);
CREATE MACRO said_later(one, other) AS (struct_extract(one, 'us'), struct_extract(one, 'id'))
  > (struct_extract(other, 'us'), struct_extract(other, 'id'));
CREATE MACRO voids_end(moment, said, reopened, said_reopened, t_us) AS
  coalesce(moment < reopened AND before(reopened, t_us) AND said_later(said_reopened, said), false);

-- The greater of two contents under one stamp is the one whose MessagePack is: by first byte, number, length and text.
CREATE MACRO content_order(value) AS CASE json_type(value)
  WHEN 'NULL' THEN {'first': 192, 'number': 0::HUGEINT, 'text': ''}
  WHEN 'BOOLEAN' THEN {'first': CASE WHEN CAST(value AS BOOLEAN) THEN 195 ELSE 194 END, 'number': 0::HUGEINT, 'text': ''}
  WHEN 'VARCHAR' THEN {'first': CASE WHEN strlen(value ->> '$') < 32 THEN 160 ELSE 217 END,
                       'number': strlen(value ->> '$')::HUGEINT, 'text': value ->> '$'}
  WHEN 'OBJECT' THEN {'first': 128, 'number': 0::HUGEINT, 'text': CAST(value AS VARCHAR)}
  WHEN 'ARRAY' THEN {'first': 144, 'number': TRY_CAST(value ->> '$[0]' AS HUGEINT),
                     'text': chr(64 + CAST(strlen(value ->> '$[1]') AS INTEGER)) || (value ->> '$[1]')}
  ELSE {'first': CASE WHEN CAST(value AS HUGEINT) < 0 THEN 224 WHEN CAST(value AS HUGEINT) < 128 THEN 0
                      WHEN CAST(value AS HUGEINT) < 256 THEN 204 WHEN CAST(value AS HUGEINT) < 65536 THEN 205
                      WHEN CAST(value AS HUGEINT) < 4294967296 THEN 206 ELSE 207 END,
        'number': CAST(value AS HUGEINT), 'text': ''} END;

-- The number in a value of a field; NULL where it was cleared.
CREATE MACRO number(value) AS TRY_CAST(value ->> '$' AS BIGINT);
