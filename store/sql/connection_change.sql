-- How a connection is reached from now on; its shipments, its failures and when it is due stay.
-- $1 text, broker   $2 text, name   $3 text, sts_url   $4 text, transfer_url   $5 text, username   $6 text, secret_file
-- $7 text, ca_file   $8 text, consumer_id   $9 int4, poll_interval_s; the last three may be null
--   -> connection, no row if there is none
update connection
set sts_url = $3, transfer_url = $4, username = $5, secret_file = $6, ca_file = $7, consumer_id = $8,
    poll_interval_s = $9::int
where broker = $1 and connection = $2
returning connection
