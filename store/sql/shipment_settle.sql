-- A stored shipment that the insurer no longer lists was acknowledged: only the answer was lost.
-- The lease holder is the only one who stores, so every stored shipment is older than the list.
-- $1 text, broker   $2 text, connection   $3 int8, fence
-- $4 jsonb, [{"id"}], the list
--   -> settled int8
with settled as (
	update shipment s
	set state = 'acknowledged', acknowledged_at = now()
	from connection c
	where c.broker = $1 and c.connection = $2 and c.lease_fence = $3::int8
	  and s.broker = c.broker and s.connection = c.connection and s.state = 'stored'
	  and s.shipment_id not in (select row ->> 'id' from jsonb_array_elements($4::jsonb) as x (row))
	returning 1
)
select count(*) as settled from settled
