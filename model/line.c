#include "model/line.h"

#include <stddef.h>
#include <string.h>

#define FRAME_CONTRACT 630 /* of many lines: says nothing */

enum family {
	LIFE = 1 << 0,
	HEALTH = 1 << 1,
	ACCIDENT = 1 << 2,
	LIABILITY = 1 << 3,
	MOTOR = 1 << 4,
	AVIATION = 1 << 5,
	LEGAL = 1 << 6,
	FIRE = 1 << 7,
	BURGLARY = 1 << 8,
	WATER = 1 << 9,
	GLASS = 1 << 10,
	STORM = 1 << 11,
	CONTENTS = 1 << 12,
	BUILDING = 1 << 13,
	HAIL = 1 << 14,
	ANIMAL = 1 << 15,
	TECHNICAL = 1 << 16,
	TRANSPORT = 1 << 17,
	CREDIT = 1 << 18,
	INTERRUPTION = 1 << 19,
	ASSISTANCE = 1 << 20,
	FINANCE = 1 << 21,
	OTHER = 1 << 22,

	HOME = CONTENTS | BUILDING,
	BUSINESS_RISKS = FIRE | BURGLARY | WATER | GLASS | STORM | INTERRUPTION | TECHNICAL,
	BUNDLE = BUSINESS_RISKS | HOME | HAIL,
	NON_LIFE = BUNDLE | ACCIDENT | LIABILITY | MOTOR | AVIATION | LEGAL | ANIMAL | TRANSPORT |
		   CREDIT | ASSISTANCE | OTHER,
};

/* First matching row wins; from and to are codes, inclusive. */
static const struct {
	short from, to;
	int families;
} lines[] = {
	{ 10, 19, LIFE },
	{ 20, 29, HEALTH },
	{ 30, 39, ACCIDENT },
	{ 45, 45, LIABILITY | MOTOR }, /* Verkehrshaftpflicht */
	{ 40, 49, LIABILITY },
	{ 54, 54, MOTOR | ACCIDENT }, /* Kraftfahrt-Unfall */
	{ 50, 59, MOTOR },
	{ 60, 69, AVIATION },
	{ 70, 79, LEGAL },
	{ 80, 89, FIRE | HOME | INTERRUPTION },
	{ 90, 99, BURGLARY | CONTENTS },
	{ 100, 109, WATER | HOME },
	{ 110, 119, GLASS | HOME },
	{ 120, 129, STORM | HOME },
	{ 130, 139, CONTENTS },
	{ 140, 149, BUILDING },
	{ 150, 159, HAIL | STORM },
	{ 160, 169, ANIMAL },
	{ 170, 179, TECHNICAL },
	{ 180, 189, BUNDLE },
	{ 190, 199, TRANSPORT },
	{ 200, 209, CREDIT },
	{ 210, 219, BUSINESS_RISKS },
	{ 230, 239, INTERRUPTION | FIRE | TECHNICAL },
	{ 240, 249, ASSISTANCE | MOTOR },
	{ 250, 259, AVIATION | LIABILITY },
	{ 290, 299, OTHER },
	{ 300, 300, NON_LIFE },
	{ 510, 510, MOTOR | ASSISTANCE },
	{ 550, 590, FINANCE },
	{ 600, 600, MOTOR }, /* Moped */
	{ 650, 650, BUNDLE | LIABILITY | LEGAL },
	{ 684, 684, ANIMAL },
};

/* One to three digits; anything else is 0, "says nothing". */
static int code_of(const char *line)
{
	int code = 0;

	if (!line || !*line || strlen(line) > 3 || strspn(line, "0123456789") != strlen(line))
		return 0;
	for (; *line; line++)
		code = code * 10 + (*line - '0');
	return code;
}

/* 0 if the code is general or not in the table. */
static int families_of(const char *line)
{
	int code = code_of(line);

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (code >= lines[i].from && code <= lines[i].to)
			return lines[i].families;
	return 0;
}

bool line_contradicts(const char *a, const char *b)
{
	int left = families_of(a);
	int right = families_of(b);

	return left && right && !(left & right);
}

bool line_equal(const char *a, const char *b)
{
	return code_of(a) && code_of(a) == code_of(b);
}

bool line_says_something(const char *line)
{
	return families_of(line) != 0;
}

bool line_known(const char *line)
{
	return families_of(line) || code_of(line) == FRAME_CONTRACT;
}

bool line_sensitive(const char *line)
{
	int families = families_of(line);

	return families && families != NON_LIFE && (families & (LIFE | HEALTH | ACCIDENT));
}

bool vu_sensitive(const char *vu)
{
	size_t digits;

	if (!vu)
		return false;
	vu += strspn(vu, "0");
	digits = strspn(vu, "0123456789");
	return digits == 4 && !vu[digits] && *vu >= '1' && *vu <= '4';
}

bool filing_sensitive(const char *line, const char *vu, const char *contract_line,
		      const char *contract_vu)
{
	if (line_says_something(line) || line_says_something(contract_line))
		return line_sensitive(line) || line_sensitive(contract_line);
	return vu_sensitive(vu) || vu_sensitive(contract_vu);
}
