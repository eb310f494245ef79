/* insurers_stock.c -- `vorpost insurers check --stock`: do the pictures join contracts that the broker has? */
#include "cmd/app.h"
#include "cmd/insurers.h"
#include "cmd/matching.h"
#include "matcher/learn_stock.h"

static size_t check_issuer(const struct learned_issuer *stock, const struct insurers *all,
			   const struct invocation *in)
{
	const struct insurer *insurer = insurers_by_issuer(all, stock->issuer);
	size_t found = 0;

	for (size_t i = 0; insurer && i < insurer->picture_count; i++) {
		const struct picture *p = &insurer->pictures[i];
		char *joined = p->means == MEANS_POLICY ? learner_joined(stock->learner, p, in->mem)
							: NULL;

		if (!joined)
			continue;
		fprintf(in->out, "%s: picture \"%s\": %s\n", insurer->path, p->drawing, joined);
		found++;
	}
	return found;
}

bool insurers_check_stock(size_t *found, const struct invocation *in, const struct insurers *all,
			  struct err *e)
{
	struct learned_issuers stock;
	struct matcher matcher;

	*found = 0;
	if (!matcher_open(&matcher, in, e) ||
	    !learn_stock_read(&stock, &matcher, NULL, 0, NULL, NULL, in->mem, e))
		return false;
	for (size_t i = 0; i < stock.count; i++)
		*found += check_issuer(&stock.items[i], all, in);
	return true;
}
