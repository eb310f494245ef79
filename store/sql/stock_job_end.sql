-- A job is over. Without an error all bytes were read.
-- $1 text, broker   $2 uuid, job   $3 jsonb, report or null   $4 text, error or null   $5 int8, contracts
update stock_job
set state = case when $4::text is null then 'done' else 'failed' end, report = $3::jsonb, error = $4, ended_at = now(),
    bytes_read = case when $4::text is null then bytes else bytes_read end, contracts = $5::int8, holder = null
where broker = $1 and job_id = $2::uuid
