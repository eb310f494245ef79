#include "matcher/queue.h"

#include <sys/wait.h>

#include "house.h"

#include "matcher/objections.h"
#include "matcher/rematch.h"

static struct decided done;

static struct decision want(const char *document, const char *contract)
{
	return (struct decision){ .document = document,
				  .contract = contract,
				  .by = "clerk",
				  .note = "seen",
				  .confirmed = OBJECTION_SEVERAL_CUSTOMERS,
				  .reason = "other" };
}

static void do_assign(const char *document, const char *contract)
{
	struct decision decision = want(document, contract);
	struct err e = { 0 };

	ck_assert_msg(queue_assign(&house.matcher, &decision, &done, house.mem, &e), "%s", e.text);
}

static void do_undo(const char *document)
{
	struct decision decision = want(document, NULL);
	struct err e = { 0 };

	ck_assert_msg(queue_undo(&house.matcher, &decision, &done, house.mem, &e), "%s", e.text);
}

static enum err_kind refused(bool (*act)(const struct matcher *, const struct decision *,
					 struct decided *, TALLOC_CTX *, struct err *),
			     const char *document, const char *contract)
{
	struct decision decision = want(document, contract);
	struct err e = { 0 };

	ck_assert(!act(&house.matcher, &decision, &done, house.mem, &e));
	return e.kind;
}

/* Decisions, names of persons, events: what nothing may have changed. */
static const char *ledger(void)
{
	return ask("select (select count(*) from decision) || ' ' ||"
		   " (select count(*) from contract_name where origin = 'person') || ' ' ||"
		   " (select count(*) from event)");
}

START_TEST(what_is_refused)
{
	char *id;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=XY1");
	ck_assert_int_eq(refused(queue_assign, "0123", "A"), ERR_USAGE);
	ck_assert_int_eq(refused(queue_assign, "' or 1=1 --", "A"), ERR_USAGE);
	ck_assert_int_eq(refused(queue_assign, "", "A"), ERR_USAGE);
	ck_assert_int_eq(refused(queue_assign, "00000000-0000-0000-0000-000000000000-", "A"),
			 ERR_USAGE);
	ck_assert_int_eq(refused(queue_assign, "ffffffff-ffff", "A"), ERR_MISSING);
	ck_assert_int_eq(refused(queue_assign, id, "B"), ERR_MISSING);
	ck_assert_int_eq(refused(queue_undo, id, NULL), ERR_REFUSED);
	ck_assert_str_eq(ledger(), "0 0 1");
	ck_assert_str_eq(standing(id), "queued number_unknown");
}
END_TEST

START_TEST(a_shortened_id)
{
	struct err e = { 0 };
	char *id = arrive("S-1", "policy=XY1");
	char *shorter = talloc_strndup(house.mem, id, 20);
	struct stored *found;

	ask("update document set document_id = '01900000-0000-7000-8000-000000000001'");
	found = queue_document(&house.matcher, "019000", house.mem, &e);
	ck_assert_ptr_nonnull(found);
	ck_assert_str_eq(found->document_id, "01900000-0000-7000-8000-000000000001");
	ck_assert_ptr_null(queue_document(&house.matcher, shorter, house.mem, &e));
	ck_assert_int_eq(e.kind, ERR_MISSING);
	arrive("S-2", "policy=XY2");
	ask("update document set document_id = '01900000-0000-7000-8000-000000000002' where shipment_id = 'S-2'");
	err_clear(&e);
	ck_assert_ptr_null(queue_document(&house.matcher, "01900000-0000-7000", house.mem, &e));
	ck_assert_int_eq(e.kind, ERR_USAGE);
	err_clear(&e);
	ck_assert_ptr_nonnull(queue_document(&house.matcher, "01900000-0000-7000-8000-000000000002",
					     house.mem, &e));
}
END_TEST

START_TEST(assign_writes_everything_at_once)
{
	char *id;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=XY-1");
	do_assign(id, "A");
	ck_assert(done.alias);
	ck_assert_str_eq(standing(id), "filed person A");
	ck_assert_str_eq(events_of(id), "unmatched north, attached C-A");
	ck_assert_str_eq(ask("select key || ' ' || spelling || ' ' || created_by from contract_name"
			     " where origin = 'person'"),
			 "XY1 XY-1 clerk");
	ck_assert_str_eq(
		ask("select action || ' ' || contract_id || ' ' || key || ' ' || note || ' ' || decided_by"
		    " from decision"),
		"assign A XY1 seen clerk");
	ck_assert_str_eq(ask("select before ->> 'reason' from decision"), "number_unknown");
	ck_assert_str_eq(ask("select version || ' ' || decided_by from document"), "2 clerk");
}
END_TEST

START_TEST(the_next_document_of_the_number)
{
	char *next;

	contract_add("A", "4711");
	do_assign(arrive("S-1", "policy=XY-1"), "A");
	next = arrive("S-2", "policy=xy 1");
	ck_assert_str_eq(standing(next), "filed alias A");
	ck_assert_str_eq(events_of(next), "attached C-A");
}
END_TEST

/* The alias is kept in the picture's form: another spelling of the number leads to it too. */
START_TEST(the_next_document_in_another_spelling)
{
	contract_add("A", "4711");
	do_assign(arrive("S-1", "policy=27182818;line=050"), "A");
	ck_assert_str_eq(standing(arrive("S-2", "policy=NS-27182818;line=050")), "filed alias A");
}
END_TEST

START_TEST(undo_takes_everything_back)
{
	char *id;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=XY-1");
	do_assign(id, "A");
	do_undo(id);
	ck_assert_str_eq(done.action, "assign");
	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_str_eq(events_of(id), "unmatched north, attached C-A, detached C-A");
	ck_assert_str_eq(ask("select count(*) from contract_name where origin = 'person'"), "0");
	ck_assert_str_eq(ask("select coalesce(decided_by, 'matcher') from document"), "matcher");
	ck_assert_str_eq(standing(arrive("S-2", "policy=XY-1")), "queued number_unknown");
	ck_assert_int_eq(refused(queue_undo, id, NULL), ERR_REFUSED);
}
END_TEST

/* What a wrong alias has filed meanwhile is at a stranger's: it comes back with it. */
START_TEST(undo_takes_back_what_the_alias_filed)
{
	char *first, *second, *exact;

	contract_add("A", "4711");
	first = arrive("S-1", "policy=XY-1");
	do_assign(first, "A");
	second = arrive("S-2", "policy=XY-1");
	exact = arrive("S-3", "policy=4711");
	do_undo(first);
	ck_assert_int_eq(done.withdrawn, 1);
	ck_assert_str_eq(standing(second), "queued number_unknown");
	ck_assert_str_eq(events_of(second), "attached C-A, detached C-A");
	ck_assert_str_eq(standing(exact), "filed exact A");
}
END_TEST

START_TEST(assign_undo_assign_undo)
{
	char *id;

	contract_add("A", "4711");
	contract_add("B", "4712");
	id = arrive("S-1", "policy=XY-1");
	do_assign(id, "A");
	do_undo(id);
	do_assign(id, "B");
	ck_assert_str_eq(standing(id), "filed person B");
	ck_assert_str_eq(ask("select contract_id from contract_name where origin = 'person'"), "B");
	do_undo(id);
	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_str_eq(ask("select count(*) from decision"), "4");
	ck_assert_str_eq(events_of(id),
			 "unmatched north, attached C-A, detached C-A, attached C-B, detached C-B");
}
END_TEST

/* A name of the stock is not given away, nor taken away by undo. */
START_TEST(a_name_that_is_taken)
{
	char *id;

	contract_add("A", "4711");
	contract_add("B", "4712");
	id = arrive("S-1", "policy=4711;policy=4711;line=020");
	ask("update contract set line = '050' where contract_id = 'A'");
	id = arrive("S-2", "policy=4711;line=020");
	ck_assert_str_eq(standing(id), "queued line_contradicts");
	do_assign(id, "B");
	ck_assert(!done.alias);
	ck_assert_ptr_nonnull(strstr(done.no_alias, "another contract"));
	ck_assert_str_eq(standing(id), "filed person B");
	do_undo(id);
	ck_assert_str_eq(ask("select count(*) from contract_name"), "2");
	do_assign(id, "A");
	ck_assert_ptr_nonnull(strstr(done.no_alias, "already a name of this"));
	do_undo(id);
	ck_assert_str_eq(ask("select count(*) from contract_name"), "2");
}
END_TEST

START_TEST(no_alias_where_none_may_be)
{
	struct decision decision;
	struct err e = { 0 };

	contract_add("A", "4711");
	do_assign(arrive("S-1", "policy=XY1;policy=XY2"), "A");
	ck_assert(!done.alias);
	do_assign(arrive("S-2", "claim=88001"), "A");
	ck_assert(!done.alias);
	do_assign(arrive("S-3", "policy=XY3;data"), "A");
	ck_assert(!done.alias);
	decision = want(arrive("S-4", "policy=XY4"), "A");
	decision.no_alias = true;
	ck_assert(queue_assign(&house.matcher, &decision, &done, house.mem, &e));
	ck_assert(!done.alias);
	ck_assert_str_eq(ask("select count(*) from contract_name where origin = 'person'"), "0");
}
END_TEST

START_TEST(others_of_the_same_number)
{
	struct decision decision;
	struct err e = { 0 };
	char *first, *second, *third;

	contract_add("A", "4711");
	first = arrive("S-1", "policy=XY1");
	second = arrive("S-2", "policy=XY1");
	third = arrive("S-3", "policy=XY2");
	do_assign(first, "A");
	ck_assert_int_eq(done.others, 1);
	ck_assert_str_eq(standing(second), "queued number_unknown");
	do_undo(first);
	decision = want(first, "A");
	decision.also = true;
	ck_assert(queue_assign(&house.matcher, &decision, &done, house.mem, &e));
	ck_assert_int_eq(done.others, 1);
	ck_assert_str_eq(standing(second), "filed alias A");
	ck_assert_str_eq(standing(third), "queued number_unknown");
	do_undo(first);
	ck_assert_int_eq(done.withdrawn, 1);
	ck_assert_str_eq(standing(second), "queued number_unknown");
}
END_TEST

/* The number was a name already: the queue is matched all the same. */
START_TEST(others_of_a_known_number)
{
	struct decision decision;
	struct err e = { 0 };
	char *first, *second;

	first = arrive("S-1", "policy=4711");
	second = arrive("S-2", "policy=4711");
	contract_add("A", "4711");
	decision = want(first, "A");
	decision.also = true;
	ck_assert(queue_assign(&house.matcher, &decision, &done, house.mem, &e));
	ck_assert(!done.alias);
	ck_assert_int_eq(done.others, 1);
	ck_assert_str_eq(standing(second), "filed exact A");
}
END_TEST

/* A number of its own leads there as well: the alias had only made the two agree, and goes with both. */
START_TEST(undo_takes_back_what_the_alias_filed_with_others)
{
	char *first, *several;

	contract_add("A", "4711");
	contract_add("B", "4712");
	ask("update contract set customer_id = 'K'");
	first = arrive("S-1", "policy=XY-1");
	do_assign(first, "A");
	several = arrive("S-2", "policy=XY-1;policy=4712");
	ck_assert_str_eq(ask("select contract_id from document_contract"), "B");
	do_undo(first);
	ck_assert_int_eq(done.withdrawn, 1);
	ck_assert(strstr(standing(several), "queued"));
	ck_assert_str_eq(ask("select count(*) from document_contract"), "0");
}
END_TEST

/* The number leads to the very contract from which a person takes it back: now, and whenever the queue is matched again. */
START_TEST(undo_is_not_undone_by_the_matcher)
{
	struct rematch_counts counts;
	struct err e = { 0 };
	char *id = arrive("S-1", "policy=4711");

	contract_add("A", "4711");
	do_assign(id, "A");
	do_undo(id);
	ck_assert_str_eq(standing(id), "queued taken_back");
	ck_assert_str_eq(ask("select candidates ->> 0 from document"), "A");
	ck_assert(rematch_all(&house.matcher, &(struct rematch_order){ 0 }, &counts, &e));
	ck_assert_str_eq(standing(id), "queued taken_back");
	do_assign(id, "A");
	ck_assert_str_eq(standing(id), "filed person A");
}
END_TEST

/* Filed by the matcher, wrong all the same: detached there, attached here. */
START_TEST(a_wrong_one_is_put_right)
{
	char *id;

	contract_add("A", "4711");
	contract_add("B", "4712");
	id = arrive("S-1", "policy=4711");
	do_assign(id, "B");
	ck_assert_str_eq(standing(id), "filed person B");
	ck_assert_str_eq(events_of(id), "attached C-A, detached C-A, attached C-B");
	do_undo(id);
	ck_assert_str_eq(standing(id), "filed exact A");
	ck_assert_str_eq(events_of(id),
			 "attached C-A, detached C-A, attached C-B, detached C-B, attached C-A");
	ck_assert_int_eq(refused(queue_assign, id, "A"), ERR_REFUSED);
}
END_TEST

START_TEST(a_persons_decision_is_not_overwritten)
{
	char *id;

	contract_add("A", "4711");
	contract_add("B", "4712");
	id = arrive("S-1", "policy=XY1");
	do_assign(id, "A");
	ck_assert_int_eq(refused(queue_assign, id, "B"), ERR_REFUSED);
	ck_assert_int_eq(refused(queue_ignore, id, NULL), ERR_REFUSED);
	ck_assert_str_eq(ledger(), "1 1 2");
}
END_TEST

/* A person's correction is taken back after the alias that had filed the document before is gone: to go back to where
 * it was would be to put it at a stranger's. */
START_TEST(undo_does_not_bring_back_a_withdrawn_alias)
{
	struct decision decision;
	struct err e = { 0 };
	char *first, *second;

	contract_add("A", "4711");
	contract_add("B", "4712");
	first = arrive("S-1", "policy=XY1");
	second = arrive("S-2", "policy=XY1");
	decision = want(first, "A");
	decision.also = true;
	ck_assert(queue_assign(&house.matcher, &decision, &done, house.mem, &e));
	ck_assert_str_eq(standing(second), "filed alias A");
	decision = want(second, "B");
	decision.no_alias = true;
	ck_assert(queue_assign(&house.matcher, &decision, &done, house.mem, &e));
	do_undo(first);
	ck_assert_str_eq(standing(second), "filed person B");
	do_undo(second);
	ck_assert_str_eq(standing(second), "queued number_unknown");
}
END_TEST

/* Between decision and undo the stock learned the number. */
START_TEST(undo_decides_by_the_names_of_today)
{
	char *id = arrive("S-1", "policy=4712");

	contract_add("A", "4711");
	do_assign(id, "A");
	contract_add("B", "4712");
	do_undo(id);
	ck_assert_str_eq(standing(id), "filed exact B");
}
END_TEST

/* What a person had decided before still holds. */
START_TEST(undo_goes_back_to_ignored)
{
	struct decision decision;
	struct err e = { 0 };
	char *id = arrive("S-1", "policy=XY1");

	contract_add("A", "4711");
	decision = want(id, NULL);
	ck_assert(queue_ignore(&house.matcher, &decision, &done, house.mem, &e));
	do_assign(id, "A");
	do_undo(id);
	ck_assert_str_eq(standing(id), "ignored number_unknown");
	do_undo(id);
	ck_assert_str_eq(standing(id), "queued number_unknown");
}
END_TEST

START_TEST(ignore_and_undo)
{
	struct decision decision;
	struct err e = { 0 };
	char *id = arrive("S-1", "policy=XY1");

	decision = want(id, NULL);
	ck_assert(queue_ignore(&house.matcher, &decision, &done, house.mem, &e));
	ck_assert_str_eq(standing(id), "ignored number_unknown");
	ck_assert_int_eq(refused(queue_ignore, id, NULL), ERR_REFUSED);
	do_undo(id);
	ck_assert_str_eq(done.action, "ignore");
	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_str_eq(events_of(id), "unmatched north");
}
END_TEST

/* A failure at the very end leaves nothing of the decision. */
START_TEST(half_a_decision_is_none)
{
	char *id;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=XY1");
	ask("alter table decision add constraint refuse check (action <> 'assign')");
	ck_assert_int_eq(refused(queue_assign, id, "A"), ERR_BUG);
	ask("alter table decision drop constraint refuse");
	ck_assert_str_eq(ledger(), "0 0 1");
	ck_assert_str_eq(standing(id), "queued number_unknown");
	do_assign(id, "A");
	ck_assert_str_eq(ledger(), "1 1 2");
}
END_TEST

/* ---- contracts made by hand ---- */

static struct contract new_contract(const char *id)
{
	return (struct contract){
		.contract_id = (char *)id, .vu = "9001", .number = "4711", .line = "040"
	};
}

/* In a process of its own, over a connection of its own: the error's kind. */
static int colleague_makes(const char *document)
{
	struct matcher matcher = house.matcher;
	struct contract made = new_contract("B");
	struct decision decision = want(document, NULL);
	struct err e = { 0 };

	decision.created = &made;
	matcher.db = db_open(house.conninfo, house.mem, &e);
	if (matcher.db && queue_create(&matcher, &decision, &done, house.mem, &e))
		return ERR_NONE;
	return (int)e.kind;
}

struct meanwhile {
	const char *document;
	pid_t colleague;
};

/* At the last moment of the first: the second goes as far as it comes, to its end or to somebody's lock. */
static bool a_colleague_comes(struct db *db, const char *document, void *arg, struct err *e)
{
	struct meanwhile *m = arg;

	(void)db, (void)document, (void)e;
	m->colleague = fork();
	if (m->colleague == 0)
		_exit(colleague_makes(m->document));
	for (;;) {
		siginfo_t info = { 0 };

		waitid(P_PID, (id_t)m->colleague, &info, WEXITED | WNOHANG | WNOWAIT);
		if (info.si_pid ||
		    *ask("select 'waits' from pg_stat_activity"
			 " where datname = current_database() and wait_event_type = 'Lock'"))
			return true;
		usleep(2000);
	}
}

START_TEST(two_make_one_number)
{
	struct contract made = new_contract("A");
	struct meanwhile m = { arrive("S-2", "policy=XY2"), 0 };
	struct decision decision = want(arrive("S-1", "policy=XY1"), NULL);
	struct err e = { 0 };
	int status;

	decision.created = &made;
	decision.with = a_colleague_comes;
	decision.with_arg = &m;
	ck_assert_msg(queue_create(&house.matcher, &decision, &done, house.mem, &e), "%s", e.text);
	ck_assert_int_eq(waitpid(m.colleague, &status, 0), m.colleague);
	ck_assert(WIFEXITED(status));
	ck_assert_int_eq(WEXITSTATUS(status), ERR_REFUSED);
	ck_assert_str_eq(ask("select string_agg(contract_id, ' ') from contract"), "A");
	ck_assert_str_eq(standing(m.document), "queued number_unknown");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("queue");

	tcase_add_test(tc, what_is_refused);
	tcase_add_test(tc, a_shortened_id);
	tcase_add_test(tc, assign_writes_everything_at_once);
	tcase_add_test(tc, the_next_document_of_the_number);
	tcase_add_test(tc, the_next_document_in_another_spelling);
	tcase_add_test(tc, undo_takes_everything_back);
	tcase_add_test(tc, undo_takes_back_what_the_alias_filed);
	tcase_add_test(tc, assign_undo_assign_undo);
	tcase_add_test(tc, a_name_that_is_taken);
	tcase_add_test(tc, no_alias_where_none_may_be);
	tcase_add_test(tc, others_of_the_same_number);
	tcase_add_test(tc, others_of_a_known_number);
	tcase_add_test(tc, undo_takes_back_what_the_alias_filed_with_others);
	tcase_add_test(tc, undo_is_not_undone_by_the_matcher);
	tcase_add_test(tc, a_wrong_one_is_put_right);
	tcase_add_test(tc, a_persons_decision_is_not_overwritten);
	tcase_add_test(tc, undo_does_not_bring_back_a_withdrawn_alias);
	tcase_add_test(tc, undo_decides_by_the_names_of_today);
	tcase_add_test(tc, undo_goes_back_to_ignored);
	tcase_add_test(tc, ignore_and_undo);
	tcase_add_test(tc, half_a_decision_is_none);
	tcase_add_test(tc, two_make_one_number);
	return house_run(suite_create("queue"), tc);
}
