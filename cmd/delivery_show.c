#include "cmd/delivery_show.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/json_facts.h"
#include "cmd/schemas.h"
#include "ingest/kept_place.h"
#include "model/media_type.h"

#define PIECE         65536
#define SENTENCE_MOST 300

static const char *shown(const char *text, TALLOC_CTX *mem)
{
	return text ? text_shown(text, SHIPMENT_SHOWN_MOST, mem) : NULL;
}

/* ---- the place ---- */

static void place_find(struct kept_place *place, const struct app *app, const struct rows *row)
{
	struct blob_store *blobs = app_blobs(app, (TALLOC_CTX *)(uintptr_t)app, NULL);

	kept_place_find(place, blobs, rows_text(row, 0, "raw"), rows_text(row, 0, "content_type"),
			rows_text(row, 0, "refusal"), UINT64_MAX);
}

static json_t *place_json(const struct kept_place *place)
{
	if (!place->known)
		return json_null();
	if (!place->line)
		return json_pack("{s:I, s:n, s:n}", "byte", (json_int_t)place->byte, "line",
				 "column");
	return json_pack("{s:I, s:I, s:I}", "byte", (json_int_t)place->byte, "line",
			 (json_int_t)place->line, "column", (json_int_t)place->column);
}

/* ---- the schemas ---- */

struct shown_schema {
	bool looked; /* the kept answer was held against them just now */
	struct schema_report report;
	struct err trouble;
	int counted; /* when it came; 0: nothing is known */
};

static void schema_look(struct shown_schema *schema, const struct app *app, const struct rows *row,
			TALLOC_CTX *mem)
{
	const char *raw = rows_text(row, 0, "raw");
	struct schema_check *check;
	struct blob_store *blobs;
	struct stat about;
	int fd;

	*schema = (struct shown_schema){ .counted = (int)rows_int(row, 0, "breaches") };
	if (!raw || !*app->conf->schemas ||
	    !schemas_open(&check, app, rows_text(row, 0, "issuer"), mem, &schema->trouble) ||
	    !check || !(blobs = app_blobs(app, mem, &schema->trouble)) ||
	    (fd = blob_open(blobs, raw, &schema->trouble)) < 0)
		return;
	schema->looked = fstat(fd, &about) == 0;
	if (schema->looked)
		schema_check_file(&schema->report, check, rows_text(row, 0, "content_type"), fd,
				  (uint64_t)about.st_size, mem);
	close(fd);
	talloc_free(check);
}

static json_t *schema_json(const struct shown_schema *schema)
{
	if (schema->looked)
		return json_schema(&schema->report);
	return schema->counted ? json_pack("{s:n, s:i}", "breaches", "times", schema->counted)
			       : json_null();
}

/* ---- what comes next ---- */

struct became {
	const char *word, *says;
};

/* Of a stored shipment whose acknowledgement is due, by what became of the last one. */
static const struct became due_words[] = {
	{ "unsent", "the next poll acknowledges it; the last acknowledgement did not go out" },
	{ "put_off",
	  "the next poll acknowledges it again; the insurer was busy, out of service or did not take the login" },
	{ "unanswered",
	  "its acknowledgement went out and was not answered: done if the next complete list no longer shows it, "
	  "else sent again" },
	{ "refused",
	  "the next poll acknowledges it again; the insurer refused the last acknowledgement" },
};

static const struct became done_words[] = {
	{ "confirmed", "nothing; the insurer confirmed" },
	{ "before", "nothing; the insurer says that it was acknowledged before" },
	{ "gone",
	  "nothing; the insurer has no such shipment, or not any more: what came of it is stored" },
	{ "settled",
	  "nothing; the insurer no longer listed it after an acknowledgement without an answer" },
};

static const char *became_words(const struct became *words, size_t count, const struct rows *row,
				const char *otherwise)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(words[i].word, rows_text(row, 0, "acknowledgement")))
			return words[i].says;
	return otherwise;
}

/* What only a person can let go. */
static const char *release_words(const struct invocation *in, const struct rows *row)
{
	const char *wait = rows_text(row, 0, "wait"), *why = "acknowledged when released";

	if (text_equal(wait, "link"))
		why = "a document is only a link, which is never followed: fetch it by hand, then";
	else if (text_equal(wait, "refused"))
		why = "the insurer refuses its acknowledgement again and again: ask him, then";
	return talloc_asprintf(in->mem, "%s%s vorpost delivery release %s %s", why,
			       text_equal(wait, "held") ? ":" : "", in->word[0],
			       shown(in->word[1], in->mem));
}

static const char *stored_next(const struct invocation *in, const struct rows *row)
{
	if (rows_bool(row, 0, "held"))
		return release_words(in, row);
	if (text_equal(rows_text(row, 0, "wait"), "held"))
		return talloc_asprintf(in->mem,
				       "acknowledged by the first poll after %s, or when released",
				       rows_text(row, 0, "acknowledge_from"));
	return became_words(due_words, sizeof due_words / sizeof *due_words, row,
			    "the next poll acknowledges it; none was sent yet");
}

static const char *next_words(const struct invocation *in, const struct rows *row)
{
	const char *state = rows_text(row, 0, "state");

	if (rows_text(row, 0, "closed"))
		return text_equal(state, "listed")
			       ? "closed: it is fetched if the insurer lists it again"
			       : "closed: it stays as it is; vorpost delivery retry opens it and tries again";
	if (text_equal(state, "listed") && rows_text(row, 0, "unlisted"))
		return "the insurer no longer lists it and it never came: ask him to put it out again";
	if (text_equal(state, "listed"))
		return "the next poll fetches it";
	if (text_equal(state, "stored"))
		return stored_next(in, row);
	if (text_equal(state, "quarantined") && rows_text(row, 0, "fetch_asked"))
		return rows_text(row, 0, "unlisted")
			       ? "fetched anew when the insurer lists it again, which he does not now"
			       : "the next poll fetches it anew";
	if (text_equal(state, "quarantined"))
		return talloc_asprintf(in->mem,
				       "never acknowledged as it is: vorpost delivery retry %s %s",
				       in->word[0], shown(in->word[1], in->mem));
	return became_words(done_words, sizeof done_words / sizeof *done_words, row, "nothing");
}

/* ---- for people ---- */

/* In the order of the way. */
static const char *const columns[] = {
	/* listed */
	"state", "issuer", "category", "posted", "available_until", "first_listed", "last_listed",
	"unlisted",
	/* fetched */
	"fetch_attempts", "fetch_tried", "fetch_trouble_at", "fetch_trouble", "attempts",
	"answered", "content_type", "code", "refusal", "fetch_asked", "fetch_refusal", "closed",
	"closed_by", "closed_note",
	/* read */
	"read_by", "signature_policy", "signature", "signer",
	/* stored */
	"stored", "hold",
	/* acknowledged */
	"acknowledge_mode", "acknowledge_from", "released", "released_by", "acknowledge_attempts",
	"acknowledge_tried", "acknowledgement", "acknowledge_refusal", "acknowledged"
};
#define COLUMNS (sizeof columns / sizeof *columns)

static const char *const document_columns[] = { "document",   "transfer", "file",   "name",
						"media_type", "size",     "state",  "reason",
						"contract",   "customer", "decided" };
#define DOCUMENT_COLUMNS (int)(sizeof document_columns / sizeof *document_columns)

/* What a person should know of one document before he opens it. */
static char *document_warning(const struct rows *rows, int i, TALLOC_CTX *mem)
{
	return media_type_warning(rows_text(rows, i, "name"), rows_text(rows, i, "declared_type"),
				  rows_text(rows, i, "media_type"), mem);
}

/* The delivery's own, then those of its documents; for people and machines alike. A new reference. */
static json_t *warnings_of(const struct rows *row, const struct rows *documents, TALLOC_CTX *mem)
{
	json_t *list = json_loads(rows_text(row, 0, "warnings"), 0, NULL);

	for (int i = 0; i < rows_count(documents); i++) {
		char *says = document_warning(documents, i, mem);

		if (says)
			json_array_append_new(
				list, json_sprintf("document %s: %s",
						   rows_text(documents, i, "document"), says));
	}
	return list;
}

static void warnings_print(const struct invocation *in, const struct rows *row,
			   const struct rows *documents)
{
	json_t *list = warnings_of(row, documents, in->mem), *one;
	size_t i;

	json_array_foreach(list, i, one)
		fprintf(in->out, "%-20s %s\n", "warning",
			text_shown(json_string_value(one), SENTENCE_MOST, in->mem));
	json_decref(list);
}

static void place_print(const struct invocation *in, const struct kept_place *place)
{
	if (place->line)
		fprintf(in->out, "%-20s byte %llu: line %llu, column %llu of the answer\n", "place",
			place->byte, place->line, place->column);
	else if (place->known)
		fprintf(in->out, "%-20s byte %llu of the XML\n", "place", place->byte);
}

static bool is_sentence(const char *column)
{
	return strcmp(column, "refusal") == 0 || strcmp(column, "fetch_refusal") == 0 ||
	       strcmp(column, "fetch_trouble") == 0 || strcmp(column, "acknowledge_refusal") == 0;
}

/* How its answer differs from the schemas: all of it if the answer is kept, else what was counted when it came. */
static void schema_print(const struct invocation *in, const struct shown_schema *schema)
{
	if (*schema->trouble.text)
		fprintf(in->out, "%-20s %s\n", "schema", schema->trouble.text);
	else if (schema->looked)
		fprintf(in->out, "%-20s %s\n", "schema",
			schemas_sentence(&schema->report, in->mem));
	else if (schema->counted)
		fprintf(in->out, "%-20s %d breach%s: vorpost connection breaches %s\n", "schema",
			schema->counted, schema->counted == 1 ? "" : "es", in->word[0]);
}

static void facts_print(struct invocation *in, const struct app *app, const struct rows *row,
			const struct kept_place *place)
{
	const char *raw = rows_text(row, 0, "raw");

	for (size_t i = 0; i < COLUMNS; i++) {
		const char *value = rows_text(row, 0, columns[i]);

		if (value)
			fprintf(in->out, "%-20s %s\n", columns[i],
				is_sentence(columns[i]) ? value : shown(value, in->mem));
		if (strcmp(columns[i], "refusal") == 0)
			place_print(in, place);
	}
	if (raw)
		fprintf(in->out, "%-20s %s/documents/%.2s/%s\n", "raw answer", app->conf->state,
			raw, raw);
	fprintf(in->out, "%-20s %s\n", "next", next_words(in, row));
}

static void documents_print(struct invocation *in, const struct rows *rows)
{
	struct listing *list = listing_new(in->mem, DOCUMENT_COLUMNS, document_columns);

	listing_numbers(list, 1, 2);
	listing_numbers(list, 5, 5);
	for (int i = 0; i < rows_count(rows); i++) {
		const char *cells[DOCUMENT_COLUMNS];

		for (int c = 0; c < DOCUMENT_COLUMNS; c++)
			cells[c] = rows_text(rows, i, document_columns[c]);
		cells[3] = shown(cells[3], in->mem);
		listing_row(list, cells);
	}
	fputc('\n', in->out);
	listing_print(list, in->output, in->out);
}

/* ---- for machines ---- */

static bool is_number(const char *column)
{
	static const char *const numbers[] = { "attempts", "fetch_attempts", "acknowledge_attempts",
					       "transfer", "file",           "size" };

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (!strcmp(column, numbers[i]))
			return true;
	return false;
}

static void column_set(json_t *object, const struct rows *rows, int row, const char *column)
{
	const char *value = rows_text(rows, row, column);

	json_object_set_new(object, column,
			    !value              ? json_null()
			    : is_number(column) ? json_integer(rows_int(rows, row, column))
						: json_string(value));
}

static void show_json(const struct invocation *in, const struct rows *row,
		      const struct rows *documents, const struct kept_place *place,
		      const struct shown_schema *schema)
{
	json_t *object = json_object(), *array = json_array();

	json_object_set_new(object, "connection", json_string(in->word[0]));
	json_object_set_new(object, "shipment", json_string(in->word[1]));
	for (size_t i = 0; i < COLUMNS; i++)
		column_set(object, row, 0, columns[i]);
	column_set(object, row, 0, "raw");
	json_object_set_new(object, "place", place_json(place));
	json_object_set_new(object, "schema", schema_json(schema));
	json_object_set_new(object, "warnings", warnings_of(row, documents, in->mem));
	json_object_set_new(object, "next", json_string(next_words(in, row)));
	for (int i = 0; i < rows_count(documents); i++) {
		json_t *document = json_object();

		for (int c = 0; c < DOCUMENT_COLUMNS; c++)
			column_set(document, documents, i, document_columns[c]);
		column_set(document, documents, i, "declared_type");
		column_set(document, documents, i, "tier");
		column_set(document, documents, i, "decided_by");
		json_array_append_new(array, document);
	}
	json_object_set_new(object, "documents", array);
	json_dumpf(object, in->out, JSON_INDENT(2) | JSON_ENSURE_ASCII); /* nothing invisible */
	fputc('\n', in->out);
	json_decref(object);
}

bool shipment_find(struct app *app, const struct invocation *in, struct rows **row, struct err *e)
{
	if (!db_call(app->db, SQL_delivery_find, row, in->mem, e, app->conf->broker, in->word[0],
		     in->word[1]))
		return false;
	return rows_count(*row) ||
	       err_set(e, ERR_MISSING, "connection %s has no shipment %s",
		       shown(in->word[0], in->mem), shown(in->word[1], in->mem));
}

/* ---- the bytes ---- */

/* An insurer's bytes may tell a terminal to do anything. */
static bool raw_print(struct invocation *in, struct app *app, const struct rows *row, struct err *e)
{
	const char *raw = rows_text(row, 0, "raw");
	struct blob_store *blobs;
	char bytes[PIECE];
	ssize_t n;
	int fd;

	if (!raw)
		return err_set(e, ERR_MISSING,
			       "no answer was kept of shipment %s: its documents are",
			       shown(in->word[1], in->mem));
	if (isatty(fileno(in->out)))
		return err_set(e, ERR_USAGE,
			       "--raw is not for a terminal: these are an insurer's own bytes; "
			       "write them to a file");
	if (!(blobs = app_blobs(app, in->mem, e)) || (fd = blob_open(blobs, raw, e)) < 0)
		return false;
	while ((n = read(fd, bytes, sizeof bytes)) > 0)
		if (fwrite(bytes, 1, (size_t)n, in->out) != (size_t)n)
			break;
	close(fd);
	return (n == 0 && fflush(in->out) == 0) ||
	       err_set(e, ERR_RETRY, "the raw answer cannot be copied: %s", strerror(errno));
}

/* ---- all of it ---- */

int delivery_show_run(struct invocation *in, struct err *e)
{
	struct app *app = app_no_csv(in, e) ? app_open(in, APP_DATABASE, e) : NULL;
	struct rows *row, *documents;
	struct shown_schema schema;
	struct kept_place place;

	if (!app || !shipment_find(app, in, &row, e))
		return EX_SOFTWARE;
	if (invocation_option(in, "--raw"))
		return raw_print(in, app, row, e) ? EX_OK : err_exit_code(e);
	if (!db_call(app->db, SQL_delivery_documents, &documents, in->mem, e, app->conf->broker,
		     in->word[0], in->word[1]))
		return EX_SOFTWARE;
	place_find(&place, app, row);
	schema_look(&schema, app, row, in->mem);
	if (in->output == OUTPUT_JSON) {
		show_json(in, row, documents, &place, &schema);
		return EX_OK;
	}
	facts_print(in, app, row, &place);
	warnings_print(in, row, documents);
	schema_print(in, &schema);
	if (schema.report.count)
		fputc('\n', in->out);
	schemas_print(&schema.report, in);
	if (rows_count(documents))
		documents_print(in, documents);
	return EX_OK;
}

const struct option_spec delivery_show_options[] = {
	{ "--raw", NULL, "the kept answer as it came, byte by byte, and nothing else" },
	{ NULL, NULL, NULL },
};
