-- One rule about letters, in place of the one that was there.
-- $1 text, broker   $2 text, issuer or *   $3 text, category or *   $4 text, twin   $5 int4, lag in working days
-- $6 text, source   $7 text, confidence   $8 text, who says so
insert into letter_rule (broker, issuer, category, twin, lag_days, source, confidence, set_by)
values ($1, $2, $3, $4, $5::int, $6, $7, $8)
on conflict (broker, issuer, category) do update
set twin = excluded.twin, lag_days = excluded.lag_days, source = excluded.source, confidence = excluded.confidence,
    set_by = excluded.set_by, since = now()
