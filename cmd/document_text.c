#include "cmd/document_text.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"
#include "cmd/phrase.h"
#include "model/business_case.h"
#include "model/verdict.h"

#define SHOWN_MOST 200

/* The label in 16 columns; an umlaut has two bytes and one column. */
static void label_print(FILE *out, const char *name)
{
	char *label = phrase(name, NULL);
	int width = 16;

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

const char *reason_words(const char *reason)
{
	for (int i = 1; i < REASONS; i++)
		if (!strcmp(reason_text((enum reason)i), reason))
			return reason_in_words((enum reason)i);
	return reason;
}

static void case_print(FILE *out, const struct stored *s)
{
	const struct business_case *row = business_case_find(s->transfer.business_case);
	enum business_class class = business_class_of(s->transfer.business_case,
						      s->shipment.category, s->shipment.kind);

	document_line(out, "business case", s->transfer.business_case);
	if (row)
		fprintf(out, "%-16s%s: %s\n", "", row->group, row->meaning);
	document_line(out, "category", business_class_text(class));
}

static void numbers_print(FILE *out, const struct transfer *transfer)
{
	for (size_t i = 0; i < transfer->number_count; i++) {
		const struct number *n = &transfer->numbers[i];
		char *value = text_shown(n->value ? n->value : "", SHOWN_MOST, NULL);
		char *path = text_shown(n->path ? n->path : "", SHOWN_MOST, NULL);

		label_print(out, i ? "" : "numbers");
		phrase_print(out, "%s number \"%s\"  (%s)\n", number_kind_name(n->kind), value,
			     path);
		talloc_free(value);
		talloc_free(path);
	}
}

void document_print(FILE *out, const struct stored *s)
{
	const struct document *document = s->transfer.documents;
	const struct party *party = &s->transfer.party;

	document_line(out, "document", s->document_id);
	document_line(out, "received", s->received_at);
	document_line(out, "connection", s->connection);
	document_line(out, "shipment", s->shipment_id);
	document_line(out, "insurer", s->issuer);
	document_line(out, "register number", s->transfer.insurer_vu);
	document_line(out, "file", document->name);
	document_line(out, "type", document->media_type);
	label_print(out, "size");
	phrase_print(out, "%llu bytes\n", (unsigned long long)document->size);
	document_line(out, "link", document->link);
	document_line(out, "description", document->description);
	case_print(out, s);
	document_line(out, "line", s->transfer.line);
	document_line(out, "made", document->created);
	document_line(out, "surname", party->surname);
	document_line(out, "first name", party->first_name);
	document_line(out, "birth date", party->birth_date);
	document_line(out, "postcode", party->postcode);
	document_line(out, "plate", s->transfer.plate);
	document_line(out, "text", s->transfer.text);
	numbers_print(out, &s->transfer);
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

void verdict_print(FILE *out, const struct stored *s)
{
	char *contracts;

	word_line(out, "state", s->state);
	contracts = stored_contracts(s, NULL);
	document_line(out, "contract", contracts);
	talloc_free(contracts);
	document_line(out, "duplicate of", s->duplicate_of);
	if (strcmp(s->tier, tier_text(TIER_NONE)) != 0)
		word_line(out, "tier", s->tier);
	if (strcmp(s->reason, reason_text(REASON_NONE)) != 0) {
		label_print(out, "reason");
		fprintf(out, "%s (%s)\n", s->reason, reason_words(s->reason));
	}
	word_line(out, "decided by", s->decided_by ? s->decided_by : "the matcher");
	evidence_print(out, s->evidence);
}
