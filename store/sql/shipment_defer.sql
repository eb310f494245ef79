-- A shipment could not be fetched this time.
-- $1 text, broker   $2 text, connection   $3 int8, fence of the lease   $4 text, shipment   $5 text, the sentence
-- $6 int4, 1: its own answer was at fault, which counts as an attempt; 0: an outage, which does not
--   -> attempts int4; no row: the lease is lost
update shipment s
set attempts = s.attempts + $6::int, refusal = $5
from connection c
where c.broker = $1 and c.connection = $2 and c.lease_fence = $3::int8
  and s.broker = c.broker and s.connection = c.connection and s.shipment_id = $4 and s.state = 'listed'
returning s.attempts
