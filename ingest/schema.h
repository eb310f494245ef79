/*
 * schema.h -- how an answer differs from the XSD files that the operator has: advice, and nothing else. Whatever is found, or
 * goes wrong while it is looked for, the delivery's way is what it would have been.
 *
 * A set is a folder of XSD files, those in its subfolders included. vorpost-validate, in a cage of its own (base/cage.h), reads
 * and compiles it before the first byte of an answer and locks itself in then; so a validator that an answer breaks, or keeps
 * busy, is not the process that reads deliveries. What the files import or include comes from the set and from nowhere else.
 *
 * What is said of an answer are names of elements, attributes and types, and lines: never a value.
 */
#ifndef INGEST_SCHEMA_H
#define INGEST_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"

struct schema_breach {
	char *element; /* its way from the soap:Body on, local names: "getShipmentResponse/Response/Status/@x" */
	char *rule; /* in plain words */
	char *detail; /* a type, what was expected instead, a namespace; "" if there is nothing to add */
	uint64_t line; /* of the first, in the answer's XML; 0: unknown */
	uint64_t times;
};

struct schema_report {
	struct schema_breach *breaches; /* different ones, SCHEMA_BREACHES_MOST at most */
	size_t count;
	uint64_t times; /* of all breaches, also of those that are not in the list */
	char *gave_up;  /* why the answer was not looked at to its end; NULL: it was */
};

/* One validating process, for one connection. */
struct schema_check;

/* Start it and have it compile the set. Child of mem. Fails ERR_SETUP: there is no such folder, no XSD file in it, the files
 * are no schemas or need others; ERR_RETRY: no process to be had. */
struct schema_check *schema_check_open(const char *folder, TALLOC_CTX *mem, struct err *e);

size_t schema_check_files(const struct schema_check *check);

/* One answer: its Content-Type (NULL if none), its body in pieces of any size, its end. None of them fails: what goes wrong is
 * report->gave_up. The report's strings are children of mem. */
void schema_check_begin(struct schema_check *check, const char *content_type);
void schema_check_feed(struct schema_check *check, const void *bytes, size_t len);
void schema_check_end(struct schema_report *report, struct schema_check *check, TALLOC_CTX *mem);

/* All of it for a body that is in a file, from its offset 0 on. */
void schema_check_file(struct schema_report *report, struct schema_check *check,
		       const char *content_type, int fd, uint64_t len, TALLOC_CTX *mem);

/* Is the process gone (it was ended, or broke)? Then every further answer says so, and nothing else. */
bool schema_check_over(const struct schema_check *check);

/*
 * Which set holds for an insurer's answers: `schemas` itself if XSD files lie directly in it; else its subfolder named after
 * the issuer, else the one named after the release of the insurer's file; else *set is NULL: none. Child of mem.
 * Fails ERR_SETUP: schemas is no folder that can be read.
 */
bool schema_set_find(char **set, const char *schemas, const char *issuer, const char *release,
		     TALLOC_CTX *mem, struct err *e);

/* The names of the sets below schemas, sorted; none if it is one set itself. Fails as schema_set_find, and ERR_SETUP if there
 * is neither file nor subfolder, or more than SCHEMA_SETS_MOST of them. */
bool schema_set_names(char ***names, size_t *count, const char *schemas, TALLOC_CTX *mem,
		      struct err *e);

#endif
