#include "review/import_words.h"

#include <talloc.h>

#include "model/german.h"

void import_worded(json_t *report)
{
	json_t *sentence;
	size_t i;

	json_array_foreach(json_object_get(report, "sentences"), i, sentence)
	{
		const char *says = json_string_value(json_object_get(sentence, "says"));
		char *german = german_of(says, NULL);

		json_object_set_new(sentence, "says_de", json_string(german ? german : says));
		talloc_free(german);
	}
}
