-- How a connection logs in, and whom it believes. Only names of files: no secret, key or certificate is in the database.

alter table connection
	alter column sts_url drop not null,             -- some logins have no security token service
	add column login            text check (login in ('password', 'certificate', 'tls', 'saml', 'bearer')),
							-- null: the insurer file's
	add column key_file         text,               -- PEM or PKCS#12: the private key of 'certificate' and 'tls'
	add column certificate_file text,               -- PEM; null: it stands in key_file
	add column ca_crl_file      text,               -- PEM: revoked certificates of the TLS servers
	add column signature        text check (signature in ('none', 'if-present', 'required')),
							-- of answers; the stricter of this and the insurer file's counts
	add column trust_file       text,               -- PEM: who signs answers, or which authority vouches for him
	add column crl_file         text,               -- PEM: revoked certificates of signers
	add column signer           text;               -- the signer's name, where an authority vouches

alter table shipment
	add column answered_at timestamptz;             -- when the kept answer came: its signature is judged by this time
