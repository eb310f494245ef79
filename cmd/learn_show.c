/* learn_show.c -- proposals as a table with sentences below, as JSON, or as they would stand in a file. */
#include <jansson.h>

#include "cmd/learn.h"
#include "normalizers/learned.h"

static const char *state_text(enum proposal_state state)
{
	static const char *const words[] = { "stands", "joins", "overlaps", "impure" };

	return words[state];
}

static char *lines_text(const struct picture *p, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, p->line_count ? "" : "all");

	for (size_t i = 0; i < p->line_count; i++)
		text = talloc_asprintf_append(text, "%s%s", i ? " " : "", p->lines[i]);
	return text;
}

/* ---- table ---- */

static void row_add(struct listing *list, const struct learned_proposal *one, TALLOC_CTX *mem)
{
	const struct proposal *p = one->proposal;
	const char *cells[] = {
		talloc_asprintf(mem, "%u", one->number),
		one->issuer,
		lines_text(&p->picture, mem),
		p->picture.drawing,
		p->picture.drops_zeros ? "leading-zeros" : "",
		state_text(p->state),
		talloc_asprintf(mem, "%zu", p->numbers),
		talloc_asprintf(mem, "%zu", p->of),
		talloc_asprintf(mem, "%zu", p->gained),
		talloc_asprintf(mem, "%zu", p->spelled),
		talloc_asprintf(mem, "%zu", p->otherwise),
		p->asked ? "yes" : "",
		talloc_asprintf(mem, "%d", one->history.filed),
		talloc_asprintf(mem, "%d", one->history.confirmed),
		talloc_asprintf(mem, "%d", one->history.conflicts + one->history.unsettled),
	};

	listing_row(list, cells);
}

static struct listing *listing_of(const struct invocation *in, const struct learned_proposals *all)
{
	static const char *const heads[] = { "number",      "issuer",     "lines",     "picture",
					     "drops",       "state",      "numbers",   "of",
					     "gained",      "of_spelled", "otherwise", "asked",
					     "newly_filed", "confirmed",  "conflicts" };
	struct listing *list = listing_new(in->mem, 15, heads);

	listing_numbers(list, 0, 0);
	listing_numbers(list, 6, 10);
	listing_numbers(list, 12, 14);
	for (size_t i = 0; i < all->count; i++)
		row_add(list, &all->items[i], in->mem);
	return list;
}

static void sentences_print(FILE *out, const struct learned_proposal *one)
{
	const struct proposal *p = one->proposal;

	if (p->why)
		fprintf(out, "%u is refused: %s\n", one->number, p->why);
	for (size_t i = 0; i < p->counter_count; i++)
		fprintf(out, "%u counter-example: %s, spelled %s: %s\n", one->number,
			p->counters[i].number, p->counters[i].spelling, p->counters[i].why);
}

/* ---- JSON ---- */

static json_t *counters_json(const struct proposal *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->counter_count; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s}", "number", p->counters[i].number,
						"spelling", p->counters[i].spelling, "why",
						p->counters[i].why));
	return list;
}

static json_t *proposal_json(const struct learned_proposal *one)
{
	const struct proposal *p = one->proposal;
	json_t *lines = json_array();

	for (size_t i = 0; i < p->picture.line_count; i++)
		json_array_append_new(lines, json_string(p->picture.lines[i]));
	return json_pack("{s:i, s:s, s:o, s:s, s:b, s:s, s:s?, s:I, s:I, s:I, s:I, s:I, s:b, s:o,"
			 " s:{s:i, s:i, s:i, s:i, s:i}}",
			 "number", (int)one->number, "issuer", one->issuer, "lines", lines,
			 "picture", p->picture.drawing, "drops_leading_zeros",
			 p->picture.drops_zeros, "state", state_text(p->state), "why", p->why,
			 "numbers", (json_int_t)p->numbers, "of", (json_int_t)p->of, "gained",
			 (json_int_t)p->gained, "of_spelled", (json_int_t)p->spelled, "otherwise",
			 (json_int_t)p->otherwise, "asked", p->asked, "counter_examples",
			 counters_json(p), "history", "seen", one->history.seen, "newly_filed",
			 one->history.filed, "confirmed", one->history.confirmed, "conflicts",
			 one->history.conflicts, "unsettled", one->history.unsettled);
}

static void json_print(FILE *out, const struct learned_proposals *all)
{
	json_t *list = json_array();

	for (size_t i = 0; i < all->count; i++)
		json_array_append_new(list, proposal_json(&all->items[i]));
	json_dumpf(list, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(list);
}

/* ---- YAML ---- */

static void yaml_print(FILE *out, const struct learned_proposals *all)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct learned_proposal *one = &all->items[i];
		const struct proposal *p = one->proposal;
		struct picture picture = p->picture;

		if (p->state != PROPOSAL_STANDS)
			continue;
		fprintf(out,
			"%s# proposal %u: draws %zu of %zu numbers, gains %zu of %zu spellings\n",
			i ? "---\n" : "", one->number, p->numbers, p->of, p->gained, p->spelled);
		for (size_t k = 0; k < p->counter_count; k++)
			fprintf(out, "# counter-example: %s, spelled %s: %s\n",
				p->counters[k].number, p->counters[k].spelling, p->counters[k].why);
		picture.learned = true;
		learned_write(out, NULL, one->issuer, &picture, 1);
	}
}

void proposals_show(const struct invocation *in, const struct learned_proposals *all, bool yaml)
{
	if (yaml) {
		yaml_print(in->out, all);
	} else if (in->output == OUTPUT_JSON) {
		json_print(in->out, all);
	} else {
		listing_print(listing_of(in, all), in->output, in->out);
		for (size_t i = 0; in->output == OUTPUT_TABLE && i < all->count; i++)
			sentences_print(in->out, &all->items[i]);
	}
}
