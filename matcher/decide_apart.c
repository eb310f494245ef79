#include "matcher/decide_inside.h"
#include "model/line.h"

static const struct pick *by_line(const struct deciding *d, const struct picks *picks)
{
	const char *line = d->facts->transfer->line;
	const struct pick *left = NULL, *equal = NULL;
	int left_count = 0, equal_count = 0;

	if (!line_says_something(line))
		return NULL;
	for (int i = 0; i < picks->count; i++) {
		const char *other = picks->item[i].contract->line;

		if (!line_says_something(other))
			return NULL;
		if (line_contradicts(line, other))
			continue;
		left = &picks->item[i];
		left_count++;
		if (line_equal(line, other)) {
			equal = left;
			equal_count++;
		}
	}
	if (left_count == 1)
		return left;
	return equal_count == 1 ? equal : NULL;
}

/* All others are another person's, and stand far behind. A holder of whom nothing is known may be the same person. */
static bool far_ahead(const struct deciding *d, const struct picks *picks, const struct pick *best,
		      double bits)
{
	for (int i = 0; i < picks->count; i++) {
		struct signals s;

		if (&picks->item[i] == best)
			continue;
		s = decide_signals(d, picks->item[i].contract);
		if (!signals_other_holder(&s) ||
		    bits - signals_bits(&s) < d->facts->weighing->apart_bits)
			return false;
	}
	return true;
}

/* One of them is the holder's beyond doubt. */
static const struct pick *by_holder(const struct deciding *d, const struct picks *picks)
{
	for (int i = 0; i < picks->count; i++) {
		struct signals s = decide_signals(d, picks->item[i].contract);

		if (signals_confirm_repair(&s, d->facts->weighing) &&
		    far_ahead(d, picks, &picks->item[i], signals_bits(&s)))
			return &picks->item[i];
	}
	return NULL;
}

const struct pick *decide_apart(const char **sentence, const struct deciding *d,
				const struct picks *picks)
{
	const struct pick *meant;

	if (picks->overflow)
		return NULL;
	*sentence = "the line of business tells the contracts of this number apart";
	if ((meant = by_line(d, picks)))
		return meant;
	*sentence = "the holder tells the contracts of this number apart";
	return by_holder(d, picks);
}
