#include "cmd/connection_try.h"

#include <string.h>
#include <sysexits.h>

#include "base/clock.h"
#include "base/holder.h"
#include "base/text.h"
#include "cmd/app.h"
#include "cmd/schemas.h"
#include "cmd/wire_words.h"
#include "ingest/connection.h"
#include "ingest/counting_sink.h"
#include "ingest/http.h"
#include "ingest/login.h"
#include "ingest/poll.h"
#include "ingest/secret.h"
#include "ingest/sts.h"
#include "ingest/throttle.h"
#include "ingest/transfer.h"

#define SHOWN_MOST 60
#define IDS_MOST   20

/* One try: what is at hand. It keeps to what a round keeps to (throttle.h), under the connection's lease. */
struct trial {
	struct invocation *in;
	struct connection *connection;
	const struct profile *profile;
	struct poller poller;
	struct lease lease;
	struct throttle *throttle; /* NULL: the insurer may not be asked now */
	struct session *session;
	struct schema_check *check; /* NULL: there are no schemas for this insurer */
};

/* ---- what an insurer's refusal says about our settings ---- */

struct advice {
	const char *code; /* the beginning of a MeldungID */
	const char *words;
};

static const struct advice advices[] = {
	{ "00007",
	  "his schema refuses our request: compare transfer_version, message_namespace, soap_action, "
	  "wrappers, category, acknowledge_flag and consumer_id of the insurer's file with his papers" },
	{ "00008", "his policy refuses our request: is it the right login kind?" },
	{ "00009",
	  "he does not offer this operation there: is --transfer the transfer service's address?" },
	{ "00931",
	  "his schema refuses our request: compare transfer_version, message_namespace, wrappers and "
	  "acknowledge_flag of the insurer's file with his papers" },
	{ "00932", "his service stumbled: try again later" },
	{ "0094", "his service is out of order: try again later" },
	{ "00961", "user or password is wrong; a second try may lock the account: mend it first" },
	{ "00962",
	  "he gave a token and refuses it at once: do --sts and --transfer belong together?" },
	{ "00963",
	  "he refuses the signature or its time: certificate, key, and this machine's clock" },
	{ "00964", "the account is locked: only the insurer can open it" },
	{ "00965", "the account is locked after too many tries: only the insurer can open it" },
	{ "00966", "the password has expired: a new one must be set at the insurer's portal" },
	{ "0096",
	  "he does not accept the credential: is it the right login kind, the technical user?" },
	{ "009", "his security header looks otherwise: is it the right login kind (--login)?" },
	{ "04005", "he does not know this filter: leave `category` out of the insurer's file" },
};

#define STS_KEYS                                                                                   \
	"compare sts_version, sts_namespace, sts_soap_action and sts_dialect of the insurer's "    \
	"file with his papers"

/* Said by the token service, which is often of another release. */
static const struct advice login_advices[] = {
	{ "00007", "his token service refuses the form of our request: " STS_KEYS },
	{ "00901", "his token service refuses our header: " STS_KEYS },
	{ "00931", "his token service is of another release: " STS_KEYS },
};

static const char *words_of(const char *code, const struct advice *rows, size_t count)
{
	for (size_t i = 0; *code && i < count; i++)
		if (strncmp(code, rows[i].code, strlen(rows[i].code)) == 0)
			return rows[i].words;
	return NULL;
}

/* Nobody answered. Whoever sets a connection up has mistyped the address more often than the network was away. */
static const char *away_advice(const char *step, const struct err *e)
{
	bool sts = strcmp(step, "login") == 0;

	if (strstr(e->text, HTTP_UNRESOLVED))
		return sts ? "check the host in --sts: most likely it is mistyped; else this machine's "
			     "name service is away"
			   : "check the host in --transfer: most likely it is mistyped; else this "
			     "machine's name service is away";
	if (strstr(e->text, HTTP_UNREACHED))
		return sts ? "check host and port in --sts; else the network, or the service is away"
			   : "check host and port in --transfer; else the network, or the service is "
			     "away";
	return "nothing is wrong with the settings as far as can be told: the network, or the service "
	       "is away";
}

static const char *advice_of(const char *step, const struct err *e)
{
	const char *words = NULL;

	if (strcmp(step, "login") == 0)
		words = words_of(e->code, login_advices,
				 sizeof login_advices / sizeof *login_advices);
	if (!words)
		words = words_of(e->code, advices, sizeof advices / sizeof *advices);
	if (words)
		return words;
	switch (e->kind) {
	case ERR_RETRY:
		return away_advice(step, e);
	case ERR_DELIVERY:
		return "the answer is no answer of this service: is the address right?";
	case ERR_LOGIN:
		return "the credential is refused: mend it before anybody tries again";
	case ERR_SETUP:
		return "the connection or the insurer's file must be changed";
	default:
		return NULL;
	}
}

static void say_failure(const struct trial *t, const char *step, const struct err *e)
{
	const char *advice = advice_of(step, e);

	fprintf(t->in->out, "%-9s does not fit: %s\n", step, e->text);
	if (advice)
		fprintf(t->in->out, "          %s\n", advice);
}

/* ---- what fits ---- */

static void say_connection(const struct trial *t)
{
	const struct connection *c = t->connection;
	enum login_kind login = login_of(c, t->profile);

	fprintf(t->in->out, "insurer   %s, %s\n", c->issuer,
		wire_transfer_words(t->profile, t->in->mem));
	fprintf(t->in->out, "login     by %s\n", login_kind_words[login]);
	if (login_has_token(login))
		fprintf(t->in->out, "          %s\n", wire_sts_words(t->profile, t->in->mem));
	fprintf(t->in->out, "trust     %s\n",
		c->ca_file ? c->ca_file : "the system's certificate authorities");
	if (c->paused)
		fprintf(t->in->out, "note      the connection is paused: %s\n",
			c->pause_reason ? c->pause_reason : "no reason given");
}

static const char *shown(const struct trial *t, const char *text)
{
	return text_shown(text, SHOWN_MOST, t->in->mem);
}

/* Oddities of a good list that somebody may want to know before the first night. */
static void say_list(const struct trial *t, const struct shipment_list *list)
{
	size_t dates = 0, odd = 0;
	int64_t at;

	fprintf(t->in->out, "list      good: %zu shipment%s waiting\n", list->count,
		list->count == 1 ? "" : "s");
	if (list->count)
		fprintf(t->in->out, "          the first is %s\n", shown(t, list->items[0].id));
	for (size_t i = 0; i < list->count; i++) {
		const char *until = list->items[i].available_until;

		dates += until != NULL;
		odd += until && !clock_parse(&at, until, NULL);
	}
	if (list->passed_over)
		fprintf(t->in->out,
			"note      %zu entries have no usable ID and cannot be fetched\n",
			list->passed_over);
	if (list->count && !dates)
		fprintf(t->in->out, "note      he does not say how long he keeps shipments\n");
	if (odd)
		fprintf(t->in->out, "note      %zu times VerfuegbarBis is no time we can read\n",
			odd);
	if ((size_t)t->profile->list_most <= list->count)
		fprintf(t->in->out, "note      that is as many as list_most allows\n");
}

static bool log_in_and_list(const struct trial *t, struct shipment_list *list, struct err *e)
{
	if (!token_get(t->session, e)) {
		say_failure(t, "login", e);
		return false;
	}
	fprintf(t->in->out, "login     %s\n",
		login_has_token(t->session->login) ? "good: the token service gave a token"
						   : "none of its own: goes with every call");
	if (!transfer_list(list, t->session, t->in->mem, e)) {
		say_failure(t, "list", e);
		return false;
	}
	say_list(t, list);
	return true;
}

/* ---- the schemas ---- */

/* The answer that the spool holds just now. */
static void say_schema(const struct trial *t, const char *of)
{
	struct schema_report report;

	if (!t->check)
		return;
	schema_check_file(&report, t->check, session_answer_type(t->session),
			  spool_fd(t->session->spool), spool_len(t->session->spool), t->in->mem);
	fprintf(t->in->out, "schemas   %s: %s\n", of, schemas_sentence(&report, t->in->mem));
	schemas_print(&report, t->in);
}

/* One delivery, fetched and forgotten. It stays listed: nothing is acknowledged. */
static bool fetch_first(const struct trial *t, const struct shipment_list *list, struct err *e)
{
	struct delivery *delivery;
	bool ok;

	if (!list->count) {
		fprintf(t->in->out, "fetch     says nothing: repeat it when shipments wait\n");
		return true;
	}
	ok = transfer_get(&delivery, t->session, list->items[0].id, counting_sink_new(t->in->mem),
			  t->in->mem, e);
	if (ok)
		fprintf(t->in->out, "fetch     good: %s can be read; nothing of it was kept\n",
			shown(t, list->items[0].id));
	else
		say_failure(t, "fetch", e);
	if (ok || spool_len(t->session->spool))
		say_schema(t, "the delivery");
	return ok;
}

/* ---- list twice ---- */

static bool is_listed(const struct shipment_list *list, const char *id)
{
	for (size_t i = 0; i < list->count; i++)
		if (text_equal(list->items[i].id, id))
			return true;
	return false;
}

/* Those of the first list that the second does not show; at most IDS_MOST are said. */
static size_t say_missing(const struct trial *t, const struct shipment_list *first,
			  const struct shipment_list *second)
{
	size_t missing = 0;

	for (size_t i = 0; i < first->count; i++) {
		if (is_listed(second, first->items[i].id))
			continue;
		if (++missing <= IDS_MOST)
			fprintf(t->in->out, "gone      %s\n", shown(t, first->items[i].id));
	}
	return missing;
}

/* BestaetigeLieferungen is read in three ways (docs/bipro.md): one of them confirms what it lists, and who then crashes has
 * lost it. Only the profile's own value is sent: another one might do the harm that is looked for. */
static bool list_again(const struct trial *t, const struct shipment_list *first, bool *harmless,
		       struct err *e)
{
	struct shipment_list second;
	size_t missing;

	fprintf(t->in->out,
		"twice     listing once more, nothing is acknowledged in between. If the insurer reads the flag\n"
		"          as \"confirm what is listed\", the first list has marked these shipments as received\n");
	if (!transfer_list(&second, t->session, t->in->mem, e)) {
		say_failure(t, "twice", e);
		return false;
	}
	missing = say_missing(t, first, &second);
	*harmless = missing == 0;
	if (missing)
		fprintf(t->in->out,
			"twice     does not fit: %zu of %zu shipments are gone. Unless somebody else acknowledged them "
			"just now,\n          listing confirms: pause the connection, ask the insurer to put them out "
			"again, and set\n          acknowledge_flag in the insurer's file to another value\n",
			missing, first->count);
	else if (first->count)
		fprintf(t->in->out,
			"twice     good: the same %zu again%s; listing does not confirm\n",
			first->count, second.count > first->count ? " and new ones" : "");
	else
		fprintf(t->in->out, "twice     says nothing: repeat it when shipments wait\n");
	return true;
}

/* ---- all of it ---- */

static bool keep_lease(void *self, struct err *e)
{
	struct trial *t = self;

	return lease_keep(&t->lease, t->poller.db, t->poller.broker, e);
}

/* Whom somebody paused, or the insurer refused, is tried if a person says so: once. */
static bool trial_allowed(const struct trial *t, struct err *e)
{
	const struct connection *c = t->connection;

	if (!c->paused || t->poller.anyway)
		return true;
	return err_set(
		e, ERR_CONFLICT,
		"connection %s is paused (%s): --anyway tries it once, `vorpost connection resume %s` "
		"has it polled again",
		c->name, c->pause_reason ? c->pause_reason : "no reason given", c->name);
}

static bool poller_make(struct trial *t, struct app *app, struct err *e)
{
	const char *folder;

	secret_no_core();
	t->poller = (struct poller){
		.mem = t->in->mem,
		.broker = app->conf->broker,
		.db = app->db,
		.insurers = app->insurers,
		.cage = app->conf->cage ? cage_new(t->in->mem) : NULL,
		.anyway = invocation_option(t->in, "--anyway") != NULL,
	};
	return (folder = app_folder(app, "spool", t->in->mem, e)) &&
	       (t->poller.spool = spool_open(folder, t->in->mem, e));
}

static bool trial_open(struct trial *t, struct app *app, struct err *e)
{
	struct invocation *in = t->in;
	const struct insurer *insurer;

	if (!poller_make(t, app, e) ||
	    !connection_load(&t->connection, app->db, app->conf->broker, in->word[0], in->mem, e))
		return false;
	insurer = insurers_by_issuer(app->insurers, t->connection->issuer);
	if (!insurer)
		return err_set(e, ERR_SETUP, "there is no insurer file for issuer %s",
			       t->connection->issuer);
	t->profile = &insurer->profile;
	return schemas_open(&t->check, app, t->connection->issuer, in->mem, e) &&
	       trial_allowed(t, e) &&
	       lease_claim_now(&t->lease, app->db, app->conf->broker, holder_self(in->mem),
			       in->word[0], in->mem, e);
}

static bool session_begin(struct trial *t, struct err *e)
{
	struct turned_away away;
	struct session_options options = {
		.allow_plain = invocation_option(t->in, "--allow-plain") != NULL,
		.spool = t->poller.spool,
		.cage = t->poller.cage,
		.tick = keep_lease,
		.tick_self = t,
	};

	t->throttle = throttle_enter(&away, &t->poller, &t->lease, t->connection, t->profile,
				     t->in->mem, e);
	if (!t->throttle)
		return false;
	options.gate = throttle_gate(t->throttle);
	t->session = session_new(t->connection, t->profile, &options, t->in->mem, e);
	return t->session != NULL;
}

/* Give everything back. A refused account is paused, as after a round. */
static void trial_close(struct trial *t, const struct err *why)
{
	struct err ignored = { 0 };

	if (t->session)
		session_close(t->session);
	if (t->throttle)
		throttle_leave(t->throttle, why);
	if (why->kind != ERR_LOGIN) {
		lease_release(&t->lease, t->poller.db, t->poller.broker);
		return;
	}
	if (!poll_refused(&t->poller, &t->lease, t->connection, t->profile, why, &ignored))
		fprintf(t->in->out, "note      it could not be paused: %s\n", ignored.text);
	else
		fprintf(t->in->out,
			"note      paused, with all that share the account; when it is mended: vorpost "
			"connection resume %s\n",
			t->connection->name);
}

int connection_try_run(struct invocation *in, struct err *e)
{
	struct app *app = app_open(in, APP_ALL, e);
	struct trial t = { .in = in };
	struct shipment_list list;
	bool ok, harmless = true;

	if (!app || !trial_open(&t, app, e))
		return EX_SOFTWARE;
	ok = session_begin(&t, e);
	if (ok) {
		say_connection(&t);
		ok = log_in_and_list(&t, &list, e);
	}
	if (ok)
		say_schema(&t, "the list");
	if (ok && invocation_option(in, "--fetch"))
		ok = fetch_first(&t, &list, e);
	if (ok && invocation_option(in, "--double-listing"))
		ok = list_again(&t, &list, &harmless, e);
	trial_close(&t, e);
	if (!ok)
		return err_exit_code(e);
	if (harmless)
		fprintf(in->out, "the connection works; nothing was %s or acknowledged\n",
			invocation_option(in, "--fetch") ? "kept" : "downloaded");
	return harmless ? EX_OK : 1;
}

const struct option_spec connection_try_options[] = {
	{ "--double-listing", NULL,
	  "list twice and compare: does listing confirm? At some insurers that marks shipments as received" },
	{ "--fetch", NULL,
	  "also fetch the first shipment and read it; it is neither kept nor acknowledged" },
	{ "--anyway", NULL, "although it is paused or the insurer refused the account: one try" },
	{ "--allow-plain", NULL, "http:// to this machine, for tests and benchmarks" },
	{ NULL, NULL, NULL },
};
