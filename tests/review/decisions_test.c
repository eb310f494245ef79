/* decisions_test.c -- what a clerk decides: each operation, each refusal, and two clerks at once. */
#include <ctype.h>
#include <string.h>

#include "clerk.h"

#define DOC "/api/v1/documents/%s"

START_TEST(the_document_with_its_candidates)
{
	struct got got;
	char *id;

	contract_add("A", "27182819");
	ask("update contract set name = 'Muster', birth_date = '1980-02-03', line = '050'");
	/* As an import writes it: the picture's reading is a name, too. */
	ask("insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
	    " values ('demo', 'north', 'NS27182819', 'A', 'system', '27182819')");
	id = arrive("S-1", "policy=27182891;line=050;name=Muster;born=1980-02-03");
	got = see(DOC, id);
	is_ok(got);
	ck_assert_str_eq(in(got, "state"), "queued");
	ck_assert_str_eq(in(got, "facts.numbers.0.value"), "27182891");
	ck_assert_str_eq(in(got, "evidence.0.says_de"),
			 "kein Vertrag dieses Versicherers hat diese Nummer");
	ck_assert_str_eq(in(got, "candidates.0.contract_id"), "A");
	ck_assert_str_eq(in(got, "candidates.0.why.0.says_de"),
			 "Nachname stimmt überein (hier selten)");
	ck_assert_str_eq(in(got, "candidates.0.why_not.0.says"),
			 "two neighbouring characters of its number are changed over");
	ck_assert_str_eq(in(got, "candidates.0.effects.releases"), "held");
	ck_assert_str_eq(in(got, "candidates.0.effects.alias.possible"), "true");
	ck_assert_str_eq(in(got, "candidates.0.effects.also_solves"), "0");
	ck_assert_str_eq(in(got, "undo.possible"), "false");
	ck_assert_str_eq(in(got, "release"), "null");
}
END_TEST

/* Each way by which the matcher came to a suggestion is said, those beyond the number and the insurer, too. */
START_TEST(the_ways_to_candidates)
{
	struct got got;

	contract_add("A", "980123456");
	contract_add("B", "4711000");
	ask("update contract set name = 'Muster', birth_date = '1980-02-03' where contract_id = 'B'");
	got = see(DOC, arrive("S-1", "policy=980123456/2025;name=Muster"));
	is_ok(got);
	ck_assert_str_eq(in(got, "candidates.0.contract_id"), "A");
	ck_assert_str_eq(in(got, "candidates.0.why_not.0.says"),
			 "its number has a part more or less at one end");
	ck_assert_str_eq(in(got, "candidates.1.contract_id"), "B");
	ck_assert_str_eq(in(got, "candidates.1.why_not.0.says"), "only the holder suggests it");
}
END_TEST

START_TEST(assign_and_undo)
{
	struct got got;
	char *id, *other;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=XY-1");
	other = arrive("S-2", "policy=XY 1");
	ck_assert_str_eq(
		in(see(DOC "/candidates?contract_id=A", id), "items.0.effects.also_solves"), "1");
	got = decide_as(clerk, id, "assign", 1, "'contract_id': 'A', 'note': 'gesehen'");
	is_ok(got);
	ck_assert_str_eq(in(got, "alias"), "true");
	ck_assert_str_eq(in(got, "others"), "1");
	ck_assert_str_eq(in(got, "events"), "[\"document.attached\"]");
	ck_assert_str_eq(in(got, "document.state"), "filed");
	ck_assert_str_eq(in(got, "document.version"), "2");
	ck_assert_str_eq(standing(id), "filed person A");
	ck_assert_str_eq(standing(other), "queued number_unknown");
	got = see(DOC, id);
	ck_assert_str_eq(in(got, "contracts.0.contract_id"), "A");
	ck_assert_str_eq(in(got, "decisions.0.action"), "assign");
	ck_assert_str_eq(in(got, "decisions.0.by"), "token clerk");
	ck_assert_str_eq(in(got, "undo.possible"), "true");
	got = decide_as(colleague, id, "undo", 2, "");
	is_ok(got);
	ck_assert_str_eq(in(got, "undone"), "assign");
	ck_assert_str_eq(standing(id), "queued number_unknown");
	is_problem(decide_as(clerk, id, "undo", 3, ""), 409, "conflict",
		   "there is no decision to take back");
}
END_TEST

/* Both saw version 1; the second one is told how it stands now, and nothing of his happens. */
START_TEST(two_clerks_at_once)
{
	struct got got;
	char *id;

	contract_add("A", "4711");
	contract_add("B", "4712");
	id = arrive("S-1", "policy=XY-1");
	is_ok(decide_as(clerk, id, "assign", 1, "'contract_id': 'A'"));
	got = decide_as(colleague, id, "assign", 1, "'contract_id': 'B'");
	is_problem(got, 409, "conflict", "somebody decided about this document meanwhile");
	ck_assert_str_eq(in(got, "detail_de"),
			 "jemand hat inzwischen über dieses Dokument entschieden");
	ck_assert_str_eq(in(got, "document.state"), "filed");
	ck_assert_str_eq(in(got, "document.version"), "2");
	ck_assert_str_eq(standing(id), "filed person A");
	ck_assert_str_eq(ask("select count(*) from decision"), "1");
	ck_assert_str_eq(ask("select count(*) from contract_name where origin = 'person'"), "1");
}
END_TEST

/* Who takes back what he decided never takes back what a colleague decided since. */
START_TEST(an_undo_means_one_decision)
{
	struct got got;
	char *id;

	contract_add("A", "4711");
	contract_add("B", "4712");
	id = arrive("S-1", "policy=XY-1");
	is_ok(decide_as(clerk, id, "assign", 1, "'contract_id': 'A', 'alias': false"));
	is_ok(decide_as(colleague, id, "undo", 2, ""));
	is_ok(decide_as(colleague, id, "assign", 3, "'contract_id': 'B', 'alias': false"));
	is_problem(say_as(clerk, talloc_asprintf(house.mem, DOC "/undo", id), "{}"), 422, "content",
		   "version is missing");
	got = decide_as(clerk, id, "undo", 2, "");
	is_problem(got, 409, "conflict", "somebody decided about this document meanwhile");
	ck_assert_str_eq(in(got, "document.version"), "4");
	ck_assert_str_eq(standing(id), "filed person B");
}
END_TEST

/* What speaks against it is named by the candidate and by the refusal, and nothing is done until it is named back. */
static void objected(const char *id, const char *contract, const char *code, const char *german)
{
	const char *order = talloc_asprintf(house.mem, "'contract_id': '%s'", contract);
	const char *stood = talloc_strdup(house.mem, standing(id));
	struct got got = see(DOC "/candidates?contract_id=%s", id, contract);
	const char *list = strstr(got.body, code);

	is_ok(got);
	ck_assert_msg(list != NULL, "%s: %s", code, got.body);
	got = decide_as(clerk, id, "assign", 1, order);
	is_problem(got, 409, "conflict", "this needs to be confirmed");
	ck_assert_str_eq(in(got, "confirm.0.code"), code);
	ck_assert_str_eq(in(got, "confirm.0.says_de"), german);
	ck_assert_str_eq(in(got, "confirm.1"), "-");
	ck_assert_str_eq(in(got, "detail_de"),
			 talloc_asprintf(house.mem, "das muss bestätigt werden: %s", german));
	ck_assert_str_eq(standing(id), stood);
	got = decide_as(clerk, id, "assign", 1,
			talloc_asprintf(house.mem, "%s, 'confirm': ['nothing']", order));
	is_problem(got, 422, "content", "confirm knows several_customers");
	is_ok(decide_as(clerk, id, "assign", 1,
			talloc_asprintf(house.mem, "%s, 'confirm': ['%s']", order, code)));
	ck_assert_str_eq(standing(id), talloc_asprintf(house.mem, "filed person %s", contract));
}

START_TEST(much_against_it_is_said_twice)
{
	char *id;

	contract_add("A", "27182818");
	contract_add("B", "31415926");
	ask("update contract set name = 'Muster', first_name = 'Anna', birth_date = '1980-02-03'"
	    " where contract_id = 'A'");
	id = arrive("S-1", "policy=27182818;policy=31415926");
	ck_assert_str_eq(standing(id), "queued collective_document");
	objected(id, "A", "several_customers",
		 "es nennt Verträge, die nicht als die dieses Kunden bekannt sind");
	id = arrive("S-2", "policy=27182818;name=Anders;first=Ute;born=1950-06-07");
	ck_assert_str_eq(standing(id), "queued other_holder");
	objected(id, "A", "other_holder",
		 "die Lieferung nennt einen anderen Versicherungsnehmer als der Vertrag");
	ask("update contract set issuer = 'pool' where contract_id = 'B'");
	id = arrive("S-3", "policy=XY-9");
	objected(id, "B", "other_insurer",
		 "der Vertrag liegt bei einem anderen Versicherer als das Dokument");
	ck_assert_str_eq(ask("select count(*) from contract_name where contract_id = 'B'"
			     " and origin = 'person'"),
			 "0");
	clerk_review.strict_lines = true;
	contract_add("C", "16180339");
	id = arrive("S-4", "policy=XY-8;line=020");
	objected(id, "C", "strict_line",
		 "Kranken, Leben oder Unfall: außer der Nummer spricht nichts dafür");
	ask("update contract set vu = '4095' where contract_id = 'C'");
	id = arrive("S-5", "policy=XY-7");
	objected(id, "C", "strict_line",
		 "Kranken, Leben oder Unfall: außer der Nummer spricht nichts dafür");
}
END_TEST

/* What nobody objects to goes with one decision, and all contracts of one customer are no others. */
START_TEST(one_customers_contracts_need_no_second_word)
{
	char *id;

	contract_add("A", "27182818");
	contract_add("B", "31415926");
	ask("update contract set customer_id = 'C-1'");
	ask("update contract set ends_on = '2001-01-01' where contract_id = 'B'");
	id = arrive("S-1", "policy=27182818;policy=31415926");
	ck_assert_str_eq(standing(id), "queued collective_document");
	ck_assert_str_eq(in(see(DOC, id), "candidates.0.confirm"), "[]");
	is_ok(decide_as(clerk, id, "assign", 1, "'contract_id': 'A'"));
	is_ok(decide_as(clerk, arrive("S-2", "policy=XY-1;name=Muster"), "assign", 1,
			"'contract_id': 'A'"));
}
END_TEST

START_TEST(ignored_for_a_reason_of_the_list)
{
	char *id = arrive("S-1", "policy=XY-1");

	is_problem(decide_as(clerk, id, "ignore", 1, ""), 422, "content", "reason");
	is_problem(decide_as(clerk, id, "ignore", 1, "'reason': 'no idea'"), 422, "content",
		   "say why");
	is_ok(decide_as(clerk, id, "ignore", 1, "'reason': 'advertising'"));
	ck_assert_str_eq(ask("select state || ' ' || version from document"), "ignored 2");
	ck_assert_str_eq(ask("select reason from decision"), "advertising");
}
END_TEST

static void user_add(const char *broker, const char *name, const char *role)
{
	struct rows *rows;
	struct err e = { 0 };

	ck_assert_msg(db_call(stage.db, SQL_user_add, &rows, house.mem, &e, broker, name, name,
			      role, NULL, "test"),
		      "%s", e.text);
}

START_TEST(handed_only_to_who_may_decide)
{
	static const char *const none[] = { "nobody", "reader", "operator", "gone", "elsewhere" };
	char *id = arrive("S-1", "policy=XY-1");
	struct got got;

	ask("insert into broker values ('other')");
	user_add("demo", "reader", "read-only");
	user_add("demo", "operator", "operator");
	user_add("demo", "gone", "clerk");
	user_add("demo", "chefin", "lead");
	user_add("other", "elsewhere", "clerk");
	ask("update app_user set disabled_at = now() where name = 'gone'");
	for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
		got = decide_as(clerk, id, "hand-over", 1,
				talloc_asprintf(house.mem, "'to': '%s'", none[i]));
		is_problem(got, 422, "content", "may decide");
		ck_assert_str_eq(in(got, "detail_de"),
				 "Unter diesem Namen gibt es niemanden, der entscheiden darf.");
		is_problem(say_as(clerk, "/api/v1/bulk",
				  talloc_asprintf(house.mem,
						  "{'action': 'hand-over', 'to': '%s', 'documents':"
						  " [{'document_id': '%s', 'version': 1}]}",
						  none[i], id)),
			   422, "content", "may decide");
	}
	ck_assert_str_eq(ask("select count(*) from decision"), "0");
	got = see("/api/v1/colleagues");
	is_ok(got);
	ck_assert_str_eq(in(got, "items"), "[{\"name\":\"chefin\",\"user\":\"chefin\"}]");
	ck_assert_int_eq(get(reader, "/api/v1/colleagues").status, 403);
	is_ok(decide_as(clerk, id, "hand-over", 1, "'to': 'chefin'"));
	ck_assert_str_eq(ids_in(see("/api/v1/queue?assignee=chefin")), id);
}
END_TEST

START_TEST(put_off_and_handed_over)
{
	char *id = arrive("S-1", "policy=XY-1");
	struct got got;

	user_add("demo", "jana", "clerk");

	is_problem(decide_as(clerk, id, "postpone", 1, "'until': '2001-01-01T00:00:00Z'"), 422,
		   "content", "in the future");
	ask("select 1");
	got = decide_as(clerk, id, "postpone", 1,
			talloc_asprintf(house.mem, "'until': '%s', 'note': 'wartet auf Antwort'",
					ask("select to_char(now() + interval '3 days',"
					    " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")));
	is_ok(got);
	ck_assert_str_eq(in(got, "document.note"), "wartet auf Antwort");
	ck_assert_str_eq(ids_in(see("/api/v1/queue")), "");
	ck_assert_str_eq(ids_in(see("/api/v1/queue?state=postponed")), id);
	ck_assert_str_eq(in(see("/api/v1/queue/counts"), "postponed"), "1");
	is_ok(decide_as(clerk, id, "undo", 2, ""));
	ck_assert_str_eq(ids_in(see("/api/v1/queue")), id);
	is_ok(decide_as(clerk, id, "hand-over", 3, "'to': 'jana', 'note': 'bitte'"));
	ck_assert_str_eq(ids_in(see("/api/v1/queue?assignee=me")), "");
	ck_assert_str_eq(ids_in(see("/api/v1/queue?assignee=jana")), id);
	ck_assert_str_eq(ids_in(see("/api/v1/queue?assignee=none")), "");
	ask("update desk set assignee = 'token colleague'");
	ck_assert_str_eq(ids_in(get(colleague, "/api/v1/queue?assignee=me")), id);
	ck_assert_str_eq(in(get(colleague, "/api/v1/queue/counts"), "mine"), "1");
	ck_assert_str_eq(standing(id), "queued number_unknown");
}
END_TEST

START_TEST(what_is_refused)
{
	char *id;

	contract_add("A", "4711");
	id = arrive("S-1", "policy=XY-1");
	is_problem(say_as(reader, talloc_asprintf(house.mem, DOC "/assign", id), "{}"), 403,
		   "scope", "");
	is_problem(decide_as(clerk, "nonsense", "assign", 1, "'contract_id': 'A'"), 404, "missing",
		   "no such document");
	is_problem(decide_as(clerk, "ffffffff-ffff-7fff-8fff-ffffffffffff", "assign", 1,
			     "'contract_id': 'A'"),
		   404, "missing", "");
	is_problem(say_as(clerk, talloc_asprintf(house.mem, DOC "/assign", id),
			  "{'contract_id': 'A'}"),
		   422, "content", "version is missing");
	is_problem(decide_as(clerk, id, "assign", 1, ""), 422, "content", "contract_id");
	is_problem(decide_as(clerk, id, "assign", 1, "'contract_id': 'B'"), 404, "missing",
		   "there is no contract with this id");
	is_problem(decide_as(clerk, id, "assign", 1, "'contract_id': 'A', 'force': true"), 422,
		   "content", "force");
	is_problem(see("/api/v1/documents/%s/assign", id), 405, "method", "");
	ck_assert_str_eq(ask("select count(*) from decision"), "0");
	ck_assert_str_eq(standing(id), "queued number_unknown");
}
END_TEST

static char *with(const char *body, const char *preview)
{
	const char *at = strstr(body, "PREVIEW");

	return talloc_asprintf(house.mem, "%.*s%s%s", (int)(at - body), body, preview,
			       at + strlen("PREVIEW"));
}

START_TEST(many_at_once_with_a_preview)
{
	char *first, *second, *body;
	struct got got;

	contract_add("A", "4711");
	first = arrive("S-1", "policy=XY-1");
	second = arrive("S-2", "policy=XY-2");
	body = talloc_asprintf(house.mem,
			       "{'action': 'ignore', 'reason': 'advertising', 'preview': PREVIEW,"
			       " 'documents': [{'document_id': '%s', 'version': 1},"
			       " {'document_id': '%s', 'version': 7}]}",
			       first, second);
	got = say_as(clerk, "/api/v1/bulk", with(body, "true"));
	is_ok(got);
	ck_assert_str_eq(in(got, "items.0.would"), "ignore");
	ck_assert_str_eq(in(got, "items.1.refused"), "true");
	ck_assert_str_eq(in(got, "items.1.why_de"),
			 "jemand hat inzwischen über dieses Dokument entschieden");
	ck_assert_str_eq(standing(first), "queued number_unknown");
	ck_assert_str_eq(ask("select count(*) from decision"), "0");
	got = say_as(clerk, "/api/v1/bulk", with(body, "false"));
	is_ok(got);
	ck_assert_str_eq(in(got, "totals.done"), "1");
	ck_assert_str_eq(in(got, "totals.refused"), "1");
	ck_assert_str_eq(in(got, "items.0.version"), "2");
	ck_assert_str_eq(ask("select max(version) from document"), "2");
	ck_assert_str_eq(ask("select string_agg(state, ' ' order by shipment_id) from document"),
			 "ignored queued");
	got = say_as(clerk, "/api/v1/bulk",
		     talloc_asprintf(
			     house.mem,
			     "{'action': 'undo', 'documents': [{'document_id': '%s', 'version': 2},"
			     " {'document_id': '%s', 'version': 2}]}",
			     first, first));
	is_problem(got, 422, "content", "documents[1] is named twice");
	ck_assert_str_eq(in(got, "detail_de"), "Ein Dokument ist zweimal ausgewählt.");
	ck_assert_str_eq(standing(first), "ignored number_unknown");
	for (char *c = second; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	is_problem(
		say_as(clerk, "/api/v1/bulk",
		       talloc_asprintf(
			       house.mem,
			       "{'action': 'undo', 'documents': [{'document_id': '%s', 'version': 1},"
			       " {'document_id': '%s', 'version': 1}]}",
			       ask("select max(document_id::text) from document"), second)),
		422, "content", "documents[1] is named twice");
	is_problem(
		say_as(clerk, "/api/v1/bulk",
		       talloc_asprintf(
			       house.mem,
			       "{'action': 'undo', 'documents': [{'document_id': '%s', 'version': 2,"
			       " 'foo': 1}]}",
			       first)),
		422, "content", "foo");
	is_problem(say_as(clerk, "/api/v1/bulk", "{'action': 'burn', 'documents': []}"), 422,
		   "content", "action is");
	is_problem(say_as(clerk, "/api/v1/bulk",
			  "{'action': 'ignore', 'reason': 'other', 'documents': []}"),
		   422, "content", "1 to 200");
}
END_TEST

/* Many at once: each with what filing it does; nothing is remembered unasked; what speaks against one is said for that one. */
/* What is done is told, though the rest cannot be done. */
START_TEST(many_at_once_and_it_breaks_off)
{
	const char *all = "";
	char *id[3];
	struct got got;

	for (int i = 0; i < 3; i++) {
		id[i] = arrive(talloc_asprintf(house.mem, "S-%d", i), "policy=XY-1");
		all = talloc_asprintf(house.mem, "%s%s{'document_id': '%s', 'version': 1}", all,
				      i ? ", " : "", id[i]);
	}
	ask("create function break_off() returns trigger language plpgsql as"
	    " 'begin raise exception ''broken''; end'");
	ask(talloc_asprintf(house.mem,
			    "create trigger break_off before insert on decision for each row"
			    " when (new.document_id = '%s') execute function break_off()",
			    id[1]));
	got = say_as(clerk, "/api/v1/bulk",
		     talloc_asprintf(house.mem,
				     "{'action': 'ignore', 'reason': 'other', 'documents': [%s]}",
				     all));
	ask("drop trigger break_off on decision; drop function break_off()");
	is_ok(got);
	ck_assert_str_eq(in(got, "totals.done"), "1");
	ck_assert_str_eq(in(got, "totals.refused"), "2");
	ck_assert_str_eq(in(got, "items.0.done"), "ignore");
	ck_assert_str_eq(in(got, "items.1.document_id"), id[1]);
	ck_assert_str_eq(
		in(got, "items.1.why_de"),
		"hier brach es ab: ob darüber entschieden ist, zeigt ein neuer Blick auf das Dokument");
	ck_assert_str_eq(in(got, "items.2.why_de"),
			 "nicht versucht: bei einem Dokument davor brach es ab");
	ck_assert_str_eq(ask("select string_agg(state, ' ' order by shipment_id) from document"),
			 "ignored queued queued");
}
END_TEST

START_TEST(many_are_filed_with_their_effects_known)
{
	char *first, *second, *body;
	struct got got;

	contract_add("A", "27182818");
	ask("update contract set name = 'Muster', birth_date = '1980-02-03'");
	first = arrive("S-1", "policy=XY-1");
	second = arrive("S-2", "policy=XY-2;name=Anders;born=1950-06-07");
	body = talloc_asprintf(house.mem,
			       "{'action': 'assign', 'contract_id': 'A', 'preview': PREVIEW,"
			       " 'documents': [{'document_id': '%s', 'version': 1},"
			       " {'document_id': '%s', 'version': 1}]}",
			       first, second);
	got = say_as(clerk, "/api/v1/bulk", with(body, "true"));
	is_ok(got);
	ck_assert_str_eq(in(got, "contract.customer_id"), "C-A");
	ck_assert_str_eq(in(got, "contract.insurer.key"), "north");
	ck_assert_str_eq(in(got, "items.0.effects.releases"), "held");
	ck_assert_str_eq(in(got, "items.0.effects.event"), "document.attached");
	ck_assert_str_eq(in(got, "items.0.alias"), "false");
	ck_assert_str_eq(in(got, "items.1.confirm.0.code"), "other_holder");
	ck_assert_str_eq(standing(first), "queued number_unknown");
	got = say_as(clerk, "/api/v1/bulk", with(body, "false"));
	ck_assert_str_eq(in(got, "totals.done"), "1");
	ck_assert_str_eq(in(got, "totals.refused"), "1");
	ck_assert_str_eq(ask("select count(*) from contract_name where origin = 'person'"), "0");
	got = say_as(clerk, "/api/v1/bulk",
		     talloc_asprintf(house.mem,
				     "{'action': 'assign', 'contract_id': 'A', 'alias': true,"
				     " 'documents': [{'document_id': '%s', 'version': 1,"
				     " 'confirm': ['other_holder']}]}",
				     second));
	ck_assert_str_eq(in(got, "totals.done"), "1");
	ck_assert_str_eq(ask("select spelling from contract_name where origin = 'person'"), "XY-2");
	is_problem(say_as(clerk, "/api/v1/bulk",
			  talloc_asprintf(
				  house.mem,
				  "{'action': 'assign', 'contract_id': 'A', 'documents':"
				  " [{'document_id': '%s', 'version': 1, 'confirm': ['all']}]}",
				  second)),
		   422, "content", "documents[0].confirm knows");
}
END_TEST

START_TEST(every_view_and_decision_is_in_the_audit_log)
{
	char *id = arrive("S-1", "policy=XY-1");

	is_ok(see(DOC "?ahead=true", id));
	is_ok(see(DOC, id));
	is_ok(see(DOC "/candidates", id));
	is_problem(see(DOC "?ahead=perhaps", id), 400, "argument", "true or false");
	is_ok(decide_as(clerk, id, "ignore", 1, "'reason': 'other'"));
	ck_assert_str_eq(ask("select string_agg(action, ' ' order by audit_id) from audit"),
			 "document.preloaded document.viewed candidates.viewed document.ignore");
}
END_TEST

static const char *lines_about(const char *id)
{
	return ask(talloc_asprintf(
		house.mem,
		"select coalesce(string_agg(action, ' ' order by at), '') from audit where object = '%s'",
		id));
}

static const char *lookers(const char *id)
{
	return ask(talloc_asprintf(
		house.mem,
		"select coalesce(string_agg(locked_by, ' ' order by locked_by), '') from desk_lock"
		" where document_id = '%s'",
		id));
}

static void look(const char *token, const char *id)
{
	is_ok(say_as(token, talloc_asprintf(house.mem, "/api/v1/documents/%s/lock", id), "{}"));
}

/* The line of the audit log stands and falls with the decision, and so does the decider's lock; a colleague's stays. */
START_TEST(what_did_not_come_about_leaves_nothing)
{
	char *id = arrive("S-1", "policy=XY-1");
	char *other = arrive("S-2", "policy=XY-2");

	look(clerk, id);
	is_problem(decide_as(clerk, id, "ignore", 7, "'reason': 'other'"), 409, "conflict", "");
	ck_assert_str_eq(lines_about(id), "");
	ck_assert_str_eq(lookers(id), "token clerk");
	ask("alter table audit add constraint full_disk check (action <> 'document.ignore') not valid");
	is_problem(decide_as(clerk, id, "ignore", 1, "'reason': 'other'"), 500, "internal", "");
	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_str_eq(ask("select count(*) from decision"), "0");
	ck_assert_str_eq(lookers(id), "token clerk");
	ask("alter table audit drop constraint full_disk");
	is_ok(decide_as(clerk, id, "ignore", 1, "'reason': 'other'"));
	ck_assert_str_eq(lines_about(id), "document.ignore");
	ck_assert_str_eq(lookers(id), "");
	look(colleague, other);
	is_ok(decide_as(clerk, other, "ignore", 1, "'reason': 'other'"));
	ck_assert_str_eq(lookers(other), "token colleague");
}
END_TEST

START_TEST(so_do_those_of_many)
{
	char *id = arrive("S-1", "policy=XY-1");
	char *late = arrive("S-2", "policy=XY-2");
	char *body = talloc_asprintf(house.mem,
				     "'action': 'ignore', 'reason': 'other', 'documents': ["
				     "{'document_id': '%s', 'version': 1},"
				     "{'document_id': '%s', 'version': 9}]",
				     id, late);

	look(clerk, id);
	look(clerk, late);
	is_ok(say_as(clerk, "/api/v1/bulk",
		     talloc_asprintf(house.mem, "{%s, 'preview': true}", body)));
	ck_assert_str_eq(lines_about(id), "");
	ck_assert_str_eq(lookers(id), "token clerk");
	is_ok(say_as(clerk, "/api/v1/bulk", talloc_asprintf(house.mem, "{%s}", body)));
	ck_assert_str_eq(lines_about(id), "document.ignore");
	ck_assert_str_eq(lines_about(late), "");
	ck_assert_str_eq(lookers(id), "");
	ck_assert_str_eq(lookers(late), "token clerk");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("decisions");

	tcase_add_test(tc, the_document_with_its_candidates);
	tcase_add_test(tc, the_ways_to_candidates);
	tcase_add_test(tc, assign_and_undo);
	tcase_add_test(tc, two_clerks_at_once);
	tcase_add_test(tc, an_undo_means_one_decision);
	tcase_add_test(tc, much_against_it_is_said_twice);
	tcase_add_test(tc, one_customers_contracts_need_no_second_word);
	tcase_add_test(tc, ignored_for_a_reason_of_the_list);
	tcase_add_test(tc, put_off_and_handed_over);
	tcase_add_test(tc, handed_only_to_who_may_decide);
	tcase_add_test(tc, what_is_refused);
	tcase_add_test(tc, many_at_once_with_a_preview);
	tcase_add_test(tc, many_at_once_and_it_breaks_off);
	tcase_add_test(tc, many_are_filed_with_their_effects_known);
	tcase_add_test(tc, every_view_and_decision_is_in_the_audit_log);
	tcase_add_test(tc, what_did_not_come_about_leaves_nothing);
	tcase_add_test(tc, so_do_those_of_many);
	return clerk_run("decisions", tc);
}
