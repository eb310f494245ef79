#include "cmd/document_text.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "cmd/phrase.h"
#include "model/business_case.h"
#include "model/line.h"
#include "model/media_type.h"
#include "model/verdict.h"

#define SHOWN_MOST    200
#define CONTRACT_MOST 120

#define LABEL 18

/* The label in a column of its own; an umlaut has two bytes and one column. */
static void label_print(FILE *out, const char *name)
{
	char *label = phrase(name, NULL);
	int width = LABEL;

	for (const char *c = label; *c; c++)
		width += (*c & 0xc0) == 0x80;
	fprintf(out, "%-*s", width, label);
	talloc_free(label);
}

void document_line(FILE *out, const char *name, const char *value)
{
	char *shown;

	if (text_empty(value))
		return;
	shown = text_shown(value, SHOWN_MOST, NULL);
	label_print(out, name);
	fprintf(out, "%s\n", shown);
	talloc_free(shown);
}

/* "2025-03-03T06:00:00Z" as people write it: 2025-03-03 06:00 UTC, 03.03.2025 06:00 UTC; what is no date stays as it is. */
char *moment_shown(const char *text, TALLOC_CTX *mem)
{
	int year, month, day, hour = 0, minute = 0, dates, times = 0;
	const char *zone;
	char *shown;

	dates = text ? sscanf(text, "%4d-%2d-%2d", &year, &month, &day) : 0;
	if (dates != 3 || strlen(text) < 10 || (text[10] && text[10] != 'T'))
		return text ? text_shown(text, SHOWN_MOST, mem) : NULL;
	if (text[10])
		times = sscanf(text + 11, "%2d:%2d", &hour, &minute);
	shown = phrase_german() ? talloc_asprintf(mem, "%02d.%02d.%04d", day, month, year)
				: talloc_strndup(mem, text, 10);
	zone = text[strlen(text) - 1] == 'Z' ? " UTC" : "";
	return times == 2 ? talloc_asprintf_append(shown, " %02d:%02d%s", hour, minute, zone)
			  : shown;
}

char *insurer_shown(const struct insurers *insurers, const char *issuer, TALLOC_CTX *mem)
{
	const struct insurer *found = issuer ? insurers_by_issuer(insurers, issuer) : NULL;

	if (found)
		return talloc_asprintf(mem, "%s (%s)", found->name, issuer);
	if (issuer && !strncmp(issuer, "vu:", 3))
		return talloc_asprintf(mem, "VU %s", text_shown(issuer + 3, SHOWN_MOST, mem));
	return issuer ? text_shown(issuer, SHOWN_MOST, mem) : NULL;
}

char *contract_row_shown(const struct rows *rows, int row, TALLOC_CTX *mem)
{
	const char *printed = rows_text(rows, row, "printed_number");
	const char *number = printed ? printed : rows_text(rows, row, "number");
	const char *first = rows_text(rows, row, "first_name");
	const char *name = rows_text(rows, row, "name");

	return text_shown(talloc_asprintf(mem, "%s%s%s%s%s (%s)", number ? number : "",
					  first || name ? ", " : "", first ? first : "",
					  first && name ? " " : "", name ? name : "",
					  rows_text(rows, row, "contract_id")),
			  CONTRACT_MOST, mem);
}

char *line_shown(const char *line, TALLOC_CTX *mem)
{
	const char *name = line_name(line, phrase_german());
	char *shown = line ? text_shown(line, SHOWN_MOST, mem) : NULL;

	return name ? talloc_asprintf(mem, "%s %s", shown, name) : shown;
}

static void moment_line(FILE *out, const char *name, const char *text)
{
	char *shown = moment_shown(text, NULL);

	document_line(out, name, shown);
	talloc_free(shown);
}

const char *reason_said(enum reason reason)
{
	return phrase_german() ? reason_in_words(reason) : reason_in_english(reason);
}

const char *tier_said(enum tier tier)
{
	return phrase_german() ? tier_in_words(tier) : tier_in_english(tier);
}

const char *reason_words(const char *reason)
{
	for (int i = 1; i < REASONS; i++)
		if (!strcmp(reason_text((enum reason)i), reason))
			return reason_said((enum reason)i);
	return reason;
}

const char *tier_words(const char *tier)
{
	for (int i = 1; i < TIERS; i++)
		if (!strcmp(tier_text((enum tier)i), tier))
			return tier_said((enum tier)i);
	return tier;
}

const char *number_kind_said(enum number_kind kind)
{
	static const char *const words[NUMBER_KINDS] = {
		[NUMBER_POLICY] = "policy number", [NUMBER_PRINTED] = "printed number",
		[NUMBER_OLD] = "former number",    [NUMBER_APPLICATION] = "application number",
		[NUMBER_CLAIM] = "claim number",   [NUMBER_BROKER] = "the broker's own number",
		[NUMBER_LINK] = "link number",     [NUMBER_CASE] = "case number",
	};

	return words[kind];
}

static void case_print(FILE *out, const struct stored *s)
{
	const struct business_case *row = business_case_find(s->transfer.business_case);
	enum business_class class = business_class_of(s->transfer.business_case,
						      s->shipment.category, s->shipment.kind);

	document_line(out, "business case", s->transfer.business_case);
	if (row)
		fprintf(out, "%-*s%s: %s\n", LABEL, "", row->group, row->meaning);
	document_line(out, "category",
		      phrase_german() ? business_class_in_words(class)
				      : business_class_in_english(class));
}

static void numbers_print(FILE *out, const struct transfer *transfer)
{
	for (size_t i = 0; i < transfer->number_count; i++) {
		const struct number *n = &transfer->numbers[i];
		char *value = text_shown(n->value ? n->value : "", SHOWN_MOST, NULL);
		char *path = text_shown(n->path ? n->path : "", SHOWN_MOST, NULL);

		label_print(out, i ? "" : "numbers");
		if (*value)
			phrase_print(out, "%s \"%s\"  (%s)\n", number_kind_said(n->kind), value,
				     path);
		else
			phrase_print(out, "%s: empty  (%s)\n", number_kind_said(n->kind), path);
		talloc_free(value);
		talloc_free(path);
	}
}

void document_print(FILE *out, const struct stored *s, const struct insurers *insurers)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct document *document = s->transfer.documents;
	const struct party *party = &s->transfer.party;
	char *warning;

	document_line(out, "document", s->document_id);
	moment_line(out, "received", s->received_at);
	document_line(out, "connection", s->connection);
	document_line(out, "shipment", s->shipment_id);
	document_line(out, "insurer", insurer_shown(insurers, s->issuer, mem));
	document_line(out, "register number", s->transfer.insurer_vu);
	document_line(out, "file", document->name);
	document_line(out, "type", document->media_type);
	if ((warning = media_type_warning(document->name, document->declared_type,
					  document->media_type, mem)))
		document_line(out, "warning", phrase(warning, mem));
	label_print(out, "size");
	phrase_print(out, "%llu bytes\n", (unsigned long long)document->size);
	document_line(out, "link", document->link);
	document_line(out, "description", document->description);
	case_print(out, s);
	document_line(out, "line", line_shown(s->transfer.line, mem));
	moment_line(out, "made", document->created);
	document_line(out, "surname", party->surname);
	document_line(out, "first name", party->first_name);
	moment_line(out, "birth date", party->birth_date);
	document_line(out, "postcode", party->postcode);
	document_line(out, "plate", s->transfer.plate);
	document_line(out, "text", s->transfer.text);
	numbers_print(out, &s->transfer);
	talloc_free(mem);
}

void evidence_print(FILE *out, const char *evidence)
{
	json_t *array = json_loads(evidence ? evidence : "[]", 0, NULL);
	size_t i;
	json_t *item;

	json_array_foreach(array, i, item)
	{
		const char *says = json_string_value(json_object_get(item, "says"));

		fprintf(out, "  %c ", json_is_true(json_object_get(item, "against")) ? '-' : '+');
		phrase_print(out, "%s\n", says ? says : "");
	}
	json_decref(array);
}

/* A value out of one of our own lists, in the reader's language. */
static void word_line(FILE *out, const char *name, const char *word)
{
	char *shown = phrase(word, NULL);

	document_line(out, name, shown);
	talloc_free(shown);
}

/* What the matcher would have done while it only watched. */
static void shadow_print(FILE *out, const char *text)
{
	json_t *shadow = text ? json_loads(text, 0, NULL) : NULL, *place;
	const char *contract = json_string_value(json_object_get(shadow, "contract_id"));
	char *all = talloc_strdup(NULL, contract);
	size_t i;

	json_array_foreach(json_object_get(shadow, "more"), i, place)
	{
		all = talloc_asprintf_append(
			all, ", %s", json_string_value(json_object_get(place, "contract_id")));
	}
	if (shadow)
		label_print(out, "in shadow");
	if (contract)
		phrase_print(out, "would have been filed to %s\n", all);
	else if (shadow)
		phrase_print(out, "would have waited\n");
	talloc_free(all);
	json_decref(shadow);
}

void verdict_print(FILE *out, const struct stored *s, const char *contracts)
{
	word_line(out, "state", s->state);
	document_line(out, "contract", contracts);
	document_line(out, "duplicate of", s->duplicate_of);
	if (strcmp(s->tier, tier_text(TIER_NONE)) != 0)
		document_line(out, "basis", tier_words(s->tier));
	if (strcmp(s->reason, reason_text(REASON_NONE)) != 0)
		document_line(out, "reason", reason_words(s->reason));
	shadow_print(out, s->shadow);
	word_line(out, "decided by", s->decided_by ? s->decided_by : "the matcher");
	evidence_print(out, s->evidence);
}
