#include "cmd/phrase.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/german.h"

bool phrase_german(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (!text_empty(value))
			return strncmp(value, "de", 2) == 0 &&
			       (value[2] == '\0' || strchr("_.@", value[2]));
	}
	return false;
}

char *phrase(const char *english, TALLOC_CTX *mem)
{
	char *german = phrase_german() ? german_of(english, mem) : NULL;

	return german ? german : talloc_strdup(mem, english);
}

void phrase_print(FILE *out, const char *format, ...)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t blanks, len;
	va_list args;
	char *text;

	va_start(args, format);
	text = talloc_vasprintf(mem, format, args);
	va_end(args);
	blanks = strspn(text, " \n");
	len = strlen(text);
	if (len > blanks && text[len - 1] == '\n')
		text[len - 1] = '\0';
	fprintf(out, "%.*s%s%s", (int)blanks, text, phrase(text + blanks, mem),
		text[len - 1] == '\0' ? "\n" : "");
	talloc_free(mem);
}
