-- A new connection, due at once. A name that is taken fails with 23505.
-- $1 text, broker   $2 text, name   $3 text, issuer   $4 text, transfer_url; of the rest each may be null:
-- $5 text, sts_url   $6 text, username   $7 text, secret_file   $8 text, ca_file   $9 text, consumer_id
-- $10 int4, poll_interval_s   $11 text, login   $12 text, key_file   $13 text, certificate_file   $14 text, ca_crl_file
-- $15 text, signature   $16 text, trust_file   $17 text, crl_file   $18 text, signer
-- $19 text, acknowledge   $20 int4, acknowledge_after_h
insert into connection (broker, connection, issuer, transfer_url, sts_url, username, secret_file, ca_file, consumer_id,
	poll_interval_s, login, key_file, certificate_file, ca_crl_file, signature, trust_file, crl_file, signer, acknowledge,
	acknowledge_after_h)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::int, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20::int)
