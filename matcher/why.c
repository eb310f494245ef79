#include "matcher/why.h"

#include "matcher/decide_all.h"

bool why_ask(struct whys *whys, const struct matcher *matcher, struct stored *document,
	     TALLOC_CTX *mem, struct err *e)
{
	const struct stock_source stock = stock_of_database(matcher);
	const struct facts *facts = stored_facts(document, matcher);
	struct candidates found;
	struct verdict *verdict;
	struct nearby *nearby;

	if (!decide_numbers(&verdict, &found, &facts, 1, &stock, mem, e) ||
	    !nearby_find(&nearby, &verdict, &facts, 1, &stock, matcher->insurers, mem, e))
		return false;
	decide_why(whys, facts, &found, nearby, mem);
	return true;
}
