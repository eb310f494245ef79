-- A new connection, due at once. A name that is taken fails with 23505.
-- $1 text, broker   $2 text, name   $3 text, issuer   $4 text, sts_url   $5 text, transfer_url   $6 text, username
-- $7 text, secret_file   $8 text, ca_file   $9 text, consumer_id   $10 int4, poll_interval_s; the last five may be null
insert into connection (broker, connection, issuer, sts_url, transfer_url, username, secret_file, ca_file, consumer_id,
	poll_interval_s)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::int)
