/*
 * world.h -- a stock and documents from one line of text each, so that a case fits on three lines.
 *
 *	document  "policy=4711;line=050;name=Muster"   words: a number kind of model/delivery.h, or a key below
 *	stock     "A number=4711;line=050 | B number=4712"
 */
#ifndef TESTS_MATCHER_WORLD_H
#define TESTS_MATCHER_WORLD_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "matcher/candidates.h"
#include "matcher/facts.h"
#include "model/contract.h"
#include "model/delivery.h"
#include "normalizers/insurer.h"

static inline struct insurers *world_insurers(TALLOC_CTX *mem)
{
	static char folder[] = SOURCE_DIR "/tests/matcher/insurers";
	char *folders[] = { folder };
	struct err e = { 0 };
	struct insurers *all = insurers_load(folders, 1, mem, &e);

	if (!all) { /* outside of a case, where Check's assertions do not work */
		fprintf(stderr, "%s\n", e.text);
		exit(1);
	}
	return all;
}

/* "key=value" at *at, up to the separator; false at the end. Both become children of mem. */
static inline bool world_word(const char **at, char **key, char **value, TALLOC_CTX *mem)
{
	size_t len, name;

	*at += strspn(*at, "; ");
	len = strcspn(*at, ";|");
	if (!len)
		return false;
	while (len && (*at)[len - 1] == ' ')
		len--;
	name = strcspn(*at, "=;");
	*key = talloc_strndup(mem, *at, name < len ? name : len);
	*value = name < len ? talloc_strndup(mem, *at + name + 1, len - name - 1)
			    : talloc_strdup(mem, "");
	*at += strcspn(*at, ";|");
	return true;
}

static inline void world_number(struct transfer *t, enum number_kind kind, char *value,
				const char *path)
{
	t->numbers = talloc_realloc(talloc_parent(t->documents), t->numbers, struct number,
				    t->number_count + 1);
	t->numbers[t->number_count++] =
		(struct number){ kind, value, talloc_strdup(t->numbers, path) };
}

static inline bool world_say(struct transfer *t, struct shipment *s, const char *key, char *value)
{
	struct document *d = t->documents;
	const struct {
		const char *key;
		char **to;
	} texts[] = {
		{ "vu", &t->insurer_vu },
		{ "line", &t->line },
		{ "case", &t->business_case },
		{ "plate", &t->plate },
		{ "made", &t->created },
		{ "name", &t->party.surname },
		{ "first", &t->party.first_name },
		{ "born", &t->party.birth_date },
		{ "postcode", &t->party.postcode },
		{ "category", &s->category },
		{ "kind", &s->kind },
		{ "posted", &s->posted },
		{ "created", &d->created },
		{ "url", &d->link },
		{ "file", &d->name },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (!strcmp(texts[i].key, key)) {
			*texts[i].to = value;
			return true;
		}
	if (!strcmp(key, "bytes")) { /* a digest that begins so */
		memset(d->sha256, '0', SHA256_TEXT_SIZE - 1);
		memcpy(d->sha256, value, strlen(value));
	} else if (!strcmp(key, "empty"))
		d->size = 0;
	else if (!strcmp(key, "orphan"))
		d->orphan = true;
	else if (!strcmp(key, "data"))
		d->data = true;
	else if (!strcmp(key, "opponent"))
		world_number(t, NUMBER_POLICY, value,
			     "Schaden/Unfallgegner/Versicherungsscheinnummer");
	else if (!strcmp(key, "previous"))
		world_number(t, NUMBER_POLICY, value, "Vorversicherer/Versicherungsscheinnummer");
	else
		return false;
	return true;
}

/* One transfer with one document of 100 bytes. */
static inline void world_document(struct transfer *t, struct shipment *s, const char *text,
				  TALLOC_CTX *mem)
{
	char *key, *value;

	*t = (struct transfer){ .documents = talloc_zero(mem, struct document),
				.document_count = 1 };
	*s = (struct shipment){ .id = talloc_strdup(mem, "S-1"), .transfer_count = 1 };
	t->documents->size = 100;
	t->documents->media_type = talloc_strdup(mem, "application/pdf");
	while (world_word(&text, &key, &value, mem)) {
		bool known = world_say(t, s, key, value);

		for (int kind = 0; !known && kind < NUMBER_KINDS; kind++)
			if (!strcmp(key, number_kind_name((enum number_kind)kind))) {
				world_number(t, (enum number_kind)kind, value, "Vertragsnummer");
				known = true;
			}
		ck_assert_msg(known, "a case says '%s', which is no word", key);
	}
}

struct world_stock {
	struct insurers *insurers;
	struct candidates found;
	TALLOC_CTX *mem;
};

static inline void world_key(struct world_stock *w, struct found found, const char *key)
{
	struct candidates *all = &w->found;

	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->rows[i].key, key) && !strcmp(all->rows[i].issuer, found.issuer) &&
		    all->rows[i].by == found.by &&
		    !strcmp(all->rows[i].contract.contract_id, found.contract.contract_id))
			return;
	found.key = key;
	all->rows = talloc_realloc(w->mem, all->rows, struct found, all->count + 1);
	all->rows[all->count++] = found;
}

static inline void world_name(struct world_stock *w, struct found found, const char *spelling)
{
	const struct key *key = key_make(insurers_by_issuer(w->insurers, found.issuer),
					 found.contract.line, spelling, w->mem);

	if (key->state == KEY_EMPTY || key->state == KEY_MALFORMED)
		return;
	world_key(w, found, key->plain);
	if (key->canonical && found.by == BY_NAME)
		world_key(w, found, key->canonical);
}

static inline const char *world_issuer(const struct world_stock *w, const char *vu)
{
	const struct insurer *file = insurers_find(w->insurers, vu);

	return file ? file->issuer : talloc_asprintf(w->mem, "vu:%s", vu);
}

/* One contract up to the next '|'. Names come last in a contract's words: they need its line and vu. */
static inline void world_contract(struct world_stock *w, const char **at)
{
	struct found found = { .contract = { .vu = talloc_strdup(w->mem, "9001") } };
	struct contract *c = &found.contract;
	static const char *const origins[] = { "number", "printed",  "other", "application",
					       "person", "followed", "claim", "vouched" };
	char *key, *value, *issuer = NULL;

	*at += strspn(*at, " |");
	c->contract_id = talloc_strndup(w->mem, *at, strcspn(*at, " |"));
	*at += strcspn(*at, " |");
	while (world_word(at, &key, &value, w->mem)) {
		bool known = true;
		int origin = -1;

		for (int i = 0; i < 8; i++)
			if (!strcmp(key, origins[i]))
				origin = i;
		if (!issuer)
			found.issuer = world_issuer(w, c->vu);
		found.by = origin >= 5 ? BY_CLAIM : BY_NAME;
		found.word = (enum claim_word)(origin >= 5 ? origin - 4 : 0);
		if (origin >= 0) {
			found.origin = origin < 5 ? (enum name_origin)origin : NAME_SYSTEM;
			world_name(w, found, value);
		} else if (!strcmp(key, "issuer"))
			found.issuer = issuer = value;
		else if (!strcmp(key, "vu"))
			c->vu = value;
		else if (!strcmp(key, "line"))
			c->line = value;
		else if (!strcmp(key, "name"))
			c->name = value;
		else if (!strcmp(key, "first"))
			c->first_name = value;
		else if (!strcmp(key, "born"))
			c->birth_date = value;
		else if (!strcmp(key, "postcode"))
			c->postcode = value;
		else if (!strcmp(key, "plate"))
			c->plate = value;
		else if (!strcmp(key, "start"))
			c->start = value;
		else if (!strcmp(key, "end"))
			c->end = value;
		else if (!strcmp(key, "customer"))
			c->customer_id = value;
		else if (!strcmp(key, "cancelled"))
			c->cancelled = true;
		else
			known = false;
		ck_assert_msg(known, "a contract says '%s', which is no word", key);
	}
	if (c->plate) {
		found.by = BY_PLATE;
		world_key(w, found, plate_key(c->plate, w->mem));
	}
}

static inline void world_stock(struct world_stock *w, const char *text, TALLOC_CTX *mem)
{
	*w = (struct world_stock){ .insurers = w->insurers, .mem = mem };
	for (text += strspn(text, " |"); *text; text += strspn(text, " |"))
		world_contract(w, &text);
	candidates_sort(&w->found);
}

#endif
