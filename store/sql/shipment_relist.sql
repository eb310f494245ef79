-- To be fetched anew by the next poll, if the insurer still lists it. It stays in quarantine until what comes is stored.
-- $1 text, broker   $2 text, connection   $3 int8, fence of the lease   $4 text, shipment
--   -> shipment_id text, unlisted text (RFC 3339; the insurer has not listed it since); no row: it is not in quarantine, or the
--      lease is lost
update shipment s
set fetch_asked_at = now(), fetch_refusal = null, attempts = 0, closed_at = null, closed_by = null, closed_note = null
from connection c
where c.broker = $1 and c.connection = $2 and c.lease_fence = $3::int8
  and s.broker = c.broker and s.connection = c.connection and s.shipment_id = $4 and s.state = 'quarantined'
returning s.shipment_id, utc_text(s.unlisted_at) as unlisted
