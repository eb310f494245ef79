/*
 * stock_input.h -- a file that is read through a window: look ahead without consuming, so that the
 * format can be told by content and a reader can give up on a record and go on behind it. Pipes are
 * welcome.
 */
#ifndef MATCHER_STOCK_INPUT_H
#define MATCHER_STOCK_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <talloc.h>

#include "base/err.h"

#define INPUT_WINDOW_MOST (1024 * 1024) /* bytes that can be looked at together */

struct stock_input;

struct stock_input *stock_input_new(FILE *file, TALLOC_CTX *mem);

/*
 * At least want bytes (at most INPUT_WINDOW_MOST), or all that are left; returns how many there
 * are. *at stays valid until the next call. A read error looks like the end; stock_input_check
 * tells.
 */
size_t stock_input_look(struct stock_input *in, const unsigned char **at, size_t want);

/* Consume bytes that were looked at. */
void stock_input_skip(struct stock_input *in, size_t len);

/*
 * Make it possible to begin again where it stands now. What cannot go back by itself (a pipe) is first copied into a temporary
 * file. Fails ERR_RETRY.
 */
bool stock_input_keep(struct stock_input *in, struct err *e);
bool stock_input_again(struct stock_input *in, struct err *e);

/* Fails ERR_RETRY if the file could not be read to its end. */
bool stock_input_check(const struct stock_input *in, struct err *e);

#endif
