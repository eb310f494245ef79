-- The head of a broker that has none yet.
-- $1 broker
insert into sequence_head (broker) values ($1) on conflict (broker) do nothing;
