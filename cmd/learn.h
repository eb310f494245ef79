/* learn.h -- inside `vorpost insurers learn`: proposals with what they would have changed, and how they are shown. */
#ifndef CMD_LEARN_H
#define CMD_LEARN_H

#include "base/command.h"
#include "matcher/learn_stock.h"
#include "normalizers/learn.h"

struct learned_proposal {
	unsigned number; /* the same for the same picture, whatever else is proposed */
	const char *issuer;
	struct proposal *proposal;
	struct learn_history history; /* zero unless it stands */
};

struct learned_proposals {
	struct learned_proposal *items;
	size_t count;
};

/* By --output; with yaml as it would stand in a file. */
void proposals_show(const struct invocation *in, const struct learned_proposals *all, bool yaml);

#endif
