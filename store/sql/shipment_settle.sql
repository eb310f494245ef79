-- What a complete list no longer shows. A stored shipment whose acknowledgement went out and was not answered was acknowledged:
-- only the answer was lost. Any other stays as it is, with the moment: one that was refused, put off or never sent was not
-- acknowledged by us.
-- The lease holder is the only one who stores, so every stored shipment is older than the list.
-- $1 text, broker   $2 text, connection   $3 int8, fence
-- $4 jsonb, [{"id"}], the list
--   -> settled int8, unlisted int8: those that the list before this one still showed
with gone as (
	update shipment s
	set state = case when u.unanswered then 'acknowledged' else s.state end,
	    acknowledged_at = case when u.unanswered then now() else s.acknowledged_at end,
	    acknowledgement = case when u.unanswered then 'settled' else s.acknowledgement end,
	    unlisted_at = coalesce(s.unlisted_at, now())
	from (
		select o.broker, o.connection, o.shipment_id, o.state = 'stored' and o.acknowledgement is not distinct from 'unanswered' as unanswered
		from shipment o
		join connection c on c.broker = o.broker and c.connection = o.connection and c.lease_fence = $3::int8
		where o.broker = $1 and o.connection = $2 and o.state in ('listed', 'stored', 'quarantined')
		  and o.shipment_id not in (select row ->> 'id' from jsonb_array_elements($4::jsonb) as x (row))
	) u
	where s.broker = u.broker and s.connection = u.connection and s.shipment_id = u.shipment_id
	  and (s.unlisted_at is null or u.unanswered)
	returning u.unanswered
)
select count(*) filter (where unanswered) as settled, count(*) filter (where not unanswered) as unlisted from gone
