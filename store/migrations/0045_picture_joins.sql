-- Which number pictures join two contracts of the stock: read from the whole of it, so kept until the rules or the stock are others.
create table picture_joins (
	broker    text primary key references broker,
	rules     text not null,                -- digest of all insurer files (matcher/rules.h)
	stock     text not null,                -- how the stock stood: how many contracts, and when one changed last
	joins     jsonb not null,               -- the sentences
	looked_at timestamptz not null default now()
);

select web_protect();
revoke insert, update, delete on picture_joins from vorpost_web;
