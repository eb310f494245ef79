#include "events/lead_stats.h"

#include <stdlib.h>
#include <string.h>

#define FRESH_S      (30 * 60)
#define PROCESSED_S  60
#define MEDIAN_LEAST (24 * 3600)
#define HOUR         3600

const char *const lead_bin_texts[LEAD_BINS] = { "< 0 h",   "0-6 h",   "6-12 h",  "12-24 h",
						"24-36 h", "36-48 h", "48-72 h", ">= 72 h" };

static const struct slo slos[SLOS] = {
	[SLO_FRESH] = { "freshness", "95 % fetched within 30 min of their provision (or 1.5 polls)",
			.per_mille = 950 },
	[SLO_PROCESSED] = { "processing", "99 % of automatic ones: event within 60 s of the fetch",
			    .per_mille = 990 },
	[SLO_LEAD] = { "lead", "95 % of automatic ones with a letter: before the earliest letter",
		       .per_mille = 950 },
	[SLO_MEDIAN] = { "median lead", "24 h before the expected letter" },
	[SLO_QUEUE] = { "queue", "90 % of those that waited, with a letter: decided in time",
			.per_mille = 900 },
};

struct lead_stats *lead_stats_new(TALLOC_CTX *mem)
{
	struct lead_stats *stats = talloc_zero(mem, struct lead_stats);

	memcpy(stats->slos, slos, sizeof slos);
	return stats;
}

static struct lead_group *group_of(struct lead_stats *stats, const struct lead_case *d)
{
	struct lead_group *group;

	for (size_t i = 0; i < stats->count; i++) {
		group = &stats->groups[i];
		if (group->twin == d->lead.twin && !strcmp(group->category, d->category) &&
		    !strcmp(group->issuer, d->issuer))
			return group;
	}
	stats->groups = talloc_realloc(stats, stats->groups, struct lead_group, stats->count + 1);
	group = &stats->groups[stats->count++];
	*group = (struct lead_group){ .issuer = talloc_strdup(stats, d->issuer),
				      .category = talloc_strdup(stats, d->category),
				      .twin = d->lead.twin,
				      .basis = d->lead.basis,
				      .observations = d->lead.observations };
	return group;
}

static int bin_of(int64_t s)
{
	static const int64_t below[] = { 0, 6, 12, 24, 36, 48, 72 };
	int bin = 0;

	while (bin < LEAD_BINS - 1 && s >= below[bin] * HOUR)
		bin++;
	return bin;
}

static void expected_add(struct lead_stats *stats, struct lead_group *group, int64_t s)
{
	size_t room = group->expected_s ? talloc_array_length(group->expected_s) : 0;

	if ((size_t)group->count == room)
		group->expected_s =
			talloc_realloc(stats, group->expected_s, int64_t, room ? room * 2 : 16);
	group->expected_s[group->count++] = s;
}

static void slo_count(struct slo *slo, bool met)
{
	slo->count++;
	slo->met += met;
}

/* Of each only what it speaks of: the provision is known, the matcher filed it, there is a letter. */
static void slos_count(struct lead_stats *stats, const struct lead_case *d)
{
	const struct way *way = &d->way;
	int64_t allowed_s = way->poll_s * 3 / 2 > FRESH_S ? way->poll_s * 3 / 2 : FRESH_S;
	bool letter = d->lead.twin == TWIN_YES && lead_known(&d->lead);

	if (way->provided && way->stored)
		slo_count(&stats->slos[SLO_FRESH], way->stored - way->provided <= allowed_s * 1000);
	if (d->automatic && way->stored && way->released)
		slo_count(&stats->slos[SLO_PROCESSED],
			  way->released - way->stored < PROCESSED_S * 1000);
	if (d->automatic && letter)
		slo_count(&stats->slos[SLO_LEAD], d->lead.min_s > 0);
	if (!d->automatic && letter)
		slo_count(&stats->slos[SLO_QUEUE], way->filed && way->filed < d->lead.earliest_ms);
}

void lead_stats_add(struct lead_stats *stats, const struct lead_case *document)
{
	struct lead_group *group = group_of(stats, document);

	slos_count(stats, document);
	if (!lead_known(&document->lead)) {
		group->timeless++;
		return;
	}
	expected_add(stats, group, document->lead.expected_s);
	group->positive += document->lead.min_s > 0;
	group->bins[bin_of(document->lead.expected_s)]++;
	group->causes[cause_of(&document->way, &document->lead)]++;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int by_name(const void *a, const void *b)
{
	const struct lead_group *x = a, *y = b;
	int order = strcmp(x->issuer, y->issuer);

	if (!order)
		order = strcmp(x->category, y->category);
	return order ? order : (int)x->twin - (int)y->twin;
}

/* The lower one of two in the middle: never more than was. */
static int64_t median_of(int64_t *values, int64_t count)
{
	if (!count)
		return 0;
	qsort(values, (size_t)count, sizeof *values, by_size);
	return values[(count - 1) / 2];
}

static void median_slo(struct lead_stats *stats)
{
	struct slo *slo = &stats->slos[SLO_MEDIAN];
	int64_t *all = talloc_array(stats, int64_t, 0);

	for (size_t i = 0; i < stats->count; i++) {
		const struct lead_group *group = &stats->groups[i];

		if (group->twin != TWIN_YES || !group->count)
			continue;
		all = talloc_realloc(stats, all, int64_t, (size_t)(slo->count + group->count));
		memcpy(all + slo->count, group->expected_s,
		       (size_t)group->count * sizeof *group->expected_s);
		slo->count += group->count;
	}
	slo->met = median_of(all, slo->count);
	talloc_free(all);
}

void lead_stats_end(struct lead_stats *stats)
{
	for (size_t i = 0; i < stats->count; i++)
		stats->groups[i].median_s =
			median_of(stats->groups[i].expected_s, stats->groups[i].count);
	if (stats->count)
		qsort(stats->groups, stats->count, sizeof *stats->groups, by_name);
	median_slo(stats);
}

const char *slo_holds(const struct slo *slo)
{
	if (!slo->count)
		return "no data";
	if (!slo->per_mille)
		return slo->met >= MEDIAN_LEAST ? "yes" : "no";
	return slo->met * 1000 >= slo->count * slo->per_mille ? "yes" : "no";
}
