-- How far a job is.
-- durability: relaxed
-- $1 text, broker   $2 uuid, job   $3 int8, bytes_read   $4 int8, contracts
update stock_job set bytes_read = $3::int8, contracts = $4::int8
where broker = $1 and job_id = $2::uuid and state = 'running'
