-- A dead letter was refused again: it stays one.
-- $1 broker, $2 endpoint, $3 uuid of the event, $4 sentence
update dead_letter
set state = 'parked', failures = failures + 1, last_error = $4
where broker = $1 and endpoint = $2 and event_id = $3::uuid and state = 'sending';
