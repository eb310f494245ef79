/*
 * queue_list.c -- what waits for a person: first what still can be decided before the post brings the letter.
 *
 * The lead depends on rules, observations and holidays, so that no index of the database has this order. All that
 * waits is read with no more than a lead needs, the leads are sorted here, and only the page that is shown is read in
 * full.
 */
#include "cmd/queue_list.h"

#include <stdlib.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/matching.h"
#include "events/letter.h"
#include "matcher/candidates.h"
#include "model/business_case.h"
#include "model/verdict.h"

#define LIST_MOST  10000
#define SHOWN_MOST 60

struct waiting {
	const char *document_id;
	struct lead lead;
	int place; /* by age */
};

static bool reason_check(const char *reason, TALLOC_CTX *mem, struct err *e)
{
	char *all = talloc_strdup(mem, "");

	for (int i = 1; reason && i < REASONS; i++) {
		if (text_equal(reason_text((enum reason)i), reason))
			return true;
		all = talloc_asprintf_append(all, "%s%s", i > 1 ? ", " : "",
					     reason_text((enum reason)i));
	}
	return !reason ||
	       err_set(e, ERR_USAGE, "there is no such reason to wait as %s; there are %s",
		       text_shown(reason, SHOWN_MOST, mem), all);
}

static bool order_read(bool *by_age, const struct invocation *in, struct err *e)
{
	const char *order = invocation_option(in, "--sort");

	*by_age = text_equal(order, "age");
	return !order || *by_age || text_equal(order, "lead") ||
	       err_set(e, ERR_USAGE, "--sort is lead or age");
}

static bool most_read(uint64_t *most, const struct invocation *in, struct err *e)
{
	const char *given = invocation_option(in, "--limit");

	*most = LIST_MOST;
	return !given || text_option_u64(most, given, 1, LIST_MOST, "--limit", e);
}

static int by_lead(const void *a, const void *b)
{
	const struct waiting *x = a, *y = b;
	int order = lead_compare(&x->lead, &y->lead);

	return order ? order : (x->place > y->place) - (x->place < y->place);
}

/* All that waits, by age; the strings are those of the rows. Child of mem; NULL on error. */
static struct waiting *waiting_load(int *count, const struct matcher *matcher,
				    const struct invocation *in, const char *most, struct err *e)
{
	struct letter_rules *rules = letter_rules_load(matcher->db, matcher->broker, in->mem, e);
	int64_t now_ms = clock_wall_ms();
	struct waiting *all;
	struct rows *rows;

	if (!rules ||
	    !db_call(matcher->db, SQL_queue_leads, &rows, in->mem, e, matcher->broker,
		     invocation_option(in, "--reason"), invocation_option(in, "--insurer"), most))
		return NULL;
	*count = rows_count(rows);
	all = talloc_array(in->mem, struct waiting, (size_t)*count);
	for (int i = 0; i < *count; i++) {
		struct letter_facts facts;

		letter_facts_of_row(&facts, rules, rows, i);
		all[i].document_id = rows_text(rows, i, "document_id");
		all[i].place = i;
		lead_of(&all[i].lead, &facts, now_ms);
	}
	return all;
}

static void row_list(struct listing *list, const struct rows *rows, int i,
		     const struct waiting *waiting, TALLOC_CTX *mem)
{
	const char *name = rows_text(rows, i, "name");
	const char *line = rows_text(rows, i, "line");
	char words[LEAD_WORDS_SIZE];
	enum business_class class =
		business_class_of(rows_text(rows, i, "business_case"),
				  rows_text(rows, i, "category"), rows_text(rows, i, "kind"));

	listing_row(list, (const char *const[]){
				  rows_text(rows, i, "document_id"), rows_text(rows, i, "received"),
				  lead_words(words, &waiting->lead),
				  text_shown(rows_text(rows, i, "issuer"), SHOWN_MOST, mem),
				  rows_text(rows, i, "reason"), business_class_text(class),
				  line ? text_shown(line, SHOWN_MOST, mem) : NULL,
				  rows_text(rows, i, "candidates"),
				  name ? text_shown(name, SHOWN_MOST, mem) : NULL });
}

/* The page in full. Somebody may have decided one meanwhile: rows are matched by id, both in one order. */
static struct listing *page_list(const struct waiting *page, int count,
				 const struct matcher *matcher, TALLOC_CTX *mem, struct err *e)
{
	static const char *const heads[] = { "document", "received",   "lead",
					     "insurer",  "reason",     "category",
					     "line",     "candidates", "file" };
	struct listing *list = listing_new(mem, 9, heads);
	const char **ids = talloc_array(mem, const char *, (size_t)count + 1);
	struct rows *rows;

	for (int i = 0; i < count; i++)
		ids[i] = page[i].document_id;
	if (!db_call(matcher->db, SQL_queue_list, &rows, mem, e, matcher->broker,
		     text_array(ids, (size_t)count, mem)))
		return NULL;
	listing_numbers(list, 7, 7);
	for (int i = 0, at = 0; i < rows_count(rows); i++) {
		while (!text_equal(page[at].document_id, rows_text(rows, i, "document_id")))
			at++;
		row_list(list, rows, i, &page[at], mem);
	}
	return list;
}

int queue_list_run(struct invocation *in, struct err *e)
{
	struct matcher matcher;
	struct waiting *waiting;
	struct listing *list;
	uint64_t most;
	bool by_age;
	int count;

	if (!reason_check(invocation_option(in, "--reason"), in->mem, e) ||
	    !order_read(&by_age, in, e) || !most_read(&most, in, e) ||
	    !matcher_open(&matcher, in, e))
		return EX_SOFTWARE;
	waiting = waiting_load(&count, &matcher, in,
			       by_age ? talloc_asprintf(in->mem, "%d", (int)most) : NULL, e);
	if (!waiting)
		return EX_SOFTWARE;
	if (!by_age && count)
		qsort(waiting, (size_t)count, sizeof *waiting, by_lead);
	if (count > (int)most)
		count = (int)most;
	list = page_list(waiting, count, &matcher, in->mem, e);
	if (!list)
		return EX_SOFTWARE;
	listing_print(list, in->output, in->out);
	return EX_OK;
}

const struct option_spec queue_list_options[] = {
	{ "--reason", "REASON", "only documents that wait for this reason" },
	{ "--insurer", "ISSUER", "only documents of this insurer" },
	{ "--sort", "ORDER", "lead: what the post overtakes next comes first; age: the oldest" },
	{ "--limit", "N", "at most so many; 10000" },
	{ NULL, NULL, NULL },
};
