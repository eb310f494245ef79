#include "matcher/signals.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/line.h"

#define COMMON_BITS 6  /* below: more than one contract in 64 has it */
#define RARE_BITS   10 /* from here on: fewer than one in 1000 */

/* At most two digits differ, or the same digits stand in another order. Both are plausible dates. */
static bool date_slip(const char *a, const char *b)
{
	int differ = 0, counts[128] = { 0 };

	for (int i = 0; i < 10; i++) {
		differ += a[i] != b[i];
		counts[a[i] & 127]++;
		counts[b[i] & 127]--;
	}
	if (differ <= 2)
		return true;
	for (int c = '0'; c <= '9'; c++)
		if (counts[c])
			return false;
	return true;
}

/* Families of lines that meet without being the same say nothing. */
static enum agreement line_compare(const char *a, const char *b)
{
	if (line_contradicts(a, b))
		return CONTRADICTS;
	return line_equal(a, b) ? AGREES : SAYS_NOTHING;
}

static void detail_weigh(struct signals *s, const struct facts *facts, enum detail detail,
			 const char *value)
{
	if (s->said[detail] == AGREES)
		s->bits[detail] = weigh_agreement(facts->weighing, detail, value);
	else if (s->said[detail] == CONTRADICTS)
		s->bits[detail] = weigh_difference(detail);
}

struct signals signals_of(const struct facts *facts, const struct contract *c)
{
	const struct transfer *t = facts->transfer;
	const struct party *p = &t->party;
	const struct {
		enum agreement said;
		const char *value;
	} details[DETAILS] = {
		[DETAIL_SURNAME] = { surname_compare(p->surname, c->name), p->surname },
		[DETAIL_FIRST_NAME] = { surname_compare(p->first_name, c->first_name),
					p->first_name },
		[DETAIL_BIRTH_DATE] = { date_compare(p->birth_date, c->birth_date), p->birth_date },
		[DETAIL_POSTCODE] = { postcode_compare(p->postcode, c->postcode), p->postcode },
		[DETAIL_PLATE] = { plate_compare(t->plate, c->plate), t->plate },
		[DETAIL_LINE] = { line_compare(t->line, c->line), t->line },
	};
	struct signals s = { .whole_first_name = name_whole(p->first_name, c->first_name) };

	for (int i = 0; i < DETAILS; i++) {
		s.said[i] = details[i].said;
		detail_weigh(&s, facts, (enum detail)i, details[i].value);
	}
	s.slip =
		s.said[DETAIL_BIRTH_DATE] == CONTRADICTS && date_slip(p->birth_date, c->birth_date);
	if (s.slip)
		s.bits[DETAIL_BIRTH_DATE] = weigh_slip();
	return s;
}

void signals_other_number(struct signals *s, const struct facts *facts)
{
	s->said[DETAIL_OTHER_NUMBER] = AGREES;
	detail_weigh(s, facts, DETAIL_OTHER_NUMBER, NULL);
}

/* Wife and husband have surname and postcode in common, and often took out their contracts on one day. */
static double household(const struct signals *s)
{
	double bits = s->bits[DETAIL_SURNAME] + s->bits[DETAIL_POSTCODE];
	bool member_known =
		s->said[DETAIL_FIRST_NAME] == AGREES || s->said[DETAIL_BIRTH_DATE] == AGREES;

	return member_known ? bits : fmin(bits, HOUSEHOLD_BITS);
}

double signals_bits(const struct signals *s)
{
	double bits = household(s);

	for (int i = 0; i < DETAILS; i++)
		if (i != DETAIL_SURNAME && i != DETAIL_POSTCODE)
			bits += s->bits[i];
	return bits;
}

/* Who marries and moves at once keeps his first name: all of it, for a part of one is in many; and if many have all of it,
 * it tells nobody apart. */
static bool married_and_moved(const struct signals *s)
{
	return s->whole_first_name && (s->bits[DETAIL_FIRST_NAME] >= COMMON_BITS ||
				       s->said[DETAIL_OTHER_NUMBER] == AGREES);
}

bool signals_other_holder(const struct signals *s)
{
	bool surname_differs = s->said[DETAIL_SURNAME] == CONTRADICTS;
	bool first_name_differs = s->said[DETAIL_FIRST_NAME] == CONTRADICTS;
	bool plate_agrees = s->said[DETAIL_PLATE] == AGREES;

	if (s->said[DETAIL_BIRTH_DATE] == CONTRADICTS)
		return surname_differs || first_name_differs || (!s->slip && !plate_agrees);
	if (plate_agrees)
		return false;
	if (s->said[DETAIL_BIRTH_DATE] == AGREES) /* twins */
		return first_name_differs && s->said[DETAIL_OTHER_NUMBER] != AGREES;
	return first_name_differs || s->said[DETAIL_PLATE] == CONTRADICTS ||
	       (surname_differs && !married_and_moved(s) &&
		(s->said[DETAIL_POSTCODE] == CONTRADICTS ||
		 (s->said[DETAIL_POSTCODE] == SAYS_NOTHING &&
		  s->said[DETAIL_FIRST_NAME] == AGREES)));
}

bool signals_only_surname(const struct signals *s)
{
	for (int i = 0; i < DETAILS; i++)
		if (i != DETAIL_LINE && s->said[i] == AGREES)
			return false;
	return s->said[DETAIL_SURNAME] == CONTRADICTS;
}

/* What agrees, and nothing else: the line is no sign of the holder. */
static double bits_for(const struct signals *s)
{
	struct signals good = *s;

	for (int i = 0; i < DETAILS; i++)
		if (good.said[i] != AGREES || i == DETAIL_LINE)
			good.bits[i] = 0;
	return signals_bits(&good);
}

bool signals_second(const struct signals *s, const struct weighing *weighing)
{
	return bits_for(s) >= weighing->second_bits;
}

bool signals_confirm_repair(const struct signals *s, const struct weighing *weighing)
{
	static const enum detail must_not_differ[] = { DETAIL_SURNAME, DETAIL_FIRST_NAME,
						       DETAIL_BIRTH_DATE, DETAIL_PLATE };

	for (size_t i = 0; i < sizeof must_not_differ / sizeof *must_not_differ; i++)
		if (s->said[must_not_differ[i]] == CONTRADICTS)
			return false;
	return bits_for(s) >= weighing->repair_bits;
}

bool signals_name_holder(const struct signals *s)
{
	bool surname = s->said[DETAIL_SURNAME] == AGREES;
	bool postcode = s->said[DETAIL_POSTCODE] == AGREES;

	if (signals_other_holder(s))
		return false;
	if (s->said[DETAIL_PLATE] == AGREES)
		return true;
	return (s->said[DETAIL_BIRTH_DATE] == AGREES &&
		(surname || s->said[DETAIL_FIRST_NAME] == AGREES || postcode)) ||
	       (surname && postcode);
}

static const char *how_rare(enum detail detail, double bits)
{
	if (detail != DETAIL_SURNAME && detail != DETAIL_FIRST_NAME && detail != DETAIL_POSTCODE)
		return "";
	return bits < COMMON_BITS ? " (common here)" : bits >= RARE_BITS ? " (rare here)" : "";
}

char *signal_in_words(const struct signals *s, enum detail detail, TALLOC_CTX *mem)
{
	if (s->said[detail] == CONTRADICTS)
		return talloc_asprintf(mem, "%s differs", detail_text(detail));
	return talloc_asprintf(mem, "%s agrees%s", detail_text(detail),
			       how_rare(detail, s->bits[detail]));
}

/* "surname (rare here), first name and birth date agree"; one of them as signal_in_words has it; "" if none is so. */
static char *details_in_words(const struct signals *s, enum agreement said, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "");
	int left = 0, only = 0;

	for (int i = 0; i < DETAILS; i++)
		if (s->said[i] == said) {
			only = i;
			left++;
		}
	if (left == 0)
		return text;
	if (left == 1)
		return signal_in_words(s, (enum detail)only, mem);
	for (int i = 0; i < DETAILS; i++)
		if (s->said[i] == said)
			text = talloc_asprintf_append(
				text, "%s%s%s", detail_text((enum detail)i),
				said == AGREES ? how_rare((enum detail)i, s->bits[i]) : "",
				--left > 1  ? ", "
				: left == 1 ? " and "
					    : "");
	return talloc_asprintf_append(text, "%s", said == AGREES ? " agree" : " differ");
}

char *signals_in_words(const struct signals *s, TALLOC_CTX *mem)
{
	char *agree = details_in_words(s, AGREES, mem);
	char *differ = details_in_words(s, CONTRADICTS, mem);
	char *text = talloc_asprintf(mem, "%s%s%s", agree, *agree && *differ ? "; " : "", differ);

	talloc_free(agree);
	talloc_free(differ);
	return text;
}
