/*
 * learn_judge.c -- what a picture does to the whole stock of the issuer, read by the code that will use it.
 *
 * Two kinds of reading are wrong. An own number that comes to another contract's key joins the two: refused, whatever the
 * picture gains. A mere spelling that does so is a wrong line of the stock more often than not; the document that names it
 * already fits that line's contract by the plain form, and now two, so it waits. Few of them are borne and shown.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "normalizers/key.h"
#include "normalizers/learn_inside.h"
#include "normalizers/picture_join.h"

/* A reading that is not the contract's own number. */
struct stray {
	char key[KEY_MOST + 1];
	const struct entry *entry;
	bool own; /* the own number itself is read so */
};

/* Own numbers, counted once each. */
struct tally {
	const char **numbers;
	size_t count;
};

struct judging {
	const struct learner *learner;
	struct proposal *proposal;
	struct stray *strays;
	size_t stray_count, own_strays, readings;
	struct tally drawn, of, gained, spelled;
	struct counter_example unread[LEARN_COUNTERS]; /* shown if there is nothing worse */
	size_t unread_count;
	TALLOC_CTX *mem;
};

static void tally_add(struct tally *tally, const struct entry *entry, TALLOC_CTX *mem)
{
	if (tally->count && tally->numbers[tally->count - 1] == entry->own)
		return;
	if ((tally->count & (tally->count - 1)) == 0)
		tally->numbers = talloc_realloc(mem, tally->numbers, const char *,
						tally->count ? (unsigned)tally->count * 2 : 1);
	tally->numbers[tally->count++] = entry->own;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t tally_distinct(struct tally *tally)
{
	size_t distinct = 0;

	if (tally->count)
		qsort(tally->numbers, tally->count, sizeof(*tally->numbers), by_text);
	for (size_t i = 0; i < tally->count; i++)
		distinct += i == 0 || strcmp(tally->numbers[i - 1], tally->numbers[i]) != 0;
	return distinct;
}

/* ---- counter-examples ---- */

static bool drawn_letter(const struct picture *picture, char c)
{
	return picture && strchr(picture->drawing, c) != NULL;
}

char *spelling_masked(const char *spelling, const struct picture *picture, TALLOC_CTX *mem)
{
	char *masked = text_shown(spelling, SPELLING_MOST, mem);
	bool zeros = true; /* in front of the first other digit they are structure */

	for (char *at = masked; *at; at++) {
		char c = *at;

		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (c >= '0' && c <= '9') {
			zeros = zeros && c == '0';
			*at = zeros ? '0' : '#';
		} else if (c >= 'A' && c <= 'Z') {
			*at = drawn_letter(picture, c) ? c : '@';
		} else if (!strchr(" -.:;,*_/()", c)) {
			*at = '?';
		}
	}
	return masked;
}

static void counter_put(struct counter_example *list, size_t *count, const struct judging *j,
			const char *number, const char *spelling, const char *why)
{
	struct proposal *p = j->proposal;

	struct counter_example one;

	if (*count == LEARN_COUNTERS)
		return;
	one = (struct counter_example){ spelling_masked(number, &p->picture, p),
					spelling_masked(spelling, &p->picture, p), why };
	for (size_t i = 0; i < *count; i++) {
		if (strcmp(list[i].number, one.number) == 0 &&
		    strcmp(list[i].spelling, one.spelling) == 0 && strcmp(list[i].why, why) == 0)
			return;
	}
	list[(*count)++] = one;
}

static size_t common_front(const char *a, const char *b)
{
	size_t n = 0;

	while (a[n] && a[n] == b[n])
		n++;
	return n;
}

/* How the spelling differs from the number, by counts and places alone: two masks may look the same. */
static char *unread_told(const char *number, const char *spelling, TALLOC_CTX *mem)
{
	size_t length = strlen(number), other = strlen(spelling);
	size_t front = common_front(number, spelling), end = 0, unlike = 0;

	if (length == other) {
		for (size_t i = front; i < length; i++)
			unlike += number[i] != spelling[i];
		return talloc_asprintf(
			mem,
			"not read, %zu of its %zu characters differ from the number's, "
			"first at place %zu",
			unlike, length, front + 1);
	}
	while (front + end < length && front + end < other &&
	       number[length - 1 - end] == spelling[other - 1 - end])
		end++;
	return talloc_asprintf(
		mem,
		"not read, it has %zu characters, the number %zu: the same are the first "
		"%zu and the last %zu",
		other, length, front, end);
}

/* ---- one contract ---- */

/* Is the key another spelling of the same contract? */
static bool entry_answers(const struct learner *l, const struct entry *entry, const char *key)
{
	const char *text = entry_number(l, entry);
	struct cleaned clean;

	for (unsigned i = 0; i < entry->spellings; i++) {
		text += strlen(text) + 1;
		clean_number(&clean, text, strlen(text));
		if (clean.state == CLEAN_OK && strcmp(clean.text, key) == 0)
			return true;
	}
	return false;
}

static void stray_add(struct judging *j, const struct entry *entry, const char *key, bool own)
{
	struct stray *stray;

	if ((j->stray_count & (j->stray_count - 1)) == 0)
		j->strays = talloc_realloc(j->mem, j->strays, struct stray,
					   j->stray_count ? (unsigned)j->stray_count * 2 : 1);
	stray = &j->strays[j->stray_count++];
	strcpy(stray->key, key);
	stray->entry = entry;
	stray->own = own;
}

bool spelling_is_news(const struct learner *l, const struct entry *entry, const char *text,
		      struct cleaned *clean)
{
	struct reading reading;

	key_read(&reading, l->issuer, entry->block[0] ? entry->block : NULL, text, strlen(text));
	*clean = reading.clean;
	if (clean->state != CLEAN_OK || reading.state == KEY_MALFORMED ||
	    strcmp(clean->text, entry->own) == 0)
		return false;
	return reading.state != KEY_PICTURED || strcmp(reading.canonical, entry->own) != 0;
}

static bool entry_within(const struct picture *p, const struct entry *entry)
{
	if (p->line_count == 0)
		return true;
	for (size_t i = 0; i < p->line_count; i++) {
		if (strcmp(p->lines[i], entry->block) == 0)
			return true;
	}
	return false;
}

/* Is the picture asked about this contract's numbers? Where a line is unknown, every picture is. */
static bool reaches(const struct picture *p, const struct entry *entry)
{
	return !entry->block[0] || entry_within(p, entry);
}

/* The own number as written, or a spelling of the very same characters. */
static void judge_own(struct judging *j, const struct entry *entry, const char *text, bool within)
{
	char canonical[KEY_MOST + 1];
	struct cleaned clean;
	enum picture_reading found;

	clean_number(&clean, text, strlen(text));
	found = picture_read(&j->proposal->picture, &clean, canonical);
	if (found == READS_NOT)
		return;
	if (found == READS_ONE && strcmp(canonical, entry->own) == 0) {
		if (within)
			tally_add(&j->drawn, entry, j->mem);
		return;
	}
	if (found == READS_SEVERAL)
		strcpy(canonical, entry->own);
	stray_add(j, entry, canonical, true);
	if (reaches(&j->proposal->picture, entry) && !entry_answers(j->learner, entry, canonical)) {
		j->own_strays++;
		counter_put(j->proposal->counters, &j->proposal->counter_count, j, text, text,
			    "the number itself is read as another one");
	}
}

static void judge_spelling(struct judging *j, const struct entry *entry, const char *text,
			   bool within)
{
	struct proposal *p = j->proposal;
	char canonical[KEY_MOST + 1];
	enum picture_reading found;
	struct cleaned clean;
	bool news = spelling_is_news(j->learner, entry, text, &clean);

	if (clean.state == CLEAN_OK && strcmp(clean.text, entry->own) == 0) {
		judge_own(j, entry, text, within);
		return;
	}
	if (!news)
		return;
	if (within)
		tally_add(&j->spelled, entry, j->mem);
	found = picture_read(&p->picture, &clean, canonical);
	if (found == READS_ONE && strcmp(canonical, entry->own) == 0) {
		j->readings++;
		if (within)
			tally_add(&j->gained, entry, j->mem);
	} else if (found == READS_ONE && strcmp(canonical, clean.text) != 0 &&
		   reaches(&p->picture, entry)) {
		stray_add(j, entry, canonical, false);
		p->otherwise++;
		counter_put(p->counters, &p->counter_count, j, entry_number(j->learner, entry),
			    text, "read as another number than the contract's");
	} else if (within && j->unread_count < LEARN_COUNTERS) {
		counter_put(j->unread, &j->unread_count, j, entry_number(j->learner, entry), text,
			    unread_told(entry->own, clean.text, p));
	}
}

static void judge_entry(struct judging *j, const struct entry *entry)
{
	const char *text = entry_number(j->learner, entry);
	bool within = entry_within(&j->proposal->picture, entry);

	if (within)
		tally_add(&j->of, entry, j->mem);
	judge_own(j, entry, text, within);
	for (unsigned i = 0; i < entry->spellings; i++) {
		text += strlen(text) + 1;
		judge_spelling(j, entry, text, within);
	}
}

/* ---- the whole stock ---- */

static int by_own(const void *left, const void *right)
{
	const struct entry *const *a = left, *const *b = right;

	return strcmp((*a)->own, (*b)->own);
}

static int by_key(const void *left, const void *right)
{
	const struct stray *a = left, *b = right;

	return strcmp(a->key, b->key);
}

static const struct entry *own_find(const struct entry *const *owns, size_t count, const char *key)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(owns[middle]->own, key);

		if (order == 0)
			return owns[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void joined(struct judging *j, const struct entry *a, const struct entry *b)
{
	struct proposal *p = j->proposal;

	if (p->state != PROPOSAL_JOINS)
		p->counter_count = 0; /* nothing else matters */
	p->state = PROPOSAL_JOINS;
	counter_put(p->counters, &p->counter_count, j, entry_number(j->learner, a),
		    entry_number(j->learner, b), "two contracts of the stock would get one key");
	if (!p->why)
		p->why = talloc_asprintf(p, "it would join two contracts of the stock, %s and %s",
					 text_shown(entry_id(j->learner, a), 80, p),
					 text_shown(entry_id(j->learner, b), 80, p));
}

/* Does an own number that is read otherwise meet another contract's? */
static void judge_joins(struct judging *j)
{
	const struct learner *l = j->learner;
	const struct entry **owns;

	if (!j->stray_count)
		return;
	owns = talloc_array(j->mem, const struct entry *, l->count);
	for (size_t i = 0; i < l->count; i++)
		owns[i] = &l->entries[i];
	qsort(owns, l->count, sizeof(*owns), by_own);
	qsort(j->strays, j->stray_count, sizeof(*j->strays), by_key);
	for (size_t i = 0; i < j->stray_count; i++) {
		const struct stray *stray = &j->strays[i];
		const struct entry *other = own_find(owns, l->count, stray->key);

		if (!stray->own)
			continue;
		if (other && strcmp(other->own, stray->entry->own) != 0)
			joined(j, stray->entry, other);
		for (size_t k = i + 1; k < j->stray_count; k++) {
			if (strcmp(j->strays[k].key, stray->key) != 0)
				break;
			if (j->strays[k].own &&
			    strcmp(j->strays[k].entry->own, stray->entry->own) != 0)
				joined(j, stray->entry, j->strays[k].entry);
		}
	}
}

static bool too_many(size_t wrong, size_t right)
{
	return wrong * 100 > (wrong + right) * (100 - LEARN_PURITY);
}

static void judge_purity(struct judging *j)
{
	struct proposal *p = j->proposal;

	if (p->state != PROPOSAL_STANDS ||
	    (!too_many(p->otherwise, j->readings) && !too_many(j->own_strays, p->numbers)))
		return;
	p->state = PROPOSAL_IMPURE;
	p->why = j->own_strays
			 ? talloc_asprintf(
				   p,
				   "%zu contracts are known by numbers that it reads as others: "
				   "another shape, or typed without a part?",
				   j->own_strays)
			 : talloc_asprintf(p,
					   "it reads %zu spellings as another number than their "
					   "contract's, and %zu as it",
					   p->otherwise, j->readings);
}

static void judge_drops(struct judging *j)
{
	struct proposal *p = j->proposal;
	size_t apart = p->state == PROPOSAL_STANDS ? drops_tell_apart(j->learner, &p->picture) : 0;

	if (!apart)
		return;
	p->state = PROPOSAL_IMPURE;
	p->why = talloc_asprintf(p,
				 "only the part that it takes off tells contracts with one number "
				 "apart, %zu times",
				 apart);
}

static void judge_overlaps(struct judging *j)
{
	struct proposal *p = j->proposal;
	const struct insurer *issuer = j->learner->issuer;
	char example[KEY_MOST + 1];
	struct picture_join join;

	if (p->state != PROPOSAL_STANDS)
		return;
	if (picture_overlap(&p->picture, &p->picture, example)) {
		p->state = PROPOSAL_OVERLAPS;
		p->why = talloc_asprintf(p, "it reads %s in two ways", example);
	}
	for (size_t i = 0; issuer && i < issuer->picture_count; i++) {
		const struct picture *other = &issuer->pictures[i];

		if (other->means == MEANS_POLICY && pictures_join(&join, other, &p->picture)) {
			p->state = PROPOSAL_OVERLAPS;
			p->why = talloc_asprintf(
				p,
				"\"%s\" by the issuer's picture \"%s\" and \"%s\" both become %s",
				join.left, other->drawing, join.right, join.key);
			return;
		}
		if (!picture_lines_meet(&p->picture, other) ||
		    !picture_overlap(&p->picture, other, example))
			continue;
		p->state = PROPOSAL_OVERLAPS;
		p->why = talloc_asprintf(p, "the issuer's picture \"%s\" reads %s differently",
					 other->drawing, example);
		return;
	}
}

void learner_judge(struct learner *learner, struct proposal *p)
{
	struct judging j = { .learner = learner, .proposal = p, .mem = talloc_new(NULL) };

	p->state = PROPOSAL_STANDS;
	p->why = NULL;
	p->otherwise = p->counter_count = 0;
	for (size_t i = 0; i < learner->count; i++)
		judge_entry(&j, &learner->entries[i]);
	p->numbers = tally_distinct(&j.drawn);
	p->of = tally_distinct(&j.of);
	p->gained = tally_distinct(&j.gained);
	p->spelled = tally_distinct(&j.spelled);
	judge_joins(&j);
	judge_purity(&j);
	judge_drops(&j);
	judge_overlaps(&j);
	for (size_t i = 0; i < j.unread_count && p->state != PROPOSAL_JOINS; i++) {
		if (p->counter_count < LEARN_COUNTERS)
			p->counters[p->counter_count++] = j.unread[i];
	}
	talloc_free(j.mem);
}

char *learner_joined(struct learner *learner, const struct picture *picture, TALLOC_CTX *mem)
{
	struct proposal *p = talloc_zero(NULL, struct proposal);
	char *sentence = NULL;

	p->picture = *picture;
	learner_judge(learner, p);
	if (p->state == PROPOSAL_JOINS)
		sentence = talloc_asprintf(mem, "%s: %s is read as %s", p->why,
					   p->counters[0].number, p->counters[0].spelling);
	talloc_free(p);
	return sentence;
}
