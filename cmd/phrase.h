/*
 * phrase.h -- the sentences of `number` and `match explain` in the reader's language: German where LC_ALL, LC_MESSAGES or
 * LANG (the first that is set) begins with "de", else English.
 *
 * The rooms below speak English and know nothing of it; model/german.h has the table. No locale has to be installed, no
 * catalogue to be compiled. What machines read (JSON, CSV) stays English.
 */
#ifndef CMD_PHRASE_H
#define CMD_PHRASE_H

#include <stdbool.h>
#include <stdio.h>
#include <talloc.h>

/* Does the environment ask for German? */
bool phrase_german(void);

/* The sentence for the reader, child of mem: German if he wants it and the table has it, else as it is. */
char *phrase(const char *english, TALLOC_CTX *mem);

/* Print a sentence made like printf's, for the reader; leading blanks and the line end stay where they are. */
void phrase_print(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
