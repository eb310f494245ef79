/* insurers_stock.c -- do the pictures of the insurer files join contracts that the broker has? For check, doctor and serve. */
#include <jansson.h>
#include <stdlib.h>

#include "cmd/app.h"
#include "cmd/insurers.h"
#include "cmd/matching.h"
#include "matcher/learn_stock.h"
#include "matcher/rules.h"

static size_t joins_of(const struct learned_issuer *stock, const struct insurers *all,
		       joined_take *take, void *self)
{
	const struct insurer *insurer = insurers_by_issuer(all, stock->issuer);
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t found = 0;

	for (size_t i = 0; insurer && i < insurer->picture_count; i++) {
		const struct picture *p = &insurer->pictures[i];
		char *joined =
			p->means == MEANS_POLICY ? learner_joined(stock->learner, p, mem) : NULL;

		if (!joined)
			continue;
		take(self, talloc_asprintf(mem, "%s: picture \"%s\": %s", insurer->path, p->drawing,
					   joined));
		found++;
	}
	talloc_free(mem);
	return found;
}

bool insurers_joins(size_t *found, const struct matcher *matcher, const struct insurers *all,
		    joined_take *take, void *self, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct learned_issuers stock;
	bool ok = learn_stock_read(&stock, matcher, NULL, 0, NULL, NULL, mem, e);

	*found = 0;
	for (size_t i = 0; ok && i < stock.count; i++)
		*found += joins_of(&stock.items[i], all, take, self);
	talloc_free(mem);
	return ok;
}

static void sentence_keep(void *self, const char *sentence)
{
	json_array_append_new(self, json_string(sentence));
}

/* What is found is kept as JSON; a finding that cannot be kept is found again. */
static bool joins_anew(json_t *sentences, const struct matcher *matcher, const char *rules,
		       const char *stock, struct err *e)
{
	size_t found;
	char *text;
	bool ok;

	if (!insurers_joins(&found, matcher, matcher->insurers, sentence_keep, sentences, e))
		return false;
	text = json_dumps(sentences, JSON_COMPACT);
	ok = db_call(matcher->db, SQL_picture_joins_keep, NULL, NULL, e, matcher->broker, rules,
		     stock, text);
	free(text);
	return ok;
}

bool insurers_joins_known(size_t *found, const struct matcher *matcher, joined_take *take,
			  void *self, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char rules[RULES_DIGEST_SIZE];
	json_t *sentences = NULL;
	struct rows *rows;
	bool ok;

	*found = 0;
	rules_digest_all(rules, matcher->insurers);
	ok = db_call(matcher->db, SQL_picture_joins_find, &rows, mem, e, matcher->broker, rules);
	if (ok && rows_text(rows, 0, "joins"))
		sentences = json_loads(rows_text(rows, 0, "joins"), 0, NULL);
	if (ok && !sentences) {
		sentences = json_array();
		ok = joins_anew(sentences, matcher, rules, rows_text(rows, 0, "stock"), e);
	}
	for (; ok && *found < json_array_size(sentences); ++*found)
		take(self, json_string_value(json_array_get(sentences, *found)));
	json_decref(sentences);
	talloc_free(mem);
	return ok;
}

static void sentence_print(void *self, const char *sentence)
{
	const struct invocation *in = self;

	fprintf(in->out, "%s\n", sentence);
}

bool insurers_check_stock(size_t *found, struct invocation *in, const struct insurers *all,
			  struct err *e)
{
	struct matcher matcher;

	*found = 0;
	return matcher_open(&matcher, in, e) &&
	       insurers_joins(found, &matcher, all, sentence_print, in, e);
}
