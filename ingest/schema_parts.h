/*
 * schema_parts.h -- within schema: schema_check.c is outside, schema_inside.c the program's life, which rests on
 * schema_files.c (the folder), schema_set.c (what its files ask for), schema_judge.c (an answer) and schema_words.c.
 */
#ifndef INGEST_SCHEMA_PARTS_H
#define INGEST_SCHEMA_PARTS_H

#include <dirent.h>

#include "base/cage_wire.h"
#include "ingest/limits.h"
#include "ingest/schema.h"

/* ---- the conversation ---- */

enum schema_frame {
	SCHEMA_HELLO =
		1, /* u64 files, text: why the set cannot be used, NULL: compiled and locked in */
	/* to it */
	SCHEMA_TASK,  /* text content type */
	SCHEMA_BYTES, /* of the answer */
	SCHEMA_END,   /* of the answer */
	/* from it */
	SCHEMA_BREACH, /* text element, rule, detail; u64 line, times */
	SCHEMA_DONE,   /* u64 times, text why it gave up, NULL: it did not */
};

int schema_inside(void);

/* ---- the folder ---- */

struct schema_file {
	char *path; /* from the folder on, with '/' */
	char *text; /* as it is; later as it is compiled */
	size_t len;
	char *ns; /* targetNamespace, NULL: none */
	bool is_part; /* comes in by another file only: included without a namespace of its own, or redefined */
	bool built_in; /* describes XSD itself: libxml2 knows that better */
};

struct schema_files {
	struct schema_file *items;
	size_t count;
	uint64_t bytes;
};

/* All XSD files below an open folder, by path. Children of mem. Fails ERR_SETUP: none, too many, a symbolic link. */
bool schema_files_read(struct schema_files *files, int folder, TALLOC_CTX *mem, struct err *e);

/* The next entry of a folder, NULL at its end and when that cannot be reached: then e is set (ERR_SETUP), for what was not seen
 * must not count as absent. e may be NULL: nobody asks. */
struct dirent *schema_entry(bool *end, DIR *dir, const char *path, struct err *e);

/* Is that an XSD file, by its name? */
bool schema_file_name(const char *name);

/* ---- the set ---- */

struct schema_set; /* compiled; what it is made of is libxml2's */

/* Fails ERR_SETUP with file and reason. */
struct schema_set *schema_set_compile(struct schema_files *files, TALLOC_CTX *mem, struct err *e);

struct _xmlSchema *schema_set_compiled(const struct schema_set *set);

/* ---- the words ---- */

/* For a code of libxml2's validator; its sentences are not used: they quote values. */
const char *schema_rule_words(int code, const char *message);

/* What may be taken from a sentence of libxml2: the type, limit or elements of the schema that it names; "" if none. */
char *schema_rule_detail(int code, const char *message, TALLOC_CTX *mem);

/* The local name of the attribute that the sentence is about; NULL: it speaks of the element. */
char *schema_rule_attribute(int code, const char *message, TALLOC_CTX *mem);

/* ---- an answer ---- */

struct schema_judge;

struct schema_judge *schema_judge_begin(const struct schema_set *set, const char *content_type,
					TALLOC_CTX *mem);
void schema_judge_feed(struct schema_judge *judge, const void *bytes, size_t len);
/* Children of the judge. */
const struct schema_report *schema_judge_end(struct schema_judge *judge);

#endif
