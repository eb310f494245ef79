-- Take the sequencer's turn: held until the transaction ends. Must be a statement of its own, so that
-- sequence_number sees what the one before committed.
-- $1 broker    -> position int8
select position from sequence_head where broker = $1 for update;
