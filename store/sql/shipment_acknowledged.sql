-- The insurer confirmed the acknowledgement. If this mark is lost, the next listing settles it.
-- durability: relaxed
-- $1 text, broker   $2 text, connection   $3 int8, fence of the lease   $4 text, shipment
update shipment s
set state = 'acknowledged', acknowledged_at = now()
from connection c
where c.broker = $1 and c.connection = $2 and c.lease_fence = $3::int8
  and s.broker = c.broker and s.connection = c.connection and s.shipment_id = $4 and s.state = 'stored'
