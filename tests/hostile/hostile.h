/*
 * hostile.h -- the table of ./run test hostile: messages with the only acceptable outcome of each. The cases_*.c add theirs;
 * hostile.c runs them all through the reader of the product.
 */
#ifndef TESTS_HOSTILE_HOSTILE_H
#define TESTS_HOSTILE_HOSTILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "ingest/reading.h"
#include "ingest/refusal.h"

enum hostile_class {
	CLASS_CONTROL, /* must be read */
	CLASS_SOAP,
	CLASS_XML,
	CLASS_STRUCTURE,
	CLASS_BASE64,
	CLASS_XOP,
	CLASS_MIME,
	CLASS_HTTP,
	CLASS_LIMIT,
	CLASS_STATUS,
	CLASS_WRAPPING,
	CLASS_FORM,
	CLASS_CHANGED,
	CLASS_FRESHNESS,
	CLASS_KEY,
	CLASS_PARTS,
	CLASS_READER,
	CLASS_SEQUENCE,
	CLASS_ZIP,
	CLASS_PDF,
	CLASS_COUNT
};

enum hostile_want { WANT_READ, WANT_REFUSED, WANT_TRANSPORT };

struct hostile_case {
	enum hostile_class class;
	const char *name;
	const char *type; /* Content-Type, NULL if none */
	bool http;        /* bytes begin with the head of the answer */
	bool caged;       /* only of use in the cage */
	bool alone;       /* no document is expected */
	const char *asked;
	uint64_t most; /* bytes of the answer, 0: plenty */
	enum signature_policy policy;
	const struct trust *trust;
	const void *bytes;
	size_t len;
	enum hostile_want want;
	enum refusal refusal;  /* WANT_REFUSED */
	const char *facts;     /* WANT_READ: stands in them */
	const char *not_facts; /* WANT_READ: does not */
};

struct hostile_list {
	struct hostile_case *cases; /* talloc array, which is the list's memory too */
	size_t count;
};

/* A new row with text as its bytes; to be changed by the caller at once. */
struct hostile_case *hostile_add(struct hostile_list *list, enum hostile_class class,
				 const char *name, const char *text, enum refusal refusal);

void cases_message(struct hostile_list *list, TALLOC_CTX *mem);
void cases_mime(struct hostile_list *list, TALLOC_CTX *mem);
void cases_http(struct hostile_list *list, TALLOC_CTX *mem);
void cases_control(struct hostile_list *list, TALLOC_CTX *mem);
void cases_signature(struct hostile_list *list, TALLOC_CTX *mem);
void cases_reader(struct hostile_list *list, TALLOC_CTX *mem);

/* What happened; sentence is NULL if it was read. */
struct hostile_result {
	bool ok;
	struct err e;
	char *facts;
};

/* One case through the reader: in this process in pieces of step bytes, or in the cage. kept: its body stands in a file, as a worker's does. */
struct hostile_result hostile_read(struct cage *cage, const struct hostile_case *c, size_t step,
				   bool kept, TALLOC_CTX *mem);

/* As it should be? Prints a line if not. */
bool hostile_right(const char *how, const struct hostile_case *c, const struct hostile_result *r);

/* Messages one after the other: the count of those that went wrong. Adds to *cases. */
int sequences(struct cage *cage, const struct hostile_list *list, int *cases);

/* What the inspecting processes took: the most, and for which document. */
struct inside_most {
	long memory_kib, cpu_ms;
	const char *memory_name, *cpu_name;
};

/* What stands inside documents. Adds to the cases of both classes; returns how many went wrong. most: NULL: not measured; else more than
 * 64 MiB or 1 s is wrong, too. */
int inside_documents(int *zip_cases, int *pdf_cases, struct inside_most *most);

/* Inspect this one and print "KIBIBYTES MILLISECONDS" of the inspecting process: for the above, which starts a program for it. */
int inside_look(const char *media_type, int fd);

#endif
