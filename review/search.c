#include "review/search.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "api/problem.h"
#include "base/text.h"
#include "normalizers/clean.h"

/* "Tannhuber, Ilse" or "Ilse Tannhuber": the last word is the surname. */
static void parted(struct search *search, struct request *request)
{
	const char *comma = strchr(search->text, ','), *blank = strrchr(search->text, ' ');
	size_t len;

	if (comma) {
		char *before =
			talloc_strndup(request, search->text, (size_t)(comma - search->text));

		search->surname = text_trimmed(before, request);
		search->first_name = text_trimmed(comma + 1, request);
	} else if (blank) {
		len = (size_t)(blank - search->text);
		search->surname = talloc_strdup(request, blank + 1);
		search->first_name = talloc_strndup(request, search->text, len);
	}
}

/* Two to four letters, then digits: "M-AB 123", "mab12". */
static bool plate_like(const char *text)
{
	size_t letters = 0, digits = 0;

	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		if (strchr(" -.", *c))
			continue;
		if (isdigit(*c))
			digits++;
		else if ((isalpha(*c) || *c >= 0x80) && (!digits || !c[1]))
			letters++;
		else
			return false;
	}
	return letters >= 2 && digits >= 1 && digits <= 4 && letters <= 8;
}

static int month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

const char *search_day(const char *q, TALLOC_CTX *mem)
{
	int year, month, day, german = 0, iso = 0;

	if (sscanf(q, " %2d.%2d.%4d %n", &day, &month, &year, &german) != 3 || !german || q[german])
		german = 0;
	if (!german &&
	    (sscanf(q, " %4d-%2d-%2d %n", &year, &month, &day, &iso) != 3 || !iso || q[iso]))
		return NULL;
	if (year < 1800 || month < 1 || month > 12 || day < 1 || day > month_days(year, month))
		return NULL;
	return talloc_asprintf(mem, "%04d-%02d-%02d", year, month, day);
}

bool search_fits(struct request *request, const char *q)
{
	return strlen(q) <= SEARCH_MOST ||
	       problem(request, PROBLEM_ARGUMENT, "q has %zu bytes, expected at most %d", strlen(q),
		       SEARCH_MOST);
}

bool search_read(struct search *search, struct request *request, const char *q)
{
	struct cleaned clean;

	*search = (struct search){ .text = text_trimmed(q, request),
				   .key = talloc_strdup(request, "") };
	if (!search_fits(request, search->text))
		return false;
	search->day = search_day(search->text, request);
	search->plate = plate_like(search->text) ? search->text : NULL;
	clean_number(&clean, search->text, strlen(search->text));
	if (clean.state == CLEAN_OK && strpbrk(clean.text, "0123456789"))
		search->key = talloc_strdup(request, clean.text);
	else
		parted(search, request);
	return true;
}
