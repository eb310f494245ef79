/* digest_test.c -- queue.digest: once a day whoever asks, counts only. */
#include <sys/wait.h>

#include "events/digest.h"
#include "tests/events/stage.h"

static struct err e;

static void open_all(void)
{
	stage_open();
	e = (struct err){ 0 };
	/* there since long before this morning */
	raw_do(stage.raw, "update broker set created_at = now() - interval '9 days'");
}

static void document_put(const char *connection, const char *reason, const char *age)
{
	raw_do(stage.raw,
	       talloc_asprintf(
		       stage.mem,
		       "with c as (insert into connection (broker, connection, issuer, sts_url, transfer_url)"
		       " values ('" BROKER "', '%s', 'nord', 'https://s', 'https://t')"
		       " on conflict do nothing),"
		       " s as (insert into shipment (broker, connection, shipment_id)"
		       " values ('" BROKER "', '%s', 'S') on conflict do nothing)"
		       " insert into document (broker, document_id, connection, shipment_id, transfer_no,"
		       " file_no, media_type, size, sha256, issuer, numbers, facts, state, tier, reason, evidence,"
		       " candidates, received_at) select '" BROKER
		       "', gen_random_uuid(), '%s', 'S',"
		       " count(*) + 1, 1, 'application/pdf', 1, 'x', 'nord', '[]', '{}', 'queued', 'none', '%s',"
		       " '[]', '[]', now() - interval '%s' from document",
		       connection, connection, connection, reason, age));
}

static struct digest run(int hour, bool dry_run)
{
	struct digest digest;

	ck_assert_msg(digest_run(&digest, stage.db, BROKER, hour, dry_run, stage.mem, &e), "%s",
		      e.text);
	return digest;
}

static const char *digests(void)
{
	return raw_value(stage.raw, "select count(*) from event where type = 'queue.digest'");
}

START_TEST(once_a_day)
{
	ck_assert(run(0, false).written);
	ck_assert_ptr_null(run(0, false).day);
	ck_assert_ptr_null(run(DIGEST_NOW, false).day);
	ck_assert_str_eq(digests(), "1");
	raw_do(stage.raw, "update digest set day = day - 1"); /* the next day */
	ck_assert(run(0, false).written);
	ck_assert_str_eq(digests(), "2");
}
END_TEST

START_TEST(never_is_never)
{
	ck_assert_ptr_null(run(DIGEST_NEVER, false).day);
	ck_assert_str_eq(digests(), "0");
}
END_TEST

START_TEST(not_for_a_morning_before_the_broker)
{
	raw_do(stage.raw, "update broker set created_at = now()");
	ck_assert_ptr_null(run(0, false).day);
	ck_assert(run(DIGEST_NOW, false).written);
}
END_TEST

/* The hour is German time; the machine and the database count in UTC. */
START_TEST(not_before_its_hour)
{
	int hour = atoi(raw_value(stage.raw, "select extract(hour from now() at time zone"
					     " 'Europe/Berlin')::int"));

	if (hour < 23)
		ck_assert_ptr_null(run(hour + 1, false).day);
	ck_assert(run(hour, false).written);
}
END_TEST

START_TEST(counts_and_nothing_else)
{
	struct digest digest;

	document_put("north", "number_unknown", "3 days");
	document_put("north", "number_unknown", "1 hour");
	document_put("south", "ambiguous", "2 hours");
	digest = run(DIGEST_NOW, true);
	ck_assert(!digest.written);
	ck_assert_str_eq(digests(), "0");
	digest = run(0, false);
	ck_assert_str_eq(
		raw_value(stage.raw,
			  "select payload - 'day' - 'oldest' = '{\"broker\": \"" BROKER
			  "\", \"waiting\": 3, \"since_yesterday\": 2,"
			  " \"by_reason\": [{\"reason\": \"number_unknown\", \"documents\": 2},"
			  " {\"reason\": \"ambiguous\", \"documents\": 1}],"
			  " \"by_connection\": [{\"connection\": \"north\", \"documents\": 2},"
			  " {\"connection\": \"south\", \"documents\": 1}]}'"
			  " and aggregatetype = 'broker' and aggregateid = '" BROKER
			  "' from event"),
		"t");
	ck_assert_str_eq(raw_value(stage.raw, "select (payload ->> 'oldest')::timestamptz ="
					      " date_trunc('second', (select min(received_at) from"
					      " document)) from event"),
			 "t");
}
END_TEST

/* Several daemons at the same moment. */
START_TEST(two_daemons_one_digest)
{
	pid_t child[6];
	int status, written = 0;

	for (int i = 0; i < 6; i++)
		if ((child[i] = fork()) == 0) {
			struct digest digest = { 0 };
			struct db *db = db_open(stage.conninfo, NULL, NULL);

			if (!db || !digest_run(&digest, db, BROKER, 0, false, db, NULL))
				_exit(2);
			_exit(digest.written);
		}
	for (int i = 0; i < 6; i++) {
		ck_assert_int_eq(waitpid(child[i], &status, 0), child[i]);
		ck_assert(WIFEXITED(status) && WEXITSTATUS(status) < 2);
		written += WEXITSTATUS(status);
	}
	ck_assert_int_eq(written, 1);
	ck_assert_str_eq(digests(), "1");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("digest");
	TCase *tc = tcase_create("digest");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(tc, stage_build, stage_clear);
	tcase_add_checked_fixture(tc, open_all, stage_close);
	tcase_set_timeout(tc, 60);
	tcase_add_test(tc, once_a_day);
	tcase_add_test(tc, never_is_never);
	tcase_add_test(tc, not_for_a_morning_before_the_broker);
	tcase_add_test(tc, not_before_its_hour);
	tcase_add_test(tc, counts_and_nothing_else);
	tcase_add_test(tc, two_daemons_one_digest);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
