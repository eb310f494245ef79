-- A stock file is there. Fails with 23505 while another one waits or runs.
-- $1 text, broker   $2 uuid, job   $3 text, place   $4 text, file   $5 bool, dry_run   $6 text, source or null
-- $7 bool, partial   $8 bool, many_vanished   $9 text, by   $10 int8, bytes   $11 text, name of the file or null
insert into stock_job (broker, job_id, place, file, dry_run, source, partial, many_vanished, requested_by, bytes, file_name)
values ($1, $2::uuid, $3, $4, $5::boolean, $6, $7::boolean, $8::boolean, $9, $10::int8, $11)
