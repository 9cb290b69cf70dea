-- The messages of one partition of dossier-facts, a line of JSON each, as single assignments.
CREATE OR REPLACE TEMP TABLE batches AS
SELECT * FROM read_ndjson(getvariable('path'), maximum_object_size = 67108864, columns = {
  clock: 'BIGINT', inputs: 'VARCHAR[]',
  facts: 'STRUCT("case" VARCHAR, recorded BIGINT, id VARCHAR, "set" MAP(VARCHAR, JSON), origin BIGINT[], counted BOOLEAN)[]'});

CREATE OR REPLACE TEMP TABLE statements AS
SELECT dossier, recorded_us, id, assignment.key AS field, coalesce(assignment.value, 'null') AS value
FROM (SELECT fact."case" AS dossier, fact.recorded AS recorded_us, fact.id AS id, unnest(map_entries(fact."set")) AS assignment
      FROM (SELECT unnest(facts) AS fact FROM batches)
      WHERE fact.recorded < coalesce(getvariable('known_at_us'), fact.recorded + 1));

-- Items of the inputs, each by its origin, counted where its own case is.
INSERT INTO items
SELECT input, count(DISTINCT origin)
FROM (SELECT inputs[fact.origin[1] + 1] AS input, (fact.origin[2], fact.origin[3]) AS origin
      FROM (SELECT inputs, unnest(facts) AS fact FROM batches) WHERE coalesce(fact.counted, true))
GROUP BY input;
