-- The last position that was given.
-- $1 broker    -> position int8; no row: none yet
select position from sequence_head where broker = $1;
