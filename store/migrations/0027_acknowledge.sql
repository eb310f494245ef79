-- When a stored shipment may be acknowledged: at once, some hours later, or when a person says so. The mode is the
-- insurer file's (profile.h) unless the connection says another one; a worker writes what comes of it to the shipment
-- with every list, so that whoever looks sees the moment without knowing the insurer's file.
alter table connection
	add column acknowledge         text check (acknowledge in ('automatic', 'delayed', 'manual')), -- null: the insurer file's
	add column acknowledge_after_h int check (acknowledge_after_h between 0 and 2160);

alter table shipment
	add column acknowledge_from     timestamptz,             -- 'infinity': only when released; null: not listed since it was stored
	add column released_at          timestamptz,             -- a person said that it may be acknowledged
	add column released_by          text,
	add column acknowledge_attempts int not null default 0,  -- calls whose outcome is known
	add column acknowledge_refusal  text,                    -- the sentence, if the last one failed
	add column settled              boolean not null default false; -- acknowledged, told by a list that no longer showed it
