/*
 * both_stocks.h -- a case that is decided twice: over a stock in the database and over the same one in memory. Contracts as in
 * world.h, with the words of struct contract_word below.
 */
#ifndef TESTS_MATCHER_BOTH_STOCKS_H
#define TESTS_MATCHER_BOTH_STOCKS_H

#include "matcher/decide_all.h"
#include "matcher/memory_stock.h"
#include "tests/matcher/house.h"

struct row {
	const char *why, *document, *stock, *expect; /* reason and candidates; or "filed" */
};

static inline void contract_take(struct contract *c, const char **at)
{
	const struct contract_word {
		const char *key;
		char **to;
	} words[] = { { "vu", &c->vu },
		      { "number", &c->number },
		      { "line", &c->line },
		      { "end", &c->end },
		      { "name", &c->name },
		      { "first_name", &c->first_name },
		      { "birth_date", &c->birth_date },
		      { "postcode", &c->postcode },
		      { "plate", &c->plate },
		      { "customer_id", &c->customer_id } };
	char *key, *value;

	*at += strspn(*at, " |");
	*c = (struct contract){ .vu = talloc_strdup(house.mem, "9001") };
	c->contract_id = talloc_strndup(house.mem, *at, strcspn(*at, " |"));
	*at += strcspn(*at, " |");
	while (world_word(at, &key, &value, house.mem)) {
		bool known = false;

		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
			if (!strcmp(words[i].key, key)) {
				*words[i].to = value;
				known = true;
			}
		ck_assert_msg(known, "a contract says '%s', which is no word", key);
	}
	*at += strspn(*at, " |");
}

static inline const char *quoted(const char *text)
{
	return text ? talloc_asprintf(house.mem, "'%s'", text) : "null";
}

static inline void name_write(const char *issuer, const char *key, const struct contract *c)
{
	ask(talloc_asprintf(
		house.mem,
		"insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
		" values ('demo', '%s', '%s', '%s', 'system', '%s')",
		issuer, key, c->contract_id, c->number));
}

/* The names as an import writes them. */
static inline void contract_write(const struct contract *c)
{
	const struct insurer *file = insurers_find(house.matcher.insurers, c->vu);
	const char *issuer = file ? file->issuer : talloc_asprintf(house.mem, "vu:%s", c->vu);
	const struct key *key = key_make(file, c->line, c->number, house.mem);

	ask(talloc_asprintf(
		house.mem,
		"insert into contract (broker, contract_id, issuer, vu, number, line, ends_on, name, first_name,"
		" birth_date, postcode, plate, customer_id)"
		" values ('demo', '%s', '%s', '%s', '%s', %s, %s, %s, %s, %s, %s, %s, %s)",
		c->contract_id, issuer, c->vu, c->number, quoted(c->line), quoted(c->end),
		quoted(c->name), quoted(c->first_name), quoted(c->birth_date), quoted(c->postcode),
		quoted(c->plate), quoted(c->customer_id)));
	name_write(issuer, key->plain, c);
	if (key->canonical && strcmp(key->canonical, key->plain) != 0)
		name_write(issuer, key->canonical, c);
}

static inline const char *decided(const struct row *row, const struct stock_source *stock)
{
	const struct facts_setting setting = { .insurers = house.matcher.insurers,
					       .issuer = "north",
					       .received = "2025-03-03" };
	struct transfer transfer;
	struct shipment shipment;
	struct verdict *v;
	struct err e = { 0 };
	const struct facts *facts;
	char *text;

	world_document(&transfer, &shipment, row->document, house.mem);
	facts = facts_of_transfer(&setting, &shipment, &transfer, house.mem);
	ck_assert_msg(decide_all(&v, &facts, 1, stock, house.matcher.insurers, house.mem, &e), "%s",
		      e.text);
	text = talloc_strdup(house.mem, v->filed ? "filed" : reason_text(v->reason));
	if (v->filed)
		return talloc_asprintf_append(text, " %s", v->contract_id);
	for (size_t i = 0; i < v->candidate_count; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? "," : " ", v->candidates[i]);
	return text;
}

static inline void decide_both(const struct row *row)
{
	struct memory_stock *memory = memory_stock_new(house.matcher.insurers, house.mem);
	struct stock_source of_memory = memory_stock_source(memory);
	struct stock_source of_database = stock_of_database(&house.matcher);

	for (const char *at = row->stock; *at;) {
		struct contract c;

		contract_take(&c, &at);
		contract_write(&c);
		memory_stock_add(memory, &c, STOCK_CSV);
	}
	ck_assert_msg(!strcmp(decided(row, &of_memory), row->expect), "%s: %s, expected %s",
		      row->why, decided(row, &of_memory), row->expect);
	ck_assert_msg(!strcmp(decided(row, &of_database), row->expect),
		      "%s, database: %s, expected %s", row->why, decided(row, &of_database),
		      row->expect);
}

#endif
