-- There is nothing more to tell the insurer about these. If the marks are lost, he is asked again.
-- durability: relaxed
-- $1 text, broker   $2 text, connection   $3 int8, fence of the lease
-- $4 jsonb, [{"id", "became": confirmed | before | gone}]
update shipment s
set state = 'acknowledged', acknowledged_at = now(), acknowledgement = a.became, acknowledge_tried_at = now(),
    acknowledge_attempts = s.acknowledge_attempts + 1, acknowledge_refusal = null
from connection c, jsonb_to_recordset($4::jsonb) as a (id text, became text)
where c.broker = $1 and c.connection = $2 and c.lease_fence = $3::int8
  and s.broker = c.broker and s.connection = c.connection and s.shipment_id = a.id and s.state = 'stored'
