/* answer_transfer.c -- numbers and persons within one Transfer, wherever in it they stand. */
#include <string.h>

#include "base/text.h"
#include "ingest/answer.h"
#include "ingest/refusal.h"

/* Is one of the elements between the Transfer and the current one called so? */
static bool below(const struct builder *b, const char *name)
{
	for (int i = b->transfer_depth + 1; i < b->depth; i++)
		if (strcmp(b->stack[i].name, name) == 0)
			return true;
	return false;
}

/* The broker's, the insurer's and others' own numbers and addresses say nothing about the customer; an extension's
 * meaning is unknown. */
static bool of_somebody_else(const struct builder *b)
{
	return below(b, "Vermittler") || below(b, "Unternehmen") || below(b, "Dienstleister") ||
	       below(b, "Erweiterung");
}

static char *path(const struct builder *b, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "");

	for (int i = b->transfer_depth + 1; i <= b->depth; i++)
		text = talloc_asprintf_append_buffer(text, "%s%s", *text ? "/" : "",
						     b->stack[i].name);
	return text;
}

bool transfer_number(struct builder *b, enum number_kind kind, const char *value, struct err *e)
{
	struct transfer *transfer = current_transfer(b);
	struct number *number;

	if (of_somebody_else(b))
		return true;
	if (below(b, "AlteVertragsnummer") && (kind == NUMBER_POLICY || kind == NUMBER_PRINTED))
		kind = NUMBER_OLD;
	if (transfer->number_count == NUMBERS_MOST)
		return refusal_set(e, REFUSAL_NUMBERS_MANY, "transfer has more than %d numbers",
				   NUMBERS_MOST);
	number = append(&transfer->numbers, &transfer->number_count, sizeof *number,
			b->answer->delivery);
	number->kind = kind;
	number->value = talloc_strdup(b->answer->delivery, value);
	number->path = path(b, b->answer->delivery);
	return true;
}

/*
 * Where several persons are named, their fields must not be mixed: the first person counts, until one of its fields
 * comes a second time. A Versicherungsnehmer replaces whoever came before him.
 */
void transfer_party(struct builder *b, size_t place, const char *value)
{
	char **field = (char **)((char *)&current_transfer(b)->party + place);

	if (b->party_closed || of_somebody_else(b) || text_empty(value))
		return;
	if (b->party_holder && !below(b, "Versicherungsnehmer"))
		return;
	if (*field)
		b->party_closed = true;
	else
		*field = talloc_strdup(b->answer->delivery, value);
}

void transfer_party_enter(struct builder *b, const char *name)
{
	if (strcmp(name, "Versicherungsnehmer") != 0 || b->party_holder)
		return;
	current_transfer(b)->party = (struct party){ 0 };
	b->party_closed = false;
	b->party_holder = true;
}
