#include <stdlib.h>
#include <string.h>

#include "model/line.h"

/* GDV Anlage 1, what brokers see; a code that is not here goes by its block. No comma and no "and": names stand in rows. */
static const struct {
	short code;
	const char *german, *english;
} names[] = {
	{ 10, "Leben", "life" },
	{ 20, "Kranken", "health" },
	{ 28, "Pflege", "long-term care" },
	{ 30, "Unfall", "accident" },
	{ 40, "Haftpflicht", "liability" },
	{ 41, "Privathaftpflicht", "private liability" },
	{ 42, "Betriebs- oder Berufshaftpflicht", "business or professional liability" },
	{ 44, "Vermögensschadenhaftpflicht", "professional indemnity" },
	{ 50, "Kraftfahrt", "motor" },
	{ 51, "Kfz-Haftpflicht", "motor liability" },
	{ 52, "Vollkasko", "comprehensive motor" },
	{ 53, "Teilkasko", "partial motor" },
	{ 54, "Kraftfahrt-Unfall", "motor accident" },
	{ 60, "Luftfahrt", "aviation" },
	{ 70, "Rechtsschutz", "legal expenses" },
	{ 80, "Feuer", "fire" },
	{ 90, "Einbruchdiebstahl", "burglary" },
	{ 100, "Leitungswasser", "water" },
	{ 110, "Glas", "glass" },
	{ 120, "Sturm", "storm" },
	{ 124, "Elementar", "natural hazards" },
	{ 130, "Hausrat", "household contents" },
	{ 140, "Wohngebäude", "residential building" },
	{ 150, "Hagel", "hail" },
	{ 160, "Tier", "animal" },
	{ 170, "Technische Versicherung", "engineering" },
	{ 180, "Einheitsversicherung", "combined" },
	{ 190, "Transport", "transport" },
	{ 200, "Kredit oder Kaution", "credit or surety" },
	{ 210, "Extended Coverage", "extended coverage" },
	{ 230, "Betriebsunterbrechung", "business interruption" },
	{ 240, "Beistandsleistungen", "assistance" },
	{ 250, "Luftfahrthaftpflicht", "aviation liability" },
	{ 510, "Verkehrsservice", "motor service" },
	{ 550, "Investment", "investment" },
	{ 560, "Kapitalanlage", "investment" },
	{ 570, "Baufinanzierung", "mortgage" },
	{ 580, "Bausparen", "building savings" },
	{ 590, "Konsumentenkredit", "consumer credit" },
	{ 600, "Moped", "moped" },
	{ 650, "Handel oder Handwerk", "trade or craft" },
	{ 684, "Tierkranken", "animal health" },
};

static const char *name_of(int code, bool german)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].code == code)
			return german ? names[i].german : names[i].english;
	return NULL;
}

const char *line_name(const char *line, bool german)
{
	const char *name;
	int code;

	if (!line || !*line || strlen(line) > 3 || strspn(line, "0123456789") != strlen(line))
		return NULL;
	code = atoi(line);
	name = name_of(code, german);
	return name || code > 299 ? name : name_of(code / 10 * 10, german);
}
