/*
 * insurer_line.c -- the line that the sentence of an error names. The file is read once more, by its scalars and not by its
 * text: one drawing is often a part of another, and a number stands in comments too.
 */
#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "normalizers/insurer_file.h"

typedef bool scalar_see(void *self, const char *value, int line); /* true: goes on */

struct walk {
	int depth;     /* of mappings: 1 the file, 2 an entry of carriers, numbers, ... */
	int lists;     /* open ones within the entry */
	bool key_next; /* the entry's next scalar is a key */
	char key[20];  /* of the entry, whose value comes */
	scalar_see *scalar;
	bool (*entry)(void *self, bool begins);
	void *self;
};

/* Which key of the entry does what comes next belong to? */
static void key_follow(struct walk *w, const yaml_event_t *event)
{
	if (event->type == YAML_MAPPING_START_EVENT && w->depth == 1)
		w->lists = 0;
	else if (event->type == YAML_SEQUENCE_START_EVENT)
		w->lists++;
	else if (event->type == YAML_SEQUENCE_END_EVENT)
		w->lists--;
	else if (event->type == YAML_SCALAR_EVENT && w->key_next && w->depth == 2 && !w->lists)
		snprintf(w->key, sizeof(w->key), "%s", (const char *)event->data.scalar.value);
	if (w->depth != 2 || w->lists)
		w->key_next = true;
	else if (event->type == YAML_SCALAR_EVENT)
		w->key_next = !w->key_next;
}

static bool event_see(struct walk *w, const yaml_event_t *event)
{
	key_follow(w, event);
	if (event->type == YAML_SCALAR_EVENT)
		return w->scalar(w->self, (const char *)event->data.scalar.value,
				 (int)event->start_mark.line + 1);
	if (event->type == YAML_MAPPING_START_EVENT && ++w->depth == 2 && w->entry)
		return w->entry(w->self, true);
	if (event->type == YAML_MAPPING_END_EVENT && w->depth-- == 2 && w->entry)
		return w->entry(w->self, false);
	return event->type != YAML_STREAM_END_EVENT;
}

static void walk(const char *path, struct walk *w)
{
	FILE *in = fopen(path, "re");
	yaml_parser_t parser;
	yaml_event_t event;
	bool on = true;

	if (!in)
		return;
	if (yaml_parser_initialize(&parser)) {
		yaml_parser_set_input_file(&parser, in);
		while (on && yaml_parser_parse(&parser, &event)) {
			on = event_see(w, &event);
			yaml_event_delete(&event);
		}
		yaml_parser_delete(&parser);
	}
	fclose(in);
}

/* ---- anywhere in the file ---- */

struct wanted {
	const char *after, *text;
	int whole, part; /* the first line of each; 0: none so far */
};

static bool wanted_see(void *self, const char *value, int line)
{
	struct wanted *w = self;

	if (w->after) {
		if (!strcmp(value, w->after))
			w->after = NULL;
		return true;
	}
	if (!strcmp(value, w->text))
		w->whole = line;
	else if (!w->part && strstr(value, w->text))
		w->part = line;
	return !w->whole;
}

int insurer_line(const char *path, const char *after, const char *text)
{
	struct wanted wanted = { .after = after, .text = text };
	struct walk w = { .scalar = wanted_see, .self = &wanted };

	walk(path, &w);
	if (wanted.whole)
		return wanted.whole;
	return wanted.part ? wanted.part : 1;
}

/* ---- in a picture's own entry ---- */

struct sought {
	const struct walk *walk;
	const char *drawing, *key, *text;
	size_t before;    /* pictures with the same drawing that come first */
	int drawn, found; /* lines in this entry; 0: not there */
	int line;
};

static bool sought_see(void *self, const char *value, int line)
{
	struct sought *s = self;

	if (!strcmp(s->walk->key, "picture") && !s->drawn && !strcmp(value, s->drawing))
		s->drawn = line;
	else if (!s->found && s->text && !strcmp(value, s->text) &&
		 (!s->key || !strcmp(s->walk->key, s->key)))
		s->found = line;
	return true;
}

static bool sought_entry(void *self, bool begins)
{
	struct sought *s = self;

	if (!begins && s->drawn && s->before-- == 0) {
		s->line = s->found ? s->found : s->drawn;
		return false;
	}
	s->drawn = s->found = 0;
	return true;
}

int picture_line(const struct insurer *insurer, const struct picture *picture, const char *key,
		 const char *text)
{
	struct sought sought = { .drawing = picture->drawing, .key = key, .text = text };
	struct walk w = { .scalar = sought_see, .entry = sought_entry, .self = &sought };

	for (const struct picture *p = insurer->pictures;
	     p < insurer->pictures + insurer->picture_count && p != picture; p++)
		sought.before += text_equal(p->drawing, picture->drawing);
	sought.walk = &w;
	walk(insurer->path, &w);
	return sought.line ? sought.line : 1;
}
