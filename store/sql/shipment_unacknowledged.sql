-- An acknowledgement failed, or nobody knows: the shipment stays as it is, the sentence is for people. What the insurer refused
-- several times waits for a person.
-- durability: relaxed
-- $1 text, broker   $2 text, connection   $3 int8, fence of the lease   $4 text, shipment   $5 text, the sentence
-- $6 text, what became of it: unsent | put_off | unanswered | refused   $7 int4, how many refusals are enough
update shipment s
set acknowledge_attempts = s.acknowledge_attempts + 1, acknowledge_refusal = $5, acknowledge_tried_at = now(),
    acknowledgement = case when s.state = 'stored' then $6 else s.acknowledgement end,
    acknowledge_refusals = s.acknowledge_refusals + n.no,
    hold = case when n.enough then 'refused' else s.hold end,
    released_at = case when n.enough then null else s.released_at end,
    released_by = case when n.enough then null else s.released_by end,
    acknowledge_from = case when n.enough then 'infinity' else s.acknowledge_from end
from (
	select o.broker, o.connection, o.shipment_id, ($6 = 'refused')::int as no,
	       $6 = 'refused' and o.acknowledge_refusals + 1 >= $7::int as enough
	from shipment o
	join connection c on c.broker = o.broker and c.connection = o.connection and c.lease_fence = $3::int8
	where o.broker = $1 and o.connection = $2 and o.shipment_id = $4
) n
where s.broker = n.broker and s.connection = n.connection and s.shipment_id = n.shipment_id
