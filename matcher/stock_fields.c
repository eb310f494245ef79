#include "matcher/stock_fields.h"

#include <string.h>

#include "base/text.h"
#include "normalizers/clean.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

static enum date_reading date_of(char **iso, int year, int month, int day, TALLOC_CTX *mem)
{
	if (year == 0 || month == 0 || day == 0)
		return DATE_UNKNOWN;
	if (year < 1000 || month > 12 || day > days_in(year, month))
		return DATE_WRONG;
	*iso = talloc_asprintf(mem, "%04d-%02d-%02d", year, month, day);
	return DATE_READ;
}

/* Up to most digits; returns how many, their value in *value. */
static size_t digits(int *value, const char *text, size_t most)
{
	size_t n = 0;

	for (*value = 0; n < most && is_digit(text[n]); n++)
		*value = *value * 10 + (text[n] - '0');
	return n;
}

bool stock_blank(const char *text)
{
	return !text || text[strspn(text, "0 \t\r\n")] == '\0';
}

enum date_reading stock_date_gdv(char **iso, const char *text, TALLOC_CTX *mem)
{
	int number, year;

	*iso = NULL;
	if (stock_blank(text))
		return DATE_UNKNOWN;
	if (digits(&number, text, 4) != 4 || digits(&year, text + 4, 5) != 4 || text[8])
		return DATE_WRONG;
	return date_of(iso, year, number % 100, number / 100, mem);
}

/* "2004-05-01", perhaps with a time behind it */
static enum date_reading date_iso(char **iso, const char *text, TALLOC_CTX *mem)
{
	int year, month, day;

	if (digits(&month, text + 5, 2) != 2 || text[7] != '-' || digits(&day, text + 8, 3) != 2)
		return DATE_WRONG;
	if (text[10] && text[10] != 'T' && text[10] != ' ')
		return DATE_WRONG;
	digits(&year, text, 4);
	return date_of(iso, year, month, day, mem);
}

/* "1.5.2004", "01.05.2004 00:00" */
static enum date_reading date_german(char **iso, const char *text, TALLOC_CTX *mem)
{
	int year, month, day;
	size_t n = digits(&day, text, 2);

	if (n == 0 || text[n] != '.')
		return DATE_WRONG;
	text += n + 1;
	n = digits(&month, text, 2);
	if (n == 0 || text[n] != '.')
		return DATE_WRONG;
	text += n + 1;
	n = digits(&year, text, 5);
	if (n != 4 || (text[n] && text[n] != ' '))
		return DATE_WRONG;
	return date_of(iso, year, month, day, mem);
}

enum date_reading stock_date(char **iso, const char *text, TALLOC_CTX *mem)
{
	char *trimmed = text_trimmed(text, mem);
	enum date_reading reading;
	int year;

	*iso = NULL;
	if (stock_blank(trimmed))
		reading = DATE_UNKNOWN;
	else if (digits(&year, trimmed, 4) == 4 && trimmed[4] == '-')
		reading = date_iso(iso, trimmed, mem);
	else
		reading = date_german(iso, trimmed, mem);
	talloc_free(trimmed);
	return reading;
}

char *stock_vu(const char *text, TALLOC_CTX *mem)
{
	char *trimmed = text_trimmed(text, mem);
	const char *start = trimmed;
	char *vu;

	if (text_empty(trimmed)) {
		talloc_free(trimmed);
		return NULL;
	}
	if (start[strspn(start, "0123456789")] == '\0')
		while (*start == '0' && start[1])
			start++;
	vu = talloc_strdup(mem, start);
	talloc_free(trimmed);
	return vu;
}

char *stock_line(const char *text, TALLOC_CTX *mem)
{
	char *trimmed = text_trimmed(text, mem);
	char *line = NULL;
	size_t len = trimmed ? strlen(trimmed) : 0;

	if (len >= 1 && len <= 3 && strspn(trimmed, "0123456789") == len && !stock_blank(trimmed))
		line = talloc_asprintf(mem, "%.*s%s", (int)(3 - len), "00", trimmed);
	talloc_free(trimmed);
	return line;
}

const char *stock_number_refused(const char *number)
{
	struct cleaned clean;

	if (!number || !*number)
		return NULL;
	clean_number(&clean, number, strlen(number));
	if (clean.state == CLEAN_EMPTY)
		return "holds neither letter nor digit";
	return clean.state == CLEAN_MALFORMED ? clean.why_not : NULL;
}

void contract_add_name(struct contract *c, enum name_origin origin, const char *number)
{
	size_t count = c->other_count;

	if (stock_blank(number) || text_equal(number, c->number))
		return;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(c->other_numbers[i], number))
			return;
	c->other_numbers = talloc_realloc(c, c->other_numbers, char *, count + 1);
	c->other_numbers[count] = talloc_strdup(c, number);
	if (!c->other_origins && origin != NAME_OTHER) {
		c->other_origins = talloc_array(c, enum name_origin, count + 1);
		for (size_t i = 0; i < count; i++)
			c->other_origins[i] = NAME_OTHER;
	} else if (c->other_origins) {
		c->other_origins = talloc_realloc(c, c->other_origins, enum name_origin, count + 1);
	}
	if (c->other_origins)
		c->other_origins[count] = origin;
	c->other_count++;
}

void contract_add_other(struct contract *contract, const char *number)
{
	contract_add_name(contract, NAME_OTHER, number);
}
