-- Waiting documents whose text nobody searched for contracts, or not since a day; the stock may have changed. Those that do not
-- wait any more are passed over from now on.
-- durability: relaxed
-- $1 text, broker   $2 int8, how many are looked at   -> document_read
with oldest as (
	select broker, document_id from document_text
	where broker = $1 and state = 'read' and clued_at < now() - interval '1 day'
	order by clued_at
	limit $2::int8
), gone as (
	update document_text t
	set clued_at = 'infinity'
	from oldest o
	join document d on d.broker = o.broker and d.document_id = o.document_id
	where t.broker = o.broker and t.document_id = o.document_id and d.state <> 'queued'
)
select r.*
from oldest o
join document_read r on r.broker = o.broker and r.document_id = o.document_id
where r.state = 'queued'
