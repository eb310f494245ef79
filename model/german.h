/*
 * german.h -- the German of the sentences that the rooms say in English, for whoever shows them to a person.
 *
 * A sentence is found again by its pattern in one table (german.inc), its parts (a number, a name) are put into the German
 * one. Of several in a row, with "; ", ", " or " and " between, each is looked for.
 */
#ifndef MODEL_GERMAN_H
#define MODEL_GERMAN_H

#include <talloc.h>

/* The German sentence, child of mem; NULL if the table has none. */
char *german_of(const char *english, TALLOC_CTX *mem);

#endif
