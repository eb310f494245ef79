-- A contract that a person made for a document keeps its id when the stock brings it later: what the stock calls it stands here, so
-- that the next import finds it again.
create table contract_adopted (
	broker      text not null references broker,
	stock_id    text not null,                      -- the contract_id of the stock
	contract_id text not null,                      -- ours
	adopted_at  timestamptz not null default now(),
	primary key (broker, stock_id),
	foreign key (broker, contract_id) references contract (broker, contract_id)
);
create index contract_adopted_of on contract_adopted (broker, contract_id);

-- The few that wait for the stock.
create index contract_made on contract (broker) where source = 'person';

select web_protect();
revoke insert, update, delete on contract_adopted from vorpost_web;
