#include "cmd/release_text.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "cmd/phrase.h"
#include "events/sequence.h"

char *release_when(int64_t seconds, TALLOC_CTX *mem)
{
	int64_t minutes = (seconds + 59) / 60;

	if (seconds <= 0)
		return talloc_strdup(mem, "at once");
	if (seconds < 60)
		return talloc_asprintf(mem, "in %" PRId64 " s", seconds);
	return talloc_asprintf(mem, "in %" PRId64 " minute%s", minutes, minutes == 1 ? "" : "s");
}

static bool is(const struct rows *rows, int row, const char *state)
{
	return row < rows_count(rows) && text_equal(rows_text(rows, row, "state"), state);
}

static void waiting_tell(FILE *out, const struct rows *rows, const char *document_id,
			 TALLOC_CTX *mem)
{
	if (rows_text(rows, 0, "due_s"))
		phrase_print(out, "the customer is told %s, unless it is taken back before\n",
			     release_when(rows_int(rows, 0, "due_s"), mem));
	else if (!rows_text(rows, 0, "customer_id"))
		phrase_print(out, "the contract names no customer: nobody is told\n");
	else
		phrase_print(
			out,
			"the customer is told when somebody says so: `vorpost release give %s`\n",
			document_id);
}

/* Of the newest attachment. */
static void newest_tell(FILE *out, const struct rows *rows, const char *document_id,
			TALLOC_CTX *mem)
{
	if (is(rows, 0, "waiting"))
		waiting_tell(out, rows, document_id, mem);
	else if (is(rows, 0, "withheld"))
		phrase_print(out, "it is withheld from the customer (%s)\n",
			     rows_text(rows, 0, "rule"));
	else if (is(rows, 0, "withdrawn"))
		phrase_print(out, "the customer had been told of it: a correction goes out\n");
	else if (is(rows, 0, "superseded"))
		phrase_print(out, "the customer had not been told of it, and will not be\n");
	else if (text_equal(rows_text(rows, 0, "rule"), "reassigned"))
		phrase_print(out,
			     "the customer had been told of it: he is told where it lies now\n");
	else
		phrase_print(out, "the customer is told\n");
}

bool release_tell(FILE *out, struct db *db, const char *broker, const char *document_id,
		  TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows;

	if (!sequence_run(db, broker, NULL, e) ||
	    !db_call(db, SQL_release_last, &rows, mem, e, broker, document_id))
		return false;
	if (!rows_count(rows))
		return true;
	if (!is(rows, 0, "withdrawn") && is(rows, 1, "withdrawn"))
		phrase_print(out,
			     "its former customer had been told of it: a correction goes out\n");
	newest_tell(out, rows, document_id, mem);
	return true;
}
