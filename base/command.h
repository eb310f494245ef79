/*
 * command.h -- the table of commands: one row a verb; help, dispatch and completion come from the
 * rows.
 */
#ifndef BASE_COMMAND_H
#define BASE_COMMAND_H

#include <stdbool.h>
#include <stdio.h>
#include <talloc.h>

#include "base/err.h"

enum output { OUTPUT_TABLE, OUTPUT_JSON, OUTPUT_CSV };

struct conf;
struct option_spec {
	const char *name;  /* "--vu"; NULL ends the list */
	const char *value; /* what the value is called in help, NULL for a flag */
	const char *help;
};

/* What a command is given: options already split from words. */
struct invocation {
	TALLOC_CTX *mem;       /* freed when the command returns */
	const char *conf_path; /* --config, never NULL */
	enum output output;    /* --output */
	bool quiet;
	int words; /* positional words after the verb */
	char **word;
	const struct command *command;
	const char **option_values; /* parallel to command->options: NULL if absent, "" for a given
				       flag */
	FILE *out;                  /* standard output */
};

struct command {
	const char *name;                  /* "queue list" */
	const char *words;                 /* "DOCUMENT CONTRACT" as shown in help, "" if none */
	int least_words, most_words;       /* most_words -1: any number */
	const struct option_spec *options; /* NULL if none */
	const char *help;                  /* one line */
	int (*run)(struct invocation *in,
		   struct err *e); /* exit code; if e is set, its code and text are used */
};

/* The value of an option, NULL if it was not given. Asking for one that is not in the table is a
 * bug. */
const char *invocation_option(const struct invocation *in, const char *name);

/* Parse argv against the tables (array of pointers to NULL-name-ended command arrays, itself
 * NULL-ended), run the command, print the error sentence, return the exit code. */
int command_main(int argc, char **argv, const struct command *const *tables);

/*
 * A list for people or machines: table aligns columns for a terminal, json prints an array of
 * objects, csv prints RFC 4180 with a head. Cells are UTF-8; NULL is empty (null in JSON).
 */
struct listing;
struct listing *listing_new(TALLOC_CTX *mem, int columns, const char *const *heads);
/* Columns first to last hold numbers: right-aligned in tables, numbers in JSON. May be called again for others. */
void listing_numbers(struct listing *list, int first, int last);
void listing_row(struct listing *list, const char *const *cells);
void listing_print(const struct listing *list, enum output how, FILE *out);

/* Several lists as one JSON object: a member for each. */
void listings_print_json(const char *const *names, struct listing *const *lists, int count,
			 FILE *out);

#endif
