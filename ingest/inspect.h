/*
 * inspect.h -- what stands inside a stored document: the words of a PDF with page and box (poppler), the entries of a ZIP
 * archive (libarchive). Both are read by vorpost-inspect, in a cage (base/cage.h) with the one file and nothing else; a fresh
 * process for each document. The document itself stays as it came, whatever is found.
 */
#ifndef INGEST_INSPECT_H
#define INGEST_INSPECT_H

#include <stdbool.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

enum inspect_state {
	INSPECT_READ,
	INSPECT_EMPTY,   /* no words in it: a scan; no entries */
	INSPECT_LOCKED,  /* a password is needed */
	INSPECT_REFUSED, /* beyond a limit (limits.h) */
	INSPECT_BROKEN,  /* or it broke who read it */
	INSPECT_STATES
};
const char *inspect_state_name(enum inspect_state state);

struct inspected {
	enum inspect_state state;
	char *sentence; /* why not, or why not all; NULL: all is well */
	int page_count; /* -1: no PDF, or it cannot be told */
	char *pages;    /* JSON, as table document_text has it; "[]" */
	char *entries;  /* same */
	char *text;     /* the words alone, at most INSPECT_TEXT_MOST bytes */
};

/* Can something be found inside? "application/pdf", "application/zip". */
bool inspect_knows(const char *media_type);

/*
 * Look into the document in fd, from its first byte on; it takes INSPECT_CPU_MS of computing at most. Strings are children
 * of mem. Whatever the document is or does, that is a state with a sentence and success. Fails ERR_SETUP, ERR_RETRY: the
 * cage cannot be had, or was ended from outside.
 */
bool inspect(struct inspected *found, const char *media_type, int fd, TALLOC_CTX *mem,
	     struct err *e);

#endif
