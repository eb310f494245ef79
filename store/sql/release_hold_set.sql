-- What a tier holds back.
-- $1 broker, $2 tier, $3 int4 seconds
insert into release_hold (broker, tier, hold_s) values ($1, $2, $3::int)
on conflict (broker, tier) do update set hold_s = excluded.hold_s
