-- What a round found out about the answers of its connection. Of kinds not seen before as many are kept as there is room for.
-- $1 text, broker   $2 text, connection   $3 int8, fence   $4 jsonb {breaches: [{element, rule, detail, answers, times,
--   shipment, line}], shipments: [{id, breaches}]}   $5 int4, kinds kept of a connection   -> fresh int8: kinds not seen before
-- durability: relaxed
with holder as (
	select broker, connection from connection where broker = $1 and connection = $2 and lease_fence = $3::int8
), told as (
	update shipment s set breaches = t.breaches
	from holder h, jsonb_to_recordset($4::jsonb -> 'shipments') as t (id text, breaches int)
	where s.broker = h.broker and s.connection = h.connection and s.shipment_id = t.id
), seen as (
	select n.*, h.broker, h.connection, k.broker is not null as known
	from holder h,
	     jsonb_to_recordset($4::jsonb -> 'breaches')
		as n (element text, rule text, detail text, answers int8, times int8, shipment text, line int8)
	left join schema_breach k
		on k.broker = $1 and k.connection = $2 and k.element = n.element and k.rule = n.rule and k.detail = n.detail
), placed as (
	select *, row_number() over (partition by known order by times desc, element, rule, detail) as place from seen
), kept as (
	insert into schema_breach as b (broker, connection, element, rule, detail, answers, times, shipment_id, line)
	select broker, connection, element, rule, detail, answers, times, shipment, line
	from placed
	where known or place <= $5::int - (select count(*) from schema_breach where broker = $1 and connection = $2)
	on conflict (broker, connection, element, rule, detail) do update
	set answers = b.answers + excluded.answers, times = b.times + excluded.times, last_seen_at = now(),
	    shipment_id = excluded.shipment_id, line = excluded.line
	returning xmax = 0 as fresh
)
select count(*) filter (where fresh) as fresh from kept
