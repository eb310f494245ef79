-- Send a dead letter again, or all of an endpoint.
-- $1 broker, $2 uuid of the event as text or null: all, $3 endpoint or null: each that has it
--   -> endpoint; no row: none
update dead_letter
set state = 'sending'
where broker = $1 and ($2::text is null or event_id::text = $2) and ($3::text is null or endpoint = $3)
  and state in ('parked', 'sending')
returning endpoint;
