-- The insurer confirmed these acknowledgements. If the marks are lost, the next listing settles them.
-- durability: relaxed
-- $1 text, broker   $2 text, connection   $3 int8, fence of the lease   $4 jsonb, [ids of shipments]
update shipment s
set state = 'acknowledged', acknowledged_at = now()
from connection c, jsonb_array_elements_text($4::jsonb) as a (id)
where c.broker = $1 and c.connection = $2 and c.lease_fence = $3::int8
  and s.broker = c.broker and s.connection = c.connection and s.shipment_id = a.id and s.state = 'stored'
