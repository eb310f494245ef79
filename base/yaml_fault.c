#include "base/yaml_fault.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

struct scan {
	yaml_parser_t parser;
	yaml_event_t event; /* where we are */
	bool has_event;
	const struct yaml_hint *hints;
	struct yaml_fault *fault;
	/* The last quoted text that goes over several lines. */
	int quote_begins, quote_ends;
	/* The first mapping that lacked a key. */
	const char *lacks;
	int lacks_line;
};

/* Always false: the scan ends at the first fault. */
__attribute__((format(printf, 3, 4))) static bool fault_at(struct scan *s, int line,
							   const char *format, ...)
{
	va_list args;

	if (s->fault->line)
		return false;
	s->fault->line = line;
	va_start(args, format);
	vsnprintf(s->fault->text, sizeof(s->fault->text), format, args);
	va_end(args);
	return false;
}

static int line_here(const struct scan *s)
{
	return (int)s->event.start_mark.line + 1;
}

/* ---- what is no YAML ---- */

/* libyaml's words, ours, and whether the place is where the unfinished thing begins. */
static const struct {
	const char *theirs, *ours;
	bool begins;
} problems[] = {
	{ "did not find expected key",
	  "this is indented otherwise than the lines before it, or lacks its \":\"", false },
	{ "did not find expected '-' indicator",
	  "this is indented otherwise than the list before it, or lacks its \"-\"", false },
	{ "block sequence entries are not allowed in this context",
	  "a list's \"-\" may not stand here: indent it like the one before", false },
	{ "mapping values are not allowed in this context",
	  "a \":\" may not stand here: indent the line like those before it, and put a text that "
	  "holds \":\" in quotation marks",
	  false },
	{ "could not find expected ':'", "a key without \":\"", false },
	{ "found character that cannot start any token",
	  "a character that begins nothing: indent with blanks, not tabs, and put such a text in "
	  "quotation marks",
	  false },
	{ "found unexpected end of stream", "the quotation mark that begins here is not closed",
	  true },
	{ "found unexpected document indicator",
	  "the quotation mark that begins here is not closed", true },
	{ "did not find expected ',' or ']'",
	  "the list that begins here lacks a \",\" or its \"]\"", true },
	{ "did not find expected ',' or '}'",
	  "what begins here with \"{\" lacks a \",\" or its \"}\"", true },
	{ "did not find expected node content", "a value is missing here", false },
	{ "did not find expected <document start>", "the file ends before this line", false },
};

static bool no_yaml(struct scan *s)
{
	const yaml_parser_t *p = &s->parser;
	int line = (int)p->problem_mark.line + 1, begins = (int)p->context_mark.line + 1;

	if (s->quote_ends && s->quote_ends == line)
		return fault_at(s, s->quote_begins,
				"the quotation mark that begins here is closed only in line %d",
				line);
	if (p->error == YAML_READER_ERROR)
		return fault_at(s, (int)p->mark.line + 1, "what stands here is no UTF-8: %s",
				p->problem);
	for (size_t i = 0; i < sizeof(problems) / sizeof(*problems); i++) {
		if (p->problem && strcmp(p->problem, problems[i].theirs) == 0)
			return fault_at(s, problems[i].begins && p->context ? begins : line, "%s",
					problems[i].ours);
	}
	return fault_at(s, line, "%s", p->problem ? p->problem : "cannot be read as YAML");
}

static void quote_note(struct scan *s)
{
	int begins = (int)s->event.start_mark.line + 1, ends = (int)s->event.end_mark.line + 1;

	if (s->event.type != YAML_SCALAR_EVENT || begins == ends ||
	    s->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		return;
	s->quote_begins = begins;
	s->quote_ends = ends;
}

static bool next(struct scan *s)
{
	if (s->has_event)
		yaml_event_delete(&s->event);
	s->has_event = yaml_parser_parse(&s->parser, &s->event) != 0;
	if (!s->has_event)
		return no_yaml(s);
	quote_note(s);
	return true;
}

/* ---- what does not fit ---- */

static bool unfit(struct scan *s, const char *key, const char *otherwise)
{
	for (const struct yaml_hint *h = s->hints; h && h->key; h++) {
		if (key && strcmp(h->key, key) == 0)
			return fault_at(s, line_here(s), "%s", h->wants);
	}
	return fault_at(s, line_here(s), "%s wants %s", key ? key : "the file", otherwise);
}

/* Behind text, and then: nothing, a comma, or the last word. */
static void words_add(char *text, size_t size, const char *word, bool first, bool last)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", first ? "" : last ? " or " : ", ", word);
}

static bool is_number(const char *text, bool sign)
{
	text += sign && (*text == '-' || *text == '+');
	return *text && strspn(text, "0123456789") == strlen(text);
}

static bool word_fits(struct scan *s, const cyaml_schema_value_t *schema, const char *key,
		      const char *word)
{
	char expected[200] = "";

	for (uint32_t i = 0; i < schema->enumeration.count; i++) {
		const char *one = schema->enumeration.strings[i].str;

		if (strcmp(one, word) == 0)
			return true;
		words_add(expected, sizeof(expected), one, i == 0,
			  i + 1 == schema->enumeration.count);
	}
	if (!(schema->flags & CYAML_FLAG_STRICT) && is_number(word, true))
		return true;
	return fault_at(s, line_here(s), "%s is \"%.60s\"; expected %s", key, word, expected);
}

static bool text_fits(struct scan *s, const cyaml_schema_value_t *schema, const char *key,
		      size_t length)
{
	char wanted[80];

	if (length >= schema->string.min && length <= schema->string.max)
		return true;
	snprintf(wanted, sizeof(wanted), "%u to %u characters, not %zu", schema->string.min,
		 schema->string.max, length);
	return unfit(s, key, wanted);
}

static bool scalar(struct scan *s, const cyaml_schema_value_t *schema, const char *key)
{
	const char *text = (const char *)s->event.data.scalar.value;

	if (s->event.type == YAML_ALIAS_EVENT)
		return true;
	if (s->event.type != YAML_SCALAR_EVENT)
		return unfit(s, key, schema->type == CYAML_STRING ? "one text" : "one word");
	switch (schema->type) {
	case CYAML_ENUM:
		return word_fits(s, schema, key, text);
	case CYAML_STRING:
		return text_fits(s, schema, key, strlen(text));
	case CYAML_UINT:
		return is_number(text, false) ||
		       fault_at(s, line_here(s), "%s is \"%.60s\", expected a number", key, text);
	default:
		return true;
	}
}

static bool value(struct scan *s, const cyaml_schema_value_t *schema, const char *key);

static bool pair_like(const cyaml_schema_value_t *schema)
{
	return schema->type == CYAML_SEQUENCE_FIXED ||
	       (schema->type == CYAML_SEQUENCE &&
		schema->sequence.entry->type == CYAML_SEQUENCE_FIXED);
}

static bool sequence(struct scan *s, const cyaml_schema_value_t *schema, const char *key)
{
	const char *wanted =
		pair_like(schema) ? "pairs: [ [ \"one\", \"other\" ] ]" : "a list: [ ... ]";
	uint32_t count = 0;

	if (s->event.type == YAML_ALIAS_EVENT)
		return true;
	if (s->event.type != YAML_SEQUENCE_START_EVENT)
		return unfit(s, key, wanted);
	while (next(s) && s->event.type != YAML_SEQUENCE_END_EVENT) {
		if (count++ == schema->sequence.max)
			return pair_like(schema)
				       ? unfit(s, key, wanted)
				       : fault_at(s, line_here(s), "%s has more than %u entries",
						  key, schema->sequence.max);
		if (!value(s, schema->sequence.entry, key))
			return false;
	}
	if (s->fault->line || count >= schema->sequence.min)
		return !s->fault->line;
	return pair_like(schema) ? unfit(s, key, wanted)
				 : fault_at(s, line_here(s), "%s is empty", key);
}

static const cyaml_schema_field_t *field_named(const cyaml_schema_field_t *fields, const char *name)
{
	for (; fields->key; fields++) {
		if (strcmp(fields->key, name) == 0)
			return fields;
	}
	return NULL;
}

static bool unknown(struct scan *s, const cyaml_schema_field_t *fields, const char *name)
{
	char known[280] = "";

	if (s->lacks && strcmp(s->lacks, name) == 0)
		return fault_at(
			s, line_here(s),
			"\"%s\" is indented otherwise than the entry of line %d, which lacks it",
			name, s->lacks_line);
	for (; fields->key && strlen(known) + 30 < sizeof(known); fields++)
		words_add(known, sizeof(known), fields->key, !known[0], false);
	return fault_at(s, line_here(s), "unknown key \"%.60s\"; known here: %s%s", name, known,
			fields->key ? ", ..." : "");
}

#define FIELDS_MOST 64

static void lacking(struct scan *s, const cyaml_schema_field_t *fields, uint64_t seen, int line)
{
	for (int i = 0; i < FIELDS_MOST && fields[i].key && !s->lacks; i++) {
		if (seen >> i & 1 || fields[i].value.flags & CYAML_FLAG_OPTIONAL)
			continue;
		s->lacks = fields[i].key;
		s->lacks_line = line;
	}
}

static bool mapping(struct scan *s, const cyaml_schema_value_t *schema, const char *key)
{
	const cyaml_schema_field_t *fields = schema->mapping.fields, *field;
	int line = line_here(s);
	uint64_t seen = 0;

	if (s->event.type == YAML_ALIAS_EVENT)
		return true;
	if (s->event.type != YAML_MAPPING_START_EVENT)
		return unfit(s, key, "keys of its own, each with \":\"");
	while (next(s) && s->event.type != YAML_MAPPING_END_EVENT) {
		if (s->event.type != YAML_SCALAR_EVENT)
			return fault_at(s, line_here(s), "a key is one word");
		field = field_named(fields, (const char *)s->event.data.scalar.value);
		if (!field)
			return unknown(s, fields, (const char *)s->event.data.scalar.value);
		if (field - fields < FIELDS_MOST)
			seen |= UINT64_C(1) << (field - fields);
		if (!next(s) || !value(s, &field->value, field->key))
			return false;
	}
	if (s->fault->line)
		return false;
	lacking(s, fields, seen, line);
	return true;
}

/* At its end the event is the value's last. */
static bool value(struct scan *s, const cyaml_schema_value_t *schema, const char *key)
{
	switch (schema->type) {
	case CYAML_MAPPING:
		return mapping(s, schema, key);
	case CYAML_SEQUENCE:
	case CYAML_SEQUENCE_FIXED:
		return sequence(s, schema, key);
	default:
		return scalar(s, schema, key);
	}
}

static void file_scan(struct scan *s, const cyaml_schema_value_t *schema)
{
	while (next(s) && s->event.type != YAML_STREAM_END_EVENT) {
		bool first = s->event.type != YAML_STREAM_START_EVENT &&
			     s->event.type != YAML_DOCUMENT_START_EVENT &&
			     s->event.type != YAML_DOCUMENT_END_EVENT;

		if (first && !value(s, schema, NULL))
			return;
	}
	if (s->lacks)
		fault_at(s, s->lacks_line, "the key \"%s\" is missing in what begins here",
			 s->lacks);
}

void yaml_fault_find(struct yaml_fault *fault, const char *path, const cyaml_schema_value_t *schema,
		     const struct yaml_hint *hints)
{
	struct scan s = { .hints = hints, .fault = fault };
	FILE *in = fopen(path, "re");

	*fault = (struct yaml_fault){ 0 };
	if (!in)
		return;
	if (yaml_parser_initialize(&s.parser)) {
		yaml_parser_set_input_file(&s.parser, in);
		file_scan(&s, schema);
		if (s.has_event)
			yaml_event_delete(&s.event);
		yaml_parser_delete(&s.parser);
	}
	fclose(in);
}
