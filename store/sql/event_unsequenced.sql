-- Is there work for the sequencer: an event without a position, or a document whose hold-back is over?
-- $1 broker    -> waiting bool
select exists (select from event where broker = $1 and position is null)
       or exists (select from release where broker = $1 and state = 'waiting' and due_at <= statement_timestamp())
       as waiting;
