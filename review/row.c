#include "review/row.h"

#include <string.h>

#include "api/problem.h"
#include "base/clock.h"
#include "base/text.h"
#include "events/lead.h"
#include "matcher/notice.h"
#include "matcher/objections.h"
#include "model/business_case.h"
#include "model/german.h"
#include "model/verdict.h"
#include "review/answer.h"
#include "review/diff.h"
#include "review/review.h"

#define SET(object, name, value) json_object_set_new(object, name, value)

json_t *text_json(const char *text)
{
	return json_outside(text);
}

json_t *sentence_json(const char *english)
{
	char *german = german_of(english, NULL);
	json_t *json =
		json_pack("{s:s, s:s}", "says", english, "says_de", german ? german : english);

	talloc_free(german);
	return json;
}

bool row_set_begin(struct row_set *set, struct request *request)
{
	struct err e = { 0 };

	*set = (struct row_set){ .now_ms = clock_wall_ms() };
	if (!review_matcher(&set->matcher, request))
		return false;
	set->rules = letter_rules_load(set->matcher.db, set->matcher.broker, request, &e);
	return set->rules || problem_of(request, &e);
}

bool row_set_load(struct row_set *set, struct request *request, const char *ids)
{
	struct err e = { 0 };

	return api_call(request->api, SQL_queue_rows, &set->rows, request, &e, set->matcher.broker,
			ids) ||
	       problem_of(request, &e);
}

struct stored *row_stored(const struct row_set *set, int i, struct request *request)
{
	return stored_read(set->rows, i, request, NULL);
}

/* ---- its parts ---- */

static int64_t moment(const char *text)
{
	int64_t ms;

	return text && clock_parse(&ms, text, NULL) ? ms : 0;
}

/* Null where nothing speaks against the document. */
static json_t *reason_json(const char *reason)
{
	for (int i = REASON_NONE + 1; i < REASONS; i++)
		if (text_equal(reason_text((enum reason)i), reason))
			return json_pack("{s:s, s:s, s:s}", "code", reason, "words",
					 reason_in_english((enum reason)i), "words_de",
					 reason_in_words((enum reason)i));
	return json_null();
}

json_t *number_json(struct stored *document, const struct matcher *matcher)
{
	const struct facts *facts = stored_facts(document, matcher);
	const struct asked *asked = facts_alias(facts);
	const struct transfer *t = &document->transfer;

	if (!asked && facts->asked_count)
		asked = &facts->asked[0];
	if (!asked)
		return json_pack("{s:o, s:n}", "delivered",
				 t->number_count ? json_outside(t->numbers[0].value) : json_null(),
				 "canonical");
	return json_pack("{s:o, s:s?}", "delivered", json_outside(t->numbers[asked->number].value),
			 "canonical", asked->key->canonical);
}

/* How much of the time from its arrival to the letter is left. */
static double share_left(const struct lead *lead, int64_t received_ms, int64_t now_ms)
{
	double whole = (double)(lead->earliest_ms - received_ms);
	double left = (double)(lead->earliest_ms - now_ms);

	if (whole <= 0 || left <= 0)
		return 0;
	return left > whole ? 1 : left / whole;
}

static json_t *lead_row(const struct row_set *set, int i)
{
	char words[LEAD_WORDS_SIZE], at[CLOCK_TEXT_SIZE];
	struct letter_facts facts;
	struct lead lead;
	bool known;

	letter_facts_of_row(&facts, set->rules, set->rows, i);
	lead_of(&lead, &facts, set->now_ms);
	known = lead_known(&lead);
	if (!known && lead.twin != TWIN_NO)
		return json_null();
	return json_pack("{s:o, s:o, s:s, s:s?, s:s, s:s}", "hours",
			 known ? json_real((double)(lead.min_s / 360) / 10) : json_null(), "share",
			 known ? json_real(share_left(&lead, moment(facts.received), set->now_ms))
			       : json_null(),
			 "words", lead_words(words, &lead), "letter_at",
			 known ? clock_text(at, lead.earliest_ms) : NULL, "basis",
			 lead_basis_text(lead.basis), "twin", twin_text(lead.twin));
}

static json_t *file_json(const struct document *d)
{
	return json_pack("{s:o, s:s, s:I, s:b}", "name", text_json(d->name), "media_type",
			 d->media_type, "size", (json_int_t)d->size, "data", d->data);
}

char *name_text(const char *first, const char *last, TALLOC_CTX *mem)
{
	if (text_empty(last) && text_empty(first))
		return NULL;
	return talloc_asprintf(mem, "%s%s%s", first ? first : "", first && last ? " " : "",
			       last ? last : "");
}

static json_t *name_json(const char *first, const char *last)
{
	char *name = name_text(first, last, NULL);
	json_t *json = text_json(name);

	talloc_free(name);
	return json;
}

static bool may_name(const struct number *number)
{
	const enum number_kind kind = number->kind;

	if (text_empty(number->value))
		return false;
	return kind == NUMBER_POLICY || kind == NUMBER_PRINTED || kind == NUMBER_OLD ||
	       kind == NUMBER_APPLICATION;
}

const char *diff_put(json_t *object, const struct stored *document, const char *number,
		     const char *printed)
{
	const char *const theirs[] = { number, printed };
	const char *nearest = NULL;
	json_t *best = NULL, *delivered = NULL;
	int least = -1;

	for (size_t k = 0; k < document->transfer.number_count; k++)
		for (int i = 0; i < 2 && may_name(&document->transfer.numbers[k]); i++) {
			json_t *left, *right;
			int apart;

			if (!theirs[i])
				continue;
			apart = diff_json(&left, &right, theirs[i],
					  document->transfer.numbers[k].value);
			if (least < 0 || apart < least) {
				json_t *was = best, *had = delivered;

				best = left, delivered = right, least = apart;
				nearest = document->transfer.numbers[k].value;
				left = was, right = had;
			}
			json_decref(left);
			json_decref(right);
		}
	if (!best)
		diff_json(&best, &delivered, number ? number : printed, NULL);
	SET(object, "diff", best);
	SET(object, "delivered_diff", delivered);
	return nearest;
}

static json_t *best_json(const struct row_set *set, int i, const struct stored *document)
{
	const char *id = rows_text(set->rows, i, "best_id");
	const char *number = rows_text(set->rows, i, "best_number");
	const char *printed = rows_text(set->rows, i, "best_printed");
	json_t *best;

	if (!id)
		return json_null();
	best = json_pack("{s:s, s:s?, s:o, s:o, s:b}", "contract_id", id, "number",
			 printed ? printed : number, "holder",
			 name_json(rows_text(set->rows, i, "best_first_name"),
				   rows_text(set->rows, i, "best_name")),
			 "reachable",
			 rows_text(set->rows, i, "reached")
				 ? json_boolean(rows_bool(set->rows, i, "reached"))
				 : json_null(),
			 "by_text", rows_bool(set->rows, i, "best_by_text"));
	diff_put(best, document, number, printed);
	return best;
}

static json_t *lock_json(const struct row_set *set, int i)
{
	const char *user = rows_text(set->rows, i, "lock_user");

	return user ? json_pack("{s:s, s:s, s:s}", "user", user, "name",
				rows_text(set->rows, i, "lock_name"), "until",
				rows_text(set->rows, i, "lock_until"))
		    : json_null();
}

static size_t candidates_count(const struct stored *document)
{
	json_t *ids = document->candidates ? json_loads(document->candidates, 0, NULL) : NULL;
	size_t count = json_array_size(ids);

	json_decref(ids);
	return count;
}

/* "Vertrag: Nachtrag": what the insurer calls it. */
static json_t *case_json(const char *business_case)
{
	const struct business_case *known = business_case_find(business_case);
	char *words;
	json_t *json;

	if (!known)
		return text_json(business_case);
	words = talloc_asprintf(NULL, "%s: %s", known->group, known->meaning);
	json = json_string(words);
	talloc_free(words);
	return json;
}

static void desk_put(json_t *row, const struct row_set *set, int i)
{
	SET(row, "lock", lock_json(set, i));
	SET(row, "assignee", text_json(rows_text(set->rows, i, "assignee")));
	SET(row, "postponed_until", text_json(rows_text(set->rows, i, "postponed_until")));
	SET(row, "note", text_json(rows_text(set->rows, i, "desk_note")));
}

json_t *row_json(const struct row_set *set, int i, struct stored *s, struct request *request)
{
	const struct party *party = &s->transfer.party;
	json_t *row = json_object();

	SET(row, "document_id", json_string(s->document_id));
	SET(row, "version", json_integer(s->version));
	SET(row, "state", json_string(s->state));
	SET(row, "received_at", json_string(s->received_at));
	SET(row, "age_s", json_integer((set->now_ms - moment(s->received_at)) / 1000));
	SET(row, "insurer", insurer_json(request, s->issuer));
	SET(row, "connection", json_string(s->connection));
	SET(row, "business_class",
	    class_json(s->transfer.business_case, s->shipment.category, s->shipment.kind));
	SET(row, "business_case", case_json(s->transfer.business_case));
	SET(row, "line", text_json(s->transfer.line));
	line_named(row);
	SET(row, "reason", reason_json(s->reason));
	SET(row, "number", number_json(s, &set->matcher));
	SET(row, "name_on_document", name_json(party->first_name, party->surname));
	SET(row, "file", file_json(s->transfer.documents));
	SET(row, "lead", lead_row(set, i));
	SET(row, "best", best_json(set, i, s));
	SET(row, "candidates",
	    json_integer((json_int_t)candidates_count(s) + rows_int(set->rows, i, "clues")));
	SET(row, "duplicate_of", text_json(s->duplicate_of));
	desk_put(row, set, i);
	return row;
}

json_t *objections_json(unsigned set)
{
	json_t *list = json_array();

	for (unsigned bit = 1; bit < 1U << OBJECTIONS; bit <<= 1) {
		json_t *one;

		if (!(set & bit))
			continue;
		one = sentence_json(objection_in_words((enum objection)bit));
		json_object_set_new(one, "code", json_string(objection_text((enum objection)bit)));
		json_array_append_new(list, one);
	}
	return list;
}
