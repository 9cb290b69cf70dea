-- The index of Decision 766/QĐ-TTg as the national portal computes it, from its table of indicators.
-- points = maximum × min(1, numerator ÷ denominator ÷ threshold); with a denominator of 0 as `empty` says.
CREATE TABLE indicators (id VARCHAR, grp VARCHAR, maximum BIGINT, threshold BIGINT, empty VARCHAR, inherited BOOLEAN,
  measured BOOLEAN);
INSERT INTO indicators VALUES
  ('1.1', 'CKMB', 6, 100, 'no data', true, false), ('1.2', 'CKMB', 4, 100, 'no data', true, false),
  ('1.3', 'CKMB', 2, 100, 'no data', true, false), ('1.4', 'CKMB', 6, 100, 'zero', false, false),
  ('2.1', 'TDGQ', 20, 100, 'no data', false, true), ('2.2', 'TDGQ', 0, 100, 'no data', false, true),
  ('3.1', 'CLGQ', 2, 80, 'no data', false, false), ('3.2', 'CLGQ', 4, 100, 'no data', false, false),
  ('3.3', 'CLGQ', 6, 50, 'no data', false, true),
  ('3.5', 'TTTT', 2, 80, 'zero', false, false), ('3.5b', 'TTTT', 2, 80, 'zero', false, false),
  ('3.6', 'TTTT', 6, 100, 'zero', false, true),
  ('4.1', 'MDSH', 6, 100, 'no data', false, true), ('4.2', 'MDSH', 4, 100, 'no data', false, true),
  ('4.3', 'MDSH', 2, 80, 'no data', false, true), ('4.4', 'MDSH', 4, 100, 'no data', false, true),
  ('4.5a', 'MDSH', 2, 100, 'no data', false, false), ('4.5b', 'MDSH', 2, 100, 'no data', false, true),
  ('4.6', 'MDSH', 2, 100, 'no data', false, false),
  ('5.2', 'MDHL', 6, 100, 'full', false, true), ('5.3', 'MDHL', 6, 100, 'full', false, true),
  ('5.4', 'MDHL', 6, 90, 'zero', false, true);

-- The counts above and below the line, in the words of the counters.
CREATE TABLE parts (id VARCHAR, above BOOLEAN, name VARCHAR);
INSERT INTO parts VALUES
  ('1.1', true, 'procedures_announced_on_time'), ('1.1', false, 'procedures_announced'),
  ('1.2', true, 'procedures_published_on_time'), ('1.2', false, 'procedures_to_publish'),
  ('1.3', true, 'procedures_complete'), ('1.3', false, 'procedures_published'),
  ('1.4', true, 'synchronised_counted'), ('1.4', false, 'to_synchronise'),
  ('2.1', true, 'on_time'), ('2.1', true, 'open_within'), ('2.1', false, 'received'),
  ('2.2', true, 'timed_minutes'), ('2.2', false, 'timed'),
  ('3.1', true, 'services'), ('3.1', false, 'procedures'),
  ('3.2', true, 'services_used'), ('3.2', false, 'services'),
  ('3.3', true, 'online'), ('3.3', false, 'received'),
  ('3.5', true, 'procedures_fee_dossier'), ('3.5', false, 'procedures_fee'),
  ('3.5b', true, 'procedures_fee_online'), ('3.5b', false, 'procedures_fee'),
  ('3.6', true, 'paid_online'), ('3.6', false, 'with_obligation'),
  ('4.1', true, 'result_issued'), ('4.1', false, 'received'),
  ('4.2', true, 'digitised'), ('4.2', false, 'received'),
  ('4.3', true, 'reused'), ('4.3', false, 'received'),
  ('4.4', true, 'linked'), ('4.4', false, 'received'),
  ('4.5a', true, 'procedures_population'), ('4.5a', false, 'procedures_citizens'),
  ('4.5b', true, 'population_data'), ('4.5b', false, 'received'),
  ('4.6', true, 'units_certified'), ('4.6', false, 'units'),
  ('5.2', true, 'petitions_in_time'), ('5.2', false, 'petitions'),
  ('5.3', true, 'petitions_well'), ('5.3', false, 'petitions'),
  ('5.4', true, 'unblamed'), ('5.4', false, 'received');

CREATE TABLE bands (band VARCHAR, least BIGINT);
INSERT INTO bands VALUES ('excellent', 90), ('good', 80), ('fair', 70), ('average', 50), ('weak', 0);

-- Counts that are made of dossiers alone; without one of its counts an indicator has no data.
CREATE TABLE counted_names (name VARCHAR, in_weeks BOOLEAN);
INSERT INTO counted_names SELECT unnest(['received', 'online', 'on_time', 'open_within', 'unblamed', 'result_issued',
  'digitised', 'reused', 'linked', 'population_data', 'with_obligation', 'paid_online', 'timed_minutes', 'timed',
  'petitions', 'petitions_in_time', 'petitions_well']), true;

-- In hundredths of points, half up.
CREATE MACRO half_up(above, below) AS (above * 200 + below) // (below * 2);
