/* insurers.c -- the files of insurers: list, show, check. */
#include "cmd/insurers.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/conf.h"
#include "cmd/app.h"
#include "cmd/commands.h"
#include "normalizers/picture.h"

static char shipped[] = VORPOST_INSURERS_DIR;

/* The folders: without a configuration at its usual place, those that came with the program. learned: and the pictures that
 * a person accepted. */
static char **folders_of(const struct invocation *in, bool learned, size_t *count, struct err *e)
{
	bool absent = access(in->conf_path, F_OK) != 0;
	struct conf *conf;
	char **only;

	if (absent && strcmp(in->conf_path, CONF_INSTALLED) == 0) {
		only = talloc_array(in->mem, char *, 1);
		only[0] = shipped;
		*count = 1;
		return only;
	}
	conf = conf_load(in->conf_path, in->mem, e);
	if (!conf)
		return NULL;
	if (learned)
		return app_insurer_folders(conf, count, in->mem);
	*count = conf->insurer_count;
	return conf->insurers;
}

char **insurers_folders(const struct invocation *in, size_t *count, struct err *e)
{
	return folders_of(in, false, count, e);
}

struct insurers *insurers_open(const struct invocation *in, struct err *e)
{
	size_t count;
	char **folders = folders_of(in, true, &count, e);

	return folders ? insurers_load(folders, count, in->mem, e) : NULL;
}

static char *register_numbers(const struct insurer *insurer, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < insurer->carrier_count; i++) {
		const char *vu = insurer->carriers[i].vu;

		if (vu)
			text = talloc_asprintf_append(text, "%s%s", text[0] ? " " : "", vu);
	}
	return text;
}

/* The days of a register number; "" if it holds for ever. */
static const char *validity(const struct carrier *c, TALLOC_CTX *mem)
{
	if (c->from && c->to)
		return talloc_asprintf(mem, "%s to %s", c->from, c->to);
	if (c->from)
		return talloc_asprintf(mem, "from %s", c->from);
	return c->to ? talloc_asprintf(mem, "until %s", c->to) : "";
}

static char *successors_text(const struct insurer *one, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < one->successor_count; i++) {
		const struct successor *s = &one->successors[i];

		text = talloc_asprintf_append(text, "%s%s>%s %s", i ? ", " : "", s->from, s->to,
					      s->number);
	}
	return text;
}

static size_t sureness(const char *word)
{
	size_t i = 0;

	while (i + 1 < SURE_KINDS && strcmp(confidence_words[i], word) != 0)
		i++;
	return i;
}

/* The least sure of its pictures; of an insurer without pictures, of its register numbers. */
static const char *confidence_of(const struct insurer *one)
{
	size_t worst = 0;

	for (size_t i = 0; i < one->picture_count; i++) {
		size_t sure = sureness(one->pictures[i].confidence);

		worst = sure > worst ? sure : worst;
	}
	for (size_t i = 0; !one->picture_count && i < one->carrier_count; i++) {
		size_t sure = sureness(one->carriers[i].confidence);

		worst = sure > worst ? sure : worst;
	}
	return confidence_words[worst];
}

struct coverage {
	size_t insurers, drawn, pictures;
	size_t picture_sure[SURE_KINDS], carrier_sure[SURE_KINDS];
};

static void coverage_count(struct coverage *c, const struct insurer *one)
{
	c->insurers++;
	c->drawn += one->picture_count > 0;
	c->pictures += one->picture_count;
	for (size_t i = 0; i < one->picture_count; i++)
		c->picture_sure[sureness(one->pictures[i].confidence)]++;
	for (size_t i = 0; i < one->carrier_count; i++)
		c->carrier_sure[sureness(one->carriers[i].confidence)]++;
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void sure_print(const char *what, const size_t *sure, FILE *out)
{
	fprintf(out, "%s:", what);
	for (size_t i = 0; i < SURE_KINDS; i++)
		fprintf(out, "%s %zu %s", i ? "," : "", sure[i], confidence_words[i]);
	fputc('\n', out);
}

static void coverage_print(const struct coverage *c, FILE *out)
{
	fprintf(out, "\n%zu insurer%s: %zu with %zu picture%s, %zu by the general rule\n",
		c->insurers, plural(c->insurers), c->drawn, c->pictures, plural(c->pictures),
		c->insurers - c->drawn);
	sure_print("pictures", c->picture_sure, out);
	sure_print("carriers", c->carrier_sure, out);
}

static void list_row(struct listing *list, const struct insurer *one, TALLOC_CTX *mem)
{
	char *days = talloc_strdup(mem, "");

	for (size_t i = 0; i < one->carrier_count; i++) {
		const struct carrier *c = &one->carriers[i];
		const char *valid = validity(c, mem);

		if (valid[0])
			days = talloc_asprintf_append(days, "%s%s %s", days[0] ? ", " : "",
						      c->vu ? c->vu : c->name, valid);
	}

	const char *cells[] = { one->issuer,
				one->name,
				register_numbers(one, mem),
				days,
				one->group,
				talloc_asprintf(mem, "%zu", one->picture_count),
				confidence_of(one),
				successors_text(one, mem) };

	listing_row(list, cells);
}

static int insurers_list(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "issuer", "name",     "vu",         "valid",
					     "group",  "pictures", "confidence", "successors" };
	struct listing *list = listing_new(in->mem, 8, heads);
	bool undrawn = invocation_option(in, "--without-pictures") != NULL;
	const struct insurers *all = insurers_open(in, e);
	struct coverage coverage = { 0 };

	for (size_t i = 0; all && i < insurers_count(all); i++) {
		const struct insurer *one = insurers_at(all, i);

		coverage_count(&coverage, one);
		if (!undrawn || one->picture_count == 0)
			list_row(list, one, in->mem);
	}
	if (!all)
		return 1;
	listing_numbers(list, 5, 5);
	listing_print(list, in->output, in->out);
	if (in->output == OUTPUT_TABLE)
		coverage_print(&coverage, in->out);
	return 0;
}

static char *lines_text(const struct picture *p, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < p->line_count; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? " " : "", p->lines[i]);
	return text;
}

/* One row a fact, so that table, JSON and CSV say the same. */
static void show_row(struct listing *list, const char *what, const char *value, const char *detail,
		     const char *source, const char *confidence)
{
	const char *cells[] = { what, value, detail, confidence, source };

	listing_row(list, cells);
}

static void show_picture(struct listing *list, const struct picture *p, TALLOC_CTX *mem)
{
	char *detail = talloc_strdup(mem, p->name);

	if (p->line_count)
		detail = talloc_asprintf_append(detail, "; lines %s", lines_text(p, mem));
	if (p->drops_zeros)
		detail = talloc_asprintf_append(detail, "; leading zeros may be dropped");
	if (p->becomes)
		detail = talloc_asprintf_append(detail, "; becomes %s", p->becomes);
	show_row(list, picture_means_text(p->means), p->drawing, detail, p->source, p->confidence);
}

static void show_carrier(struct listing *list, const struct carrier *c, TALLOC_CTX *mem)
{
	const char *days = validity(c, mem);

	show_row(list, "carrier", c->vu,
		 talloc_asprintf(mem, "%s%s%s", c->name, days[0] ? ", " : "", days), c->source,
		 c->confidence);
}

static void show_successor(struct listing *list, const struct successor *s, TALLOC_CTX *mem)
{
	char *detail = talloc_asprintf(mem, "%s, number %s", s->date ? s->date : "day not known",
				       s->number);

	if (s->mapping)
		detail = talloc_asprintf_append(detail, " by picture \"%s\"", s->mapping);
	show_row(list, strcmp(s->from, s->to) == 0 ? "renumbered" : "successor",
		 talloc_asprintf(mem, "%s > %s", s->from, s->to), detail, s->source, s->confidence);
}

static int insurers_show(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "what", "value", "detail", "confidence", "source" };
	struct listing *list = listing_new(in->mem, 5, heads);
	const struct insurers *all = insurers_open(in, e);
	const struct insurer *one = all ? insurers_find(all, in->word[0]) : NULL;

	if (!all)
		return 1;
	if (!one) {
		err_set(e, ERR_MISSING, "no insurer file is named or registered \"%s\"",
			in->word[0]);
		return 1;
	}
	show_row(list, "issuer", one->issuer, one->name, one->path, NULL);
	if (one->group)
		show_row(list, "group", one->group, NULL, one->group_source, one->group_confidence);
	for (size_t i = 0; i < one->carrier_count; i++)
		show_carrier(list, &one->carriers[i], in->mem);
	for (size_t i = 0; i < one->successor_count; i++)
		show_successor(list, &one->successors[i], in->mem);
	for (size_t i = 0; i < one->picture_count; i++)
		show_picture(list, &one->pictures[i], in->mem);
	if (one->has_wire)
		insurers_show_wire(list, one, in->mem);
	listing_print(list, in->output, in->out);
	return 0;
}

static size_t check_all(const struct insurers *all, const struct insurer *only, TALLOC_CTX *mem,
			FILE *out)
{
	char **sentences = NULL;
	size_t found = insurers_problems(&sentences, all, only, mem);

	for (size_t i = 0; i < found; i++)
		fprintf(out, "%s\n", sentences[i]);
	return found;
}

/* The folders that are named, or all of the configuration. only: the one insurer that is meant by a word that is no folder. */
static const struct insurers *check_open(const struct insurer **only, struct invocation *in,
					 struct err *e)
{
	const struct insurers *all;
	struct stat about;

	*only = NULL;
	if (in->words != 1 || stat(in->word[0], &about) == 0 || strchr(in->word[0], '/'))
		return in->words ? insurers_load(in->word, (size_t)in->words, in->mem, e)
				 : insurers_open(in, e);
	all = insurers_open(in, e);
	*only = all ? insurers_find(all, in->word[0]) : NULL;
	if (!all || *only)
		return all;
	err_set(e, ERR_SETUP,
		"there is no folder \"%s\", and no insurer of that key, name or register number",
		in->word[0]);
	return NULL;
}

static int insurers_check(struct invocation *in, struct err *e)
{
	const struct insurer *only;
	const struct insurers *all = check_open(&only, in, e);
	size_t wrong, pictures = 0, insurers = 0, joins;

	if (!all) {
		fprintf(in->out, "%s\n1 problem\n", e->text);
		err_clear(e);
		return 1;
	}
	for (size_t i = 0; i < insurers_count(all); i++) {
		const struct insurer *one = insurers_at(all, i);

		if (only && one != only)
			continue;
		insurers++;
		pictures += one->picture_count;
		if (one->has_wire)
			insurers_check_wire(one, in);
	}
	wrong = check_all(all, only, in->mem, in->out);
	if (invocation_option(in, "--stock")) {
		if (!insurers_check_stock(&joins, in, all, e))
			return 1;
		wrong += joins;
	}
	fprintf(in->out, "%zu insurer%s, %zu picture%s, every example comes out, %zu problem%s\n",
		insurers, plural(insurers), pictures, plural(pictures), wrong, plural(wrong));
	return wrong ? 1 : 0;
}

bool insurers_line_option(const char **line, const struct invocation *in, struct err *e)
{
	const char *said = invocation_option(in, "--line");
	size_t digits = said ? strspn(said, "0123456789") : 0;

	*line = said;
	if (!said || (digits == 3 && !said[3]))
		return true;
	if (!said[digits] && (digits == 1 || digits == 2))
		return err_set(e, ERR_USAGE, "--line wants three digits: %s%s",
			       digits == 1 ? "00" : "0", said);
	return err_set(e, ERR_USAGE, "--line is \"%.40s\", expected three digits such as 050",
		       said);
}

static const struct option_spec list_options[] = {
	{ "--without-pictures", NULL, "only those whose numbers follow the general rule" },
	{ 0 },
};

static const struct option_spec check_options[] = {
	{ "--stock", NULL, "also: pictures that join two contracts of the loaded stock" },
	{ 0 },
};

static const struct option_spec new_options[] = {
	{ "--vu", "VU", "the register number, four digits; left out for an Assekuradeur" },
	{ "--name", "NAME", "as a person would say it; left out: the key" },
	{ "--folder", "FOLDER", "where to write; left out: the last folder of the configuration" },
	{ 0 },
};

const struct command insurers_commands[] = {
	{ "insurers list", "", 0, 0, list_options,
	  "the insurer files, how sure they are, and how many have pictures", insurers_list },
	{ "insurers show", "ISSUER", 1, 1, NULL, "one insurer file, by key, name or VU-Nr",
	  insurers_show },
	{ "insurers check", "[FOLDER...|ISSUER]", 0, -1, check_options,
	  "prove every file and example, find pictures that contradict", insurers_check },
	{ "insurers new", "KEY", 1, 1, new_options, "begin an insurer file, with comments",
	  insurers_new },
	{ 0 },
};
