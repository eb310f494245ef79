#include "matcher/beyond.h"

#include <string.h>

#include "base/text.h"
#include "matcher/candidates.h"
#include "matcher/holder.h"
#include "matcher/picks.h"
#include "matcher/signals.h"

#define NUMBERS_MOST 4 /* of one document; more name several contracts anyway */

/* One thing to look up, and what it means if it is found. asked: of which number; NULL: of the holder. */
typedef void want_take(void *self, const char *issuer, const char *key, enum wanted_by by,
		       enum suggested_by how, const struct asked *asked);

struct wants {
	const struct facts *facts;
	want_take *take;
	void *self;
	TALLOC_CTX *mem; /* of the keys */
};

/* ---- what is wanted ---- */

/* The number as if a part had been added at the front or at the end. One character is a neighbour (normalizers/neighbour.h). */
static void want_parts(const struct wants *w, const struct asked *asked, const char *key)
{
	size_t len = strlen(key);

	for (size_t part = 2; part <= BEYOND_PART_MOST && len >= BEYOND_LEAST + part; part++) {
		w->take(w->self, asked->issuer, talloc_strdup(w->mem, key + part), BY_NAME,
			SUGGESTED_PART, asked);
		w->take(w->self, asked->issuer, talloc_strndup(w->mem, key, len - part), BY_NAME,
			SUGGESTED_PART, asked);
	}
	if (len >= BEYOND_LEAST)
		w->take(w->self, asked->issuer, talloc_strdup(w->mem, key), BY_PREFIX,
			SUGGESTED_PART, asked);
}

static void want_number(const struct wants *w, const struct asked *asked)
{
	const struct key *key = asked->key;
	const char *value = w->facts->transfer->numbers[asked->number].value;

	if (strcmp(asked->issuer, ANY_ISSUER) != 0) {
		want_parts(w, asked, key->plain);
		w->take(w->self, asked->issuer, value, BY_CUSTOMER, SUGGESTED_CUSTOMER, asked);
	}
	if (strlen(key->plain) >= BEYOND_LEAST)
		w->take(w->self, ANY_ISSUER, key->plain, BY_NAME, SUGGESTED_ELSEWHERE, asked);
	if (!key->canonical || !strcmp(key->canonical, key->plain))
		return;
	want_parts(w, asked, key->canonical);
	w->take(w->self, ANY_ISSUER, key->canonical, BY_NAME, SUGGESTED_ELSEWHERE, asked);
}

static void want_holder(const struct wants *w)
{
	const struct transfer *t = w->facts->transfer;
	const struct party *p = &t->party;
	const char *name = beyond_holder(p->surname, p->first_name, w->mem);

	if (name && w->facts->issuer)
		w->take(w->self, w->facts->issuer, name, BY_HOLDER, SUGGESTED_HOLDER, NULL);
	if (date_real(p->birth_date))
		w->take(w->self, ANY_ISSUER, talloc_strndup(w->mem, p->birth_date, 10),
			BY_BIRTH_DATE, SUGGESTED_HOLDER_ELSEWHERE, NULL);
	if (!text_empty(t->plate) && *plate_key(t->plate, w->mem))
		w->take(w->self, ANY_ISSUER, plate_key(t->plate, w->mem), BY_PLATE,
			SUGGESTED_HOLDER_ELSEWHERE, NULL);
}

static void want_all(const struct wants *w)
{
	const struct facts *f = w->facts;
	int numbers = 0;

	for (size_t i = 0; i < f->asked_count && numbers < NUMBERS_MOST; i++)
		if (facts_first_row(f, i) && key_usable(f->asked[i].key) &&
		    (f->asked[i].use >= USE_WEAK || !strcmp(f->asked[i].issuer, ANY_ISSUER))) {
			want_number(w, &f->asked[i]);
			numbers++;
		}
	want_holder(w);
}

static void ask(void *self, const char *issuer, const char *key, enum wanted_by by,
		enum suggested_by how, const struct asked *asked)
{
	(void)how;
	(void)asked;
	wanted_add(self, issuer, key, by);
}

void beyond_keys(const struct facts *facts, struct wanted *wanted)
{
	want_all(&(struct wants){ facts, ask, wanted, wanted });
}

/* ---- what was found ---- */

struct taking {
	struct suggestions *suggestions;
	const struct facts *facts;
	const struct candidates *found;
};

/* A full name without anything that contradicts it; else as wherever the holder suggests. */
static bool holder_fits(const struct facts *facts, const struct contract *contract,
			enum wanted_by by)
{
	struct signals s = signals_of(facts, contract);

	if (by == BY_HOLDER)
		return s.said[DETAIL_SURNAME] == AGREES && !signals_other_holder(&s);
	return signals_name_holder(&s);
}

static bool fits(const struct taking *t, const struct found *found, const struct asked *asked)
{
	if (found->by == BY_CUSTOMER)
		return true;
	return asked ? name_fits(asked, found) : holder_fits(t->facts, &found->contract, found->by);
}

static void take(void *self, const char *issuer, const char *key, enum wanted_by by,
		 enum suggested_by how, const struct asked *asked)
{
	const struct taking *t = self;
	size_t count;
	const struct found *found = candidates_of(t->found, issuer, key, by, &count);

	if (by == BY_HOLDER && count > BEYOND_SAME_NAME)
		return;
	for (size_t i = 0; i < count; i++)
		if (fits(t, &found[i], asked))
			suggest(t->suggestions, &found[i].contract, how);
}

void beyond_suggest(struct suggestions *suggestions, const struct facts *facts,
		    const struct candidates *found, TALLOC_CTX *mem)
{
	struct taking taking = { suggestions, facts, found };

	want_all(&(struct wants){ facts, take, &taking, mem });
}

char *beyond_holder(const char *surname, const char *first_name, TALLOC_CTX *mem)
{
	char *name;

	if (text_empty(surname) || strchr(surname, '|') || (first_name && strchr(first_name, '|')))
		return NULL;
	name = name_fold(surname, mem);
	return talloc_asprintf_append(name, "|%s", first_name ? name_fold(first_name, name) : "");
}
