/* decide_rows.h -- what the tests of deciding share: cases of a document, a stock and what must come of it. */
#ifndef TESTS_MATCHER_DECIDE_ROWS_H
#define TESTS_MATCHER_DECIDE_ROWS_H

#include <check.h>
#include <stdlib.h>

#include "matcher/decide.h"
#include "tests/matcher/world.h"

/* A case: a document, a stock, what must come out: "exact A" or a reason and the candidates "A,B". */
struct row {
	const char *why, *document, *stock, *expect;
};

static struct insurers *insurers;
static const struct weighing *weighing; /* NULL: what is usual in the country */

static inline char *outcome(const struct verdict *v, TALLOC_CTX *mem)
{
	char *text;

	if (v->filed) {
		text = talloc_asprintf(mem, "%s %s", tier_text(v->tier), v->contract_id);
		for (size_t i = 0; i < v->more_count; i++)
			text = talloc_asprintf_append(text, "+%s", v->more[i].contract_id);
		return text;
	}
	text = talloc_strdup(mem, reason_text(v->reason));
	for (size_t i = 0; i < v->candidate_count; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? "," : " ", v->candidates[i]);
	return text;
}

static inline struct verdict *decide_row(const struct row *row, const char *issuer, bool strict,
					 TALLOC_CTX *mem)
{
	const struct facts_setting setting = { .insurers = insurers,
					       .issuer = issuer,
					       .received = "2025-03-03",
					       .strict_lines = strict,
					       .weighing = weighing };
	struct world_stock stock = { .insurers = insurers };
	struct transfer transfer;
	struct shipment shipment;

	world_document(&transfer, &shipment, row->document, mem);
	world_stock(&stock, row->stock, mem);
	return decide(facts_of_transfer(&setting, &shipment, &transfer, mem), &stock.found, mem);
}

static inline void decide_rows(const struct row *rows, size_t count, const char *issuer,
			       bool strict)
{
	for (size_t i = 0; i < count; i++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		const struct verdict *v = decide_row(&rows[i], issuer, strict, mem);

		ck_assert_msg(!strcmp(outcome(v, mem), rows[i].expect), "%s: %s, expected %s",
			      rows[i].why, outcome(v, mem), rows[i].expect);
		ck_assert_msg(v->filed == (v->reason == REASON_NONE), "%s", rows[i].why);
		ck_assert_msg(v->filed == (v->tier != TIER_NONE), "%s", rows[i].why);
		ck_assert_msg(v->evidence_count > 0, "%s: no evidence", rows[i].why);
		talloc_free(mem);
	}
}
#define CHECK_ROWS(rows, issuer, strict)                                                           \
	decide_rows(rows, sizeof rows / sizeof *rows, issuer, strict)

#endif
