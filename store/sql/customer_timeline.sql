-- What happened with a customer's contracts, latest first. what: the word that tells it (review/timeline.c).
-- $1 text, broker   $2 text, customer_id   $3 int8 and $4 text, microseconds since 1970 and id of the last one shown
-- $5 text[], types that customers are told of   $6 int8, how many
--   -> at_us int8, id text, kind text, what text, item json {at, document_id, contract_id, detail}
with mine as materialized (
	select d.document_id, d.contract_id
	from contract c
	join document d on d.broker = $1 and d.contract_id = c.contract_id
	where c.broker = $1 and c.customer_id = $2
	union
	select m.document_id, m.contract_id
	from contract c
	join document_contract m on m.broker = $1 and m.contract_id = c.contract_id
	where c.broker = $1 and c.customer_id = $2
), happened as (
	select d.received_at as at, 'a' || d.document_id || m.contract_id as id, 'arrival' as kind, 'arrived' as what,
	       d.document_id, m.contract_id, d.name as detail
	from mine m join document d on d.broker = $1 and d.document_id = m.document_id
	union all
	select d.decided_at, 'f' || d.document_id || m.contract_id, 'decision', 'filed', d.document_id, m.contract_id, d.tier
	from mine m join document d on d.broker = $1 and d.document_id = m.document_id
	where d.state = 'filed' and d.decided_by is null
	union all
	select n.decided_at, 'd' || n.decision_id, 'decision', n.action, n.document_id, n.contract_id, n.decided_by
	from (select distinct document_id from mine) m
	join decision n on n.broker = $1 and n.document_id = m.document_id
	union all
	select coalesce(r.released_at, r.attached_at), 'r' || r.attachment, 'release', r.state, r.document_id, r.contract_id, r.rule
	from (select distinct document_id from mine) m
	join release r on r.broker = $1 and r.document_id = m.document_id
	where r.customer_id = $2 and r.state <> 'superseded'
	union all
	select e.occurred_at, 'e' || e.id, 'event', e.type, (e.payload ->> 'document_id')::uuid, e.payload ->> 'contract_id', e.type
	from event e
	where e.broker = $1 and e.aggregateid = $2 and e.type = any ($5::text[])
	union all
	select f.happened_at, 'b' || f.consumer || f.source || f.id, 'feedback', f.type, f.document_id, null,
	       coalesce(f.channel, f.reason)
	from feedback f
	where f.broker = $1 and f.customer_id = $2
	union all
	select f.happened_at, 'b' || f.consumer || f.source || f.id, 'feedback', f.type, f.document_id, null,
	       coalesce(f.channel, f.reason)
	from (select distinct document_id from mine) m
	join feedback f on f.broker = $1 and f.document_id = m.document_id
	where f.customer_id is null and f.type <> 'letter.arrived'
	union all
	select o.arrived_on, 'l' || o.document_id, 'letter', 'letter', o.document_id, null, o.source
	from (select distinct document_id from mine) m
	join letter_observation o on o.broker = $1 and o.document_id = m.document_id
)
select at_us, id, kind, what,
       json_build_object('at', utc_text(at), 'document_id', document_id, 'contract_id', contract_id, 'detail', detail) as item
from (select *, (extract(epoch from at) * 1000000)::int8 as at_us from happened) as h
where (at_us, id collate "C") < ($3::int8, $4)
order by at_us desc, id collate "C" desc
limit $6::int8
