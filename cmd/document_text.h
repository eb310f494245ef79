/* document_text.h -- a stored document in words for a terminal: what `queue show` and `match explain` share. */
#ifndef CMD_DOCUMENT_TEXT_H
#define CMD_DOCUMENT_TEXT_H

#include <stdio.h>

#include "matcher/matcher.h"
#include "matcher/stored.h"

/* "name:     value", shown; nothing for an absent value. Whatever an insurer wrote goes through here. */
void document_line(FILE *out, const char *name, const char *value);

/* What was delivered: file, insurer, case, line, holder, numbers. */
void document_print(FILE *out, const struct stored *stored);

/* "+ surname agrees", "- birth date differs"; evidence as JSON text. */
void evidence_print(FILE *out, const char *evidence);

/* The document's id and verdict. */
void verdict_print(FILE *out, const struct stored *stored);

/* German words of a stored reason; the reason itself if it is not of ours. */
const char *reason_words(const char *reason);

#endif
