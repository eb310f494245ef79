-- Let a parked event go, at every endpoint that has it or at one.
-- $1 broker, $2 uuid of the event as text, $3 endpoint or null: all, $4 note
--   -> endpoint; no row: it is not parked there
update dead_letter
set state = 'discarded', settled_at = clock_timestamp(), note = $4
where broker = $1 and event_id::text = $2 and ($3::text is null or endpoint = $3) and state in ('parked', 'sending')
returning endpoint;
