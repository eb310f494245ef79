#include <string.h>

#include "events/lead_stats.h"
#include "matcher/evaluate.h"
#include "review/answer.h"
#include "review/statistics.h"

static struct sums *named(struct named_sums **list, const char *name, TALLOC_CTX *mem)
{
	size_t count = talloc_array_length(*list);

	for (size_t i = 0; i < count; i++)
		if (!strcmp((*list)[i].name, name))
			return &(*list)[i].tally;
	*list = talloc_realloc(mem, *list, struct named_sums, count + 1);
	(*list)[count] = (struct named_sums){ .name = name };
	return &(*list)[count].tally;
}

/* TIERS if there is none of this name. */
static int tier_of(const char *text)
{
	int tier = 0;

	while (tier < TIERS && strcmp(tier_text((enum tier)tier), text) != 0)
		tier++;
	return tier;
}

struct group {
	const char *state, *tier, *reason;
	bool person;
	int64_t documents;
};

static void count(struct sums *tally, const struct group *group)
{
	bool filed = !strcmp(group->state, "filed");

	tally->documents += group->documents;
	if (filed && group->person)
		tally->by_person += group->documents;
	else if (filed)
		tally->filed += group->documents;
	else if (!strcmp(group->state, "queued"))
		tally->queued += group->documents;
}

static void waits(struct figures *figures, const struct group *group)
{
	for (int i = 0; i < REASONS; i++)
		if (!strcmp(reason_text((enum reason)i), group->reason))
			figures->reasons[i] += group->documents;
}

static void documents_count(struct figures *figures, const struct rows *rows)
{
	for (int i = 0; i < rows_count(rows); i++) {
		const struct group group = { rows_text(rows, i, "state"),
					     rows_text(rows, i, "tier"),
					     rows_text(rows, i, "reason"),
					     rows_bool(rows, i, "person"),
					     rows_int(rows, i, "documents") };
		int tier = tier_of(group.tier);

		count(&figures->all, &group);
		count(named(&figures->weeks, rows_text(rows, i, "week"), figures), &group);
		count(named(&figures->insurers, rows_text(rows, i, "issuer"), figures), &group);
		if (tier < TIERS)
			count(&figures->tiers[tier], &group);
		if (tier == TIER_ALIAS && !strcmp(group.state, "filed"))
			figures->alias += group.documents;
		if (!strcmp(group.state, "queued"))
			waits(figures, &group);
	}
}

static void corrected_count(struct figures *figures, const struct rows *rows)
{
	for (int i = 0; i < rows_count(rows); i++) {
		int64_t documents = rows_int(rows, i, "documents");
		int tier = tier_of(rows_text(rows, i, "tier"));

		figures->all.corrected += documents;
		named(&figures->insurers, rows_text(rows, i, "issuer"), figures)->corrected +=
			documents;
		if (tier < TIERS)
			figures->tiers[tier].corrected += documents;
	}
}

struct figures *figures_of(const struct rows *documents, const struct rows *corrected,
			   TALLOC_CTX *mem)
{
	struct figures *figures = talloc_zero(mem, struct figures);

	documents_count(figures, documents);
	corrected_count(figures, corrected);
	return figures;
}

/* ---- as JSON ---- */

json_t *figures_weeks(const struct figures *figures)
{
	json_t *list = json_array();

	for (size_t i = 0; i < talloc_array_length(figures->weeks); i++) {
		const struct sums *t = &figures->weeks[i].tally;

		json_array_append_new(
			list, json_pack("{s:s, s:I, s:I, s:I, s:I}", "week", figures->weeks[i].name,
					"filed", (json_int_t)t->filed, "by_person",
					(json_int_t)t->by_person, "queued", (json_int_t)t->queued,
					"total", (json_int_t)t->documents));
	}
	return list;
}

json_t *figures_reasons(const struct figures *figures)
{
	json_t *list = json_array();

	for (int i = 0; i < REASONS; i++)
		if (figures->reasons[i])
			json_array_append_new(list, json_pack("{s:s, s:I}", "code",
							      reason_text((enum reason)i), "count",
							      (json_int_t)figures->reasons[i]));
	return list;
}

/* What the matcher filed, whether it still lies there or was put right. */
static int64_t filed_ever(const struct sums *t)
{
	return t->filed + t->corrected;
}

json_t *figures_insurers(const struct figures *figures, const struct request *request)
{
	json_t *list = json_array();

	for (size_t i = 0; i < talloc_array_length(figures->insurers); i++) {
		const struct sums *t = &figures->insurers[i].tally;
		json_t *row = insurer_json(request, figures->insurers[i].name);

		json_object_set_new(row, "documents", json_integer(t->documents));
		json_object_set_new(row, "filed", json_integer(t->filed));
		json_object_set_new(
			row, "rate",
			json_real(t->documents ? (double)t->filed / (double)t->documents : 0));
		json_object_set_new(row, "corrected", json_integer(t->corrected));
		json_array_append_new(list, row);
	}
	return list;
}

static json_t *tier_json(enum tier tier, const struct sums *t)
{
	int64_t filed = filed_ever(t);
	json_t *precision =
		filed ? json_real(1 - (double)t->corrected / (double)filed) : json_null();
	json_t *bound = filed ? json_real(1 - error_bound((uint64_t)t->corrected, (uint64_t)filed))
			      : json_null();

	return json_pack("{s:s, s:I, s:I, s:o, s:o}", "tier", tier_text(tier), "filed",
			 (json_int_t)filed, "corrected", (json_int_t)t->corrected, "precision",
			 precision, "bound95", bound);
}

json_t *figures_tiers(const struct figures *figures)
{
	json_t *list = json_array();

	for (int i = TIER_EXACT; i < TIER_PERSON; i++)
		json_array_append_new(list, tier_json((enum tier)i, &figures->tiers[i]));
	return list;
}

json_t *figures_leads(const struct rows *rows)
{
	static const int bounds[LEAD_BINS - 1] = { 0, 6, 12, 24, 36, 48, 72 };
	int64_t counts[LEAD_BINS] = { 0 };
	json_t *list = json_array();

	for (int i = 0; i < rows_count(rows); i++) {
		int bin = 0;

		while (bin < LEAD_BINS - 1 && rows_int(rows, i, "hours") >= bounds[bin])
			bin++;
		counts[bin] += rows_int(rows, i, "documents");
	}
	for (int i = 0; rows_count(rows) && i < LEAD_BINS; i++)
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:I}", "from_h",
					i ? json_integer(bounds[i - 1]) : json_null(), "to_h",
					i < LEAD_BINS - 1 ? json_integer(bounds[i]) : json_null(),
					"count", (json_int_t)counts[i]));
	return list;
}
