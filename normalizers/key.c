#include "normalizers/key.h"

#include <string.h>

#include "normalizers/picture.h"

static const char why_not_policy[] =
	"is drawn like another number of this insurer, not a policy number";

/* One more picture accepts the number: does the reading stay the only one? */
static void reading_take(struct reading *reading, const struct picture *picture,
			 enum picture_reading found, const char *canonical)
{
	if (found == READS_SEVERAL) {
		reading->state = KEY_AMBIGUOUS;
	} else if (reading->state == KEY_PLAIN) {
		reading->state = KEY_PICTURED;
		reading->picture = picture;
		strcpy(reading->canonical, canonical);
	} else if (reading->picture->means != picture->means ||
		   strcmp(reading->canonical, canonical) != 0) {
		reading->state = KEY_AMBIGUOUS;
	}
}

static void reading_by_pictures(struct reading *reading, const struct insurer *issuer,
				const char *line)
{
	char canonical[KEY_MOST + 1];

	for (size_t i = 0; i < issuer->picture_count && reading->state != KEY_AMBIGUOUS; i++) {
		const struct picture *picture = &issuer->pictures[i];
		enum picture_reading found;

		if (!picture_for_line(picture, line))
			continue;
		found = picture_read(picture, &reading->clean, canonical);
		if (found != READS_NOT)
			reading_take(reading, picture, found, canonical);
	}
	if (reading->state == KEY_PICTURED && reading->picture->means != MEANS_POLICY) {
		reading->state = KEY_MALFORMED;
		reading->why_not = why_not_policy;
	}
	if (reading->state != KEY_PICTURED)
		reading->canonical[0] = '\0';
	if (reading->state == KEY_AMBIGUOUS)
		reading->picture = NULL;
}

void key_read(struct reading *reading, const struct insurer *issuer, const char *line,
	      const char *spelling, size_t len)
{
	clean_number(&reading->clean, spelling, len);
	key_judge(reading, issuer, line);
}

void key_judge(struct reading *reading, const struct insurer *issuer, const char *line)
{
	reading->canonical[0] = '\0';
	reading->picture = NULL;
	reading->why_not = NULL;
	switch (reading->clean.state) {
	case CLEAN_EMPTY:
		reading->state = KEY_EMPTY;
		return;
	case CLEAN_MALFORMED:
		reading->state = KEY_MALFORMED;
		reading->why_not = reading->clean.why_not;
		return;
	case CLEAN_OK:
		reading->state = KEY_PLAIN;
		break;
	}
	if (issuer)
		reading_by_pictures(reading, issuer, line);
}

static void step(struct key *key, char *sentence)
{
	key->steps = talloc_realloc(key, key->steps, char *, (unsigned)key->step_count + 1);
	key->steps[key->step_count++] = talloc_steal(key->steps, sentence);
}

static void steps_of_cleaning(struct key *key, const struct cleaned *clean)
{
	if (clean->label)
		step(key, talloc_asprintf(key, "label taken off: %s", clean->label));
	if (clean->state == CLEAN_MALFORMED)
		step(key, talloc_asprintf(key, "refused: it %s", clean->why_not));
	else if (clean->state == CLEAN_EMPTY)
		step(key, talloc_strdup(key, "nothing is left without labels and separators"));
	else
		step(key, talloc_asprintf(key, "plain form: %s", clean->text));
}

static void steps_of_pictures(struct key *key, const struct reading *reading,
			      const struct insurer *issuer, const char *line)
{
	char canonical[KEY_MOST + 1];

	for (size_t i = 0; i < issuer->picture_count; i++) {
		const struct picture *p = &issuer->pictures[i];

		if (!picture_for_line(p, line)) {
			step(key,
			     talloc_asprintf(key, "picture %s: not for line %s", p->drawing, line));
			continue;
		}
		switch (picture_read(p, &reading->clean, canonical)) {
		case READS_NOT:
			step(key, talloc_asprintf(key, "picture %s: no, %s", p->drawing,
						  picture_refusal(p, &reading->clean, key)));
			break;
		case READS_ONE:
			step(key, talloc_asprintf(key, "picture %s (%s): reads %s as %s",
						  p->drawing, p->confidence,
						  picture_means_text(p->means), canonical));
			break;
		case READS_SEVERAL:
			step(key,
			     talloc_asprintf(key, "picture %s: more than one reading", p->drawing));
			break;
		}
	}
}

static void step_of_outcome(struct key *key, const struct reading *reading)
{
	if (reading->clean.state == CLEAN_OK && number_is_placeholder(reading->clean.text)) {
		step(key, talloc_strdup(key, "a placeholder: it stands for no contract"));
		return;
	}
	switch (reading->state) {
	case KEY_PICTURED:
		step(key, talloc_asprintf(key, "one reading: filed under %s", key->canonical));
		break;
	case KEY_AMBIGUOUS:
		step(key, talloc_strdup(key, "several readings: only the plain form counts"));
		break;
	case KEY_PLAIN:
		step(key, talloc_strdup(key, "no picture applies: the plain form counts"));
		break;
	case KEY_MALFORMED:
		if (reading->clean.state == CLEAN_OK)
			step(key, talloc_asprintf(key, "refused: it %s", reading->why_not));
		break;
	case KEY_EMPTY:
		break;
	}
}

bool key_usable(const struct key *key)
{
	return key->state != KEY_EMPTY && key->state != KEY_MALFORMED && key->plain &&
	       strlen(key->plain) <= KEY_MOST && !number_is_placeholder(key->plain);
}

struct key *key_make(const struct insurer *issuer, const char *line, const char *spelling,
		     TALLOC_CTX *mem)
{
	struct key *key = talloc_zero(mem, struct key);
	struct reading reading;

	if (!spelling)
		spelling = "";
	key_read(&reading, issuer, line, spelling, strlen(spelling));
	key->state = reading.state;
	/* A customer number has a plain form too; it must not become a key by accident. */
	key->plain = talloc_strdup(key, reading.state == KEY_MALFORMED ? "" : reading.clean.text);
	if (reading.state == KEY_PICTURED) {
		key->canonical = talloc_strdup(key, reading.canonical);
		key->picture = reading.picture->drawing;
	}
	if (reading.why_not)
		key->why_not = talloc_asprintf(key, "the number %s", reading.why_not);
	steps_of_cleaning(key, &reading.clean);
	if (reading.clean.state == CLEAN_OK && issuer)
		steps_of_pictures(key, &reading, issuer, line);
	step_of_outcome(key, &reading);
	return key;
}
