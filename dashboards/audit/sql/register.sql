-- Units as the register has them.  Comes from: register_rows(place, code, name, level, parent, since, until, saturday),
-- since and until in days and never NULL, and register_aliases(place, alias, code).
CREATE MACRO row_order(since, until, day, place) AS
  -- the first row that holds on the day, else the one that stands last
  CASE WHEN since <= day AND day < until THEN -place ELSE place - 1000000000 END;
CREATE TABLE units AS
SELECT code, level, saturday FROM register_rows
QUALIFY row_number() OVER (PARTITION BY code ORDER BY row_order(since, until, 1000000000000, place) DESC) = 1;
CREATE TABLE codes AS
SELECT code AS sent, code FROM units
UNION ALL
SELECT alias, arg_max(code, place) FROM register_aliases WHERE alias NOT IN (SELECT code FROM units) GROUP BY alias;
