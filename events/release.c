#include "events/release.h"

#include <inttypes.h>
#include <string.h>

#include "base/crash.h"
#include "events/releases.h"
#include "model/event.h"

#define DUE_MOST "1000"

/* One step of the releaser. */
struct step {
	struct db *db;
	const char *broker;
	struct news *news;
	json_t **data; /* of the news, as many; references */
	int news_count;
	TALLOC_CTX *mem;
};

/* ---- what was numbered ---- */

static const char *said(const json_t *data, const char *member)
{
	return json_string_value(json_object_get(data, member));
}

static struct news news_of(const struct rows *rows, int row, json_t *data)
{
	return (struct news){
		.position = rows_int(rows, row, "position"),
		.id = rows_text(rows, row, "id"),
		.attached = !strcmp(rows_text(rows, row, "type"), EVENT_DOCUMENT_ATTACHED),
		.occurred_ms = rows_int(rows, row, "occurred_ms"),
		.recorded = rows_text(rows, row, "recorded"),
		.document_id = said(data, "document_id"),
		.contract_id = said(data, "contract_id"),
		.customer_id = rows_text(rows, row, "contract_customer"),
		.data = data,
		.document_line = rows_text(rows, row, "document_line"),
		.contract_line = rows_text(rows, row, "contract_line"),
		.vu = rows_text(rows, row, "vu"),
	};
}

/* Whoever wrote an event without a contract told us nothing: it must not stop the others. */
static bool news_load(struct step *s, int64_t from, int64_t to, struct err *e)
{
	struct rows *rows;

	if (from > to)
		return true;
	if (!db_call(s->db, SQL_release_news, &rows, s->mem, e, s->broker,
		     talloc_asprintf(s->mem, "%" PRId64, from),
		     talloc_asprintf(s->mem, "%" PRId64, to)))
		return false;
	s->news = talloc_array(s->mem, struct news, (size_t)rows_count(rows));
	s->data = talloc_array(s->mem, json_t *, (size_t)rows_count(rows));
	for (int i = 0; i < rows_count(rows); i++) {
		json_t *data = json_loads(rows_text(rows, i, "payload"), 0, NULL);

		s->news[s->news_count] = news_of(rows, i, data);
		if (s->news[s->news_count].document_id && s->news[s->news_count].contract_id)
			s->data[s->news_count++] = data;
		else
			json_decref(data);
	}
	return true;
}

/* "{id,id}": what the statement asked for has the shape of an id. */
static char *documents_of(const struct step *s)
{
	char *array = talloc_strdup(s->mem, "{");

	for (int i = 0; i < s->news_count; i++)
		array = talloc_asprintf_append_buffer(array, "%s%s", i ? "," : "",
						      s->news[i].document_id);
	return talloc_strdup_append_buffer(array, "}");
}

/* ---- the step ---- */

static bool step_take(struct step *s, const struct rows *known, int *wrote, struct err *e)
{
	struct policy *policy = policy_load(s->db, s->broker, s->mem, e);
	struct releasing *r;

	if (!policy)
		return false;
	r = releasing_new(s->broker, policy, s->mem);
	if (!releases_read(r, known, e))
		return false;
	releasing_hear(r, s->news, s->news_count);
	releasing_due(r);
	if (!releases_write(r, s->db, wrote, e))
		return false;
	CRASH_POINT("release.written");
	return true;
}

bool release_step(struct db *db, const char *broker, int64_t from, int64_t to, int *wrote,
		  struct err *e)
{
	struct step s = { .db = db, .broker = broker, .mem = talloc_new(NULL) };
	struct rows *known;
	bool ok;

	*wrote = 0;
	ok = news_load(&s, from, to, e) &&
	     db_call(db, SQL_release_load, &known, s.mem, e, broker, documents_of(&s), DUE_MOST);
	if (ok && (s.news_count || rows_count(known)))
		ok = step_take(&s, known, wrote, e);
	for (int i = 0; i < s.news_count; i++)
		json_decref(s.data[i]);
	talloc_free(s.mem);
	return ok;
}

/* ---- a person's word ---- */

static struct attachment *live_load(struct releasing **r, struct db *db, const char *broker,
				    const char *document_id, TALLOC_CTX *mem, struct err *e)
{
	struct policy *policy = policy_load(db, broker, mem, e);
	char *one = talloc_asprintf(mem, "{%s}", document_id);
	struct attachment *live;
	struct rows *rows;

	if (!policy || !db_call(db, SQL_release_load, &rows, mem, e, broker, one, "0"))
		return NULL;
	*r = releasing_new(broker, policy, mem);
	if (!releases_read(*r, rows, e))
		return NULL;
	live = releasing_live(*r, document_id);
	if (!live)
		err_set(e, ERR_MISSING, "document %s lies at no contract", document_id);
	return live;
}

/* A person speaks of the document, whatever contracts it lies at: where the word changes nothing, it may at another. */
static bool word_take(struct releasing *r, struct attachment *a, const char *by, bool give,
		      const char *note, struct err *e)
{
	struct err first = { 0 };
	bool taken = false;

	for (; a; a = releasing_live_before(r, a)) {
		struct err refusal = { 0 };

		if (give ? releasing_give(r, a, by, &refusal)
			 : releasing_withhold(r, a, by, note, &refusal))
			taken = true;
		else if (first.kind == ERR_NONE)
			first = refusal;
	}
	if (!taken)
		*e = first;
	return taken;
}

/* note NULL: give */
static bool word_write(struct release_said *answer, struct db *db, const char *broker,
		       const char *document_id, const char *by, bool give, const char *note,
		       TALLOC_CTX *mem, struct err *e)
{
	struct releasing *r = NULL;
	struct attachment *a;

	if (!releases_lock(db, broker, mem, e) ||
	    !(a = live_load(&r, db, broker, document_id, mem, e)))
		return false;
	answer->before = a->state;
	if (!word_take(r, a, by, give, note, e))
		return false;
	answer->customer_id = talloc_strdup(mem, a->customer_id);
	return releases_write(r, db, &answer->events, e);
}

static bool word_say(struct release_said *answer, struct db *db, const char *broker,
		     const char *document_id, const char *by, bool give, const char *note,
		     TALLOC_CTX *mem, struct err *e)
{
	TALLOC_CTX *work = talloc_new(mem);
	bool ok = db_begin(db, e);

	*answer = (struct release_said){ 0 };
	if (ok) {
		ok = word_write(answer, db, broker, document_id, by, give, note, work, e) &&
		     db_commit(db, e);
		if (!ok)
			db_rollback(db);
	}
	talloc_steal(mem, answer->customer_id);
	talloc_free(work);
	return ok;
}

bool release_give(struct release_said *answer, struct db *db, const char *broker,
		  const char *document_id, const char *by, TALLOC_CTX *mem, struct err *e)
{
	return word_say(answer, db, broker, document_id, by, true, NULL, mem, e);
}

bool release_withhold(struct release_said *answer, struct db *db, const char *broker,
		      const char *document_id, const char *by, const char *note, TALLOC_CTX *mem,
		      struct err *e)
{
	return word_say(answer, db, broker, document_id, by, false, note, mem, e);
}
