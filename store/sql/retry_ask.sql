-- A quarantined shipment is to be tried again, at the next opportunity. Of a paused connection none is.
-- $1 text, broker   $2 text, connection   $3 text, shipment   $4 text, who
--   -> state text, paused bool; no row: there is no such shipment
with found as (
	select s.state, c.state = 'paused' as paused
	from shipment s
	join connection c on c.broker = s.broker and c.connection = s.connection
	where s.broker = $1 and s.connection = $2 and s.shipment_id = $3
), asked as (
	update shipment s
	set retry_asked_at = coalesce(s.retry_asked_at, now()), retry_asked_by = $4,
	    closed_at = null, closed_by = null, closed_note = null
	from found f
	where s.broker = $1 and s.connection = $2 and s.shipment_id = $3 and s.state = 'quarantined' and not f.paused
), due as (
	update connection c
	set due_at = least(c.due_at, now())
	from found f
	where c.broker = $1 and c.connection = $2 and f.state = 'quarantined' and not f.paused
)
select state, paused from found
