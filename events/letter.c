#include "events/letter.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "model/business_case.h"

/* What is shipped: an honest "we do not know", and the posting on the working day after the document's date. */
static const struct letter_facts shipped = { .twin = TWIN_UNKNOWN, .lag_days = 1 };

struct letter_rule {
	const char *issuer, *category; /* LETTER_ANY or a name */
	enum twin twin;
	int lag_days;
};

struct letter_seen {
	const char *issuer, *category;
	int count, median, least;
};

struct letter_rules {
	struct letter_rule *rules;
	struct letter_seen *seen;
	size_t rule_count, seen_count;
};

static void row_take(struct letter_rules *all, const struct rows *rows, int i)
{
	const char *issuer = talloc_strdup(all, rows_text(rows, i, "issuer"));
	const char *category = talloc_strdup(all, rows_text(rows, i, "category"));
	const char *twin = rows_text(rows, i, "twin");

	if (twin) {
		struct letter_rule *rule = &all->rules[all->rule_count++];

		*rule = (struct letter_rule){ .issuer = issuer,
					      .category = category,
					      .lag_days = (int)rows_int(rows, i, "lag_days") };
		twin_parse(&rule->twin, twin);
	} else {
		all->seen[all->seen_count++] =
			(struct letter_seen){ .issuer = issuer,
					      .category = category,
					      .count = (int)rows_int(rows, i, "observations"),
					      .median = (int)rows_int(rows, i, "median"),
					      .least = (int)rows_int(rows, i, "least") };
	}
}

struct letter_rules *letter_rules_load(struct db *db, const char *broker, TALLOC_CTX *mem,
				       struct err *e)
{
	struct letter_rules *all = talloc_zero(mem, struct letter_rules);
	struct rows *rows;

	if (!db_call(db, SQL_letter_rules_load, &rows, all, e, broker)) {
		talloc_free(all);
		return NULL;
	}
	all->rules = talloc_array(all, struct letter_rule, (size_t)rows_count(rows));
	all->seen = talloc_array(all, struct letter_seen, (size_t)rows_count(rows));
	for (int i = 0; i < rows_count(rows); i++)
		row_take(all, rows, i);
	talloc_free(rows);
	return all;
}

struct letter_rules *letter_rules_none(TALLOC_CTX *mem)
{
	return talloc_zero(mem, struct letter_rules);
}

static bool names(const char *rule, const char *asked)
{
	return asked && !strcmp(rule, asked);
}

/* How closely a rule fits: 3 issuer and category, 2 issuer, 1 category, 0 any; -1 not at all. */
static int rule_fits(const struct letter_rule *rule, const char *issuer, const char *category)
{
	int fits = 0;

	if (strcmp(rule->issuer, LETTER_ANY) != 0)
		fits += names(rule->issuer, issuer) ? 2 : -4;
	if (strcmp(rule->category, LETTER_ANY) != 0)
		fits += names(rule->category, category) ? 1 : -4;
	return fits;
}

void letter_rules_apply(struct letter_facts *facts, const struct letter_rules *rules,
			const char *issuer, const char *category)
{
	int best = -1;

	facts->twin = shipped.twin;
	facts->lag_days = shipped.lag_days;
	facts->own_rule = false;
	facts->observations = facts->median = facts->least = 0;
	for (size_t i = 0; i < rules->rule_count; i++) {
		int fits = rule_fits(&rules->rules[i], issuer, category);

		if (fits <= best)
			continue;
		best = fits;
		facts->twin = rules->rules[i].twin;
		facts->lag_days = rules->rules[i].lag_days;
		facts->own_rule = fits > 0;
	}
	for (size_t i = 0; i < rules->seen_count; i++)
		if (names(rules->seen[i].issuer, issuer) &&
		    names(rules->seen[i].category, category)) {
			facts->observations = rules->seen[i].count;
			facts->median = rules->seen[i].median;
			facts->least = rules->seen[i].least;
		}
}

static const char *category_of_row(const struct rows *rows, int row)
{
	return business_class_text(business_class_of(rows_text(rows, row, "business_case"),
						     rows_text(rows, row, "category"),
						     rows_text(rows, row, "kind")));
}

void letter_facts_of_row(struct letter_facts *facts, const struct letter_rules *rules,
			 const struct rows *rows, int row)
{
	*facts = (struct letter_facts){
		.document_date = rows_text(rows, row, "document_date"),
		.posted = rows_text(rows, row, "posted"),
		.received = rows_text(rows, row, "received"),
		.postcode = rows_text(rows, row, "postcode"),
	};
	letter_rules_apply(facts, rules, rows_text(rows, row, "issuer"),
			   category_of_row(rows, row));
}

/* ---- observations ---- */

/* Days of delivery from the document's date to the letter's. */
static bool days_observed(int *days, const struct rows *rows, int arrived)
{
	struct letter_facts facts = {
		.document_date = rows_text(rows, 0, "document_date"),
		.posted = rows_text(rows, 0, "posted"),
		.received = rows_text(rows, 0, "received"),
		.postcode = rows_text(rows, 0, "postcode"),
	};
	struct lead lead;

	lead_of(&lead, &facts, 0);
	if (!lead.dated || arrived < lead.dated_day ||
	    arrived - lead.dated_day > LETTER_ARRIVAL_MOST)
		return false;
	*days = day_deliveries_between(lead.dated_day, arrived, lead.land);
	return true;
}

static bool observe(struct db *db, const char *broker, const struct letter_arrival *arrival,
		    int arrived, bool *usable, TALLOC_CTX *mem, struct err *e)
{
	const char *days_text = NULL;
	struct rows *rows;
	int days;

	if (!db_call(db, SQL_letter_subject_find, &rows, mem, e, broker, arrival->document_id))
		return false;
	if (!rows_count(rows))
		return err_set(e, ERR_MISSING, "there is no such document");
	*usable = days_observed(&days, rows, arrived);
	if (*usable)
		days_text = talloc_asprintf(mem, "%d", days);
	return db_call(db, SQL_letter_observe, NULL, mem, e, broker,
		       rows_text(rows, 0, "document_id"), rows_text(rows, 0, "issuer"),
		       category_of_row(rows, 0), arrival->arrived_on, days_text, arrival->source);
}

bool letter_observe(struct db *db, const char *broker, const struct letter_arrival *arrival,
		    bool *usable, struct err *e)
{
	TALLOC_CTX *mem;
	bool into_calibration = false, ok;
	int arrived;

	if (!day_parse(&arrived, arrival->arrived_on))
		return err_set(e, ERR_DELIVERY, "the day of arrival is no day yyyy-mm-dd");
	if (text_empty(arrival->source) || text_empty(arrival->document_id))
		return err_set(e, ERR_DELIVERY, "an arrival has no source or no document");
	mem = talloc_new(NULL);
	ok = observe(db, broker, arrival, arrived, &into_calibration, mem, e);
	if (ok && usable)
		*usable = into_calibration;
	talloc_free(mem);
	return ok;
}
