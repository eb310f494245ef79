-- How often surnames, first names, postcodes and lines occur in a broker's stock: a common one says little about whose
-- contract it is (matcher/terms.h). Counted after every import; value null: how many contracts have one at all.
create table term (
	broker    text not null references broker,
	field     text not null check (field in ('surname', 'first_name', 'postcode', 'line')),
	value     text,
	contracts bigint not null
);
create index term_of_broker on term (broker);
