/* shadow.c -- `vorpost match evaluate --shadow`: what the matcher would have filed while it only watched, beside what persons
 * decided about the same documents: its precision on the broker's own data. */
#include "cmd/shadow.h"

#include <inttypes.h>
#include <sysexits.h>

#include "base/text.h"
#include "cmd/app.h"
#include "matcher/evaluate.h"

enum count {
	DOCUMENTS,
	RIGHT,
	WRONG_CONTRACT,
	WRONG_CUSTOMER,
	WAITED,
	IN_TOP,
	IGNORED,
	OPEN,
	COUNTS
};

static const char *const columns[COUNTS] = { "documents",      "right",  "wrong_contract",
					     "wrong_customer", "waited", "in_top",
					     "ignored",        "open" };

struct outcome {
	const char *issuer, *tier;
	uint64_t counts[COUNTS];
};

static void outcome_read(struct outcome *o, const struct rows *rows, int row)
{
	o->issuer = rows_text(rows, row, "issuer");
	o->tier = rows_text(rows, row, "tier");
	if (text_equal(o->tier, "none"))
		o->tier = "queue";
	for (int c = 0; c < COUNTS; c++)
		o->counts[c] = (uint64_t)rows_int(rows, row, columns[c]);
}

static void outcome_add(struct outcome *sum, const struct outcome *part)
{
	for (int c = 0; c < COUNTS; c++)
		sum->counts[c] += part->counts[c];
}

static char *number(uint64_t n, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%" PRIu64, n);
}

static char *share(uint64_t part, uint64_t of, TALLOC_CTX *mem)
{
	return of ? talloc_asprintf(mem, "%.2f %%", 100.0 * (double)part / (double)of) : NULL;
}

static void outcome_row(struct listing *list, const struct outcome *o, TALLOC_CTX *mem)
{
	const uint64_t *n = o->counts;
	uint64_t judged = n[RIGHT] + n[WRONG_CONTRACT] + n[WRONG_CUSTOMER];
	double bound = error_bound(n[WRONG_CUSTOMER], judged);
	const char *cells[] = {
		o->issuer,
		o->tier,
		number(n[DOCUMENTS], mem),
		number(judged + n[WAITED], mem),
		number(n[RIGHT], mem),
		share(n[RIGHT], judged, mem),
		number(n[WRONG_CUSTOMER], mem),
		number(n[WRONG_CONTRACT], mem),
		judged ? talloc_asprintf(mem, "1 in %.0f", 1 / bound) : NULL,
		share(n[IN_TOP], n[WAITED], mem),
		number(n[IGNORED], mem),
		number(n[OPEN], mem),
	};

	listing_row(list, cells);
}

/* Sums over all insurers: a row a tier, in the order in which they come, and one for everything. */
static void sums_add(struct outcome *sums, int *count, const struct outcome *o)
{
	int at = 0;

	while (at < *count && !text_equal(sums[at].tier, o->tier))
		at++;
	if (at == *count)
		sums[(*count)++] = (struct outcome){ .issuer = "all", .tier = o->tier };
	outcome_add(&sums[at], o);
}

int shadow_run(struct invocation *in, struct err *e)
{
	static const char *const heads[] = {
		"insurer",        "tier",           "documents",
		"decided",        "right",          "precision",
		"wrong_customer", "wrong_contract", "wrong_customer_bound_95",
		"right_in_top_3", "ignored",        "open"
	};
	struct listing *list = listing_new(in->mem, sizeof(heads) / sizeof(*heads), heads);
	struct outcome all = { .issuer = "all", .tier = "all" }, *sums;
	struct app *app = app_open(in, APP_DATABASE, e);
	struct rows *rows;
	int count = 0;

	if (!app || !db_call(app->db, SQL_shadow_tally, &rows, in->mem, e, app->conf->broker))
		return EX_SOFTWARE;
	listing_numbers(list, 2, 11);
	sums = talloc_zero_array(in->mem, struct outcome, (unsigned)rows_count(rows) + 1);
	for (int i = 0; i < rows_count(rows); i++) {
		struct outcome one;

		outcome_read(&one, rows, i);
		outcome_row(list, &one, in->mem);
		sums_add(sums, &count, &one);
		outcome_add(&all, &one);
	}
	for (int i = 0; i < count; i++)
		outcome_row(list, &sums[i], in->mem);
	outcome_row(list, &all, in->mem);
	listing_print(list, in->output, in->out);
	return EX_OK;
}
