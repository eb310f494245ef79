/* document_text.h -- a stored document in words for a terminal: what `queue show` and `match explain` share. */
#ifndef CMD_DOCUMENT_TEXT_H
#define CMD_DOCUMENT_TEXT_H

#include <stdio.h>

#include "matcher/matcher.h"
#include "matcher/stored.h"
#include "model/verdict.h"
#include "store/rows.h"

/* "name:     value", shown; nothing for an absent value. Whatever an insurer wrote goes through here. */
void document_line(FILE *out, const char *name, const char *value);

/* What was delivered: file, insurer, case, line, holder, numbers. */
void document_print(FILE *out, const struct stored *stored, const struct insurers *insurers);

/* An insurer as people know it, "Seeufer Versicherung AG (seeufer)"; the key alone without a file. Child of mem. */
char *insurer_shown(const struct insurers *insurers, const char *issuer, TALLOC_CTX *mem);

/* A row of queue_candidates.sql, "K-145/196768, Volker Immergruen (VU-dd7b218b6cc1e6cb304b)". Child of mem. */
char *contract_row_shown(const struct rows *rows, int row, TALLOC_CTX *mem);

/* A line of business with its name in their language, "130 Hausrat"; NULL of NULL. Child of mem. */
char *line_shown(const char *line, TALLOC_CTX *mem);

/* "+ surname agrees", "- birth date differs"; evidence as JSON text. */
void evidence_print(FILE *out, const char *evidence);

/* Where it stands and why; contracts: where it lies, for people, NULL if nowhere. */
void verdict_print(FILE *out, const struct stored *stored, const char *contracts);

/* "2025-03-03T06:00:00Z" for people, in their language; text_shown of what is no date, NULL of NULL. Child of mem. */
char *moment_shown(const char *text, TALLOC_CTX *mem);

/* The words of the closed lists in the reader's language. */
const char *reason_said(enum reason reason);
const char *tier_said(enum tier tier);

/* The same of their words as stored; one that is none is given back. */
const char *reason_words(const char *reason);
const char *tier_words(const char *tier);

/* "policy number", "the broker's own number": English, for phrase(). */
const char *number_kind_said(enum number_kind kind);

#endif
