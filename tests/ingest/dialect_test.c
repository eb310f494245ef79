/*
 * dialect_test.c -- our side of the wire against the sandbox's, over HTTP: each insurer is spoken to by his file alone, and a file
 * that is wrong in one key is refused; what insurers do to their answers is read, or refused, as docs/bipro.md says.
 */
#include <libxml/parser.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/text.h"
#include "fixtures/server.h"
#include "normalizers/insurer.h"
#include "tests/fixtures/consumer.h"
#include "tests/ingest/scene.h"

static TALLOC_CTX *mem;
static char *state;
static struct descriptions insurers;
static struct description *insurer;
static struct desk desk;
static struct credential no_credential;
static struct server_setup made;
static struct server *server;
static struct connection connection;
static struct session *session;
static struct sink sink;

/* The sandbox's side and ours of one insurer. */
static const char *const folders[][2] = {
	{ SOURCE_DIR "/fixtures/sandbox", SOURCE_DIR "/fixtures/insurers" },
	{ SOURCE_DIR "/fixtures/dialects/sandbox", SOURCE_DIR "/fixtures/dialects/insurers" },
};
static const char *file_of_ours; /* the insurer's */

/* ---- the insurer ---- */

static void insurer_find(const char *issuer)
{
	struct err e = { 0 };

	insurer = NULL;
	for (size_t i = 0; !insurer && i < 2; i++) {
		ck_assert_msg(descriptions_load(&insurers, folders[i][0], mem, &e), "%s", e.text);
		insurer = description_by_issuer(&insurers, issuer);
		file_of_ours = talloc_asprintf(mem, "%s/%s.yaml", folders[i][1], issuer);
	}
	ck_assert_ptr_nonnull(insurer);
	memset(&insurer->misbehaviour, 0, sizeof insurer->misbehaviour);
}

static void insurer_begin(void)
{
	struct err e = { 0 };

	desk = (struct desk){ .description = insurer, .credential = &no_credential };
	desk.accounts = accounts_new(insurer, mem);
	desk.shelf = shelf_open(state, insurer->issuer, mem, &e);
	ck_assert_msg(desk.shelf != NULL, "%s", e.text);
	made = (struct server_setup){ .desks = &desk, .desk_count = 1 };
	server = server_start(&made, mem, &e);
	ck_assert_msg(server != NULL, "%s", e.text);
}

/* ---- we ---- */

/* The insurer's file, one key of `wire:` another one, or gone (value NULL). */
static char *file_changed(const char *key, const char *value)
{
	char *folder = talloc_asprintf(mem, "%s/ours", state);
	char *path = talloc_asprintf(mem, "%s/%s.yaml", folder, insurer->issuer);
	size_t len;
	char *line, *next, *text = file_read(file_of_ours, &len, mem),
			   *file = talloc_strdup(mem, "");

	for (line = text; *line; line = next) {
		next = line + strcspn(line, "\n");
		next += *next == '\n';
		if (!key || strncmp(line, "  ", 2) || strncmp(line + 2, key, strlen(key)) ||
		    line[2 + strlen(key)] != ':')
			file = talloc_strndup_append(file, line, (size_t)(next - line));
	}
	if (value)
		file = talloc_asprintf_append(file, "  %s: %s\n", key, value);
	mkdir(folder, 0700);
	file_write(path, file);
	return folder;
}

static const struct profile *profile_with(const char *key, const char *value)
{
	char *folder = file_changed(key, value);
	struct err e = { 0 };
	const struct insurers *ours = insurers_load(&folder, 1, mem, &e);

	ck_assert_msg(ours != NULL, "%s", e.text);
	return &insurers_by_issuer(ours, insurer->issuer)->profile;
}

static char *secret_file(void)
{
	char *path = talloc_asprintf(mem, "%s/secret", state);

	file_write(path, insurer->users[0].password);
	ck_assert_int_eq(chmod(path, 0600), 0);
	return path;
}

static void session_begin(const struct profile *profile, const char *consumer_id)
{
	struct err e = { 0 };
	struct session_options options = { .allow_plain = true };
	char *base = talloc_asprintf(mem, "http://127.0.0.1:%d/%s", server_port(server),
				     insurer->issuer);

	connection = (struct connection){
		.name = (char *)"nord",
		.issuer = insurer->issuer,
		.sts_url = talloc_asprintf(mem, "%s/sts", base),
		.transfer_url = talloc_asprintf(mem, "%s/transfer", base),
		.username = insurer->users[0].name,
		.consumer_id = talloc_strdup(mem, consumer_id),
		.secret_file = secret_file(),
	};
	options.spool = spool_open("/tmp", mem, &e);
	sink = (struct sink){ 0 };
	sink.sink =
		(struct document_sink){ &sink, sink_open, sink_write, sink_close, sink_abandon };
	session = session_new(&connection, profile, &options, mem, &e);
	ck_assert_msg(session != NULL, "%s", e.text);
}

/* Log in, list, fetch the first, acknowledge it. The step that failed, "" if none did. */
static const char *whole_way(struct delivery **delivery, struct shipment_list *list, struct err *e)
{
	enum acknowledgement became;

	if (!token_get(session, e))
		return "login";
	if (!transfer_list(list, session, mem, e))
		return "list";
	ck_assert_uint_ge(list->count, 1);
	if (!transfer_get(delivery, session, list->items[0].id, &sink.sink, mem, e))
		return "get";
	return transfer_acknowledge(&became, session, list->items[0].id, e) ? "" : "acknowledge";
}

static bool is_acknowledged(const char *id)
{
	const struct sandbox_shipment *shipment;

	return shelf_find(&shipment, desk.shelf, id) == SHELF_ACKNOWLEDGED;
}

static void setup(void)
{
	mem = talloc_new(NULL);
	state = folder_new(mem);
}

static void teardown(void)
{
	talloc_free(server);
	folder_remove(state);
	talloc_free(mem);
}

/* ---- how each of them is spoken to ---- */

static const char *const issuers[] = { "seeufer",  "lindenhof",  "kranich",
				       "muehlrad", "steinbruck", "falkenau" };

START_TEST(each_is_spoken_to_by_his_file_alone)
{
	struct shipment_list list;
	struct delivery *delivery;
	struct err e = { 0 };
	char *token;

	insurer_find(issuers[_i]);
	shipment_put(state, insurer->issuer, "A1");
	insurer_begin();
	session_begin(profile_with(NULL, NULL), "012_34567");
	ck_assert_msg(!*whole_way(&delivery, &list, &e), "%s", e.text);
	ck_assert_uint_eq(sink.bytes, 5000);
	ck_assert(is_acknowledged("A1"));
	ck_assert_int_eq(session->logins, 1);
	token = talloc_strdup(mem, session->token.identifier);
	ck_assert(accounts_token_use(desk.accounts, token));
	session_close(session); /* takes it back, in this insurer's words */
	for (int i = 0; i < 6000 && accounts_token_use(desk.accounts, token); i++)
		usleep(10000); /* who gave up waiting for the answer may have been heard all the same */
	ck_assert(!accounts_token_use(desk.accounts, token));
}
END_TEST

/* One key of a file that fits is changed; the insurer says no, at the step where he sees it. */
static const struct misfit {
	const char *issuer, *key, *value; /* value NULL: the key is left out */
	const char *step, *code;
} misfits[] = {
	{ "kranich", "transfer_version", "2.1.4.1.2", "list", "00007" },
	{ "kranich", "message_namespace", "nachrichten", "list", "00007" },
	{ "kranich", "wrappers", "camel", "list", "00007" },
	{ "kranich", "soap_action", "urn", "login", "00007" },
	{ "kranich", "sts_soap_action", "bare", "login", "00007" },
	{ "kranich", "acknowledge_flag", "omit", "list", "00007" },
	{ "kranich", "acknowledge_flag", "\"false\"", "list", "00007" },
	{ "kranich", "sts_namespace", "nachrichten", "login", "00007" },
	{ "kranich", "sts_version", "omit", "login", "00007" },
	{ "lindenhof", "transfer_version", "2.6.1.1.0", "list", "00007" },
	{ "lindenhof", "message_namespace", "allgemein", "list", "00007" },
	{ "lindenhof", "sts_version", NULL, "login", "00007" },
	{ "lindenhof", "sts_version", "2.1.1.1.1", "login", "00931" },
	{ "lindenhof", "sts_namespace", "nachrichten", "login", "00007" },
	{ "lindenhof", "sts_soap_action", "urn", "login", "00007" },
	{ "lindenhof", "acknowledge_flag", "\"true\"", "list", "00007" },
	{ "lindenhof", "category", "\"140\"", "list", "00007" },
	{ "seeufer", "wrappers", "capital", "list", "00007" },
	{ "seeufer", "soap_action", "empty", "login", "00007" },
	{ "seeufer", "sts_dialect", "vema", "login", "00007" },
	{ "muehlrad", "sts_version", "2.8.5.1.0", "login", "00931" },
	{ "muehlrad", "acknowledge_flag", "omit", "list", "00007" },
	{ "steinbruck", "sts_dialect", NULL, "login", "00007" },
	{ "steinbruck", "sts_version", "2.6.1.1.0", "login", "00007" },
	{ "steinbruck", "sts_soap_action", "urn", "login", "00007" },
	{ "falkenau", "soap_action", "urn", "list", "00007" },
	{ "falkenau", "sts_soap_action", "urn", "login", "00007" },
	{ "falkenau", "sts_soap_action", "\"http://schemas.xmlsoap.org/ws/2005/02/trust/RST/SCT\"",
	  "login", "00007" },
	{ "falkenau", "sts_version", "2.1.1.2.0", "login", "00007" },
	{ "falkenau", "transfer_version", "2.4.1.2.0", "list", "00007" },
};

START_TEST(a_file_that_is_wrong_in_one_key_is_refused)
{
	const struct misfit *m = &misfits[_i];
	struct shipment_list list;
	struct delivery *delivery;
	struct err e = { 0 };

	insurer_find(m->issuer);
	shipment_put(state, insurer->issuer, "A1");
	insurer_begin();
	session_begin(profile_with(m->key, m->value), "012_34567");
	ck_assert_msg(!strcmp(whole_way(&delivery, &list, &e), m->step), "%s %s: %s", m->issuer,
		      m->key, e.text);
	ck_assert_msg(e.kind == ERR_SETUP && !strcmp(e.code, m->code), "%s %s: %s", m->issuer,
		      m->key, e.text);
	ck_assert_int_eq(session->logins, 1);
}
END_TEST

/* Not in his file but in the connection: the number that a pool gave out. */
START_TEST(without_a_consumer_id_who_demands_one_refuses)
{
	struct shipment_list list;
	struct delivery *delivery;
	struct err e = { 0 };

	insurer_find(_i ? "muehlrad" : "steinbruck");
	shipment_put(state, insurer->issuer, "A1");
	insurer_begin();
	session_begin(profile_with(NULL, NULL), NULL);
	ck_assert_str_eq(whole_way(&delivery, &list, &e), "list");
	ck_assert_str_eq(e.code, "00007");
}
END_TEST

/* ---- what they do to their answers ---- */

static void form(enum multipart_form multipart)
{
	insurer->dialect.multipart = multipart;
}
static void vague(void)
{
	insurer->dialect.vague_types = true;
}
static void orphan(void)
{
	insurer->misbehaviour.orphan_part = true;
}
static void unquoted(void)
{
	form(MULTIPART_UNQUOTED);
}
static void undeclared(void)
{
	form(MULTIPART_UNDECLARED);
}
static void as_xml(void)
{
	form(MULTIPART_AS_XML);
}
static void line_feeds(void)
{
	form(MULTIPART_LF);
}
static void percent(void)
{
	insurer->dialect.escaped_cid = true;
}
static void short_status(void)
{
	insurer->dialect.short_status = true;
}
static void twice(void)
{
	insurer->misbehaviour.duplicate_ids = true;
}
static void unknown_elements(void)
{
	insurer->misbehaviour.extra_elements = true;
}
static void token_ends(void)
{
	insurer->misbehaviour.token_life_calls = 1;
}
static void dangling(void)
{
	insurer->misbehaviour.dangling_reference = true;
}
static void boundaries(void)
{
	insurer->misbehaviour.second_boundary = true;
}
static void cut(void)
{
	insurer->misbehaviour.cut_body_every = 1;
}
static void busy(void)
{
	insurer->misbehaviour.throttle_every = 2;
}
static void busy_until(void)
{
	busy();
	insurer->misbehaviour.throttle_by_date = true;
	insurer->misbehaviour.throttle_s = 3600; /* a date that has not passed when it is read */
}
static void out_of_order(void)
{
	insurer->misbehaviour.nok_every = 2;
}
static void out_of_order_as_answer(void)
{
	insurer->dialect.errors = ERRORS_AS_ANSWER;
	out_of_order();
}
static void lost(void)
{
	insurer->misbehaviour.lose_acknowledgement_every = 1;
}

static const struct oddity {
	void (*make)(void);
	const char *step; /* where it ends; "" if it is read */
	enum err_kind kind;
	int logins, documents;
	bool acknowledged;
} oddities[] = {
	{ unquoted, "", ERR_NONE, 1, 1, true },
	{ undeclared, "", ERR_NONE, 1, 1, true },
	{ as_xml, "", ERR_NONE, 1, 1, true },
	{ line_feeds, "", ERR_NONE, 1, 1, true },
	{ percent, "", ERR_NONE, 1, 1, true },
	{ vague, "", ERR_NONE, 1, 1, true },
	{ short_status, "", ERR_NONE, 1, 1, true },
	{ twice, "", ERR_NONE, 1, 1, true },
	{ unknown_elements, "", ERR_NONE, 1, 1, true },
	{ orphan, "", ERR_NONE, 1, 2, true }, /* kept, as a document of nobody's */
	{ token_ends, "", ERR_NONE, 3, 1, true },
	{ dangling, "get", ERR_DELIVERY, 1, 0, false },
	{ boundaries, "get", ERR_DELIVERY, 1, 0, false },
	{ cut, "get", ERR_RETRY, 1, 0, false },
	{ busy, "get", ERR_RETRY, 1, 0, false },
	{ busy_until, "get", ERR_RETRY, 1, 0, false },
	{ out_of_order, "get", ERR_RETRY, 1, 0, false },
	{ out_of_order_as_answer, "get", ERR_RETRY, 1, 0, false },
	{ lost, "", ERR_NONE, 1, 1,
	  true }, /* asked again, he says that it was acknowledged before */
};

START_TEST(odd_answers_are_read_or_refused)
{
	const struct oddity *o = &oddities[_i];
	struct shipment_list list;
	struct delivery *delivery;
	struct err e = { 0 };
	const char *step;

	insurer_find("seeufer");
	o->make();
	shipment_put(state, insurer->issuer, "A&1 <x>");
	insurer_begin();
	session_begin(profile_with(NULL, NULL), NULL);
	step = whole_way(&delivery, &list, &e);
	/* Whether it was asked again at once depends on the connection; if not, the next list settles it. */
	if (o->make == lost && !strcmp(step, "acknowledge") && e.kind == ERR_RETRY)
		step = "", err_clear(&e);
	ck_assert_msg(!strcmp(step, o->step) && e.kind == o->kind, "%s: %s %s", step,
		      err_kind_name(e.kind), e.text);
	ck_assert_uint_eq(list.count, 1);
	ck_assert_int_eq(session->logins, o->logins);
	ck_assert_int_eq(sink.closed, o->documents);
	ck_assert_int_eq(is_acknowledged("A&1 <x>"), o->acknowledged);
	if (o->make == busy || o->make == busy_until)
		ck_assert_int_ge(e.retry_after_s, o->make == busy ? 1 : 3600 - 600);
	if (!*step)
		ck_assert_str_eq(delivery->transfers[0].documents[0].media_type, "application/pdf");
	session_close(session);
}
END_TEST

START_TEST(a_list_that_is_capped_goes_on_behind_the_acknowledgement)
{
	struct shipment_list list;
	struct delivery *delivery;
	struct err e = { 0 };

	insurer_find("seeufer");
	insurer->misbehaviour.list_cap = 2;
	for (int i = 1; i <= 3; i++)
		shipment_put(state, insurer->issuer, talloc_asprintf(mem, "A%d", i));
	insurer_begin();
	session_begin(profile_with(NULL, NULL), NULL);
	ck_assert_msg(!*whole_way(&delivery, &list, &e), "%s", e.text);
	ck_assert_uint_eq(list.count, 2);
	ck_assert_msg(transfer_list(&list, session, mem, &e), "%s", e.text);
	ck_assert_uint_eq(list.count, 2);
	ck_assert_str_eq(list.items[1].id, "A3");
	session_close(session);
}
END_TEST

/* His clock goes by UTC and says no offset: the file's time_zone does, in what is filed and in how long a token is good. */
START_TEST(times_go_by_his_clock)
{
	static const struct {
		const char *zone, *posted;
		int64_t least_s, most_s;
	} cases[] = {
		{ "Etc/UTC", "2025-03-02T21:15:00+00:00", 0, 120 },
		{ "Europe/Berlin", "2025-03-02T21:15:00", 600 - 300, 600 },
	};
	struct shipment_list list;
	struct delivery *delivery;
	struct err e = { 0 };
	int64_t life;

	insurer_find("seeufer");
	insurer->dialect.utc_times = true;
	insurer->misbehaviour.token_life_s = 150;
	shipment_put(state, insurer->issuer, "A1");
	insurer_begin();
	session_begin(profile_with("time_zone", cases[_i].zone), NULL);
	ck_assert_msg(!*whole_way(&delivery, &list, &e), "%s", e.text);
	life = (session->token.good_until_ms - clock_monotonic_ms()) / 1000;
	ck_assert_int_ge(life, cases[_i].least_s);
	ck_assert_int_le(life, cases[_i].most_s);
	ck_assert_str_eq(list.items[0].posted, cases[_i].posted);
	ck_assert_str_eq(delivery->head.posted, cases[_i].posted);
	session_close(session);
}
END_TEST

/* Five wrong tries lock the account there: we try once. */
START_TEST(a_wrong_password_is_tried_once)
{
	struct err e = { 0 };
	char *right, wrong[] = "Seeufer-Probe-2";

	insurer_find("seeufer");
	insurer_begin();
	right = insurer->users[0].password;
	insurer->users[0].password = wrong;
	session_begin(profile_with(NULL, NULL), NULL);
	insurer->users[0].password = right;
	ck_assert(!token_get(session, &e));
	ck_assert_int_eq(e.kind, ERR_LOGIN);
	ck_assert_str_eq(e.code, "00961");
	ck_assert_int_eq(session->logins, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dialect");
	TCase *tc = tcase_create("dialect");
	SRunner *runner;
	int failed;

	xmlInitParser();
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, each_is_spoken_to_by_his_file_alone, 0,
			    sizeof issuers / sizeof *issuers);
	tcase_add_loop_test(tc, a_file_that_is_wrong_in_one_key_is_refused, 0,
			    sizeof misfits / sizeof *misfits);
	tcase_add_loop_test(tc, without_a_consumer_id_who_demands_one_refuses, 0, 2);
	tcase_add_loop_test(tc, odd_answers_are_read_or_refused, 0,
			    sizeof oddities / sizeof *oddities);
	tcase_add_test(tc, a_list_that_is_capped_goes_on_behind_the_acknowledgement);
	tcase_add_loop_test(tc, times_go_by_his_clock, 0, 2);
	tcase_add_test(tc, a_wrong_password_is_tried_once);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
