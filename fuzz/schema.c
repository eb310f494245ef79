/*
 * schema.c -- an answer held against a set of schemas (fixtures/schemas/seeufer): whole and in pieces the same is told, what is told
 * keeps to its limits, and no value is. The first line is the Content-Type.
 */
#include <fcntl.h>
#include <talloc.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "ingest/schema_parts.h"
#include "ingest/xml.h"

#define CANARY "Mustermann" /* what persons are called in the seeds */

static const struct schema_set *set_of_sandbox(void)
{
	static struct schema_set *set;
	TALLOC_CTX *work = talloc_new(NULL);
	struct schema_files files;
	struct err e = { 0 };

	if (set) {
		talloc_free(work);
		return set;
	}
	xml_prepare();
	must(schema_files_read(&files,
			       open(SOURCE_DIR "/fixtures/schemas/seeufer", O_RDONLY | O_DIRECTORY),
			       work, &e));
	set = schema_set_compile(&files, NULL, &e);
	must(set);
	talloc_free(work);
	return set;
}

static bool judge_feed(void *self, const void *bytes, size_t len, struct err *e)
{
	(void)e;
	schema_judge_feed(self, bytes, len);
	return true;
}

/* Does the name stand between tags alone? Where it is a tag's or a namespace's, it may be told. */
static bool only_a_value(const uint8_t *data, size_t size)
{
	const size_t len = sizeof CANARY - 1;

	for (const uint8_t *at = data; (at = memmem(at, size - (size_t)(at - data), CANARY, len));
	     at += len)
		if (at == data || at[-1] != '>')
			return false;
	return true;
}

static void check_words(const char *words, bool canary_is_a_value)
{
	must(words && strlen(words) <= SCHEMA_WORD_MOST + 1);
	must(text_valid_utf8(words, strlen(words)));
	must(!canary_is_a_value || !strstr(words, CANARY));
}

static void check_report(const struct schema_report *r, const uint8_t *data, size_t size)
{
	bool value = only_a_value(data, size);

	must(r->count <= SCHEMA_BREACHES_MOST && r->times <= SCHEMA_TIMES_MOST + 1);
	must(r->count <= r->times);
	for (size_t i = 0; i < r->count; i++) {
		check_words(r->breaches[i].element, value);
		check_words(r->breaches[i].rule, value);
		check_words(r->breaches[i].detail, value);
		must(r->breaches[i].times >= 1 && r->breaches[i].times <= r->times);
	}
}

static void check_same(const struct schema_report *a, const struct schema_report *b)
{
	must(!a->gave_up == !b->gave_up);
	if (a->gave_up) /* how far each had come by then is libxml2's matter */
		return;
	must(a->count == b->count && a->times == b->times);
	for (size_t i = 0; i < a->count; i++) {
		must(strcmp(a->breaches[i].element, b->breaches[i].element) == 0);
		must(strcmp(a->breaches[i].rule, b->breaches[i].rule) == 0);
		must(strcmp(a->breaches[i].detail, b->breaches[i].detail) == 0);
		must(a->breaches[i].times == b->breaches[i].times);
	}
}

static const struct schema_report *judged(const char *type, const uint8_t *data, size_t size,
					  size_t step, TALLOC_CTX *mem)
{
	struct schema_judge *judge = schema_judge_begin(set_of_sandbox(), type, mem);
	struct err e = { 0 };

	must(fuzz_fed(judge_feed, judge, data, size, step, &e));
	return schema_judge_end(judge);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *line = memchr(data, '\n', size);
	const struct schema_report *whole, *pieces;
	TALLOC_CTX *mem;
	size_t front, len;
	char *type;

	if (!line || memchr(data, '\0', (size_t)(line - data)))
		return 0;
	mem = talloc_new(NULL);
	front = (size_t)(line - data) + 1;
	len = size - front;
	type = talloc_strndup(mem, (const char *)data, front - 1);
	whole = judged(type, data + front, len, len ? len : 1, mem);
	check_report(whole, data + front, len);
	pieces = judged(type, data + front, len, fuzz_step(size), mem);
	check_same(whole, pieces);
	talloc_free(mem);
	return 0;
}
