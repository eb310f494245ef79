/*
 * What all workers keep to at one insurer, with two workers on one database: slots, calls a minute, Retry-After, windows, an
 * account that was refused, and a database clock that jumps.
 */
#include "ingest/throttle.h"

#include <sys/wait.h>

#include "base/clock.h"
#include "base/role.h"
#include "ingest/login.h"
#include "model/window.h"
#include "tests/ingest/stage.h"

#define BUSY(seconds)  "HTTP/1.1 429 Slow\r\nRetry-After: " seconds "\r\nContent-Length: 0\r\n\r\n"
#define WRONG_PASSWORD FAULT("00961")

/* One worker: its own connection to the database, its own lease and round. */
struct worker_of {
	struct poller poller;
	struct lease lease;
	struct connection *connection;
	struct turned_away away;
	struct throttle *throttle;
	struct err e;
};

static void second_connection(struct stage *s, const char *name)
{
	struct connection c = s->connection;

	c.broker = s->broker;
	c.name = (char *)(uintptr_t)name;
	c.secret_file = s->secret_file;
	c.sts_url = c.transfer_url = s->peer.url;
	ck_assert_msg(connection_add(s->poller.db, &c, &s->e), "%s", s->e.text);
}

static void worker_open(struct worker_of *w, struct stage *s)
{
	*w = (struct worker_of){ .poller = s->poller };
	w->poller.db = db_open(cluster_conninfo(cluster), s->mem, &w->e);
	ck_assert_msg(w->poller.db != NULL, "%s", w->e.text);
}

/* Claim what is due; only: that one. */
static bool claims(struct worker_of *w, struct stage *s, const char *only)
{
	ck_assert_msg(
		lease_claim(&w->lease, w->poller.db, s->broker, "test", only, NULL, s->mem, &w->e),
		"%s", w->e.text);
	if (w->lease.connection)
		ck_assert(connection_load(&w->connection, w->poller.db, s->broker,
					  w->lease.connection, s->mem, &w->e));
	return w->lease.connection != NULL;
}

/* Claim whatever this round, which began then, has not come by. */
static bool claims_since(struct worker_of *w, struct stage *s, const char *since)
{
	ck_assert_msg(
		lease_claim(&w->lease, w->poller.db, s->broker, "test", NULL, since, s->mem, &w->e),
		"%s", w->e.text);
	return w->lease.connection != NULL;
}

static bool enters(struct worker_of *w, struct stage *s)
{
	err_clear(&w->e);
	w->throttle = throttle_enter(&w->away, &w->poller, &w->lease, w->connection,
				     stage_profile(s), s->mem, &w->e);
	return w->throttle != NULL;
}

static void leaves(struct worker_of *w, struct stage *s)
{
	lease_release(&w->lease, w->poller.db, s->broker);
}

static bool round_of(struct worker_of *w, struct stage *s, const char *only)
{
	struct poll_counts counts = { 0 };

	err_clear(&w->e);
	s->counts = counts;
	ck_assert_msg(claims(w, s, only), "%s is not due", only);
	return poll_connection(&s->counts, &w->poller, &w->lease, &w->e);
}

static struct rows *limits(struct stage *s)
{
	struct rows *rows;

	ck_assert(db_call(s->poller.db, SQL_throttle_show, &rows, s->mem, &s->e, "seeufer"));
	return rows;
}

static double allowed(struct stage *s)
{
	return atof(rows_text(limits(s), 0, "allowed"));
}

/* No case inherits the insurer's rows. */
static void scene_open(struct stage *s)
{
	stage_open(s);
	stage_sql("delete from throttle_slot; delete from throttle; delete from credential;"
		  "update connection set state = 'paused'");
	stage_profile(s)->windows = NULL;
	stage_profile(s)->window_count = 0;
	stage_profile(s)->calls_per_minute = 0;
	stage_profile(s)->parallel = 5;
}

static void all_due(struct stage *s)
{
	stage_sql(talloc_asprintf(
		s->mem, "update connection set due_at = now() where broker = '%s'", s->broker));
}

/* ---- rounds at once ---- */

START_TEST(a_slot_is_held_by_one_worker_at_a_time)
{
	struct worker_of a, b;
	struct stage s;

	scene_open(&s);
	stage_begin(&s);
	second_connection(&s, "sued");
	stage_profile(&s)->parallel = 1;
	worker_open(&a, &s);
	worker_open(&b, &s);
	ck_assert(claims(&a, &s, "nord") && claims(&b, &s, "sued")); /* both before either enters */
	ck_assert(enters(&a, &s));
	ck_assert(!enters(&b, &s));
	ck_assert(b.away.yes && b.away.due_s == -1);
	ck_assert_int_eq(b.e.kind, ERR_RETRY);
	ck_assert(lease_return(&b.lease, b.poller.db, s.broker, -1, &b.e));
	ck_assert(!claims(&b, &s, NULL)); /* nothing that could go on: no idle turns */
	leaves(&a, &s);
	ck_assert(claims(&b, &s, "sued"));
	ck_assert(enters(&b, &s));
	stage_end(&s);
}
END_TEST

START_TEST(the_slot_lives_and_dies_with_the_lease)
{
	struct worker_of a, b;
	struct stage s;

	scene_open(&s);
	stage_begin(&s);
	second_connection(&s, "sued");
	stage_profile(&s)->parallel = 1;
	worker_open(&a, &s);
	worker_open(&b, &s);
	ck_assert(claims(&a, &s, "nord") && enters(&a, &s));
	stage_sql(
		"update throttle_slot set until = now() + interval '5 seconds' where holder is not null");
	a.lease.renewed_ms -= LEASE_S * 1000; /* a third is over */
	ck_assert(lease_keep(&a.lease, a.poller.db, s.broker, &a.e));
	stage_sql(
		"do $$ begin assert (select bool_and(until = (select max(lease_until) from connection)) "
		"from throttle_slot where holder is not null); end $$");
	/* the worker dies: nobody renews */
	stage_sql("update throttle_slot set until = now() - interval '1 second';"
		  "update connection set lease_until = now() - interval '1 second'");
	ck_assert(claims(&b, &s, "sued") && enters(&b, &s));
	stage_end(&s);
}
END_TEST

/* Within the five seconds in which it counts as one time: on a machine that stood still, once more. */
static void both_hear_it(struct worker_of *a, struct worker_of *b)
{
	for (;;) {
		int64_t began_ms = clock_monotonic_ms();

		throttle_gate(b->throttle)->busy(b->throttle, 0);
		throttle_gate(a->throttle)->busy(a->throttle, 0);
		if (clock_monotonic_ms() - began_ms < 4000)
			return;
		stage_sql(
			"update throttle set allowed = 5, busy_at = busy_at - interval '1 minute'");
	}
}

START_TEST(good_rounds_add_and_a_busy_insurer_halves)
{
	struct worker_of a, b;
	struct stage s;

	scene_open(&s);
	stage_begin(&s);
	second_connection(&s, "sued");
	worker_open(&a, &s);
	worker_open(&b, &s);
	ck_assert(claims(&a, &s, "nord") && enters(&a, &s));
	ck_assert(claims(&b, &s, "sued") && enters(&b, &s));
	ck_assert(allowed(&s) == 2.0);
	for (int i = 0; i < 100; i++)
		ck_assert(throttle_gate(a.throttle)->call(a.throttle, &a.e));
	for (int i = 0; i < 9; i++)
		throttle_leave(a.throttle, &(struct err){ 0 });
	ck_assert(allowed(&s) == 5.0); /* the profile's bound */
	both_hear_it(&a, &b);
	ck_assert(allowed(&s) == 2.5);
	throttle_leave(b.throttle, &(struct err){ 0 }); /* it was busy: nothing to add */
	ck_assert(allowed(&s) == 2.5);
	for (int i = 0; i < 5; i++) {
		stage_sql("update throttle set busy_at = busy_at - interval '10 seconds'");
		throttle_gate(b.throttle)->busy(b.throttle, 0);
	}
	ck_assert(allowed(&s) == 1.0); /* never none */
	stage_end(&s);
}
END_TEST

/* ---- Retry-After, calls a minute ---- */

START_TEST(what_one_is_told_all_keep_to)
{
	struct worker_of a, b;
	struct stage s;

	scene_open(&s);
	SAY(&s, LIST(ENTRY("A")), BUSY("3600"));
	stage_begin(&s);
	second_connection(&s, "sued");
	worker_open(&a, &s);
	worker_open(&b, &s);
	ck_assert(!round_of(&a, &s, "nord"));
	ck_assert_int_eq(a.e.retry_after_s, 3600);
	ck_assert_ptr_nonnull(rows_text(limits(&s), 0, "blocked_until"));
	ck_assert(!round_of(&b, &s, "sued")); /* and the insurer hears nothing of it */
	ck_assert(s.counts.turned_away);
	ck_assert_ptr_nonnull(strstr(b.e.text, "Retry-After"));
	stage_sql(
		"do $$ begin assert (select failures = 0 and last_attempt_at is null and "
		"due_at > now() + interval '55 minutes' from connection where connection = 'sued' and "
		"state = 'active'); end $$");
	stage_end(&s);
}
END_TEST

/* Whoever resumes, and by which way: it lifts Retry-After for all connections of the insurer, and says until when it was. */
START_TEST(a_resume_lifts_what_one_was_told)
{
	struct resumed resumed;
	struct worker_of a, b;
	struct stage s;

	scene_open(&s);
	SAY(&s, LIST(ENTRY("A")), BUSY("3600"));
	SAY(&s, LIST_EMPTY);
	stage_begin(&s);
	second_connection(&s, "sued");
	worker_open(&a, &s);
	worker_open(&b, &s);
	ck_assert(!round_of(&a, &s, "nord"));
	ck_assert(connection_resume(&resumed, s.poller.db, s.broker, "sued", s.mem, &s.e));
	ck_assert_str_eq(resumed.issuer, "seeufer");
	ck_assert_ptr_nonnull(resumed.until);
	ck_assert_msg(round_of(&b, &s, "sued"), "%s", b.e.text);
	ck_assert(connection_resume(&resumed, s.poller.db, s.broker, "sued", s.mem, &s.e));
	ck_assert_ptr_null(resumed.until);
	ck_assert(!connection_resume(&resumed, s.poller.db, s.broker, "nobody", s.mem, &s.e));
	stage_end(&s);
}
END_TEST

START_TEST(calls_a_minute_are_shared_by_all)
{
	struct worker_of a, b;
	struct stage s;
	int64_t waits[4];

	scene_open(&s);
	stage_begin(&s);
	second_connection(&s, "sued");
	worker_open(&a, &s);
	worker_open(&b, &s);
	ck_assert(claims(&a, &s, "nord") && enters(&a, &s));
	ck_assert(claims(&b, &s, "sued") && enters(&b, &s));
	for (int i = 0; i < 4; i++) {
		struct rows *rows;

		ck_assert(db_call((i % 2 ? a : b).poller.db, SQL_throttle_call, &rows, s.mem, &s.e,
				  "seeufer", "600"));
		waits[i] = rows_int(rows, 0, "wait_ms");
	}
	ck_assert_int_eq(waits[0], 0);
	for (int i = 1; i < 4; i++) /* ten minutes apart, less what the machine needed */
		ck_assert(waits[i] > (i * 600 - 300) * 1000 && waits[i] <= i * 600 * 1000);
	stage_end(&s);
}
END_TEST

/* ---- windows ---- */

static void assert_window(struct stage *s, const char *window, const char *zone, const char *at,
			  int64_t opens_s, int64_t closes_s)
{
	struct window w;
	struct rows *rows;

	ck_assert_msg(window_parse(&w, window, &s->e), "%s", s->e.text);
	ck_assert_msg(db_call(s->poller.db, SQL_window_open, &rows, s->mem, &s->e,
			      windows_json(&w, 1, s->mem), zone, at),
		      "%s", s->e.text);
	ck_assert_msg(rows_int(rows, 0, "opens_s") == opens_s, "%s at %s opens in %lld", window, at,
		      (long long)rows_int(rows, 0, "opens_s"));
	ck_assert_msg(rows_int(rows, 0, "closes_s") == closes_s, "%s at %s closes in %lld", window,
		      at, (long long)rows_int(rows, 0, "closes_s"));
}

START_TEST(windows_go_by_the_insurers_zone_summer_and_winter)
{
	struct stage s;

	scene_open(&s);
	stage_begin(&s);
	assert_window(&s, "mo-fr 06:00-22:00", "Europe/Berlin", "2026-01-07T05:30:00+01", 1800, 0);
	assert_window(&s, "mo-fr 06:00-22:00", "Europe/Berlin", "2026-01-07T21:59:00+01", 0, 60);
	assert_window(&s, "mo-fr 06:00-22:00", "Europe/Berlin", "2026-01-09T22:00:00+01", 56 * 3600,
		      0); /* Friday night: Monday morning */
	assert_window(&s, "mo-fr 06:00-22:00", "Europe/Berlin", "2026-07-08T05:00:00+02", 3600, 0);
	/* The night in which the hour between two and three is missing. */
	assert_window(&s, "su 04:00-05:00", "Europe/Berlin", "2026-03-29T00:00:00+01", 3 * 3600, 0);
	assert_window(&s, "daily 22:00-06:00", "Europe/Berlin", "2026-01-07T01:00:00+01", 0,
		      5 * 3600);
	assert_window(&s, "daily 00:00-24:00", "UTC", "2026-01-07T23:00:00Z", 0, 3600);
	assert_window(&s, "fr-su 08:00-09:00", "UTC", "2026-01-11T10:00:00Z", (4 * 24 + 22) * 3600,
		      0);
	stage_end(&s);
}
END_TEST

static const char *const wrong_windows[] = { "",
					     "mo",
					     "mo 06:00",
					     "mo-fr 6-22",
					     "xx 06:00-22:00",
					     "mo, 06:00-22:00",
					     "mo 24:00-25:00",
					     "mo 06:00-24:01",
					     "mo 06:60-22:00",
					     "mo 06:00-22:00 ",
					     "mo 06:00-00:00",
					     "-mo 06:00-22:00" };

START_TEST(a_window_that_is_none)
{
	struct window w;
	struct err e = { 0 };

	ck_assert_msg(!window_parse(&w, wrong_windows[_i], &e), "'%s'", wrong_windows[_i]);
	ck_assert_int_eq(e.kind, ERR_SETUP);
}
END_TEST

START_TEST(a_closed_insurer_is_not_asked_and_nobody_failed)
{
	struct window tomorrow = { 0 };
	struct worker_of a;
	struct rows *rows;
	struct stage s;

	scene_open(&s);
	stage_begin(&s);
	worker_open(&a, &s);
	ck_assert(db_run(a.poller.db, SQL_clock_now, 0, NULL, &rows, s.mem, &a.e));
	tomorrow.days = 0x7f;
	stage_profile(&s)->time_zone = (char *)"UTC";
	for (int hour = 0; hour < 24; hour += 12) { /* one of both is closed, whenever this runs */
		struct poll_counts counts = { 0 };

		tomorrow.from = hour * 60;
		tomorrow.to = hour * 60 + 1;
		stage_profile(&s)->windows = &tomorrow;
		stage_profile(&s)->window_count = 1;
		all_due(&s);
		ck_assert(claims(&a, &s, "nord"));
		if (enters(&a, &s)) { /* just this minute */
			leaves(&a, &s);
			continue;
		}
		err_clear(&a.e);
		ck_assert(!poll_connection(&counts, &a.poller, &a.lease, &a.e));
		ck_assert(counts.turned_away);
		ck_assert_ptr_nonnull(strstr(a.e.text, "closed by his windows; he opens at 2"));
		/* The round that was told so does not come by again; the next one does. */
		ck_assert(!claims_since(&a, &s, rows_text(rows, 0, "now")));
		ck_assert(db_run(a.poller.db, SQL_clock_now, 0, NULL, &rows, s.mem, &a.e));
		ck_assert(claims_since(&a, &s, rows_text(rows, 0, "now")));
		leaves(&a, &s);
		stage_sql(talloc_asprintf(
			s.mem,
			"do $$ begin assert (select failures = 0 and last_error is null and due_at > "
			"now() and lease_until is null from connection where broker = '%s'); end $$",
			s.broker));
	}
	stage_end(&s);
}
END_TEST

/* ---- one account, several connections ---- */

START_TEST(a_wrong_password_is_tried_once_for_all_who_share_it)
{
	struct worker_of a, b;
	struct connection *sued;
	struct stage s;

	scene_open(&s);
	line(&s, WRONG_PASSWORD); /* nothing else is ever asked */
	stage_begin(&s);
	second_connection(&s, "sued");
	worker_open(&a, &s);
	worker_open(&b, &s);
	ck_assert(claims(&b, &s, "sued")); /* at it already, before the password is refused */
	ck_assert(!round_of(&a, &s, "nord"));
	ck_assert_int_eq(a.e.kind, ERR_LOGIN);
	err_clear(&b.e);
	ck_assert(!poll_connection(&s.counts, &b.poller, &b.lease, &b.e));
	ck_assert_int_eq(b.e.kind, ERR_LOGIN);
	ck_assert_ptr_nonnull(strstr(b.e.text, "was refused before"));
	ck_assert(connection_load(&sued, s.poller.db, s.broker, "sued", s.mem, &s.e));
	ck_assert(sued->paused);
	stage_end(&s);
}
END_TEST

START_TEST(those_that_share_the_account_stop_without_a_call)
{
	struct worker_of a;
	struct connection *sued, *other;
	struct resumed resumed;
	struct stage s;

	scene_open(&s);
	line(&s, WRONG_PASSWORD);
	SAY(&s, LIST_EMPTY); /* after it was resumed */
	stage_begin(&s);
	second_connection(&s, "sued");
	second_connection(&s, "west");
	stage_sql("update connection set username = 'anderer' where connection = 'west'");
	worker_open(&a, &s);
	ck_assert(!round_of(&a, &s, "nord"));
	ck_assert(connection_load(&sued, s.poller.db, s.broker, "sued", s.mem, &s.e));
	ck_assert(connection_load(&other, s.poller.db, s.broker, "west", s.mem, &s.e));
	ck_assert(sued->paused && !other->paused);
	ck_assert_ptr_nonnull(strstr(sued->pause_reason, "connection nord"));
	ck_assert(!claims(&a, &s, "sued"));
	ck_assert(connection_resume(&resumed, s.poller.db, s.broker, "sued", s.mem, &s.e));
	ck_assert_msg(round_of(&a, &s, "sued"), "%s", a.e.text);
	stage_end(&s);
}
END_TEST

/* Two log in at the same moment: the second waits, and then knows better. */
START_TEST(the_second_login_waits_for_the_first)
{
	struct err refused = { .kind = ERR_LOGIN, .text = "00961" };
	struct worker_of a, b;
	struct stage s;
	int status = 0;
	pid_t child;

	scene_open(&s);
	stage_begin(&s);
	second_connection(&s, "sued");
	worker_open(&a, &s);
	ck_assert(claims(&a, &s, "nord") && enters(&a, &s));
	ck_assert(throttle_gate(a.throttle)->login_enter(a.throttle, &a.e));
	child = fork();
	if (child == 0) {
		worker_open(&b, &s);
		_exit(!claims(&b, &s, "sued") || !enters(&b, &s) ||
				      throttle_gate(b.throttle)->login_enter(b.throttle, &b.e)
			      ? 0
			      : (int)b.e.kind);
	}
	role_sleep_ms(700);
	ck_assert_int_eq(waitpid(child, &status, WNOHANG), 0); /* it waits */
	throttle_gate(a.throttle)->login_leave(a.throttle, &refused);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(WEXITSTATUS(status), ERR_LOGIN);
	stage_end(&s);
}
END_TEST

/* ---- clocks ---- */

/* That the clock jumped back by a year looks like this: all that was written down lies a year ahead. */
START_TEST(a_clock_that_jumped_back_stops_nobody)
{
	struct worker_of a, b;
	struct rows *rows;
	struct stage s;

	scene_open(&s);
	stage_begin(&s);
	second_connection(&s, "sued");
	stage_profile(&s)->parallel = 1;
	worker_open(&a, &s);
	worker_open(&b, &s);
	ck_assert(claims(&a, &s, "nord") && enters(&a, &s));
	throttle_gate(a.throttle)->busy(a.throttle, 60);
	ck_assert(throttle_gate(a.throttle)->login_enter(a.throttle, &a.e));
	ck_assert(db_call(s.poller.db, SQL_throttle_call, NULL, NULL, &s.e, "seeufer", "60"));
	stage_sql(
		"update connection set due_at = due_at + interval '1 year', lease_until = lease_until + "
		"interval '1 year', last_attempt_at = last_attempt_at + interval '1 year';"
		"update throttle set next_call_at = next_call_at + interval '1 year', blocked_until = "
		"blocked_until + interval '1 year', busy_at = busy_at + interval '1 year';"
		"update throttle_slot set until = until + interval '1 year';"
		"update credential set until = until + interval '1 year'");
	ck_assert(db_call(s.poller.db, SQL_throttle_call, &rows, s.mem, &s.e, "seeufer", "60"));
	ck_assert_int_eq(rows_int(rows, 0, "wait_ms"), 0);
	ck_assert_int_le(rows_int(rows, 0, "blocked_s"), 86400); /* a day, not a year */
	throttle_gate(a.throttle)->busy(a.throttle, 5);          /* ... and a fresh word counts */
	ck_assert(db_call(s.poller.db, SQL_throttle_look, &rows, s.mem, &s.e, "seeufer"));
	ck_assert_int_le(rows_int(rows, 0, "blocked_s"), 5);
	stage_sql("update throttle set blocked_until = null");
	ck_assert(claims(&b, &s, "nord")); /* its lease is void: nobody renews a year ahead */
	ck_assert_int_gt(b.lease.fence, a.lease.fence);
	ck_assert(enters(&b, &s));
	ck_assert(throttle_gate(b.throttle)->login_enter(b.throttle, &b.e));
	a.lease.renewed_ms -= LEASE_S * 1000;
	ck_assert(!lease_keep(&a.lease, a.poller.db, s.broker,
			      &a.e)); /* who held it before is fenced off */
	ck_assert_int_eq(a.e.kind, ERR_CONFLICT);
	stage_end(&s);
}
END_TEST

/* Forward: what waits is due early, a lease ends early and its holder is fenced off; nothing is written twice. */
START_TEST(a_clock_that_jumped_forward_stops_nobody)
{
	struct worker_of a, b;
	struct rows *rows;
	struct stage s;

	scene_open(&s);
	stage_begin(&s);
	worker_open(&a, &s);
	worker_open(&b, &s);
	ck_assert(claims(&a, &s, "nord") && enters(&a, &s));
	stage_sql(
		"update connection set due_at = due_at - interval '1 year', lease_until = lease_until - "
		"interval '1 year'; update throttle_slot set until = until - interval '1 year'");
	ck_assert(claims(&b, &s, "nord") && enters(&b, &s));
	ck_assert(db_call(a.poller.db, SQL_shipment_list, &rows, s.mem, &a.e, s.broker, "nord",
			  talloc_asprintf(s.mem, "%lld", (long long)a.lease.fence),
			  "[{\"id\": \"A\"}]", "0"));
	ck_assert_int_eq(rows_count(rows), 0);
	stage_sql("update connection set lease_until = null");
	stage_profile(&s)->parallel = 1; /* b's slot alone */
	throttle_leave(
		b.throttle,
		&(struct err){ .kind = ERR_CONFLICT }); /* its lease was lost: the slot is free */
	ck_assert(claims(&a, &s, "nord") && enters(&a, &s));
	stage_end(&s);
}
END_TEST

static TCase *cases(void)
{
	TCase *t = tcase_create("throttle");

	tcase_add_test(t, a_slot_is_held_by_one_worker_at_a_time);
	tcase_add_test(t, the_slot_lives_and_dies_with_the_lease);
	tcase_add_test(t, good_rounds_add_and_a_busy_insurer_halves);
	tcase_add_test(t, what_one_is_told_all_keep_to);
	tcase_add_test(t, a_resume_lifts_what_one_was_told);
	tcase_add_test(t, calls_a_minute_are_shared_by_all);
	tcase_add_test(t, windows_go_by_the_insurers_zone_summer_and_winter);
	tcase_add_loop_test(t, a_window_that_is_none, 0,
			    sizeof wrong_windows / sizeof *wrong_windows);
	tcase_add_test(t, a_closed_insurer_is_not_asked_and_nobody_failed);
	tcase_add_test(t, a_wrong_password_is_tried_once_for_all_who_share_it);
	tcase_add_test(t, those_that_share_the_account_stop_without_a_call);
	tcase_add_test(t, the_second_login_waits_for_the_first);
	tcase_add_test(t, a_clock_that_jumped_back_stops_nobody);
	tcase_add_test(t, a_clock_that_jumped_forward_stops_nobody);
	return t;
}

int main(void)
{
	return stage_main("throttle", cases());
}
