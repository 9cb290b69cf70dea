-- What is kept of all partitions.
CREATE TABLE set_fields AS SELECT unnest(['asked', 'completed', 'appointment', 'step', 'payment_asked', 'paid', 'rated']) AS field;
CREATE TABLE closed_names AS SELECT unnest(['received', 'online', 'ended', 'on_time', 'late', 'ended_no_due', 'open_within',
  'open_overdue', 'open_no_due', 'ends', 'finished_early', 'finished_on_time', 'finished_late', 'finished_no_due', 'settled'])
  AS name;
CREATE TABLE cells (unit VARCHAR, day DATE, horizon VARCHAR, name VARCHAR, count BIGINT);
CREATE TABLE watched (dossier VARCHAR, unit VARCHAR, procedure VARCHAR, due BIGINT, warned BIGINT, late BOOLEAN,
  paused BOOLEAN, apologised BOOLEAN, received BIGINT, step VARCHAR);
CREATE TABLE judgements (dossier VARCHAR, unit VARCHAR, verdict VARCHAR, ended BIGINT, late_after BIGINT, due BIGINT);
CREATE TABLE cases (dossier VARCHAR, partition INTEGER);
CREATE TABLE uses (unit VARCHAR, procedure VARCHAR, month DATE, received BIGINT, online BIGINT, postal BIGINT,
  fee_synchronised BIGINT, paid_online BIGINT, five_on_the_spot BIGINT);
CREATE TABLE statements_held (recorded_us BIGINT, id VARCHAR, stated JSON);
CREATE TABLE items (input VARCHAR, items BIGINT);

-- What the stream says, what was compared, and what differs.
CREATE TABLE compared (figures VARCHAR, compared BIGINT);
CREATE TABLE differences (figures VARCHAR, subject VARCHAR, period VARCHAR, name VARCHAR, said VARCHAR, audit VARCHAR);
