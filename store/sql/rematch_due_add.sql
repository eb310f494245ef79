-- The answer to waiting documents may have changed: they are to be matched again. Belongs into the transaction that changed it.
-- $1 text, broker   $2 text, issuer; '*': all   $3 text, why   $4 int8, seconds for which whoever calls does it himself
insert into rematch_due (broker, issuer, why, not_before)
values ($1, $2, $3, clock_timestamp() + $4::int8 * interval '1 second')
