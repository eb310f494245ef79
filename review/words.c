#include "review/words.h"

#include <string.h>

bool words_join(char line[WORDS_SPELLS], const json_t *words, size_t from, size_t count)
{
	size_t len = 0;

	for (size_t i = from; i < from + count; i++) {
		const json_t *text = json_object_get(json_array_get(words, i), "text");
		size_t more = json_string_length(text);

		if (!json_is_string(text) || len + more + 2 > WORDS_SPELLS)
			return false;
		if (len)
			line[len++] = ' ';
		memcpy(line + len, json_string_value(text), more);
		len += more;
	}
	line[len] = '\0';
	return len > 0;
}

json_t *words_box(const json_t *words, size_t from, size_t count)
{
	double around[4] = { 0 };

	for (size_t i = from; i < from + count; i++) {
		const json_t *box = json_object_get(json_array_get(words, i), "box");

		for (size_t k = 0; k < 4; k++) {
			const json_t *edge = json_array_get(box, k);
			double at = json_number_value(edge);

			if (!json_is_number(edge))
				return NULL;
			if (i == from || (k < 2 ? at < around[k] : at > around[k]))
				around[k] = at;
		}
	}
	return json_pack("[f, f, f, f]", around[0], around[1], around[2], around[3]);
}
