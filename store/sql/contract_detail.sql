-- A contract with every name it answers to, its latest 50 documents and its renumberings.
-- $1 text, broker   $2 text, contract_id
--   -> item json: contract_card and more; the documents have business_case, category and kind instead of a class
select (contract_card(c)::jsonb || jsonb_build_object(
	'vu', c.vu, 'application_number', c.application_number, 'broker_number', c.broker_number, 'source', c.source,
	'imported_at', utc_text(c.imported_at), 'changed_at', utc_text(c.changed_at),
	'names', (select coalesce(jsonb_agg(n.item order by n.created_at, n.origin, n.key), '[]')
		  from (select created_at, origin, key,
			       jsonb_build_object('key', key, 'spelling', spelling, 'origin', origin,
						  'created_at', utc_text(created_at), 'created_by', created_by) as item
			from contract_name where broker = $1 and contract_id = $2
			union all
			select created_at, origin, key,
			       jsonb_build_object('key', key, 'spelling', key, 'origin', origin,
						  'created_at', utc_text(created_at), 'created_by', created_by)
			from contract_claim where broker = $1 and contract_id = $2
			limit 1000) as n),
	'documents', (select coalesce(jsonb_agg(jsonb_build_object(
				'document_id', d.document_id,
				'file', jsonb_build_object('name', d.name, 'media_type', d.media_type, 'size', d.size),
				'business_case', d.business_case, 'category', d.facts #>> '{shipment,category}',
				'kind', d.facts #>> '{shipment,kind}', 'received_at', utc_text(d.received_at),
				'tier', d.tier, 'decided_by', d.decided_by,
				'release', (select r.state from release r
					    where r.broker = $1 and r.document_id = d.document_id and r.contract_id = $2
					    order by r.attached_at desc limit 1)) order by d.received_at desc), '[]')
		      from (select x.*
			    from (select document_id from document where broker = $1 and contract_id = $2
				  union
				  select document_id from document_contract where broker = $1 and contract_id = $2) as mine
			    join document x on x.broker = $1 and x.document_id = mine.document_id
			    where x.state = 'filed'
			    order by x.received_at desc
			    limit 50) as d),
	'renumberings', (select coalesce(jsonb_agg(jsonb_build_object(
				'before', r.before, 'after', r.after, 'by', r.renumbered_by, 'at', utc_text(r.renumbered_at),
				'undone_at', utc_text(r.undone_at), 'undone_by', r.undone_by) order by r.renumbered_at desc), '[]')
			 from renumbering r where r.broker = $1 and r.contract_id = $2))) as item
from contract c
where c.broker = $1 and c.contract_id = $2
