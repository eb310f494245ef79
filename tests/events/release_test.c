/* From attached to released, with the real sequencer: what customers hear, and what they never hear. */
#include <signal.h>
#include <sys/wait.h>

#include "tests/events/release_stage.h"

/*
 * What happens, word by word:
 *   +C1 tier   attached by this tier    -C1   detached      .   a turn of the sequencer
 *   +&C1 tier  attached by this tier, and it lies at other contracts, too
 *   later      hold-backs are over, and a turn              give, withhold   a person's word, and a turn
 */
static const struct story {
	const char *name, *category, *happens, *told, *states;
} stories[] = {
	{ "exact is told at once", "invoice", "+C1 exact .", "released:C1 invoice.issued:C1",
	  "C1:released" },
	{ "picture is told at once", "policy", "+C1 picture .", "released:C1 policy.issued:C1",
	  "C1:released" },
	{ "an alias is held back", "invoice", "+C1 alias .", "", "C1:waiting" },
	{ "a repaired number is held back", "invoice", "+C1 repaired .", "", "C1:waiting" },
	{ "a person's decision is held back", "invoice", "+C1 person .", "", "C1:waiting" },
	{ "and told when that is over", "invoice", "+C1 person . later",
	  "released:C1 invoice.issued:C1", "C1:released" },
	{ "once only", "invoice", "+C1 exact . . later later", "released:C1 invoice.issued:C1",
	  "C1:released" },
	{ "nobody is sure", "invoice", "+C1 none . later", "", "C1:waiting" },
	{ "a tier that nobody knows", "invoice", "+C1 dream . later", "", "C1:waiting" },
	{ "nobody is sure, a person is", "invoice", "+C1 none . give",
	  "released:C1 invoice.issued:C1", "C1:released" },
	{ "undone while it waits", "invoice", "+C1 alias . -C1 . later", "", "C1:superseded" },
	{ "undone before anybody looked", "invoice", "+C1 exact -C1 .", "", "C1:superseded" },
	{ "undone after it was told", "invoice", "+C1 exact . -C1 .",
	  "released:C1 invoice.issued:C1 withdrawn:C1", "C1:withdrawn" },
	{ "told, undone, back again", "invoice", "+C1 exact . -C1 . +C1 person . later",
	  "released:C1 invoice.issued:C1 withdrawn:C1 released:C1 invoice.issued:C1",
	  "C1:withdrawn C1:released" },
	{ "moved within the customer", "invoice", "+C1 exact . -C1 +C2 person .",
	  "released:C1 invoice.issued:C1 reassigned:C1>C2", "C1:superseded C2:released" },
	{ "moved within the customer, twice", "invoice",
	  "+C1 exact . -C1 +C2 person . -C2 +C1 person .",
	  "released:C1 invoice.issued:C1 reassigned:C1>C2 reassigned:C2>C1",
	  "C1:superseded C2:superseded C1:released" },
	{ "moved and undone", "invoice", "+C1 exact . -C1 +C2 person . -C2 .",
	  "released:C1 invoice.issued:C1 reassigned:C1>C2 withdrawn:C2",
	  "C1:superseded C2:withdrawn" },
	{ "moved to another customer", "invoice", "+C1 exact . -C1 +C3 person . later",
	  "released:C1 invoice.issued:C1 withdrawn:C1 released:C3 invoice.issued:C3",
	  "C1:withdrawn C3:released" },
	{ "moved while it waits", "invoice", "+C1 alias . -C1 +C2 person . later",
	  "released:C2 invoice.issued:C2", "C1:superseded C2:released" },
	{ "moved without a word that it left", "invoice", "+C1 exact . +C3 exact .",
	  "released:C1 invoice.issued:C1 withdrawn:C1 released:C3 invoice.issued:C3",
	  "C1:withdrawn C3:released" },
	{ "detached from where it is not", "invoice", "+C1 exact . -C2 .",
	  "released:C1 invoice.issued:C1", "C1:released" },
	{ "detached and never attached", "invoice", "-C1 .", "", "" },
	{ "no business event for what announces none", "application", "+C1 exact .", "released:C1",
	  "C1:released" },
	{ "a question waits for a person", "inquiry", "+C1 exact . later", "", "C1:waiting" },
	{ "and is given", "inquiry", "+C1 exact . give", "released:C1", "C1:released" },
	{ "not for customers", "settlement", "+C1 person . later", "", "C1:withheld" },
	{ "given within the hold-back", "invoice", "+C1 alias . give later",
	  "released:C1 invoice.issued:C1", "C1:released" },
	{ "withheld within the hold-back", "invoice", "+C1 alias . withhold later", "",
	  "C1:withheld" },
	{ "withheld after it was told", "invoice", "+C1 exact . withhold later",
	  "released:C1 invoice.issued:C1 withdrawn:C1", "C1:withheld" },
	{ "withheld, then given after all", "invoice", "+C1 exact . withhold give",
	  "released:C1 invoice.issued:C1 withdrawn:C1 released:C1 invoice.issued:C1",
	  "C1:released" },
	{ "withheld and undone", "invoice", "+C1 alias . withhold -C1 .", "", "C1:superseded" },
	{ "withheld goes along within the customer", "invoice",
	  "+C1 alias . withhold -C1 +C2 person . later", "", "C1:superseded C2:withheld" },
	{ "withheld does not go to another customer", "invoice",
	  "+C1 alias . withhold -C1 +C3 person . later", "released:C3 invoice.issued:C3",
	  "C1:superseded C3:released" },
	{ "at two contracts at once", "invoice", "+&C1 exact +&C2 exact .",
	  "released:C1 invoice.issued:C1 released:C2 invoice.issued:C2",
	  "C1:released C2:released" },
	{ "at two contracts, heard one after the other", "invoice", "+&C1 exact . +&C2 exact .",
	  "released:C1 invoice.issued:C1 released:C2 invoice.issued:C2",
	  "C1:released C2:released" },
	{ "leaves the first of two", "invoice", "+&C1 exact +&C2 exact . -C1 .",
	  "released:C1 invoice.issued:C1 released:C2 invoice.issued:C2 withdrawn:C1",
	  "C1:withdrawn C2:released" },
	{ "leaves both", "invoice", "+&C1 exact +&C2 exact . -C1 -C2 . later",
	  "released:C1 invoice.issued:C1 released:C2 invoice.issued:C2 withdrawn:C1 withdrawn:C2",
	  "C1:withdrawn C2:withdrawn" },
	{ "undone at both while it waits", "invoice", "+&C1 alias +&C2 alias . -C1 -C2 . later", "",
	  "C1:superseded C2:superseded" },
	{ "two customers, one leaves", "invoice", "+&C1 person +&C3 person . later -C3 .",
	  "released:C1 invoice.issued:C1 released:C3 invoice.issued:C3 withdrawn:C3",
	  "C1:released C3:withdrawn" },
	{ "a word about both", "inquiry", "+&C1 exact +&C2 exact . give", "released:C2 released:C1",
	  "C1:released C2:released" },
	{ "withheld at both", "invoice", "+&C1 alias +&C2 alias . withhold later", "",
	  "C1:withheld C2:withheld" },
	{ "from two to one, without a word", "invoice", "+&C1 exact +&C2 exact . +C3 exact .",
	  "released:C1 invoice.issued:C1 released:C2 invoice.issued:C2 withdrawn:C2 withdrawn:C1"
	  " released:C3 invoice.issued:C3",
	  "C1:withdrawn C2:withdrawn C3:released" },
	{ "nobody to be told", "invoice", "+C0 exact . later", "", "C0:waiting" },
};

static void person_says(const char *word)
{
	struct release_said answer;
	struct err e = { 0 };
	bool ok = !strcmp(word, "give")
			  ? release_give(&answer, stage.db, BROKER, DOCUMENT, "eva", stage.mem, &e)
			  : release_withhold(&answer, stage.db, BROKER, DOCUMENT, "eva",
					     "wrong date", stage.mem, &e);

	ck_assert_msg(ok, "%s: %s", word, e.text);
	turn();
}

static void happen(const char *happens, const char *category)
{
	char *rest, *words = talloc_strdup(stage.mem, happens);

	for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		if (*word == '+')
			moved("document.attached", DOCUMENT, word + 1, strtok_r(NULL, " ", &rest),
			      category);
		else if (*word == '-')
			moved("document.detached", DOCUMENT, word + 1, "none", category);
		else if (!strcmp(word, "give") || !strcmp(word, "withhold"))
			person_says(word);
		else {
			if (!strcmp(word, "later"))
				time_passes();
			turn();
		}
	}
}

START_TEST(a_story)
{
	const struct story *s = &stories[_i];

	happen(s->happens, s->category);
	ck_assert_msg(!strcmp(told(), s->told), "%s: told \"%s\"", s->name, told());
	ck_assert_msg(!strcmp(states(), s->states), "%s: is \"%s\"", s->name, states());
	ck_assert_str_eq(raw_value(stage.raw, "select count(*) from event where position is null"),
			 "0");
	ck_assert_int_eq(turn(), 0);
}
END_TEST

/* Everything that was numbered is heard again from the beginning: nothing follows from it. */
START_TEST(a_story_told_again_changes_nothing)
{
	const struct story *s = &stories[_i];
	struct err e = { 0 };
	const char *events,
		*rows = "select md5(coalesce(string_agg(r::text, ',' order by r::text), '')) from release r";
	const char *before;
	int wrote = -1;

	happen(s->happens, s->category);
	events = raw_value(stage.raw, "select coalesce(max(position), 0) from event");
	before = raw_value(stage.raw, rows);
	ck_assert_msg(release_step(stage.db, BROKER, 1, atoll(events), &wrote, &e), "%s", e.text);
	ck_assert_msg(wrote == 0, "%s: %d events", s->name, wrote);
	ck_assert_msg(!strcmp(raw_value(stage.raw, rows), before), "%s: other rows", s->name);
}
END_TEST

static const struct {
	const char *name, *category, *happens, *word, *says;
	enum err_kind kind;
} refusals[] = {
	{ "given twice", "invoice", "+C1 exact .", "give", "told of this document already",
	  ERR_REFUSED },
	{ "a settlement", "settlement", "+C1 person .", "give", "not for customers", ERR_REFUSED },
	{ "no customer", "invoice", "+C0 exact .", "give", "no customer", ERR_REFUSED },
	{ "withheld twice", "invoice", "+C1 alias . withhold", "withhold", "by eva", ERR_REFUSED },
	{ "gone again", "invoice", "+C1 alias . -C1 .", "give", "at no contract", ERR_MISSING },
	{ "never there", "invoice", ".", "withhold", "at no contract", ERR_MISSING },
};

START_TEST(a_word_that_cannot_be)
{
	struct release_said answer;
	struct err e = { 0 };
	const char *before, *after, *said;
	bool ok;

	happen(refusals[_i].happens, refusals[_i].category);
	before = states();
	said = told();
	ok = !strcmp(refusals[_i].word, "give")
		     ? release_give(&answer, stage.db, BROKER, DOCUMENT, "max", stage.mem, &e)
		     : release_withhold(&answer, stage.db, BROKER, DOCUMENT, "max", "n", stage.mem,
					&e);
	after = states();
	ck_assert_msg(!ok && e.kind == refusals[_i].kind, "%s: %s", refusals[_i].name, e.text);
	ck_assert_msg(strstr(e.text, refusals[_i].says) != NULL, "%s", e.text);
	ck_assert_str_eq(before, after);
	ck_assert_str_eq(said, told());
	ck_assert_int_eq(turn(), 0);
}
END_TEST

static const struct {
	const char *tier;
	int minutes; /* -1: nobody knows when */
} holds[] = { { "exact", 0 },     { "picture", 0 }, { "alias", 10 },
	      { "repaired", 10 }, { "person", 10 }, { "none", -1 } };

START_TEST(hold_back_of_a_tier)
{
	happen("", "");
	moved("document.attached", DOCUMENT, "C1", holds[_i].tier, "invoice");
	turn();
	ck_assert_int_eq(
		atoi(raw_value(
			stage.raw,
			"select coalesce(case when state = 'released' then 0 else"
			" extract(epoch from due_at - attached_at) / 60 end, -1)::int from release")),
		holds[_i].minutes);
}
END_TEST

/* The last number of a full batch is a detachment; the attachment that belongs to it comes with the next one. */
START_TEST(a_move_across_two_batches)
{
	struct err e = { 0 };
	int wrote;
	char *to;

	happen("+C1 exact .", "invoice");
	moved("document.detached", DOCUMENT, "C1", "none", "invoice");
	moved("document.attached", DOCUMENT, "C2", "person", "invoice");
	to = raw_value(stage.raw,
		       "select position + 1 from sequence_head where broker = '" BROKER "'");
	sql_do("update event set position = %s where type = 'document.detached'", to);
	sql_do("update sequence_head set position = %s where broker = '" BROKER "'", to);
	ck_assert_msg(release_step(stage.db, BROKER, atoll(to), atoll(to), &wrote, &e), "%s",
		      e.text);
	ck_assert_int_eq(wrote, 1);
	ck_assert_str_eq(states(), "C1:superseded C2:released");
	turn();
	happen("-C2 .", "invoice"); /* it is heard as the one that it is */
	ck_assert_str_eq(told(), "released:C1 invoice.issued:C1 reassigned:C1>C2 withdrawn:C2");
}
END_TEST

/* Events that name no document of ours, or nothing at all, stop nobody. */
START_TEST(nonsense_stops_nobody)
{
	event_put(stage.raw, "document.attached", "K1", 1);
	sql_do("insert into event (broker, id, aggregatetype, aggregateid, type, payload) values"
	       " ('" BROKER "', gen_random_uuid(), 'customer', 'K1', 'document.attached', '{}'),"
	       " ('" BROKER "', gen_random_uuid(), 'customer', 'K1', 'document.attached', '[]'),"
	       " ('" BROKER
	       "', gen_random_uuid(), 'customer', 'K1', 'document.detached', '{\"document_id\": 7}'),"
	       " ('" BROKER
	       "', gen_random_uuid(), 'customer', 'K1', 'document.attached', '{\"document_id\": \"" DOCUMENT
	       "\"}'), ('" BROKER
	       "', gen_random_uuid(), 'customer', 'K1', 'document.attached', '{\"document_id\":"
	       " \"01920000-0000-7000-8000-0000000000ff\", \"contract_id\": \"C1\"}')");
	moved("document.attached", DOCUMENT, "C1", "exact", "invoice");
	turn();
	ck_assert_str_eq(told(), "released:C1 invoice.issued:C1");
}
END_TEST

static const char *data(const char *type, const char *member)
{
	return raw_value(stage.raw,
			 talloc_asprintf(stage.mem,
					 "select coalesce(payload #>> '{%s}', '-') from event"
					 " where type = '%s' order by position desc limit 1",
					 member, type));
}

START_TEST(what_an_event_says)
{
	happen("+C1 alias . later", "invoice");
	ck_assert_str_eq(data("invoice.issued", "broker"), BROKER);
	ck_assert_str_eq(data("invoice.issued", "customer_id"), "K1");
	ck_assert_str_eq(data("invoice.issued", "contract_id"), "C1");
	ck_assert_str_eq(data("invoice.issued", "document_id"), DOCUMENT);
	ck_assert_str_eq(data("invoice.issued", "dataref"), "/documents/" DOCUMENT);
	ck_assert_str_eq(data("invoice.issued", "insurer"), "nordstern");
	ck_assert_str_eq(data("invoice.issued", "text_key"), "push.invoice");
	ck_assert_str_eq(data("invoice.issued", "special_category"), "false");
	ck_assert_str_eq(data("invoice.issued", "tier"), "alias");
	ck_assert_str_eq(data("invoice.issued", "release,rule"), "default");
	ck_assert_str_eq(data("invoice.issued", "shipment"), "-"); /* free text of the insurer's */
	ck_assert_str_eq(data("invoice.issued", "lead,twin"), "unknown");
	ck_assert_str_eq(data("invoice.issued", "lead,basis"), "default");
	ck_assert_str_ne(data("invoice.issued", "lead,earliest"), "-");
	ck_assert_str_eq(data("invoice.issued", "lead"), data("document.released", "lead"));
	ck_assert_str_eq(
		raw_value(stage.raw,
			  "select r.letter_at = (e.payload #>> '{lead,expected}')::timestamptz"
			  " from release r, event e where e.type = 'document.released'"),
		"t");
	ck_assert_str_eq(data("invoice.issued", "collapse_key"),
			 data("document.released", "collapse_key"));
	ck_assert_int_eq(strlen(data("invoice.issued", "collapse_key")), 24);
	ck_assert_str_eq(
		raw_value(
			stage.raw,
			"select bool_and(e.aggregatetype = 'customer' and e.aggregateid = 'K1'"
			" and e.correlationid ~ '^[A-Za-z0-9_-]{24}$' and e.causationid = a.id"
			" and e.correlationid = (select correlationid from event where type = 'document.released'))"
			" from event e, event a"
			" where a.type = 'document.attached' and e.type <> a.type"),
		"t");
	happen("-C1 .", "invoice");
	ck_assert_str_eq(data("document.withdrawn", "collapse_key"),
			 data("invoice.issued", "collapse_key"));
	ck_assert_str_eq(data("document.withdrawn", "text_key"), "push.withdrawn");
	ck_assert_str_eq(data("document.withdrawn", "dataref"), "-");
	ck_assert_str_eq(data("document.withdrawn", "lead"), "-");
}
END_TEST

/* The contract's line is enough: nothing that reveals what it is about. */
START_TEST(an_illness_stays_unsaid)
{
	sql_do("update contract set line = '020'");
	happen("+C1 exact .", "claim");
	ck_assert_str_eq(told(), "released:C1");
	ck_assert_str_eq(data("document.released", "special_category"), "true");
	ck_assert_str_eq(data("document.released", "text_key"), "push.document");
	ck_assert_str_eq(data("document.released", "category"), "other");
	ck_assert_str_eq(raw_value(stage.raw,
				   "select count(*) from event where type = 'document.released'"
				   " and payload::text ~* 'claim|020|health|krank'"),
			 "0");
}
END_TEST

/* Nor what lies at an insurer who has no other business. */
START_TEST(the_insurer_alone_tells)
{
	sql_do("update contract set line = null");
	sql_do("update document set vu = '01007'");
	happen("+C1 exact .", "invoice");
	ck_assert_str_eq(data("document.released", "special_category"), "true");
	ck_assert_str_eq(data("document.released", "text_key"), "push.document");
}
END_TEST

#define MANY 1000

/* The server shall log every statement of new connections, from now on. */
static void statements_write_down(void)
{
	char *folder = talloc_asprintf(stage.mem, "%s/postgres", stage.folder);
	FILE *settings = fopen(talloc_asprintf(stage.mem, "%s/postgresql.auto.conf", folder), "a");
	FILE *process = fopen(talloc_asprintf(stage.mem, "%s/postmaster.pid", folder), "r");
	int pid = 0;

	ck_assert(settings && process && fscanf(process, "%d", &pid) == 1);
	fputs("log_statement = 'all'\n", settings);
	fclose(settings);
	fclose(process);
	ck_assert_int_eq(kill(pid, SIGHUP), 0);
	for (const char *now = ""; strcmp(now, "all"); usleep(10000)) {
		PGconn *fresh = raw_open();

		now = raw_value(fresh, "show log_statement");
		PQfinish(fresh);
	}
}

/* How many statements the server executed for us since it was asked to write them down. */
static int statements(void)
{
	char *path = talloc_asprintf(stage.mem, "%s/postgres.log", stage.folder);
	FILE *log = fopen(path, "r");
	char line[4096];
	int count = 0;

	ck_assert_ptr_nonnull(log);
	while (fgets(line, sizeof line, log))
		count += strstr(line, "LOG:  execute ") != NULL;
	fclose(log);
	return count;
}

static void many_put(void)
{
	sql_do("insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no, media_type,"
	       " size, sha256, issuer, line, numbers, facts, state, tier, reason, evidence, candidates)"
	       " select '" BROKER
	       "', ('01920000-0000-7000-9000-' || lpad(n::text, 12, '0'))::uuid, 'nord', 's1', n + 10,"
	       " 1, 'application/pdf', 1, '00', 'nordstern', '050', '[]', '{}', 'queued', 'none', 'no_number', '[]', '[]'"
	       " from generate_series(1, %d) n",
	       MANY);
	sql_do("insert into event (broker, id, aggregatetype, aggregateid, type, payload)"
	       " select '" BROKER
	       "', gen_random_uuid(), 'customer', 'K1', 'document.attached', jsonb_build_object("
	       " 'document_id', '01920000-0000-7000-9000-' || lpad(n::text, 12, '0'), 'contract_id', 'C1', 'customer_id',"
	       " 'K1', 'insurer', 'nordstern', 'category', 'invoice', 'tier', 'exact') from generate_series(1, %d) n",
	       MANY);
}

static int statements_of_step(int64_t from, int64_t to, int *wrote)
{
	struct err e = { 0 };
	int before = statements();

	ck_assert_msg(release_step(stage.db, BROKER, from, to, wrote, &e), "%s", e.text);
	return statements() - before;
}

START_TEST(a_thousand_documents_cost_six_statements)
{
	struct err e = { 0 };
	int wrote = -1;

	happen("+C1 exact .", "invoice"); /* the secret is made */
	statements_write_down();
	ck_assert_msg(db_again(stage.db, &e), "%s", e.text);
	ck_assert_int_eq(statements_of_step(2, 1, &wrote), 1);
	ck_assert_int_eq(wrote, 0);
	many_put();
	sql_do("with n as (select id, row_number() over () + 3 as no from event where position is null)"
	       " update event set position = n.no from n where n.id = event.id");
	ck_assert_int_eq(statements_of_step(4, 3 + MANY, &wrote), 6);
	ck_assert_int_eq(wrote, 2 * MANY);
	ck_assert_int_eq(statements_of_step(4 + MANY, 4 + MANY, &wrote), 2);
}
END_TEST

#ifdef VORPOST_CRASH_POINTS
static const char *const deaths[] = { "release.written", "sequence.before", "sequence.committed" };

/* Whoever dies in between has done nothing, or everything. */
START_TEST(killed_releaser_leaves_all_or_nothing)
{
	char *crash = talloc_asprintf(stage.mem, "%s/crash", stage.folder);
	FILE *file = fopen(crash, "w");
	int status;
	pid_t child;

	fprintf(file, "%s 1\n", deaths[_i]);
	fclose(file);
	setenv("VORPOST_CRASH_FILE", crash, 1);
	happen("+C1 exact", "invoice");
	child = fork();
	if (child == 0) {
		struct err e = { 0 };
		struct db *db = db_open(stage.conninfo, NULL, &e);

		sequence_run(db, BROKER, NULL, &e);
		_exit(0);
	}
	waitpid(child, &status, 0);
	ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	turn();
	ck_assert_str_eq(told(), "released:C1 invoice.issued:C1");
	ck_assert_str_eq(states(), "C1:released");
}
END_TEST
#endif

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

static void cases_add(TCase *cases)
{
	tcase_add_loop_test(cases, a_story, 0, COUNT(stories));
	tcase_add_loop_test(cases, a_story_told_again_changes_nothing, 0, COUNT(stories));
	tcase_add_loop_test(cases, a_word_that_cannot_be, 0, COUNT(refusals));
	tcase_add_loop_test(cases, hold_back_of_a_tier, 0, COUNT(holds));
	tcase_add_test(cases, a_move_across_two_batches);
	tcase_add_test(cases, nonsense_stops_nobody);
	tcase_add_test(cases, what_an_event_says);
	tcase_add_test(cases, an_illness_stays_unsaid);
	tcase_add_test(cases, the_insurer_alone_tells);
	tcase_add_test(cases, a_thousand_documents_cost_six_statements);
#ifdef VORPOST_CRASH_POINTS
	tcase_add_loop_test(cases, killed_releaser_leaves_all_or_nothing, 0, COUNT(deaths));
#endif
}

int main(void)
{
	Suite *suite = suite_create("release");
	TCase *cases = tcase_create("release");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, releases_open, stage_close);
	tcase_set_timeout(cases, 120);
	cases_add(cases);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
