#include "normalizers/learn.h"

#include <stdlib.h>
#include <string.h>

#include "normalizers/key.h"
#include "normalizers/learn_inside.h"
#include "normalizers/picture_join.h"

struct learner *learner_new(const struct insurer *issuer, size_t support, TALLOC_CTX *mem)
{
	struct learner *l = talloc_zero(mem, struct learner);

	l->issuer = issuer;
	l->support = support ? support : LEARN_SUPPORT;
	return l;
}

const char *entry_number(const struct learner *l, const struct entry *entry)
{
	const char *id = entry_id(l, entry);

	return id + strlen(id) + 1;
}

static void arena_add(struct learner *l, const char *text)
{
	size_t len = strlen(text) + 1;

	if (l->used + len > l->size) {
		l->size = (l->size ? l->size * 2 : 65536) + len;
		l->arena = talloc_realloc_size(l, l->arena, l->size);
	}
	memcpy(l->arena + l->used, text, len);
	l->used += len;
}

/* "053" is of the block "050"; what is no line is unknown. */
static void block_of(char block[LINE_SIZE], const char *line)
{
	block[0] = '\0';
	if (line && strlen(line) == 3 && strcmp(line, "000") != 0)
		memcpy(block, (char[]){ line[0], line[1], '0', '\0' }, LINE_SIZE);
}

void learner_add(struct learner *l, const struct learn_contract *c)
{
	struct cleaned clean;
	struct entry *entry;

	if (!c->number)
		return;
	clean_number(&clean, c->number, strlen(c->number));
	if (clean.state != CLEAN_OK || number_is_placeholder(clean.text))
		return;
	if ((l->count & (l->count - 1)) == 0)
		l->entries = talloc_realloc(l, l->entries, struct entry,
					    l->count ? (unsigned)l->count * 2 : 1);
	entry = &l->entries[l->count++];
	*entry = (struct entry){ .at = l->used };
	strcpy(entry->own, clean.text);
	block_of(entry->block, c->line);
	arena_add(l, c->id ? c->id : "");
	arena_add(l, c->number);
	for (size_t i = 0; i < c->spelling_count; i++) {
		if (!c->spellings[i] || !*c->spellings[i])
			continue;
		arena_add(l, c->spellings[i]);
		entry->spellings++;
		entry->asked += i < c->asked_count;
	}
}

/* ---- proposals ---- */

struct drafting {
	struct learner *learner;
	struct proposals *proposals;
};

static void line_add(struct picture *p, const char *block, TALLOC_CTX *mem)
{
	if (!block[0])
		return;
	p->lines = talloc_realloc(mem, p->lines, char *, (unsigned)p->line_count + 1);
	p->lines[p->line_count++] = talloc_strdup(mem, block);
}

static void picture_name(struct proposal *p)
{
	char *name = talloc_strdup(p, p->picture.line_count ? "learned, line" : "learned");

	for (size_t i = 0; i < p->picture.line_count && i < 12; i++)
		name = talloc_asprintf_append(name, " %s", p->picture.lines[i]);
	p->picture.name = name;
}

/* The same drawing in another line is one proposal; a stock that knows no line joins those that do. */
static struct proposal *proposal_like(const struct proposals *all, const struct picture *p)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct picture *other = &all->items[i]->picture;

		if (strcmp(other->drawing, p->drawing) == 0 && other->drops_zeros == p->drops_zeros)
			return all->items[i];
	}
	return NULL;
}

static struct proposal *draft(const struct drafting *d, const struct shape *shape,
			      const struct liberty *liberties, size_t count)
{
	struct proposal *p = talloc_zero(d->proposals, struct proposal);
	char separators[KEY_MOST + 1];

	shape_separators(separators, d->learner, shape);
	for (size_t i = 0; i < count; i++)
		p->asked |= liberties[i].asked;
	p->picture = (struct picture){ .source = "learned", .confidence = "inferred" };
	p->picture.drawing =
		shape_draw(shape, separators, liberties, count, &p->picture.drops_zeros, p);
	line_add(&p->picture, shape->block, p);
	picture_name(p);
	if (picture_compile(&p->picture, p, NULL)) {
		learner_judge(d->learner, p);
		return p;
	}
	talloc_free(p);
	return NULL;
}

static void proposal_keep(const struct drafting *d, struct proposal *p)
{
	struct proposals *all = d->proposals;
	struct proposal *like = proposal_like(all, &p->picture);

	if (like) {
		if (like->picture.line_count == 0 || p->picture.line_count == 0) {
			like->picture.lines =
				p->picture.line_count ? p->picture.lines : like->picture.lines;
			like->picture.line_count += p->picture.line_count;
		} else {
			line_add(&like->picture, p->picture.lines[0], like);
		}
		like->asked |= p->asked;
		talloc_steal(like, p);
		picture_name(like);
		learner_judge(d->learner, like);
		return;
	}
	all->items = talloc_realloc(all, all->items, struct proposal *, (unsigned)all->count + 1);
	all->items[all->count++] = p;
}

/* Worth showing: it gains enough, and would, if it were not refused. */
static bool worth(const struct learner *l, const struct proposal *p, bool liberties)
{
	if (p->numbers < l->support)
		return false;
	return !liberties || p->gained >= l->support || (p->asked && p->gained > 0);
}

static void draft_and_keep(const struct drafting *d, const struct shape *shape,
			   const struct liberty *liberties, size_t count)
{
	struct proposal *p = draft(d, shape, liberties, count);
	bool stands = p && p->state == PROPOSAL_STANDS;

	if (p && worth(d->learner, p, count > 0))
		proposal_keep(d, p);
	else
		talloc_free(p);
	for (size_t i = 0; !stands && count > 1 && i < count; i++)
		draft_and_keep(d, shape, &liberties[i], 1);
}

/* Liberties of one round: constants and zeros every time, of the parts that do not belong one a place. False: nothing new. */
static size_t round_of(const struct shape *shape, bool *used, struct liberty *round)
{
	size_t count = 0;
	bool fresh = false;

	for (size_t i = 0; i < shape->liberty_count && count < LIBERTIES_MOST; i++) {
		const struct liberty *l = &shape->liberties[i];
		bool taken = false;

		for (size_t k = 0; k < count; k++)
			taken |= l->kind == LIBERTY_EXTRA && round[k].kind == LIBERTY_EXTRA &&
				 round[k].at == l->at;
		if (taken || (l->kind == LIBERTY_EXTRA && used[i]))
			continue;
		fresh |= !used[i];
		used[i] = true;
		round[count++] = *l;
	}
	return fresh ? count : 0;
}

static bool drawn_already(const struct learner *l, const struct shape *shape)
{
	struct reading reading;
	size_t drawn = 0;

	for (size_t i = 0; i < shape->count; i++) {
		const struct entry *entry = shape->members[i];

		key_read(&reading, l->issuer, entry->block[0] ? entry->block : NULL, entry->own,
			 strlen(entry->own));
		drawn +=
			reading.state == KEY_PICTURED && strcmp(reading.canonical, entry->own) == 0;
	}
	return drawn * 100 >= shape->count * LEARN_DRAWN;
}

static void draft_shape(const struct drafting *d, const struct shape *shape, size_t block_distinct)
{
	bool used[64] = { false };
	struct liberty round[LIBERTIES_MOST];
	size_t count;
	struct shape most = *shape;

	if (most.liberty_count > 64)
		most.liberty_count = 64;
	while ((count = round_of(&most, used, round)) > 0)
		draft_and_keep(d, shape, round, count);
	if (shape->liberty_count == 0 && shape->distinct * 100 >= block_distinct * LEARN_SHAPE &&
	    shape->unexplained * 2 <= shape->distinct && !drawn_already(d->learner, shape))
		draft_and_keep(d, shape, NULL, 0);
}

static int by_gain(const void *left, const void *right)
{
	const struct proposal *a = *(const struct proposal *const *)left;
	const struct proposal *b = *(const struct proposal *const *)right;

	if ((a->state == PROPOSAL_STANDS) != (b->state == PROPOSAL_STANDS))
		return a->state == PROPOSAL_STANDS ? -1 : 1;
	if (a->gained != b->gained)
		return a->gained < b->gained ? 1 : -1;
	if (a->numbers != b->numbers)
		return a->numbers < b->numbers ? 1 : -1;
	return strcmp(a->picture.drawing, b->picture.drawing);
}

/* Why the two cannot both be used; NULL if they can. */
static char *rivalry(struct proposal *p, const struct picture *better)
{
	char example[KEY_MOST + 1];
	struct picture_join join;

	if (pictures_join(&join, better, &p->picture))
		return talloc_asprintf(p, "\"%s\" by the proposal \"%s\" and \"%s\" both become %s",
				       join.left, better->drawing, join.right, join.key);
	if (picture_lines_meet(better, &p->picture) &&
	    picture_overlap(better, &p->picture, example))
		return talloc_asprintf(p, "the proposal \"%s\" reads %s differently",
				       better->drawing, example);
	return NULL;
}

/* The better one stands. */
static void proposals_against_each_other(struct proposals *all)
{
	for (size_t i = 0; i < all->count; i++) {
		struct proposal *p = all->items[i];

		for (size_t k = 0; k < i && p->state == PROPOSAL_STANDS; k++) {
			if (all->items[k]->state != PROPOSAL_STANDS)
				continue;
			p->why = rivalry(p, &all->items[k]->picture);
			if (p->why)
				p->state = PROPOSAL_OVERLAPS;
		}
	}
}

struct proposals *learner_propose(struct learner *l, TALLOC_CTX *mem)
{
	struct drafting d = { l, talloc_zero(mem, struct proposals) };
	TALLOC_CTX *scratch = talloc_new(NULL);
	struct shapes shapes = shapes_of(l, scratch);

	for (size_t i = 0; i < shapes.count; i++)
		shape_liberties(l, &shapes.items[i], scratch);
	rivals_drop(l, &shapes, scratch);
	for (size_t i = 0; i < shapes.count; i++)
		draft_shape(&d, &shapes.items[i], shapes.block_distinct[i]);
	talloc_free(scratch);
	if (d.proposals->count)
		qsort(d.proposals->items, d.proposals->count, sizeof(*d.proposals->items), by_gain);
	proposals_against_each_other(d.proposals);
	return d.proposals;
}
