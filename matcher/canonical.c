#include "matcher/canonical.h"

#include <string.h>

#include "base/text.h"
#include "matcher/candidates.h"
#include "matcher/rematch_due.h"
#include "matcher/stock_names.h"
#include "normalizers/key.h"
#include "normalizers/picture.h"

#define BATCH      1000
#define BATCH_TEXT "1000"

/* ---- the policy ---- */

const char *canonical_in_words(enum canonical_state state)
{
	static const char *const words[CANONICAL_STATES] = {
		[CANONICAL_CHANGES] = "read in one way",
		[CANONICAL_ALREADY] = "canonical already",
		[CANONICAL_UNREAD] = "no picture reads the number",
		[CANONICAL_SEVERAL] = "several readings",
		[CANONICAL_UNCONFIRMED] = "no picture, or several, confirmed",
		[CANONICAL_CONTRADICTS] = "the printed number is another one",
	};

	return words[state];
}

static size_t confirmed_readers(const struct insurer *insurer, const struct contract *contract,
				const struct reading *reading)
{
	char canonical[KEY_MOST + 1];
	size_t count = 0;

	for (size_t i = 0; i < insurer->picture_count; i++) {
		const struct picture *picture = &insurer->pictures[i];

		count += text_equal(picture->confidence, confidence_words[SURE_CONFIRMED]) &&
			 picture_for_line(picture, contract->line) &&
			 picture_read(picture, &reading->clean, canonical) == READS_ONE;
	}
	return count;
}

/* Does a picture read the printed number as something else? */
static bool contradicts(const char *canonical, const struct insurer *insurer,
			const struct contract *contract)
{
	struct reading printed;

	if (text_empty(contract->printed_number))
		return false;
	key_read(&printed, insurer, contract->line, contract->printed_number,
		 strlen(contract->printed_number));
	return printed.state == KEY_PICTURED && strcmp(printed.canonical, canonical) != 0;
}

enum canonical_state canonical_of(char *after, char *key, const struct insurer *insurer,
				  const struct contract *contract)
{
	bool named = !text_empty(contract->number);
	const char *number = named ? contract->number : contract->printed_number;
	struct reading reading;

	if (!insurer || text_empty(number))
		return CANONICAL_UNREAD;
	key_read(&reading, insurer, contract->line, number, strlen(number));
	if (reading.state == KEY_AMBIGUOUS)
		return CANONICAL_SEVERAL;
	if (reading.state != KEY_PICTURED)
		return CANONICAL_UNREAD;
	if (named && strcmp(reading.canonical, number) == 0)
		return CANONICAL_ALREADY;
	if (confirmed_readers(insurer, contract, &reading) != 1)
		return CANONICAL_UNCONFIRMED;
	if (contradicts(reading.canonical, insurer, contract))
		return CANONICAL_CONTRADICTS;
	strcpy(after, reading.canonical);
	strcpy(key, named ? reading.clean.text : "");
	return CANONICAL_CHANGES;
}

/* ---- writing ---- */

enum column { CONTRACT_ID, ISSUER, BEFORE, KEY, AFTER, COLUMNS };

struct canonicalising {
	const struct matcher *matcher;
	const struct canonical_order *order;
	struct canonical_counts *counts;
	const char *run;
	const char *items[COLUMNS][BATCH];
	size_t count;
	TALLOC_CTX *batch;
};

static struct renumbering renumbering_read(const struct rows *rows, int row, bool undo)
{
	return (struct renumbering){
		.contract_id = rows_text(rows, row, "contract_id"),
		.issuer = rows_text(rows, row, "issuer"),
		.before = rows_text(rows, row, "before"),
		.after = rows_text(rows, row, "after"),
		.rival = rows_text(rows, row, "rival"),
		.now = undo ? rows_text(rows, row, "number") : NULL,
		.changed = rows_bool(rows, row, "changed"),
	};
}

/* Tell the rows of a batch that is committed, or that is only looked at. */
static void rows_tell(const struct canonicalising *c, const struct rows *rows, bool undo)
{
	for (int i = 0; i < rows_count(rows); i++) {
		struct renumbering row = renumbering_read(rows, i, undo);
		bool moved = undo && !text_equal(row.now, row.before);

		if (moved || (!row.rival && !row.changed && !c->order->dry_run))
			c->counts->elsewhere++;
		else if (row.rival)
			c->counts->conflicts++;
		else
			c->counts->changed++;
		c->order->take(c->order->self, &row);
	}
	if (c->order->progress)
		c->order->progress(c->order->self, c->counts);
}

/* The issuer of what changed, "*" for several, NULL if nothing did. */
static const char *changed_issuer(const struct rows *rows)
{
	const char *found = NULL;

	for (int i = 0; i < rows_count(rows); i++) {
		const char *issuer = rows_text(rows, i, "issuer");

		if (!rows_bool(rows, i, "changed"))
			continue;
		if (found && strcmp(issuer, found) != 0)
			return REMATCH_ALL;
		found = issuer;
	}
	return found;
}

/* Names may have been added: what waits for them is matched again. */
static bool mark_due(const struct canonicalising *c, const struct rows *rows, struct err *e)
{
	const char *issuer = changed_issuer(rows);

	return !issuer || rematch_due_add(c->matcher, issuer, "canonicalise", 0, e);
}

/* One batch, one transaction. A dry run is rolled back. */
static bool batch_run(struct canonicalising *c, enum sql statement, int count,
		      const char *const *values, struct rows **rows, struct err *e)
{
	struct db *db = c->matcher->db;

	if (!db_begin(db, e))
		return false;
	if (db_call(db, SQL_renumber_lock, NULL, c->batch, e, c->matcher->broker) &&
	    db_run(db, statement, count, values, rows, c->batch, e) && mark_due(c, *rows, e) &&
	    db_commit(db, e))
		return true;
	db_rollback(db);
	return false;
}

static void batch_start(struct canonicalising *c)
{
	talloc_free(c->batch);
	c->batch = talloc_new(NULL);
	c->count = 0;
}

static bool batch_write(struct canonicalising *c, struct err *e)
{
	const char *values[4 + COLUMNS] = { c->matcher->broker, c->run, c->order->by,
					    c->order->dry_run ? "f" : "t" };
	struct rows *rows;

	if (!c->count)
		return true;
	for (int i = 0; i < COLUMNS; i++)
		values[4 + i] = text_array(c->items[i], c->count, c->batch);
	if (!batch_run(c, SQL_contract_renumber, 4 + COLUMNS, values, &rows, e))
		return false;
	rows_tell(c, rows, false);
	batch_start(c);
	return true;
}

static bool contract_take(void *self, const struct named_contract *row, struct err *e)
{
	struct canonicalising *c = self;
	const struct contract *contract = &row->contract;
	char after[KEY_MOST + 1] = "", key[KEY_MOST + 1] = "";
	enum canonical_state state = canonical_of(
		after, key, insurers_by_issuer(c->matcher->insurers, contract->issuer), contract);
	const char *const texts[COLUMNS] = {
		[CONTRACT_ID] = contract->contract_id,
		[ISSUER] = contract->issuer,
		[BEFORE] = *key ? contract->number : NULL,
		[KEY] = *key ? key : NULL,
		[AFTER] = after,
	};

	c->counts->contracts++;
	c->counts->states[state]++;
	if (state != CANONICAL_CHANGES)
		return true;
	for (int i = 0; i < COLUMNS; i++)
		c->items[i][c->count] = talloc_strdup(c->batch, texts[i]);
	return ++c->count < BATCH || batch_write(c, e);
}

bool canonicalise(char run[UUID_TEXT_SIZE], const struct matcher *matcher,
		  const struct canonical_order *order, struct canonical_counts *counts,
		  struct err *e)
{
	struct canonicalising *c = talloc_zero(NULL, struct canonicalising);
	bool ok;

	*counts = (struct canonical_counts){ 0 };
	c->matcher = matcher;
	c->order = order;
	c->counts = counts;
	c->run = uuid7_text(run);
	batch_start(c);
	ok = stock_names_walk(matcher, order->issuer, contract_take, c, e) && batch_write(c, e);
	talloc_free(c->batch);
	talloc_free(c);
	return ok;
}

/* ---- undo ---- */

static bool run_find(const struct canonicalising *c, struct err *e)
{
	struct rows *rows;

	if (!db_call(c->matcher->db, SQL_renumber_list, &rows, c->batch, e, c->matcher->broker,
		     c->run))
		return false;
	if (!rows_count(rows))
		return err_set(e, ERR_MISSING, "no run %s renumbered contracts", c->run);
	return rows_int(rows, 0, "contracts") > rows_int(rows, 0, "undone") ||
	       err_set(e, ERR_REFUSED, "run %s is taken back already", c->run);
}

static bool undo_page(struct canonicalising *c, char **after, bool *more, struct err *e)
{
	const char *const values[] = {
		c->matcher->broker, c->run, c->order->by, c->order->dry_run ? "f" : "t", *after,
		BATCH_TEXT
	};
	struct rows *rows;

	if (!batch_run(c, SQL_renumber_undo, 6, values, &rows, e))
		return false;
	c->counts->contracts += rows_count(rows);
	*more = rows_count(rows) == BATCH;
	talloc_free(*after);
	*after = *more ? talloc_strdup(c, rows_text(rows, BATCH - 1, "contract_id")) : NULL;
	rows_tell(c, rows, true);
	batch_start(c);
	return true;
}

bool canonical_undo(const struct matcher *matcher, const char *run,
		    const struct canonical_order *order, struct canonical_counts *counts,
		    struct err *e)
{
	struct canonicalising *c = talloc_zero(NULL, struct canonicalising);
	bool ok, more = true;
	char *after = NULL;

	*counts = (struct canonical_counts){ 0 };
	c->matcher = matcher;
	c->order = order;
	c->counts = counts;
	c->run = run;
	batch_start(c);
	ok = run_find(c, e);
	while (ok && more)
		ok = undo_page(c, &after, &more, e);
	talloc_free(c->batch);
	talloc_free(c);
	return ok;
}
