/* cases_control.c -- answers that must be read, in every dialect: the golden cases of the reader (tests/ingest/cases). */
#include "tests/hostile/plain_check.h"

#include <dirent.h>
#include <stdlib.h>

#include "tests/hostile/hostile.h"
#include "tests/ingest/read_helpers.h"

#define CASES SOURCE_DIR "/tests/ingest/cases"

static char *file_text(const char *path, size_t *len, TALLOC_CTX *mem)
{
	FILE *file = fopen(path, "rb");
	char *text = talloc_zero_size(mem, 1 << 20);

	if (!file)
		return NULL;
	*len = fread(text, 1, (1 << 20) - 1, file);
	fclose(file);
	return text;
}

/* "\n" in multipart cases stands for CRLF. */
static char *with_crlf(const char *text, size_t *len, TALLOC_CTX *mem)
{
	char *out = talloc_size(mem, 2 * *len + 1), *to = out;

	for (size_t i = 0; i < *len; i++) {
		if (text[i] == '\n')
			*to++ = '\r';
		*to++ = text[i];
	}
	*to = '\0';
	*len = (size_t)(to - out);
	return out;
}

static void add_golden(struct hostile_list *list, const char *name, TALLOC_CTX *mem)
{
	size_t len, facts_len;
	char *body = file_text(talloc_asprintf(mem, CASES "/%s", name), &len, mem);
	char *facts =
		file_text(talloc_asprintf(mem, CASES "/%.*s.facts", (int)strlen(name) - 7, name),
			  &facts_len, mem);
	struct hostile_case *c;
	char *type = NULL;

	if (!facts || strncmp(facts, "refused", 7) == 0)
		return;
	if (strncmp(body, "Content-Type: ", 14) == 0) {
		char *end = strchr(body, '\n');

		type = talloc_strndup(mem, body + 14, (size_t)(end - body) - 14);
		len -= (size_t)(end + 2 - body);
		body = end + 2;
	}
	if (type && strncasecmp(type, "multipart/", 10) == 0 && !strstr(name, "bare-lf"))
		body = with_crlf(body, &len, mem);
	c = hostile_add(list, CLASS_CONTROL, talloc_strdup(mem, name), "", REFUSAL_NONE);
	c->bytes = body;
	c->len = len;
	c->type = type;
	c->facts = facts;
}

void cases_control(struct hostile_list *list, TALLOC_CTX *mem)
{
	struct dirent **names;
	int count = scandir(CASES, &names, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		size_t len = strlen(names[i]->d_name);

		if (len > 7 && strcmp(names[i]->d_name + len - 7, ".answer") == 0)
			add_golden(list, names[i]->d_name, mem);
		free(names[i]);
	}
	free(names);
}
