#include "matcher/terms.h"

#include <string.h>

#include "base/text.h"
#include "matcher/holder.h"
#include "matcher/stock_index.h"

struct terms {
	struct stock_index *counts; /* "field word" -> uint64_t */
	uint64_t total[TERM_FIELDS];
};

static const char *const field_names[TERM_FIELDS] = { "surname", "first_name", "postcode", "line" };

/* The most frequent surnames of the country in their order, as holder.c spells words. */
static const char *const common_surnames[] = {
	"MUELLER",    "SCHMIDT",  "SCHNEIDER", "FISCHER",  "WEBER",    "MEYER",      "WAGNER",
	"BECKER",     "SCHULZ",   "HOFFMANN",  "SCHAEFER", "KOCH",     "BAUER",      "RICHTER",
	"KLEIN",      "WOLF",     "SCHROEDER", "NEUMANN",  "SCHWARZ",  "ZIMMERMANN", "BRAUN",
	"KRUEGER",    "HOFMANN",  "HARTMANN",  "LANGE",    "SCHMITT",  "WERNER",     "SCHMITZ",
	"KRAUSE",     "MEIER",    "LEHMANN",   "SCHMID",   "SCHULZE",  "MAIER",      "KOEHLER",
	"HERRMANN",   "KOENIG",   "WALTER",    "MAYER",    "HUBER",    "KAISER",     "FUCHS",
	"PETERS",     "LANG",     "SCHOLZ",    "MOELLER",  "WEISS",    "JUNG",       "HAHN",
	"SCHUBERT",   "VOGEL",    "FRIEDRICH", "KELLER",   "GUENTHER", "FRANK",      "BERGER",
	"WINKLER",    "ROTH",     "BECK",      "LORENZ",   "BAUMANN",  "FRANKE",     "ALBRECHT",
	"SCHUSTER",   "SIMON",    "LUDWIG",    "BOEHM",    "WINTER",   "KRAUS",      "MARTIN",
	"SCHUMACHER", "KRAEMER",  "VOGT",      "STEIN",    "JAEGER",   "OTTO",       "SOMMER",
	"GROSS",      "SEIDEL",   "HEINRICH",  "BRANDT",   "HAAS",     "SCHREIBER",  "GRAF",
	"SCHULTE",    "DIETRICH", "ZIEGLER",   "KUHN",     "KUEHN",    "POHL",       "ENGEL",
	"HORN",       "BUSCH",    "BERGMANN",  "THOMAS",   "VOIGT",    "SAUER",      "ARNOLD",
	"WOLFF",      "PFEIFFER", "YILMAZ",    "KAYA",     "NGUYEN",   "HANSEN",     "JANSEN",
};

/* Roughly what telephone books count: nearly one in a hundred for the first, one in two thousand for the last. */
static double surname_usual(const char *word)
{
	for (size_t i = 0; i < sizeof common_surnames / sizeof *common_surnames; i++)
		if (!strcmp(common_surnames[i], word))
			return 0.0095 / (1 + 0.18 * (double)i);
	return 1.0 / 4000;
}

static double usual(enum term_field field, const char *word)
{
	static const double shares[TERM_FIELDS] = {
		[TERM_FIRST_NAME] = 1.0 / 60,
		[TERM_POSTCODE] = 1.0 / 60,
		/* customers live near their broker */[TERM_LINE] = 1.0 / 8
	};

	return field == TERM_SURNAME ? surname_usual(word) : shares[field];
}

struct terms *terms_new(TALLOC_CTX *mem)
{
	struct terms *terms = talloc_zero(mem, struct terms);

	terms->counts = stock_index_new(terms);
	return terms;
}

static void place_of(char place[NAME_WORD_SIZE + 2], enum term_field field, const char *word)
{
	place[0] = (char)('0' + field);
	strcpy(place + 1, word);
}

static void value_add(struct terms *terms, enum term_field field, const char *value, uint64_t count)
{
	char words[NAME_WORDS_MOST][NAME_WORD_SIZE], place[NAME_WORD_SIZE + 2];
	int found = name_words(words, value);

	for (int i = 0; i < found; i++) {
		uint64_t **at;

		place_of(place, field, words[i]);
		at = (uint64_t **)stock_index_at(terms->counts, place);
		if (!*at)
			*at = talloc_zero(terms, uint64_t);
		**at += count;
	}
}

void terms_add(struct terms *terms, const struct contract *c)
{
	const char *const values[TERM_FIELDS] = { c->name, c->first_name, c->postcode, c->line };

	for (int field = 0; field < TERM_FIELDS; field++)
		if (!text_empty(values[field])) {
			terms->total[field]++;
			value_add(terms, (enum term_field)field, values[field], 1);
		}
}

static double word_share(const struct terms *terms, enum term_field field, const char *word)
{
	double prior = usual(field, word);
	char place[NAME_WORD_SIZE + 2];
	const uint64_t *count;

	if (!terms)
		return prior;
	place_of(place, field, word);
	count = stock_index_get(terms->counts, place);
	return ((count ? (double)*count : 0) + TERMS_USUAL * prior) /
	       ((double)terms->total[field] + TERMS_USUAL);
}

double terms_share(const struct terms *terms, enum term_field field, const char *value)
{
	char words[NAME_WORDS_MOST][NAME_WORD_SIZE];
	int count = name_words(words, value);
	double most = 0;

	for (int i = 0; i < count; i++) {
		double share = word_share(terms, field, words[i]);

		if (share > most)
			most = share;
	}
	return most > 0 ? most : 1; /* without a word it says nothing */
}

struct terms *terms_load(struct db *db, const char *broker, TALLOC_CTX *mem, struct err *e)
{
	struct terms *terms = terms_new(mem);
	struct rows *rows;

	if (!db_call(db, SQL_term_list, &rows, terms, e, broker)) {
		talloc_free(terms);
		return NULL;
	}
	for (int i = 0; i < rows_count(rows); i++) {
		const char *name = rows_text(rows, i, "field"),
			   *value = rows_text(rows, i, "value");
		uint64_t count = (uint64_t)rows_int(rows, i, "contracts");

		for (int field = 0; field < TERM_FIELDS; field++) {
			if (strcmp(name, field_names[field]) != 0)
				continue;
			if (!value)
				terms->total[field] = count;
			else
				value_add(terms, (enum term_field)field, value, count);
		}
	}
	talloc_free(rows);
	return terms;
}

bool terms_count(struct db *db, const char *broker, struct err *e)
{
	return db_call(db, SQL_term_clear, NULL, NULL, e, broker) &&
	       db_call(db, SQL_term_count, NULL, NULL, e, broker);
}
