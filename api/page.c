#include "api/page.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "api/problem.h"
#include "base/text.h"

#define CURSOR_MOST 2000             /* characters */
#define NUMBER_MOST 9007199254740991 /* what JSON carries exactly */

/* ---- cursors ---- */

static bool hex_read(char *out, const char *hex)
{
	static const char digits[] = "0123456789abcdef";

	for (; *hex; hex += 2) {
		const char *high = strchr(digits, hex[0]),
			   *low = hex[1] ? strchr(digits, hex[1]) : NULL;

		if (!high || !low)
			return false;
		*out++ = (char)((high - digits) << 4 | (low - digits));
	}
	*out = '\0';
	return true;
}

static bool key_take(char **key, const json_t *value, char kind, TALLOC_CTX *mem)
{
	if (kind == 't' && json_is_string(value)) {
		*key = talloc_strdup(mem, json_string_value(value));
	} else if (kind == 'n' && json_is_integer(value) &&
		   llabs(json_integer_value(value)) <= NUMBER_MOST) {
		*key = talloc_asprintf(mem, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	} else {
		return false;
	}
	return true;
}

static bool cursor_read(struct page *page, struct request *request, const char *cursor)
{
	size_t len = strlen(cursor);
	char *text = talloc_array(request, char, len / 2 + 1);
	json_t *values = len && len <= CURSOR_MOST && hex_read(text, cursor)
				 ? json_loads(text, 0, NULL)
				 : NULL;
	bool ok = json_is_array(values) && json_array_size(values) == (size_t)page->count;

	for (int i = 0; ok && i < page->count; i++)
		ok = key_take(&page->key[i], json_array_get(values, (size_t)i), page->keys[i].kind,
			      request);
	json_decref(values);
	return ok || problem(request, PROBLEM_ARGUMENT, "cursor is none that was given out here");
}

bool page_read(struct page *page, struct request *request, const struct page_key *keys, int count)
{
	const char *cursor = request_argument(request, "cursor");
	int64_t limit;

	*page = (struct page){ .keys = keys, .count = count };
	if (!request_number(&limit, request, "limit", 1, PAGE_MOST, PAGE_DEFAULT))
		return false;
	page->most = (int)limit;
	page->limit = talloc_asprintf(request, "%d", page->most + 1);
	for (int i = 0; i < count; i++)
		page->key[i] = talloc_strdup(request, keys[i].first);
	return !cursor || cursor_read(page, request, cursor);
}

static json_t *cursor_make(const struct page *page, const struct rows *rows)
{
	json_t *values = json_array(), *cursor;
	char *text, *hex;

	for (int i = 0; i < page->count; i++) {
		const struct page_key *key = &page->keys[i];

		json_array_append_new(
			values,
			key->kind == 'n'
				? json_integer(rows_int(rows, page->most - 1, key->column))
				: json_string(rows_text(rows, page->most - 1, key->column)));
	}
	text = json_dumps(values, JSON_COMPACT);
	hex = talloc_array(NULL, char, 2 * strlen(text) + 1);
	text_hex(hex, text, strlen(text));
	cursor = json_string(hex);
	talloc_free(hex);
	free(text);
	json_decref(values);
	return cursor;
}

void page_answer(struct request *request, const struct page *page, const struct rows *rows,
		 item_fn *item)
{
	int count = rows_count(rows);
	bool more = count > page->most;
	json_t *items = json_array();

	for (int i = 0; i < (more ? page->most : count); i++)
		json_array_append_new(items, item(request, rows, i));
	reply_json(request, 200,
		   json_pack("{s:o, s:o}", "items", items, "next",
			     more ? cursor_make(page, rows) : json_null()));
}
