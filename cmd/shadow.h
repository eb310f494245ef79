/* shadow.h -- `vorpost match evaluate --shadow`. */
#ifndef CMD_SHADOW_H
#define CMD_SHADOW_H

#include "cmd/commands.h"

/*
 * Per insurer and tier: documents that were decided in shadow; decided: a person filed them since; of those right, its share, at
 * another customer, at another contract of the same customer, and the share of wrong customers that the sample does not exclude;
 * of those that would have waited how many had the right contract among the first three; ignored by a person; still open.
 * The exit code.
 */
int shadow_run(struct invocation *in, struct err *e);

#endif
