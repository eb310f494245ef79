/* race_test.c -- somebody else at the last moment: no document stays at a contract or by a name that is gone. */
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "matcher/rematch.h"
#include "matcher/rematch_due.h"
#include "person.h"

/* Documents that are filed at no contract: nobody would ever see them. */
static const char *hidden(void)
{
	return ask("select count(*) from document d where state = 'filed' and not exists"
		   " (select from contract c where c.contract_id = d.contract_id)");
}

/* ---- somebody who acts while a decision is not committed yet ---- */

/* He acts over a connection of his own, and waits for the decision where both concern the same. */
struct other {
	const char *letter;              /* a delivery, as S-2 */
	const char *document, *contract; /* a colleague assigns */
	bool undoes; /* a colleague takes back what is decided about the same document */
	pid_t pid;
};

static bool other_acts(const struct other *o, const char *document)
{
	struct err e = { 0 };
	struct recorded counts;
	struct decision decision = want(o->document ? o->document : document, o->contract);

	house.matcher.db = db_open(house.conninfo, house.mem, &e);
	if (!house.matcher.db)
		return false;
	if (o->letter)
		return record_at("north", "S-2", o->letter, 1, 7, &counts, &e);
	return (o->undoes ? queue_undo : queue_assign)(&house.matcher, &decision, &done, house.mem,
						       &e);
}

static bool waits_for_lock(void)
{
	ask("select pg_stat_clear_snapshot()");
	return *ask("select 'waits' from pg_stat_activity"
		    " where datname = current_database() and wait_event_type = 'Lock'");
}

/* Until he waits, or is done because nothing holds him. */
static bool other_comes(struct db *db, const char *document, void *arg, struct err *e)
{
	struct other *o = arg;
	siginfo_t ended = { 0 };

	(void)db, (void)e;
	o->pid = fork();
	if (o->pid == 0)
		_exit(!other_acts(o, document));
	while (!waits_for_lock() && !ended.si_pid) {
		usleep(2000);
		waitid(P_PID, (id_t)o->pid, &ended, WEXITED | WNOHANG | WNOWAIT);
	}
	return true;
}

/* Whether he got what he wanted. */
static bool decide_while(queue_act *act, struct decision decision, struct other *o)
{
	int status;

	if (o->letter)
		shipment_list("S-2");
	decision.with = other_comes;
	decision.with_arg = o;
	must(act, decision);
	ck_assert_int_eq(waitpid(o->pid, &status, 0), o->pid);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static const char *second(void)
{
	return standing(talloc_strdup(
		house.mem, ask("select document_id from document where shipment_id = 'S-2'")));
}

/* ---- a contract that was made by hand ---- */

START_TEST(unmade_while_a_delivery_comes)
{
	char *id = arrive("S-1", "policy=4711");
	struct other delivery = { .letter = "policy=4711" };

	make(id, "M", "040");
	ck_assert(decide_while(queue_undo, want(id, NULL), &delivery));
	ck_assert_str_eq(hidden(), "0");
	ck_assert_str_eq(second(), "queued number_unknown");
}
END_TEST

START_TEST(unmade_while_a_colleague_assigns)
{
	char *id = arrive("S-1", "policy=4711"), *claim = arrive("S-2", "claim=777");
	struct other colleague = { .document = claim, .contract = "M" };

	make(id, "M", "040");
	ck_assert(!decide_while(queue_undo, want(id, NULL), &colleague));
	ck_assert_str_eq(hidden(), "0");
	ck_assert_str_eq(second(), "queued claim_number_only");
}
END_TEST

/* The other way round: who came first is there, and the contract stays. */
START_TEST(a_colleague_assigns_while_it_is_unmade)
{
	char *id = arrive("S-1", "policy=4711"), *claim = arrive("S-2", "claim=777");
	struct other colleague = { .document = id, .undoes = true };

	make(id, "M", "040");
	ck_assert(decide_while(queue_assign, want(claim, "M"), &colleague));
	ck_assert_str_eq(hidden(), "0");
	ck_assert_str_eq(second(), "filed person M");
	ck_assert_str_eq(ask("select contract_id from contract"), "M");
}
END_TEST

/* An import changes a field of it and has not committed yet. */
START_TEST(unmade_while_an_import_changes_it)
{
	char *id = arrive("S-1", "policy=4711");
	struct other clerk = { .document = id, .undoes = true };
	int status;

	make(id, "M", "040");
	ask("begin");
	ask("update contract set postcode = '20095', source = 'crm',"
	    " changed_at = now() + interval '1 second' where contract_id = 'M'");
	other_comes(NULL, id, &clerk, NULL);
	ask("commit");
	ck_assert_int_eq(waitpid(clerk.pid, &status, 0), clerk.pid);
	ck_assert_int_eq(WEXITSTATUS(status), 0);
	ck_assert_str_eq(ask("select source from contract"), "crm");
}
END_TEST

/* ---- a name that is taken back ---- */

START_TEST(alias_taken_back_while_a_delivery_comes)
{
	char *id = arrive("S-1", "policy=4712");
	struct other delivery = { .letter = "policy=4712" };

	contract_add("A", "4711");
	must(queue_assign, want(id, "A"));
	ck_assert(decide_while(queue_undo, want(id, NULL), &delivery));
	ck_assert_str_eq(ask("select count(*) from contract_name where key = '4712'"), "0");
	ck_assert_str_eq(second(), "queued number_unknown");
	ck_assert_str_eq(ask("select count(*) from event where type = 'document.attached'"), "1");
}
END_TEST

/* A claim that nobody vouches for any more. */
START_TEST(claim_taken_back_while_a_delivery_comes)
{
	char *id = arrive("S-1", "claim=88001");
	struct other delivery = { .letter = "claim=88001" };

	contract_add("A", "4711");
	must(queue_assign, want(id, "A"));
	ck_assert(decide_while(queue_undo, want(id, NULL), &delivery));
	ck_assert_str_eq(second(), "queued claim_number_only");
}
END_TEST

/* ---- two about one document ---- */

START_TEST(undo_waits_for_an_assignment_to_several)
{
	const char *more[] = { "B" };
	char *id = arrive("S-1", "policy=XY1");
	struct decision decision = want(id, "A");
	struct other colleague = { .undoes = true };

	contract_add("A", "4711");
	contract_add("B", "4712");
	decision.more = more;
	decision.more_count = 1;
	decision.several_customers = true;
	ck_assert(decide_while(queue_assign, decision, &colleague));
	ck_assert_str_eq(events_of(id), "unmatched north, attached C-A, attached C-B,"
					" detached C-A, detached C-B");
	ck_assert_str_eq(ask("select taken_back from document"), "{A,B}");
}
END_TEST

/* ---- two clerks at one number ---- */

struct clerk {
	const char *document, *contract;
	pthread_t thread;
	struct err e;
};

static void *clerk_assigns(void *arg)
{
	struct clerk *clerk = arg;
	struct matcher matcher = house.matcher;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct decision decision = want(clerk->document, clerk->contract);
	struct decided decided;

	decision.also = true;
	matcher.db = db_open(house.conninfo, mem, &clerk->e);
	if (matcher.db)
		queue_assign(&matcher, &decision, &decided, mem, &clerk->e);
	talloc_free(mem);
	return NULL;
}

/* Eight numbers, two letters each, and both clerks file theirs at the same moment with all others of the number. */
static void two_at_once(const char *one, const char *other)
{
	const char *contracts[] = { one, other };

	contract_add("A", "99001");
	contract_add("B", "99002");
	for (int i = 0; i < 8; i++) {
		struct clerk clerks[2] = { 0 };

		for (int k = 0; k < 2; k++) {
			clerks[k].contract = contracts[k];
			clerks[k].document =
				arrive(talloc_asprintf(house.mem, "S-%d-%d", i, k),
				       talloc_asprintf(house.mem, "policy=5000%02d", i));
		}
		for (int k = 0; k < 2; k++)
			pthread_create(&clerks[k].thread, NULL, clerk_assigns, &clerks[k]);
		for (int k = 0; k < 2; k++) {
			pthread_join(clerks[k].thread, NULL);
			ck_assert_msg(clerks[k].e.kind == ERR_NONE ||
					      clerks[k].e.kind == ERR_REFUSED,
				      "%s", clerks[k].e.text);
		}
	}
	ck_assert_str_eq(ask("select count(*) from document where state <> 'filed'"), "0");
	ck_assert_str_eq(
		ask("select count(*) from (select from contract_name where origin = 'person'"
		    " group by key having count(*) > 1) as t"),
		"0");
}

START_TEST(two_clerks_one_contract)
{
	two_at_once("A", "A");
}
END_TEST

START_TEST(two_clerks_two_contracts)
{
	two_at_once("A", "B");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("race");

	tcase_add_test(tc, unmade_while_a_delivery_comes);
	tcase_add_test(tc, unmade_while_a_colleague_assigns);
	tcase_add_test(tc, a_colleague_assigns_while_it_is_unmade);
	tcase_add_test(tc, unmade_while_an_import_changes_it);
	tcase_add_test(tc, alias_taken_back_while_a_delivery_comes);
	tcase_add_test(tc, claim_taken_back_while_a_delivery_comes);
	tcase_add_test(tc, undo_waits_for_an_assignment_to_several);
	tcase_add_test(tc, two_clerks_one_contract);
	tcase_add_test(tc, two_clerks_two_contracts);
	return house_run(suite_create("race"), tc);
}
