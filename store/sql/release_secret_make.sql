-- The secret of the collapse keys, once a broker.
-- $1 broker
insert into release_secret (broker) values ($1) on conflict (broker) do nothing
