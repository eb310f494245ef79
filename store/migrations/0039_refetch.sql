-- A quarantined shipment that is to be fetched anew stays in quarantine, with its answer and its sentence, until what comes is
-- stored: the insurer may not offer it any more.
alter table shipment
	add column fetch_asked_at timestamptz,      -- a person wants it fetched anew
	add column fetch_refusal  text;             -- the sentence, if that failed
