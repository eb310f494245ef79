/*
 * stock_fields.h -- what GDV and CSV have in common: dates, register numbers, lines.
 */
#ifndef MATCHER_STOCK_FIELDS_H
#define MATCHER_STOCK_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "model/contract.h"

enum date_reading { DATE_READ, DATE_UNKNOWN, DATE_WRONG };

/*
 * A date to ISO, child of mem. stock_date_gdv: DDMMYYYY; stock_date: "2004-05-01" (a time behind it
 * is left off) or "1.5.2004". Empty, all zeros, or a day or month 00 mean unknown; anything else is
 * wrong.
 */
enum date_reading stock_date_gdv(char **iso, const char *text, TALLOC_CTX *mem);
enum date_reading stock_date(char **iso, const char *text, TALLOC_CTX *mem);

/* "05438 " -> "5438"; not a number: trimmed. NULL if empty. */
char *stock_vu(const char *text, TALLOC_CTX *mem);

/* "50" -> "050". NULL if it is no line: empty, longer than three characters, or 000 ("several"). */
char *stock_line(const char *text, TALLOC_CTX *mem);

/* Nothing but zeros and blanks (or NULL): a field that was filled because it had to be. */
bool stock_blank(const char *text);

/* Why no document could ever be found by this number (nothing but separators, too long, ...): "holds neither letter
 * nor digit". NULL if one could, or if there is none. */
const char *stock_number_refused(const char *number);

/* One more number that the contract answers to; blank ones and those that it has are passed over. */
void contract_add_name(struct contract *contract, enum name_origin origin, const char *number);
void contract_add_other(struct contract *contract, const char *number); /* NAME_OTHER */

#endif
