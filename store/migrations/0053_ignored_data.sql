-- Deliveries of data (a stock as GDV, a response file) are no letters: they are put away, and none of the other words said why.
alter table decision drop constraint decision_reason_check;
alter table decision add constraint decision_reason_check check (reason in
	('advertising', 'circular', 'settlement', 'data', 'not_ours', 'duplicate', 'other'));
