-- Forget a rule about letters; the next less specific one holds then.
-- $1 text, broker   $2 text, issuer or *   $3 text, category or *   -> issuer text; no row: there was none
delete from letter_rule
where broker = $1 and issuer = $2 and category = $3
returning issuer
