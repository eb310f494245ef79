-- The latest jobs, or one.
-- $1 text, broker   $2 text, job or null: the latest 20   -> item json, error text
select json_build_object(
	'import_id', job_id, 'file', file_name, 'state', state, 'dry_run', dry_run, 'by', requested_by, 'started_at', utc_text(requested_at),
	'ended_at', utc_text(ended_at), 'bytes', bytes, 'bytes_read', bytes_read, 'contracts', contracts, 'report', report,
	'error', error) as item, error
from stock_job
where broker = $1 and ($2::text is null or job_id::text = lower($2))
order by requested_at desc, job_id desc
limit 20
