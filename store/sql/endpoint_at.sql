-- What lies around a position that an endpoint is to begin with.
-- $1 broker, $2 int8 position
--   -> head int8, oldest int8 position that is kept, head + 1: none, lost int8 positions from $2 on that are not kept
select head, oldest, greatest(0, oldest - $2::bigint) as lost
from (select head, coalesce((select min(position) from event where broker = $1), head + 1) as oldest
      from (select coalesce((select position from sequence_head where broker = $1), 0) as head) as known) as kept;
