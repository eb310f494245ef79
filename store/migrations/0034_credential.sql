-- When the certificate ends with which a connection logs in; null: it logs in otherwise, or no round has loaded it yet. For those who
-- look at connections and must not read private keys: the page's API.
alter table connection add column credential_expires_at timestamptz;
