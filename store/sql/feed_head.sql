-- How far the feed is, and how far back it reaches.
-- $1 broker    -> head int8, 0: nothing yet; oldest int8, the first position that is kept, head + 1 if none is
select head, coalesce((select min(position) from event where broker = $1), head + 1) as oldest
from (select coalesce((select position from sequence_head where broker = $1), 0) as head) as known;
