#include "matcher/weigh.h"

#include <math.h>
#include <string.h>

const struct weighing weighing_usual = { NULL, SECOND_BITS, REPAIR_BITS, APART_BITS };

/* u of details without a share of their own in the stock; term TERM_FIELDS: none. */
static const struct {
	double m, u;
	enum term_field term;
} details[DETAILS] = {
	[DETAIL_SURNAME] = { 0.95, 0, TERM_SURNAME },
	[DETAIL_FIRST_NAME] = { 0.95, 0, TERM_FIRST_NAME },
	[DETAIL_BIRTH_DATE] = { 0.97, 1.0 / 20000, TERM_FIELDS }, /* the days of some 55 years */
	[DETAIL_POSTCODE] = { 0.88, 0, TERM_POSTCODE },
	[DETAIL_PLATE] = { 0.90, 1.0 / 1000000, TERM_FIELDS },
	[DETAIL_LINE] = { 0.90, 0, TERM_LINE },
	[DETAIL_OTHER_NUMBER] = { 0.90, 1.0 / 1000000, TERM_FIELDS },
};

const char *detail_text(enum detail detail)
{
	static const char *const texts[DETAILS] = {
		[DETAIL_SURNAME] = "surname",
		[DETAIL_FIRST_NAME] = "first name",
		[DETAIL_BIRTH_DATE] = "birth date",
		[DETAIL_POSTCODE] = "postcode",
		[DETAIL_PLATE] = "plate",
		[DETAIL_LINE] = "line of business",
		[DETAIL_OTHER_NUMBER] = "another number",
	};

	return texts[detail];
}

/* The first of January stands in many records for a day that nobody knew. */
static bool filler_date(const char *date)
{
	return strnlen(date, 10) == 10 && !strncmp(date + 4, "-01-01", 6);
}

static double chance(const struct weighing *weighing, enum detail detail, const char *value)
{
	if (details[detail].term != TERM_FIELDS)
		return terms_share(weighing->terms, details[detail].term, value);
	if (detail == DETAIL_BIRTH_DATE && filler_date(value))
		return 1.0 / 500;
	return details[detail].u;
}

double weigh_agreement(const struct weighing *weighing, enum detail detail, const char *value)
{
	double bits = log2(details[detail].m / chance(weighing, detail, value));

	return fmin(fmax(bits, 0), detail == DETAIL_SURNAME ? SURNAME_BITS : FIELD_BITS_MOST);
}

double weigh_difference(enum detail detail)
{
	return log2(1 - details[detail].m); /* u is small beside 1 */
}

double weigh_slip(void)
{
	return log2(0.02 /
		    0.003); /* one in fifty is mistyped; chance alone comes so near once in 300 */
}
