/* gdv_expect.h -- what the tests of GDV deliveries expect of the contracts that came out. */
#ifndef TESTS_MATCHER_GDV_EXPECT_H
#define TESTS_MATCHER_GDV_EXPECT_H

#include "tests/matcher/stock_world.h"

/* The id is SHA-256 of "8:contract,4:5438,4:4711,", begun. */
#define MUSTER "VU-25ed87441a1ce3d9c707,5438,4711,,,050,2004-05-01,2031-05-01,"

static inline void expect_one_contract(struct catch *caught)
{
	ck_assert_msg(caught->ok, "%s", caught->e.text);
	ck_assert_int_eq(caught->counts.contracts, 1);
	ck_assert_ptr_nonnull(strstr(caught->contracts, MUSTER));
	ck_assert_ptr_nonnull(strstr(caught->contracts, ",Muster,Max,1970-02-01,44139,,\n"));
}

/* So many lines, each of them with an id of its own. */
static inline void expect_ids(const struct catch *caught, int count)
{
	int lines = 0;

	for (const char *at = caught->contracts; *at; at = strchr(at, '\n') + 1, lines++) {
		char *id = talloc_asprintf(caught->mem, "%.24s", at);

		ck_assert(!strncmp(id, "VU-", 3) && id[23] == ',');
		ck_assert_ptr_null(strstr(at + 1, id));
	}
	ck_assert_int_eq(lines, count);
}

#endif
