-- A shipment could not be fetched this time. One that is to be fetched anew keeps the sentence for which it is in quarantine.
-- $1 text, broker   $2 text, connection   $3 int8, fence of the lease   $4 text, shipment   $5 text, the sentence
-- $6 int4, 1: its own answer was at fault, which counts as an attempt; 0: an outage, which does not
--   -> attempts int4; no row: the lease is lost
update shipment s
set attempts = s.attempts + $6::int, fetch_attempts = s.fetch_attempts + 1, fetch_tried_at = now(), fetch_trouble = $5,
    fetch_trouble_at = now(),
    refusal = case when s.state = 'listed' then $5 else s.refusal end,
    fetch_refusal = case when s.state = 'listed' then null else $5 end
from connection c
where c.broker = $1 and c.connection = $2 and c.lease_fence = $3::int8
  and s.broker = c.broker and s.connection = c.connection and s.shipment_id = $4
  and (s.state = 'listed' or s.state = 'quarantined' and s.fetch_asked_at is not null)
returning s.attempts
