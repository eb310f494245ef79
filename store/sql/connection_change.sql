-- How a connection is reached from now on; its shipments, its failures and when it is due stay.
-- $1 text, broker   $2 text, name   $3 text, issuer (stays)   $4 ... $20 as in connection_add.sql
--   -> connection, no row if there is none
update connection
set transfer_url = $4, sts_url = $5, username = $6, secret_file = $7, ca_file = $8, consumer_id = $9,
    poll_interval_s = $10::int, login = $11, key_file = $12, certificate_file = $13, ca_crl_file = $14,
    signature = $15, trust_file = $16, crl_file = $17, signer = $18, acknowledge = $19, acknowledge_after_h = $20::int
where broker = $1 and connection = $2 and issuer = $3
returning connection
