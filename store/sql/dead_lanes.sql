-- The lanes of an endpoint with dead letters that a person wants sent again.
-- $1 broker, $2 endpoint    -> lane
select distinct lane from dead_letter where broker = $1 and endpoint = $2 and state = 'sending';
