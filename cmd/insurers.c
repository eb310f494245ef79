/* insurers.c -- the files of insurers: list, show, check. */
#include "cmd/insurers.h"

#include <string.h>
#include <unistd.h>

#include "base/conf.h"
#include "cmd/commands.h"
#include "normalizers/picture.h"

#define INSTALLED_CONF "/etc/vorpost/vorpost.yaml"

static char shipped[] = VORPOST_INSURERS_DIR;

/* The folders: without a configuration at its usual place, those that came with the program. */
static char **folders_of(const struct invocation *in, size_t *count, struct err *e)
{
	bool absent = access(in->conf_path, F_OK) != 0;
	struct conf *conf;
	char **only;

	if (absent && strcmp(in->conf_path, INSTALLED_CONF) == 0) {
		only = talloc_array(in->mem, char *, 1);
		only[0] = shipped;
		*count = 1;
		return only;
	}
	conf = conf_load(in->conf_path, in->mem, e);
	if (!conf)
		return NULL;
	*count = conf->insurer_count;
	return conf->insurers;
}

struct insurers *insurers_open(const struct invocation *in, struct err *e)
{
	size_t count;
	char **folders = folders_of(in, &count, e);

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

static int insurers_list(struct invocation *in, struct err *e)
{
	static const char *const heads[] = { "issuer", "name", "vu", "group", "pictures" };
	struct listing *list = listing_new(in->mem, 5, heads);
	const struct insurers *all = insurers_open(in, e);

	for (size_t i = 0; all && i < insurers_count(all); i++) {
		const struct insurer *one = insurers_at(all, i);
		const char *pictures = talloc_asprintf(in->mem, "%zu", one->picture_count);
		const char *cells[] = { one->issuer, one->name, register_numbers(one, in->mem),
					one->group, pictures };

		listing_row(list, cells);
	}
	if (all)
		listing_print(list, in->output, in->out);
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
	for (size_t i = 0; i < one->carrier_count; i++)
		show_row(list, "carrier", one->carriers[i].vu, one->carriers[i].name,
			 one->carriers[i].source, one->carriers[i].confidence);
	for (size_t i = 0; i < one->successor_count; i++) {
		const struct successor *s = &one->successors[i];

		show_row(list, "successor", talloc_asprintf(in->mem, "%s > %s", s->from, s->to),
			 talloc_asprintf(in->mem, "%s, number %s", s->date, s->number), s->source,
			 s->confidence);
	}
	for (size_t i = 0; i < one->picture_count; i++)
		show_picture(list, &one->pictures[i], in->mem);
	listing_print(list, in->output, in->out);
	return 0;
}

/* Pictures of one line that would read one spelling in two ways: then neither helps. */
static size_t check_overlaps(const struct insurer *one, FILE *out)
{
	char example[KEY_MOST + 1];
	size_t found = 0;

	for (size_t i = 0; i < one->picture_count; i++) {
		for (size_t k = i; k < one->picture_count; k++) {
			const struct picture *a = &one->pictures[i], *b = &one->pictures[k];

			if (!picture_lines_meet(a, b) || !picture_overlap(a, b, example))
				continue;
			fprintf(out, "%s: \"%s\" and \"%s\" read %s differently\n", one->path,
				a->drawing, b->drawing, example);
			found++;
		}
	}
	return found;
}

/* An edge that leads nowhere joins nothing, silently. */
static size_t check_edges(const struct insurers *all, const struct insurer *one, FILE *out)
{
	size_t found = 0;

	for (size_t i = 0; i < one->successor_count; i++) {
		const struct successor *s = &one->successors[i];

		if (insurers_find(all, s->from) && insurers_find(all, s->to))
			continue;
		fprintf(out, "%s: successor %s > %s names an insurer without a file\n", one->path,
			s->from, s->to);
		found++;
	}
	return found;
}

static int insurers_check(struct invocation *in, struct err *e)
{
	const struct insurers *all;
	size_t wrong = 0, pictures = 0;

	all = in->words ? insurers_load(in->word, (size_t)in->words, in->mem, e)
			: insurers_open(in, e);
	if (!all) {
		fprintf(in->out, "%s\n1 problem\n", e->text);
		err_clear(e);
		return 1;
	}
	for (size_t i = 0; i < insurers_count(all); i++) {
		const struct insurer *one = insurers_at(all, i);

		pictures += one->picture_count;
		wrong += check_overlaps(one, in->out) + check_edges(all, one, in->out);
	}
	fprintf(in->out, "%zu insurers, %zu pictures, every example comes out, %zu problem%s\n",
		insurers_count(all), pictures, wrong, wrong == 1 ? "" : "s");
	return wrong ? 1 : 0;
}

const struct command insurers_commands[] = {
	{ "insurers list", "", 0, 0, NULL, "the insurer files, their register numbers and pictures",
	  insurers_list },
	{ "insurers show", "ISSUER", 1, 1, NULL, "one insurer file, by key, name or VU-Nr",
	  insurers_show },
	{ "insurers check", "[FOLDER...]", 0, -1, NULL,
	  "prove every file and example, find pictures that contradict", insurers_check },
	{ 0 },
};
