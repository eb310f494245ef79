#include "cmd/connection_show.h"

#include <jansson.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/clock.h"
#include "cmd/app.h"
#include "cmd/mandate.h"
#include "ingest/connection.h"
#include "ingest/login.h"

#define DAY_MS (24ll * 3600 * 1000)

/* Names and values as they come, as lines or as one object. */
struct sheet {
	const struct invocation *in;
	json_t *object; /* NULL: lines */
};

static void line(struct sheet *s, const char *name, const char *value)
{
	if (s->object)
		json_object_set_new(s->object, name, value ? json_string(value) : json_null());
	else if (value)
		fprintf(s->in->out, "%-16s %s\n", name, value);
}

static void number(struct sheet *s, const char *name, int value, bool known)
{
	if (s->object)
		json_object_set_new(s->object, name, known ? json_integer(value) : json_null());
	else if (known)
		fprintf(s->in->out, "%-16s %d\n", name, value);
}

/* How long our certificate is good, or why it cannot be used: better seen here than at night. */
static const char *certificate_words(const struct connection *c, const struct profile *profile,
				     TALLOC_CTX *mem)
{
	struct login_files files;
	struct err why = { 0 };
	char end[CLOCK_TEXT_SIZE];
	int64_t ends_ms;

	if (!login_files_load(&files, c, profile, mem, &why))
		return talloc_strdup(mem, why.text);
	if (!files.identity)
		return NULL;
	ends_ms = identity_ends_ms(files.identity);
	return talloc_asprintf(mem, "until %s, %lld days", clock_text(end, ends_ms),
			       (long long)((ends_ms - clock_wall_ms()) / DAY_MS));
}

static void login_lines(struct sheet *s, const struct connection *c, const struct profile *profile)
{
	enum login_kind kind = login_of(c, profile);

	line(s, "login", login_kind_words[kind]);
	line(s, "user", c->username);
	line(s, login_secret_option(kind) + 2, c->secret_file);
	line(s, "key", c->key_file);
	line(s, "certificate-file", c->certificate_file);
	line(s, "certificate", certificate_words(c, profile, s->in->mem));
}

static void trust_lines(struct sheet *s, const struct connection *c, const struct profile *profile)
{
	line(s, "ca", c->ca_file);
	line(s, "ca-crl", c->ca_crl_file);
	line(s, "signature", signature_policy_words[login_signature(c, profile)]);
	line(s, "trust", c->trust_file);
	line(s, "crl", c->crl_file);
	line(s, "signer", c->signer);
}

static void state_lines(struct sheet *s, const struct connection *c)
{
	line(s, "state", c->paused ? "paused" : "active");
	line(s, "reason", c->paused ? c->pause_reason : NULL);
	line(s, "last_attempt", c->last_attempt_at);
	line(s, "last_success", c->last_success_at);
	line(s, "next_due", c->paused ? NULL : c->due_at);
	number(s, "failures", c->failures, true);
	number(s, "expiring", c->expiring, s->object != NULL || c->expiring > 0);
	line(s, "error", c->last_error);
}

static void acknowledge_line(struct sheet *s, const struct connection *c,
			     const struct profile *profile)
{
	const char *word = acknowledge_mode_words[connection_acknowledge(c, profile)];
	int64_t after_s = connection_acknowledge_s(c, profile);

	line(s, "acknowledge",
	     after_s <= 0 ? word
			  : talloc_asprintf(s->in->mem, "%s, %lld hours after storing", word,
					    (long long)(after_s / 3600)));
}

/* What all workers keep to at this insurer. */
static void limit_lines(struct sheet *s, const struct connection *c, const struct profile *profile,
			struct db *db)
{
	struct rows *rows;

	number(s, "calls_per_minute", profile->calls_per_minute, profile->calls_per_minute > 0);
	if (!db_call(db, SQL_throttle_show, &rows, s->in->mem, NULL, c->issuer) ||
	    !rows_count(rows))
		return;
	line(s, "rounds_at_once",
	     talloc_asprintf(s->in->mem, "%s now, %d allowed, %s at most",
			     rows_text(rows, 0, "used"), (int)atof(rows_text(rows, 0, "allowed")),
			     rows_text(rows, 0, "parallel_most")));
	line(s, "blocked_until", rows_text(rows, 0, "blocked_until"));
	line(s, "busy_at", rows_text(rows, 0, "busy_at"));
}

/* Letters about the mandate: the insurer may deliver no more. */
static void mandate_lines(struct sheet *s, const struct connection *c, struct db *db)
{
	struct rows *rows;

	if (!db_call(db, SQL_mandate_notices, &rows, s->in->mem, NULL, c->broker, c->name, NULL,
		     "false"))
		return;
	if (s->object) {
		json_object_set_new(s->object, "mandate", mandate_json(rows));
		return;
	}
	for (int i = 0; i < rows_count(rows); i++)
		line(s, "mandate", mandate_words(rows, i, s->in->mem));
}

static void all_lines(struct sheet *s, const struct connection *c, const struct profile *profile)
{
	line(s, "connection", c->name);
	line(s, "insurer", c->issuer);
	line(s, "sts", c->sts_url);
	line(s, "transfer", c->transfer_url);
	line(s, "consumer-id", c->consumer_id);
	number(s, "interval", c->poll_interval_s, c->poll_interval_s != 0);
	acknowledge_line(s, c, profile);
	login_lines(s, c, profile);
	trust_lines(s, c, profile);
	state_lines(s, c);
}

int connection_show_run(struct invocation *in, struct err *e)
{
	struct app *app = app_no_csv(in, e) ? app_open(in, APP_ALL, e) : NULL;
	struct sheet sheet = { .in = in };
	const struct insurer *insurer;
	struct connection *c;

	if (!app || !connection_load(&c, app->db, app->conf->broker, in->word[0], in->mem, e))
		return EX_SOFTWARE;
	insurer = insurers_by_issuer(app->insurers, c->issuer);
	if (in->output == OUTPUT_JSON)
		sheet.object = json_object();
	all_lines(&sheet, c, insurer ? &insurer->profile : &profile_default);
	limit_lines(&sheet, c, insurer ? &insurer->profile : &profile_default, app->db);
	mandate_lines(&sheet, c, app->db);
	if (sheet.object) {
		json_dumpf(sheet.object, in->out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
		fputc('\n', in->out);
		json_decref(sheet.object);
	}
	return EX_OK;
}
