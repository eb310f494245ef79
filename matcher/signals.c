#include "matcher/signals.h"

#include <string.h>

#include "base/text.h"

/* Umlauts are compared in both readings, so each stands here once. */
static const char *const common_surnames[] = {
	"Müller",     "Schmidt",  "Schneider", "Fischer", "Weber",   "Meyer",      "Wagner",
	"Becker",     "Schulz",   "Hoffmann",  "Schäfer", "Koch",    "Bauer",      "Richter",
	"Klein",      "Wolf",     "Schröder",  "Neumann", "Schwarz", "Zimmermann", "Braun",
	"Krüger",     "Hofmann",  "Hartmann",  "Lange",   "Schmitt", "Werner",     "Schmitz",
	"Krause",     "Meier",    "Lehmann",   "Schmid",  "Schulze", "Maier",      "Köhler",
	"Herrmann",   "König",    "Walter",    "Mayer",   "Huber",   "Kaiser",     "Fuchs",
	"Peters",     "Lang",     "Scholz",    "Möller",  "Weiß",    "Jung",       "Hahn",
	"Schubert",   "Vogel",    "Friedrich", "Keller",  "Günther", "Frank",      "Berger",
	"Winkler",    "Roth",     "Beck",      "Lorenz",  "Baumann", "Franke",     "Albrecht",
	"Schuster",   "Simon",    "Ludwig",    "Böhm",    "Winter",  "Kraus",      "Martin",
	"Schumacher", "Krämer",   "Vogt",      "Stein",   "Jäger",   "Otto",       "Sommer",
	"Groß",       "Seidel",   "Heinrich",  "Brandt",  "Haas",    "Schreiber",  "Graf",
	"Schulte",    "Dietrich", "Ziegler",   "Kuhn",    "Kühn",    "Pohl",       "Engel",
	"Horn",       "Busch",    "Bergmann",  "Thomas",  "Voigt",   "Sauer",      "Arnold",
	"Wolff",      "Pfeiffer", "Yilmaz",    "Kaya",    "Nguyen",  "Hansen",     "Jansen",
};

bool surname_common(const char *surname)
{
	for (size_t i = 0; i < sizeof common_surnames / sizeof *common_surnames; i++)
		if (surname_compare(surname, common_surnames[i]) == AGREES)
			return true;
	return false;
}

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

struct signals signals_of(const struct facts *facts, const struct contract *c)
{
	const struct transfer *t = facts->transfer;
	struct signals s = {
		.surname = surname_compare(t->party.surname, c->name),
		.first_name = surname_compare(t->party.first_name, c->first_name),
		.birth_date = date_compare(t->party.birth_date, c->birth_date),
		.postcode = postcode_compare(t->party.postcode, c->postcode),
		.plate = plate_compare(t->plate, c->plate),
	};

	s.slip = s.birth_date == CONTRADICTS && date_slip(t->party.birth_date, c->birth_date);
	s.rare = s.surname == AGREES && s.postcode == AGREES && !surname_common(t->party.surname);
	return s;
}

bool signals_other_holder(const struct signals *s)
{
	if (s->birth_date == CONTRADICTS)
		return s->surname == CONTRADICTS || s->first_name == CONTRADICTS ||
		       (!s->slip && s->plate != AGREES);
	if (s->birth_date == AGREES || s->plate == AGREES)
		return false;
	return s->first_name == CONTRADICTS || s->plate == CONTRADICTS ||
	       (s->surname == CONTRADICTS && s->postcode == CONTRADICTS && s->first_name != AGREES);
}

bool signals_second(const struct signals *s)
{
	return s->birth_date == AGREES || s->plate == AGREES ||
	       (s->surname == AGREES && s->postcode == AGREES);
}

bool signals_confirm_repair(const struct signals *s)
{
	if (s->surname == CONTRADICTS || s->first_name == CONTRADICTS ||
	    s->birth_date == CONTRADICTS || s->plate == CONTRADICTS)
		return false;
	return s->birth_date == AGREES || s->plate == AGREES || s->rare;
}

bool signals_name_holder(const struct signals *s)
{
	if (signals_other_holder(s))
		return false;
	if (s->plate == AGREES)
		return true;
	return (s->birth_date == AGREES &&
		(s->surname == AGREES || s->first_name == AGREES || s->postcode == AGREES)) ||
	       (s->surname == AGREES && s->postcode == AGREES);
}

static int weight(enum agreement said, int agrees, int contradicts)
{
	return said == AGREES ? agrees : said == CONTRADICTS ? -contradicts : 0;
}

int signals_weight(const struct signals *s)
{
	return weight(s->birth_date, 8, 6) + weight(s->plate, 8, 2) + weight(s->surname, 5, 5) +
	       weight(s->first_name, 4, 5) + weight(s->postcode, 3, 2);
}
