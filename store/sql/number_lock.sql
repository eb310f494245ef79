-- Whoever makes a contract by hand, or a number one's name, holds its insurer's numbers until the transaction ends, so that nobody else
-- does the same between the look and the write. Must be a statement of its own, so that what follows sees what the one before
-- committed. An advisory lock, because there is no row yet that could be held.
-- $1 text, broker   $2 text[], issuers
select pg_advisory_xact_lock(number)
from (select distinct hashtextextended('number ' || length($1) || ' ' || $1 || ' ' || i, 0) as number
      from unnest($2::text[]) as i
      order by number
      offset 0) as numbers
