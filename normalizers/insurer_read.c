/*
 * insurer_read.c -- one insurers/ISSUER.yaml, by its schema, into our own shapes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/yaml.h"
#include "normalizers/insurer_wire.h"

#define CARRIERS_MOST 50
#define NUMBERS_MOST  200
#define EXAMPLES_MOST 200

/* The file as it stands. */
struct carrier_row {
	char *vu, *name, *from, *to, *source, *confidence;
};
struct successor_row {
	char *from, *to, *date, *number, *mapping, *source, *confidence;
};
struct group_row {
	char *name, *source, *confidence;
};
struct number_row {
	char *name, *picture, *becomes, *source, *confidence;
	int *drops, *means;
	char **lines, **refused;
	char ***same, ***different, ***review, ***reads; /* of two each */
	unsigned lines_count, refused_count, same_count, different_count, review_count, reads_count;
};
struct insurer_row {
	char *issuer, *name;
	struct group_row *group;
	struct carrier_row *carriers;
	struct successor_row *successors;
	struct number_row *numbers;
	unsigned carriers_count, successors_count, numbers_count;
	struct wire_row *wire;
	int *adds;
};

#define MUST CYAML_FLAG_POINTER
#define MAY  (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define WORD (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT)
#define CHOICE(key, type, member, table)                                                           \
	CYAML_FIELD_ENUM_PTR(key, WORD, struct type, member, table,                                \
			     sizeof(table) / sizeof((table)[0]))
#define TEXT(key, flags, type, most) CYAML_FIELD_STRING_PTR(#key, flags, struct type, key, 1, most)

static const cyaml_strval_t drops_words[] = { { "leading-zeros", 1 } };
static const cyaml_strval_t adds_words[] = { { "pictures", 1 } };
static const cyaml_strval_t means_words[] = { { "policy", MEANS_POLICY },
					      { "customer", MEANS_CUSTOMER },
					      { "invoice", MEANS_INVOICE },
					      { "claim", MEANS_CLAIM } };

static const cyaml_schema_field_t carrier_fields[] = {
	TEXT(vu, MAY, carrier_row, 8),
	TEXT(name, MUST, carrier_row, 80),
	TEXT(from, MAY, carrier_row, 10),
	TEXT(to, MAY, carrier_row, 10),
	TEXT(source, MUST, carrier_row, 400),
	TEXT(confidence, MUST, carrier_row, 20),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t successor_fields[] = {
	TEXT(from, MUST, successor_row, 80),       TEXT(to, MUST, successor_row, 80),
	TEXT(date, MAY, successor_row, 10),        TEXT(number, MUST, successor_row, 10),
	TEXT(mapping, MAY, successor_row, 80),     TEXT(source, MUST, successor_row, 400),
	TEXT(confidence, MUST, successor_row, 20), CYAML_FIELD_END,
};
static const cyaml_schema_field_t group_fields[] = {
	TEXT(name, MUST, group_row, 80),
	TEXT(source, MUST, group_row, 400),
	TEXT(confidence, MUST, group_row, 20),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t text_value = { CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0,
								    SPELLING_MOST) };
static const cyaml_schema_value_t line_value = { CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 3,
								    3) };
/* A pointer, because libcyaml 1.3 frees a sequence of fixed sequences with the wrong stride. */
static const cyaml_schema_value_t pair_value = { CYAML_VALUE_SEQUENCE_FIXED(
	CYAML_FLAG_POINTER, char *, &text_value, 2) };

#define MANY(key, value)                                                                           \
	CYAML_FIELD_SEQUENCE(#key, MAY, struct number_row, key, value, 0, EXAMPLES_MOST)

static const cyaml_schema_field_t number_fields[] = {
	TEXT(name, MUST, number_row, 80),
	TEXT(picture, MUST, number_row, 80),
	TEXT(becomes, MAY, number_row, 80),
	TEXT(source, MUST, number_row, 400),
	TEXT(confidence, MUST, number_row, 20),
	CHOICE("drops", number_row, drops, drops_words),
	CHOICE("means", number_row, means, means_words),
	MANY(lines, &line_value),
	MANY(refused, &text_value),
	MANY(same, &pair_value),
	MANY(different, &pair_value),
	MANY(review, &pair_value),
	MANY(reads, &pair_value),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t carrier_value = { CYAML_VALUE_MAPPING(
	CYAML_FLAG_DEFAULT, struct carrier_row, carrier_fields) };
static const cyaml_schema_value_t successor_value = { CYAML_VALUE_MAPPING(
	CYAML_FLAG_DEFAULT, struct successor_row, successor_fields) };
static const cyaml_schema_value_t number_value = { CYAML_VALUE_MAPPING(
	CYAML_FLAG_DEFAULT, struct number_row, number_fields) };
static const cyaml_schema_field_t insurer_fields[] = {
	TEXT(issuer, MUST, insurer_row, 60),
	CHOICE("adds", insurer_row, adds, adds_words),
	TEXT(name, MAY, insurer_row, 80),
	CYAML_FIELD_MAPPING_PTR("group", MAY, struct insurer_row, group, group_fields),
	CYAML_FIELD_SEQUENCE("carriers", MAY, struct insurer_row, carriers, &carrier_value, 1,
			     CARRIERS_MOST),
	CYAML_FIELD_SEQUENCE("successors", MAY, struct insurer_row, successors, &successor_value, 0,
			     CARRIERS_MOST),
	CYAML_FIELD_SEQUENCE("numbers", MAY, struct insurer_row, numbers, &number_value, 0,
			     NUMBERS_MOST),
	CYAML_FIELD_MAPPING_PTR("wire", MAY, struct insurer_row, wire, insurer_wire_fields),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t insurer_value = { CYAML_VALUE_MAPPING(
	CYAML_FLAG_POINTER, struct insurer_row, insurer_fields) };

static const struct yaml_hint hints[] = {
	{ "reads", "reads wants pairs: [ [ \"spelling\", \"key\" ] ]" },
	{ "same", "same wants pairs: [ [ \"one spelling\", \"another\" ] ]" },
	{ "different", "different wants pairs: [ [ \"one number\", \"another\" ] ]" },
	{ "review", "review wants pairs: [ [ \"one spelling\", \"another\" ] ]" },
	{ "refused", "refused wants a list: [ \"spelling\" ]" },
	{ "lines", "a line has three digits, in a list: [ \"050\" ]" },
	{ NULL, NULL },
};

/* A value out of a closed list; the file's line is found by the word. */
static bool one_of(const struct insurer *in, const char *key, const char *value,
		   const char *const *words, size_t count, struct err *e)
{
	char expected[100] = "";
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], value) == 0)
			return true;
		n += (size_t)snprintf(expected + n, sizeof(expected) - n, "%s%s",
				      i == 0           ? ""
				      : i + 1 == count ? " or "
						       : ", ",
				      words[i]);
	}
	return err_set(e, ERR_SETUP, "%s, line %d: %s is \"%s\", expected %s", in->path,
		       insurer_line(in->path, NULL, value), key, value, expected);
}

const char *const confidence_words[SURE_KINDS] = { "confirmed", "one-sample", "inferred",
						   "general-knowledge" };

static bool confidence_check(const struct insurer *in, const char *value, struct err *e)
{
	return one_of(in, "confidence", value, confidence_words, SURE_KINDS, e);
}

static bool date_check(const struct insurer *in, const char *date, struct err *e)
{
	if (!date || iso_date_valid(date))
		return true;
	return err_set(e, ERR_SETUP, "%s, line %d: \"%s\" is no date like 2024-08-01", in->path,
		       insurer_line(in->path, NULL, date), date);
}

static bool vu_check(const struct insurer *in, const char *vu, struct err *e)
{
	if (!vu || (strlen(vu) == 4 && strspn(vu, "0123456789") == 4))
		return true;
	return err_set(e, ERR_SETUP, "%s, line %d: vu is \"%s\", expected four digits", in->path,
		       insurer_line(in->path, NULL, vu), vu);
}

/* The copies hang on the insurer; a key that is absent stays NULL. */
static char *copy(const struct insurer *in, const char *text)
{
	return text ? talloc_strdup(in, text) : NULL;
}

static bool group_take(struct insurer *in, const struct group_row *row, struct err *e)
{
	if (!row)
		return true;
	in->group = copy(in, row->name);
	in->group_source = copy(in, row->source);
	in->group_confidence = copy(in, row->confidence);
	return confidence_check(in, in->group_confidence, e);
}

static bool carriers_take(struct insurer *in, const struct insurer_row *row, struct err *e)
{
	in->carriers = talloc_array(in, struct carrier, row->carriers_count);
	for (unsigned i = 0; i < row->carriers_count; i++) {
		const struct carrier_row *c = &row->carriers[i];

		if (!vu_check(in, c->vu, e) || !date_check(in, c->from, e) ||
		    !date_check(in, c->to, e) || !confidence_check(in, c->confidence, e))
			return false;
		in->carriers[in->carrier_count++] =
			(struct carrier){ copy(in, c->vu),     copy(in, c->name),
					  copy(in, c->from),   copy(in, c->to),
					  copy(in, c->source), copy(in, c->confidence) };
	}
	return true;
}

static bool successors_take(struct insurer *in, const struct insurer_row *row, struct err *e)
{
	static const char *const words[] = { "kept", "mapped", "new", "unknown" };

	in->successors = talloc_array(in, struct successor, row->successors_count);
	for (unsigned i = 0; i < row->successors_count; i++) {
		const struct successor_row *s = &row->successors[i];

		if (!date_check(in, s->date, e) || !one_of(in, "number", s->number, words, 4, e) ||
		    !confidence_check(in, s->confidence, e))
			return false;
		in->successors[in->successor_count++] =
			(struct successor){ copy(in, s->from),      copy(in, s->to),
					    copy(in, s->date),      copy(in, s->number),
					    copy(in, s->mapping),   copy(in, s->source),
					    copy(in, s->confidence) };
	}
	return true;
}

static char **texts_take(struct insurer *in, char *const *from, unsigned count)
{
	char **to = talloc_array(in, char *, count);

	for (unsigned i = 0; i < count; i++)
		to[i] = copy(in, from[i]);
	return to;
}

static struct example_pair *pairs_take(struct insurer *in, char ***from, unsigned count)
{
	struct example_pair *to = talloc_array(in, struct example_pair, count);

	for (unsigned i = 0; i < count; i++)
		to[i] = (struct example_pair){ copy(in, from[i][0]), copy(in, from[i][1]) };
	return to;
}

static bool number_take(struct insurer *in, struct examples *examples, const struct number_row *row,
			struct err *e)
{
	struct picture *p = &in->pictures[in->picture_count++];
	struct err why = { 0 };

	*p = (struct picture){
		.name = copy(in, row->name),
		.lines = texts_take(in, row->lines, row->lines_count),
		.line_count = row->lines_count,
		.drawing = copy(in, row->picture),
		.becomes = copy(in, row->becomes),
		.drops_zeros = row->drops != NULL,
		.means = row->means ? (enum picture_means) * row->means : MEANS_POLICY,
		.source = copy(in, row->source),
		.confidence = copy(in, row->confidence),
		.shows_reads = row->reads_count != 0,
		.shows_different = row->different_count != 0,
		.shows_refused = row->refused_count != 0,
	};
	*examples = (struct examples){
		.same = pairs_take(in, row->same, row->same_count),
		.different = pairs_take(in, row->different, row->different_count),
		.review = pairs_take(in, row->review, row->review_count),
		.reads = pairs_take(in, row->reads, row->reads_count),
		.same_count = row->same_count,
		.different_count = row->different_count,
		.review_count = row->review_count,
		.reads_count = row->reads_count,
		.refused = texts_take(in, row->refused, row->refused_count),
		.refused_count = row->refused_count,
	};
	in->other_numbers |= p->means != MEANS_POLICY;
	if (!confidence_check(in, p->confidence, e))
		return false;
	if (picture_compile(p, in, &why))
		return true;
	return err_set(e, ERR_SETUP, "%s, line %d: %s", in->path, picture_line(in, p, NULL, NULL),
		       why.text);
}

static bool numbers_take(struct insurer *in, struct examples **examples,
			 const struct insurer_row *row, struct err *e)
{
	in->pictures = talloc_zero_array(in, struct picture, row->numbers_count);
	*examples = talloc_zero_array(in, struct examples, row->numbers_count);
	for (unsigned i = 0; i < row->numbers_count; i++) {
		if (!number_take(in, &(*examples)[i], &row->numbers[i], e))
			return false;
	}
	return true;
}

static bool issuer_check(const struct insurer *in, struct err *e)
{
	const char *file = strrchr(in->path, '/') ? strrchr(in->path, '/') + 1 : in->path;
	size_t len = strlen(in->issuer);

	if (strspn(in->issuer, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		return err_set(e, ERR_SETUP, "%s, line %d: issuer may hold a-z, 0-9 and - only",
			       in->path, insurer_line(in->path, NULL, "issuer"));
	if (strncmp(file, in->issuer, len) == 0 && strcmp(file + len, ".yaml") == 0)
		return true;
	return err_set(e, ERR_SETUP, "%s, line %d: issuer is %s, expected the file's own name",
		       in->path, insurer_line(in->path, NULL, "issuer"), in->issuer);
}

/* A file that adds pictures says nothing else; every other one says who the insurer is. */
static bool whole_or_addition(const struct insurer *in, const struct insurer_row *row,
			      struct err *e)
{
	if (row->adds &&
	    (row->name || row->group || row->carriers_count || row->successors_count || row->wire))
		return err_set(e, ERR_SETUP,
			       "%s: a file that adds pictures holds issuer, adds and numbers only",
			       in->path);
	if (!row->adds && (!row->name || !row->carriers_count))
		return err_set(e, ERR_SETUP, "%s: Missing key %s", in->path,
			       row->name ? "carriers" : "name");
	return true;
}

struct insurer *insurer_read(const char *path, struct examples **examples, TALLOC_CTX *mem,
			     struct err *e)
{
	TALLOC_CTX *raw = talloc_new(NULL);
	struct insurer *in = talloc_zero(mem, struct insurer);
	const struct insurer_row *row;
	void *data = NULL;
	bool ok = false;

	if (!yaml_load_hinted(&data, path, &insurer_value, hints, raw, e))
		goto done;
	row = data;
	in->path = talloc_strdup(in, path);
	if (!row) {
		err_set(e, ERR_SETUP, "%s, line 1: the file is empty", path);
		goto done;
	}
	in->issuer = copy(in, row->issuer);
	in->name = copy(in, row->name);
	in->overlay = row->adds != NULL;
	ok = issuer_check(in, e) && whole_or_addition(in, row, e) &&
	     group_take(in, row->group, e) && carriers_take(in, row, e) &&
	     successors_take(in, row, e) && numbers_take(in, examples, row, e) &&
	     insurer_wire_take(in, row->wire, e);
	in->examples = ok ? *examples : NULL;
done:
	talloc_free(raw);
	if (ok)
		return in;
	if (e && e->kind == ERR_MISSING)
		e->kind = ERR_SETUP;
	talloc_free(in);
	return NULL;
}
