/*
 * gdv_text.h -- which code page a delivery is written in, and its text as UTF-8.
 *
 * The records do not say it. Whole deliveries are weighed by their bytes: German letters have their
 * own places in each code page, and a name is mostly letters.
 */
#ifndef MATCHER_GDV_TEXT_H
#define MATCHER_GDV_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

enum code_page {
	PAGE_ASCII,
	PAGE_DIN66003, /* 7 bits: [ \ ] { | } ~ are umlauts and sharp s */
	PAGE_LATIN1,
	PAGE_LATIN9,
	PAGE_CP1252,
	PAGE_CP850, /* its German letters are those of CP437 */
	PAGE_UTF8,
	PAGES
};
const char *code_page_name(enum code_page page); /* "ISO-8859-1", ... */

/* What was seen so far. Zero it at the begin of a delivery. */
struct byte_weights {
	uint64_t bytes[256];     /* in names and addresses */
	uint64_t utf8, not_utf8; /* sound and broken sequences */
};

void byte_weights_add(struct byte_weights *weights, const unsigned char *text, size_t len);
enum code_page code_page_guess(const struct byte_weights *weights);

/* A table of one code page; fails ERR_SETUP if the system does not know it. */
struct code_table;
struct code_table *code_table_new(enum code_page page, TALLOC_CTX *mem, struct err *e);

/* Text as UTF-8 without blanks at the ends; NULL if nothing is left. Control characters become blanks, what
 * the code page does not know U+FFFD. */
char *code_table_text(const struct code_table *table, const unsigned char *text, size_t len,
		      TALLOC_CTX *mem);

/* Length of the UTF-8 sequence at text (1 for ASCII), 0 if it is none. */
size_t utf8_sequence(const unsigned char *text, size_t left);

#endif
