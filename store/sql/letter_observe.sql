-- A letter arrived; of one document the last word counts.
-- $1 text, broker   $2 uuid, document   $3 text, issuer; may be null   $4 text, category   $5 date, arrived on
-- $6 int4, days of delivery after the document's date; null: of no use   $7 text, source
insert into letter_observation (broker, document_id, issuer, category, arrived_on, days, source)
values ($1, $2::uuid, $3, $4, $5::date, $6::int, $7)
on conflict (broker, document_id) do update
set arrived_on = excluded.arrived_on, days = excluded.days, source = excluded.source, observed_at = now()
