-- Take the oldest job of a place that waits. One that ran when its process ended is taken again, for nothing of it was written, and so is
-- one that the holder himself had begun: who asks for the next has none at hand. At the third time it is given up.
-- $1 text, place   $2 text, holder   $3 text[], holders that are dead
--   -> broker text, job_id uuid, file text, dry_run bool, source text, partial bool, many_vanished bool, bytes int8,
--      given_up bool; no row: nothing waits
with next as (
	select broker, job_id
	from stock_job
	where place = $1 and (state = 'waiting' or (state = 'running' and (holder = $2 or holder = any ($3::text[]))))
	order by requested_at
	limit 1
	for update skip locked
)
update stock_job j
set state = case when j.attempts < 3 then 'running' else 'failed' end, holder = $2, attempts = j.attempts + 1,
    bytes_read = 0, contracts = 0,
    error = case when j.attempts >= 3 then 'the import was interrupted three times; nothing is imported' end,
    ended_at = case when j.attempts >= 3 then now() end
from next n
where j.broker = n.broker and j.job_id = n.job_id
returning j.broker, j.job_id, j.file, j.dry_run, j.source, j.partial, j.many_vanished, j.bytes, j.state = 'failed' as given_up
