-- Take what a consumer tells: all of it, or nothing if it names something unknown. What was taken before is left.
-- $1 broker, $2 consumer, $3 webhook_id, $4 jsonb [{no, source, id, type, event_id, document_id, customer_id, channel,
-- reason, arrived_on, happened_at}]
--   -> stored int8; unknown: 'event', 'document' or 'customer', null if all is known; unknown_no int of its row;
--      letters jsonb [{document_id, arrived_on}] that were stored now
with given as materialized (
	select *
	from jsonb_to_recordset($4::jsonb) as g (no int, source text, id text, type text, event_id uuid,
		document_id uuid, customer_id text, channel text, reason text, arrived_on date, happened_at timestamptz)
), judged as materialized (
	select no, case
		when event_id is not null
		     and not exists (select from event e where e.broker = $1 and e.id = given.event_id) then 'event'
		when document_id is not null
		     and not exists (select from document d where d.broker = $1 and d.document_id = given.document_id)
		then 'document'
		when customer_id is not null
		     and not exists (select from contract c where c.broker = $1 and c.customer_id = given.customer_id)
		then 'customer' end as unknown
	from given
	where not exists (select from feedback f where f.broker = $1 and f.consumer = $2 and f.source = given.source
			  and f.id = given.id)
), stranger as (
	select no, unknown from judged where unknown is not null order by no limit 1
), added as (
	insert into feedback (broker, consumer, source, id, webhook_id, type, event_id, document_id, customer_id, channel,
			      reason, arrived_on, happened_at)
	select $1, $2, source, id, $3, type, event_id, document_id, customer_id, channel, reason, arrived_on, happened_at
	from given
	where not exists (select from stranger)
	  and not exists (select from feedback f where f.broker = $1 and f.consumer = $2 and f.webhook_id = $3)
	on conflict (broker, consumer, source, id) do nothing
	returning type, document_id, arrived_on
)
select (select count(*) from added) as stored, (select unknown from stranger) as unknown,
       (select no from stranger) as unknown_no,
       (select coalesce(jsonb_agg(jsonb_build_object('document_id', document_id, 'arrived_on', arrived_on)), '[]')
        from added where type = 'letter.arrived') as letters;
