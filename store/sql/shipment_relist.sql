-- Out of quarantine: the next poll fetches it again, if the insurer still lists it.
-- $1 text, broker   $2 text, connection   $3 int8, fence of the lease   $4 text, shipment
--   -> shipment_id text; no row: it is not in quarantine, or the lease is lost
update shipment s
set state = 'listed', attempts = 0, refusal = null, refusal_code = null
from connection c
where c.broker = $1 and c.connection = $2 and c.lease_fence = $3::int8
  and s.broker = c.broker and s.connection = c.connection and s.shipment_id = $4 and s.state = 'quarantined'
returning s.shipment_id
