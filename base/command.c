#include "base/command.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/conf.h"
#include "base/text.h"

#define OPTIONS_MOST 24

static const struct option_spec common_options[] = {
	{ "--config", "FILE", "configuration (default: vorpost.yaml, else " CONF_INSTALLED ")" },
	{ "--output", "table|json|csv", "how lists are printed" },
	{ "--quiet", NULL, "no progress" },
	{ "--help", NULL, "this help" },
	{ NULL, NULL, NULL },
};

/* ---- looking up ---- */

static int words_in(const char *name)
{
	int n = 1;

	for (; *name; name++)
		n += *name == ' ';
	return n;
}

/* Do the first words of argv spell this command's name? */
static bool name_matches(const char *name, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		size_t len = strcspn(name, " ");

		if (strlen(argv[i]) != len || memcmp(argv[i], name, len) != 0)
			return false;
		name += len;
		if (!*name)
			return true;
		name++;
	}
	return false;
}

static const struct command *command_find(const struct command *const *tables, int argc,
					  char **argv)
{
	const struct command *best = NULL;

	for (; *tables; tables++)
		for (const struct command *c = *tables; c->name; c++)
			if (name_matches(c->name, argc, argv) &&
			    (!best || words_in(c->name) > words_in(best->name)))
				best = c;
	return best;
}

static int option_index(const struct option_spec *options, const char *name, size_t len)
{
	for (int i = 0; options && options[i].name; i++)
		if (strlen(options[i].name) == len && !memcmp(options[i].name, name, len))
			return i;
	return -1;
}

const char *invocation_option(const struct invocation *in, const char *name)
{
	int i = option_index(in->command->options, name, strlen(name));

	if (i < 0)
		abort(); /* the command asks for an option that its own table does not have */
	return in->option_values[i];
}

/* ---- help ---- */

static void options_print(const struct option_spec *options, FILE *out)
{
	for (; options && options->name; options++) {
		char left[64];

		snprintf(left, sizeof left, "%s%s%s", options->name, options->value ? " " : "",
			 options->value ? options->value : "");
		fprintf(out, "  %-28s %s\n", left, options->help);
	}
}

static void help_command(const struct command *c, FILE *out)
{
	fprintf(out, "usage: vorpost %s%s%s%s\n\n%s.\n\noptions:\n", c->name, *c->words ? " " : "",
		c->words, c->options ? " [options]" : "", c->help);
	options_print(c->options, out);
	options_print(common_options, out);
}

/* All commands whose name begins with the given first word, or all if it is NULL. */
static void help_list(const struct command *const *tables, const char *first, FILE *out)
{
	fprintf(out, "usage: vorpost COMMAND [options]   (vorpost COMMAND --help says more)\n\n");
	for (; *tables; tables++)
		for (const struct command *c = *tables; c->name; c++) {
			char left[96];

			if (first && strncmp(c->name, first, strlen(first)) != 0)
				continue;
			snprintf(left, sizeof left, "%s %s", c->name, c->words);
			fprintf(out, "  %-44s %s\n", left, c->help);
		}
}

/* Is it the first word of commands: "queue"? */
static bool group_is(const struct command *const *tables, const char *word)
{
	size_t len = strlen(word);

	for (; *tables; tables++)
		for (const struct command *c = *tables; c->name; c++)
			if (!strncmp(c->name, word, len) && c->name[len] == ' ')
				return true;
	return false;
}

/* What else could have been meant stands below it. */
static int unknown_command(const struct command *const *tables, int argc, char **argv,
			   TALLOC_CTX *mem)
{
	bool group = group_is(tables, argv[1]), further = group && argc > 2 && argv[2][0] != '-';

	if (group && argc > 2 && (!strcmp(argv[2], "--help") || !strcmp(argv[2], "-h"))) {
		help_list(tables, argv[1], stdout);
		return EX_OK;
	}
	if (group && !further)
		fprintf(stderr, "vorpost: \"%s\" wants one word more\n", argv[1]);
	else
		fprintf(stderr, "vorpost: there is no command \"%s%s%s\"\n",
			text_shown(argv[1], 40, mem), further ? " " : "",
			further ? text_shown(argv[2], 40, mem) : "");
	help_list(tables, argv[1], stderr);
	return EX_USAGE;
}

/* ---- parsing ---- */

static bool common_option(struct invocation *in, const char *name, const char *value, struct err *e)
{
	if (!strcmp(name, "--config"))
		in->conf_path = value;
	else if (!strcmp(name, "--quiet"))
		in->quiet = true;
	else if (!strcmp(name, "--output") && !strcmp(value, "table"))
		in->output = OUTPUT_TABLE;
	else if (!strcmp(name, "--output") && !strcmp(value, "json"))
		in->output = OUTPUT_JSON;
	else if (!strcmp(name, "--output") && !strcmp(value, "csv"))
		in->output = OUTPUT_CSV;
	else
		return err_set(e, ERR_USAGE, "--output is \"%s\", expected table, json or csv",
			       value);
	return true;
}

/* One option with its value, which may follow after '=' or as the next word. */
static bool option_take(struct invocation *in, int argc, char **argv, int *at, bool *help,
			struct err *e)
{
	const char *word = argv[*at];
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);
	const struct option_spec *table = in->command->options;
	int i = option_index(table, word, len);
	const char *value = equals ? equals + 1 : "";

	if (i < 0) {
		table = common_options;
		i = option_index(table, word, len);
	}
	if (i < 0)
		return err_set(e, ERR_USAGE, "unknown option %.*s (vorpost %s --help)", (int)len,
			       word, in->command->name);
	if (!table[i].value && equals)
		return err_set(e, ERR_USAGE, "%s takes no value", table[i].name);
	if (table[i].value && !equals) {
		if (*at + 1 >= argc)
			return err_set(e, ERR_USAGE, "%s needs a value: %s", table[i].name,
				       table[i].value);
		value = argv[++*at];
	}
	if (table != common_options) {
		in->option_values[i] = value;
		return true;
	}
	*help |= !strcmp(table[i].name, "--help");
	return *help || common_option(in, table[i].name, value, e);
}

static bool invocation_read(struct invocation *in, int argc, char **argv, bool *help, struct err *e)
{
	const struct command *c = in->command;
	bool only_words = false;

	for (int i = words_in(c->name); i < argc; i++) {
		if (!only_words && !strcmp(argv[i], "--"))
			only_words = true;
		else if (!only_words && argv[i][0] == '-' && argv[i][1]) {
			if (!option_take(in, argc, argv, &i, help, e))
				return false;
		} else {
			in->word[in->words++] = argv[i];
		}
	}
	if (!*help &&
	    (in->words < c->least_words || (c->most_words >= 0 && in->words > c->most_words)))
		return err_set(e, ERR_USAGE, "usage: vorpost %s %s", c->name, c->words);
	return true;
}

static const char *default_conf(void)
{
	FILE *here = fopen("vorpost.yaml", "re");

	if (!here)
		return CONF_INSTALLED;
	fclose(here);
	return "vorpost.yaml";
}

static int command_run(const struct command *c, int argc, char **argv, struct err *e)
{
	TALLOC_CTX *mem = talloc_named_const(NULL, 0, "invocation");
	struct invocation in = { .mem = mem, .command = c, .out = stdout };
	bool help = false;
	int code = EX_OK;

	in.word = talloc_zero_array(mem, char *, argc + 1);
	in.option_values = talloc_zero_array(mem, const char *, OPTIONS_MOST);
	in.conf_path = default_conf();
	if (invocation_read(&in, argc, argv, &help, e)) {
		if (help)
			help_command(c, stdout);
		else
			code = c->run(&in, e);
	}
	talloc_free(mem);
	return code;
}

static bool asks_for_help(int argc, char **argv)
{
	return argc < 2 || !strcmp(argv[1], "help") || !strcmp(argv[1], "--help") ||
	       !strcmp(argv[1], "-h");
}

/* Options may stand before the verb too: vorpost --config FILE queue list. They are moved behind
 * it. */
static char **verb_first(int argc, char **argv, TALLOC_CTX *mem)
{
	char **sorted = talloc_zero_array(mem, char *, argc + 1);
	int n = 0, lead = 1;

	while (lead < argc && !strncmp(argv[lead], "--", 2) && strcmp(argv[lead], "--help") != 0 &&
	       strcmp(argv[lead], "--version") != 0)
		lead += strchr(argv[lead], '=') || !strcmp(argv[lead], "--quiet") ? 1 : 2;
	sorted[n++] = argv[0];
	for (int i = lead; i < argc; i++)
		sorted[n++] = argv[i];
	for (int i = 1; i < lead && i < argc; i++)
		sorted[n++] = argv[i];
	return sorted;
}

int command_main(int argc, char **argv, const struct command *const *tables)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct command *c;
	struct err e = { 0 };
	int code;

	argv = verb_first(argc, argv, mem);
	if (asks_for_help(argc, argv)) {
		help_list(tables, argc > 2 ? argv[2] : NULL, stdout);
		code = argc < 2 ? EX_USAGE : EX_OK;
	} else if (!(c = command_find(tables, argc - 1, argv + 1))) {
		code = unknown_command(tables, argc, argv, mem);
	} else {
		code = command_run(c, argc - 1, argv + 1, &e);
		if (e.kind != ERR_NONE) {
			fprintf(stderr, "vorpost: %s\n", e.text);
			code = err_exit_code(&e);
		}
	}
	talloc_free(mem);
	if (fflush(stdout) != 0 && code == EX_OK)
		code = EX_IOERR;
	return code;
}
