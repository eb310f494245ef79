/* answer_parts.c -- what all builders of the answer use: lists that grow, warnings, the transfer under way. */
#include <stdarg.h>
#include <string.h>

#include "ingest/answer.h"

void *append(void *array, size_t *count, size_t size, TALLOC_CTX *mem)
{
	void **to = array;
	size_t room = *to ? talloc_get_size(*to) / size : 0;
	char *item;

	if (*count == room)
		*to = talloc_realloc_size(mem, *to, (room ? room * 2 : 4) * size);
	item = (char *)*to + *count * size;
	memset(item, 0, size);
	(*count)++;
	return item;
}

void answer_warn(struct builder *b, const char *format, ...)
{
	struct delivery *delivery = b->answer->delivery;
	char **warning;
	va_list args;

	if (!delivery || delivery->warning_count == WARNINGS_MOST)
		return;
	warning = append(&delivery->warnings, &delivery->warning_count, sizeof *warning, delivery);
	va_start(args, format);
	*warning = talloc_vasprintf(delivery, format, args);
	va_end(args);
}

struct transfer *current_transfer(struct builder *b)
{
	return &b->answer->delivery->transfers[b->answer->delivery->transfer_count - 1];
}
