-- Is there work for the sequencer: an event without a position?
-- $1 broker    -> waiting bool
select exists (select from event where broker = $1 and position is null) as waiting;
