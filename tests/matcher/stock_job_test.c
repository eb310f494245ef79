/* stock_job_test.c -- whose jobs are taken again: those of the dead, and one's own that was dropped; not those of the living. */
#include "matcher/stock_job.h"

#include <stdio.h>
#include <unistd.h>

#include "base/holder.h"
#include "house.h"

#define STOCK "contract_id,vu,number,customer_id\nA,9001,11111111,K-1\n"

static char folder[] = "/tmp/vorpost-jobs.XXXXXX";
static struct stock_job_worker worker;

/* A file, and the job of it as its holder left it. */
static void job_of(const char *holder)
{
	char *path = talloc_asprintf(house.mem, "%s/one.csv", folder);
	FILE *file = fopen(path, "we");

	ck_assert(file && fputs(STOCK, file) >= 0 && fclose(file) == 0);
	ask("delete from stock_job");
	ask(talloc_asprintf(
		house.mem,
		"insert into stock_job (broker, job_id, place, file, state, dry_run, partial, many_vanished, requested_by,"
		" holder, attempts, bytes) values ('demo', gen_random_uuid(), 'here', 'one.csv', 'running', false, true, false,"
		" 'anna', '%s', 1, %zu)",
		holder, strlen(STOCK)));
}

static bool step(void)
{
	struct stock_job_done done;
	struct err e = { 0 };

	ck_assert_msg(stock_job_step(&done, &worker, house.mem, &e), "%s", e.text);
	ck_assert_msg(!done.why.kind, "%s", done.why.text);
	return done.worked;
}

static void worker_make(void)
{
	struct err e = { 0 };

	worker = (struct stock_job_worker){ .db = house.matcher.db,
					    .beside = db_open(house.conninfo, house.mem, &e),
					    .insurers = house.matcher.insurers,
					    .place = "here",
					    .folder = folder,
					    .holder = holder_self(house.mem) };
	ck_assert_msg(worker.beside, "%s", e.text);
}

/* The database was away in the middle of it: nothing was written, and whoever asks for the next has none at hand. */
START_TEST(ones_own_that_was_dropped)
{
	worker_make();
	job_of(worker.holder);
	ck_assert(step());
	ck_assert_str_eq(ask("select state || ' ' || attempts from stock_job"), "done 2");
	ck_assert_str_eq(ask("select number from contract"), "11111111");
	ck_assert(!step());
}
END_TEST

START_TEST(another_ones_who_lives)
{
	worker_make();
	job_of(holder_self(house.mem));
	ck_assert(!step());
	ck_assert_str_eq(ask("select state || ' ' || attempts from stock_job"), "running 1");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matcher/stock_job");
	TCase *tc = tcase_create("stock_job");
	char file[sizeof folder + 16];
	int code;

	if (!mkdtemp(folder))
		return 1;
	tcase_add_test(tc, ones_own_that_was_dropped);
	tcase_add_test(tc, another_ones_who_lives);
	code = house_run(suite, tc);
	snprintf(file, sizeof file, "%s/one.csv", folder);
	unlink(file);
	rmdir(folder);
	return code;
}
