-- A quarantined shipment was tried again.
-- $1 text, broker   $2 text, connection   $3 int8, fence of the lease   $4 text, shipment
-- $5 text, why it still cannot be read; null: it left the quarantine
update shipment s
set retry_asked_at = null, retry_asked_by = null,
    refusal = case when s.state = 'quarantined' then coalesce($5, s.refusal) else s.refusal end,
    attempts = s.attempts + case when $5::text is null then 0 else 1 end
from connection c
where c.broker = $1 and c.connection = $2 and c.lease_fence = $3::int8
  and s.broker = c.broker and s.connection = c.connection and s.shipment_id = $4
