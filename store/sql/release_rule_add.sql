-- A rule of the broker's own; none for just that may be there.
-- $1 broker, $2 category, $3 issuer, $4 customer; null: any   $5 verb, $6 int4 seconds of hold-back; null: the tier's
-- $7 note; null: none, $8 who    -> rule_id int8; no row: there is one
insert into release_rule (broker, category, issuer, customer_id, verb, hold_s, note, created_by)
values ($1, $2, $3, $4, $5, $6::int, $7, $8)
on conflict do nothing
returning rule_id
