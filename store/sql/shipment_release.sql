-- A person lets stored shipments be acknowledged: the next poll does it, and is due at once. Those that were released
-- already stay as they are.
-- $1 text, broker   $2 text, connection   $3 text, shipment; null: all that wait but those with a link, whose bytes a person
--    must have fetched one by one
-- $4 text, who   $5 bool, only count
--   -> shipment_id text, in the order of their storing
with waiting as (
	select s.broker, s.connection, s.shipment_id, s.stored_at
	from shipment s
	where s.broker = $1 and s.connection = $2 and s.state = 'stored' and (s.shipment_id = $3 or $3::text is null and s.hold is distinct from 'link')
	  and s.released_at is null
), released as (
	update shipment s
	set released_at = now(), released_by = $4, acknowledge_from = now()
	from waiting w
	where s.broker = w.broker and s.connection = w.connection and s.shipment_id = w.shipment_id and s.state = 'stored'
	  and not $5::bool
), due as (
	update connection c
	set due_at = least(due_at, now())
	where c.broker = $1 and c.connection = $2 and not $5::bool and exists (select from waiting)
)
select shipment_id from waiting order by stored_at, shipment_id
