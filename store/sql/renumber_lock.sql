-- One at a time gives numbers: two at once could give one to two contracts. Held until the end of the transaction; imports, polls
-- and decisions do not wait for it.
-- $1 text, broker   -> broker text
select broker from broker where broker = $1 for no key update
