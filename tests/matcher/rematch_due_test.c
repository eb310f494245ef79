/* rematch_due_test.c -- matching again in the background: causes, steps, two at once, kills, rules that changed, clerks. */
#include "matcher/rematch_due.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "house.h"
#include "matcher/queue.h"
#include "normalizers/learned.h"
#include "normalizers/picture.h"

static char digest[RULES_DIGEST_SIZE];

static void notice(void)
{
	struct err e = { 0 };

	ck_assert_msg(rules_notice(digest, &house.matcher, &e), "%s", e.text);
}

static void due(const char *issuer, int own_s)
{
	struct err e = { 0 };

	ck_assert_msg(rematch_due_add(&house.matcher, issuer, "test", own_s, &e), "%s", e.text);
}

/* One step as the daemon does it. */
static struct rematch_step step(void)
{
	struct rematch_step done = { 0 };
	struct err e = { 0 };

	ck_assert_msg(rematch_step(&done, &house.matcher, digest, false, &e), "%s", e.text);
	return done;
}

static void queue_fill(int count)
{
	ask("insert into shipment (broker, connection, shipment_id, state) values ('demo', 'north', 'M', 'stored')");
	ask(talloc_asprintf(
		house.mem,
		"insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no, media_type,"
		" size, sha256, issuer, numbers, facts, state, tier, reason, evidence, candidates)"
		" select 'demo', ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 'north', 'M', i, 1,"
		" 'application/pdf', 1, '', 'north', jsonb_build_array(jsonb_build_object('kind', 'policy', 'value',"
		" '4711')), '{}', 'queued', 'none', 'number_unknown', '[]', '[]' from generate_series(1, %d) i",
		count));
}

START_TEST(nothing_is_due)
{
	notice();
	ck_assert(!step().worked);
}
END_TEST

START_TEST(in_pages)
{
	struct rematch_step done;

	notice();
	queue_fill(450);
	contract_add("A", "4711");
	due("*", 0);
	for (int i = 0; i < 3; i++) {
		done = step();
		ck_assert(done.worked);
		ck_assert_int_eq(done.counts.filed, i < 2 ? 200 : 50);
		ck_assert_int_eq(done.finished, i == 2);
	}
	ck_assert(!step().worked);
	ck_assert_str_eq(ask("select count(*) from event where type = 'document.attached'"), "450");
	ck_assert_str_eq(ask("select count(*) from rematch_due"), "0");
}
END_TEST

/* Only documents that the issuer's numbers may decide; many causes are one walk, later ones another. */
START_TEST(causes_are_joined)
{
	char *id = arrive("S-1", "policy=4711"), *other = arrive("S-2", "policy=4711;vu=7777");

	notice();
	contract_add("A", "4711");
	due("pool", 0);
	due("vu:8888", 0);
	for (int i = 0; i < 3; i++)
		due("north", 0);
	ck_assert_str_eq(ask("select count(*) from rematch_due"), "5");
	for (int i = 0; i < 3; i++)
		ck_assert(step().finished);
	ck_assert(!step().worked);
	ck_assert_str_eq(standing(id), "filed exact A");
	ck_assert_str_eq(standing(other), "queued issuer_unknown");
}
END_TEST

/* The cause means to do it himself; the daemon leaves it to him until his time is over. */
START_TEST(own_time)
{
	struct rematch_order order = { 0 };
	struct rematch_counts counts;
	struct err e = { 0 };

	notice();
	queue_fill(250);
	contract_add("A", "4711");
	due("*", 60);
	ck_assert(!step().worked);
	ask("update rematch_due set not_before = now()");
	ck_assert(step().worked);
	ask("update rematch_due set not_before = now() + interval '1 hour'");
	ck_assert(rematch_now(&counts, &house.matcher, &order, &e));
	ck_assert_int_eq(counts.filed, 50);
	ck_assert_str_eq(ask("select count(*) from rematch_due"), "0");
}
END_TEST

/* A rolled back cause is none; a committed one is not lost. */
START_TEST(with_the_cause)
{
	struct err e = { 0 };

	notice();
	ck_assert(db_begin(house.matcher.db, &e));
	due("*", 0);
	db_rollback(house.matcher.db);
	ck_assert(!step().worked);
}
END_TEST

START_TEST(a_step_that_is_killed_is_repeated)
{
	struct err e = { 0 };
	struct db *his = db_open(house.conninfo, house.mem, &e); /* before the lock: it prepares */
	int status;
	pid_t child;

	notice();
	queue_fill(450);
	contract_add("A", "4711");
	due("*", 0);
	step();
	ask("begin; lock table document in share row exclusive mode"); /* the next step comes as far as writing */
	child = fork();
	if (child == 0) {
		struct matcher matcher = house.matcher;
		struct rematch_step done = { 0 };

		matcher.db = his;
		rematch_step(&done, &matcher, digest, false, &e);
		_exit(0);
	}
	for (int i = 0;
	     i < 600 && strcmp(ask("select count(*) from pg_locks where not granted"), "0") == 0;
	     i++)
		usleep(50000);
	ck_assert_str_ne(ask("select count(*) from pg_locks where not granted"), "0");
	ck_assert(!step().worked); /* the row is his */
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	ck_assert(WIFSIGNALED(status));
	ask("select pg_terminate_backend(pid) from pg_locks where not granted");
	ask("commit");
	while (step().worked || strcmp(ask("select count(*) from rematch_due"), "0") != 0)
		;
	ck_assert_str_eq(ask("select count(*) from event where type = 'document.attached'"), "450");
	ck_assert_str_eq(ask("select count(*) from document where state = 'queued' or version > 2"),
			 "0");
}
END_TEST

START_TEST(two_daemons)
{
	int status;
	pid_t child;

	notice();
	queue_fill(900);
	contract_add("A", "4711");
	due("*", 0);
	due("north", 0);
	child = fork();
	if (child == 0) {
		struct matcher matcher = house.matcher;
		struct rematch_order order = { 0 };
		struct rematch_counts counts;
		struct err e = { 0 };

		matcher.db = db_open(house.conninfo, house.mem, &e);
		for (int i = 0; i < 20; i++)
			if (!matcher.db ||
			    (!rematch_now(&counts, &matcher, &order, &e) && e.kind != ERR_RETRY)) {
				fprintf(stderr, "the other daemon: %s\n", e.text);
				_exit(1);
			}
		_exit(0);
	}
	while (step().worked)
		;
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	while (step().worked)
		;
	ck_assert_str_eq(ask("select count(*) from event where type = 'document.attached'"), "900");
	ck_assert_str_eq(ask("select max(version) from document"), "2");
}
END_TEST

/* A clerk holds a document and decides: the step waits for him and lets it be. */
START_TEST(the_clerk_wins)
{
	char *id;
	int status;
	pid_t child;

	notice();
	id = arrive("S-1", "policy=4711");
	contract_add("A", "4711");
	contract_add("B", "4712");
	due("north", 0);
	ask(talloc_asprintf(
		house.mem,
		"begin; update document set state = 'filed', contract_id = 'B', tier = 'person',"
		" decided_by = 'anna', version = version + 1 where document_id = '%s'",
		id));
	child = fork();
	if (child == 0) {
		struct matcher matcher = house.matcher;
		struct rematch_step done = { 0 };
		struct err e = { 0 };

		matcher.db = db_open(house.conninfo, house.mem, &e);
		_exit(matcher.db && rematch_step(&done, &matcher, digest, false, &e) &&
				      done.finished
			      ? 0
			      : 1);
	}
	for (int i = 0;
	     i < 600 && strcmp(ask("select count(*) from pg_locks where not granted"), "0") == 0;
	     i++)
		usleep(50000);
	ask("commit");
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(standing(id), "filed person B");
	ck_assert_str_eq(events_of(id), "unmatched north");
}
END_TEST

/* ---- alias ---- */

START_TEST(an_alias_and_its_withdrawal)
{
	char *id = arrive("S-1", "policy=4711"), *other = arrive("S-2", "policy=47-11");
	struct decision decision = { .document = id, .contract = "B", .by = "anna" };
	struct decided decided;
	struct err e = { 0 };

	notice();
	contract_add("B", "9999");
	ck_assert_msg(queue_assign(&house.matcher, &decision, &decided, house.mem, &e), "%s",
		      e.text);
	ck_assert_str_eq(standing(other), "queued number_unknown");
	ck_assert(step().finished);
	ck_assert_str_eq(standing(other), "filed alias B");
	ck_assert(queue_undo(&house.matcher, &decision, &decided, house.mem, &e));
	ck_assert_str_eq(standing(other), "queued number_unknown");
	ck_assert_str_eq(ask("select why from rematch_due"), "alias taken back");
	ck_assert(step().finished);
}
END_TEST

/* ---- rules ---- */

START_TEST(rules_that_change)
{
	struct picture picture = { .drawing = (char *)"[LH]########",
				   .confidence = (char *)"confirmed" };
	struct rematch_step done;
	struct err e = { 0 };
	char before[RULES_DIGEST_SIZE];
	char *id;

	notice();
	notice();
	ck_assert_str_eq(ask("select count(*) from rematch_due"), "0");
	strcpy(before, digest);
	contract_add("A", "31415926");
	ask("update contract set line = '130'");
	id = arrive("S-1", "policy=LH31415926;line=130");
	ck_assert(picture_compile(&picture, house.mem, &e));
	house.matcher.insurers = world_insurers(house.mem);
	insurers_try_picture((struct insurers *)house.matcher.insurers, "north", &picture);
	notice();
	ck_assert_str_ne(digest, before);
	ck_assert_str_eq(ask("select issuer || ' ' || why || ' ' || rekey from rematch_due"),
			 "north rules true");
	/* Who still has the old rules decides nothing by them. */
	ck_assert(rematch_step(&done, &house.matcher, before, true, &e));
	ck_assert(!done.worked);
	ck_assert(step().worked);
	ck_assert_str_eq(ask("select origin from contract_name where key = 'LH31415926'"),
			 "system");
	ck_assert(step().finished);
	ck_assert_str_eq(standing(id), "filed exact A");
}
END_TEST

START_TEST(names_in_pages)
{
	notice();
	ask("insert into contract (broker, contract_id, issuer, vu, number, line)"
	    " select 'demo', 'P' || i, 'north', '9001', '9' || to_char(i, 'FM0000000'), '050'"
	    " from generate_series(1, 2500) i");
	ask("insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
	    " select 'demo', 'north', number, contract_id, 'system', number from contract");
	ask("insert into rematch_due (broker, issuer, why, rekey) values ('demo', 'north', 'rules', true)");
	for (int i = 0; i < 3; i++)
		ck_assert(!step().finished);
	ck_assert(step().finished);
	ck_assert_str_eq(ask("select count(*) from contract_name"), "5000");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("rematch_due");

	tcase_add_test(tc, nothing_is_due);
	tcase_add_test(tc, in_pages);
	tcase_add_test(tc, causes_are_joined);
	tcase_add_test(tc, own_time);
	tcase_add_test(tc, with_the_cause);
	tcase_add_test(tc, a_step_that_is_killed_is_repeated);
	tcase_add_test(tc, two_daemons);
	tcase_add_test(tc, the_clerk_wins);
	tcase_add_test(tc, an_alias_and_its_withdrawal);
	tcase_add_test(tc, rules_that_change);
	tcase_add_test(tc, names_in_pages);
	return house_run(suite_create("rematch_due"), tc);
}
