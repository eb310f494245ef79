-- Make sure that the broker of the configuration exists.
-- $1 text, broker
insert into broker (broker) values ($1) on conflict do nothing
