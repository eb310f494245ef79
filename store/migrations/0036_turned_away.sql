-- When a round over this connection last ended before anything was asked: the insurer was closed or wanted to be left alone.
-- That is no attempt, but a round that was told so need not come by a second time.
alter table connection add column turned_away_at timestamptz;
