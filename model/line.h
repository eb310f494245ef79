/*
 * line.h -- lines of business (Sparte, three digits, GDV Anlage 1) as far as they contradict each
 * other.
 *
 * The hundreds are not a hierarchy, and one contract may cover several lines (a building policy
 * covers fire and storm), so each code stands for a set of families. Two codes contradict if their
 * sets share none.
 */
#ifndef MODEL_LINE_H
#define MODEL_LINE_H

#include <stdbool.h>

/* Two codes of which each is known and neither is general, without a family in common? NULL, "",
 * "000", codes that are not in the table and frame contracts (630) contradict nothing. */
bool line_contradicts(const char *a, const char *b);

/* The same code, in any padding ("30" is "030"); false if either is absent or general. */
bool line_equal(const char *a, const char *b);

/* Known well enough to tell contracts apart? */
bool line_says_something(const char *line);

/* Is it a code of the table, or that of a frame contract? */
bool line_known(const char *line);

/* Health, life or accident: special categories of data, for which the strict setting wants a second
 * signal. */
bool line_sensitive(const char *line);

/* Does the insurer of this register number carry nothing but life, pensions or health? So the first of its four digits
 * says (1 to 4), whatever zeros stand before them; NULL and what is no such number: no. */
bool vu_sensitive(const char *vu);

/* Is a document of this line and insurer at a contract of that line and insurer a matter of health, life or accident? One of the
 * lines says so; where neither says anything, one of the insurers does. */
bool filing_sensitive(const char *line, const char *vu, const char *contract_line,
		      const char *contract_vu);

/* What people call it, "Hausrat" or "household contents": of the code, else of its block of ten. NULL if it says nothing. */
const char *line_name(const char *line, bool german);

#endif
