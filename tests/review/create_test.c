/* create_test.c -- a clerk makes the contract that the stock has not: what it needs, what speaks against it, and its end. */
#include "clerk.h"

START_TEST(a_contract_is_made_and_unmade)
{
	static const struct {
		const char *says, *member;
	} wrong[] = {
		{ "'birth_date': 'gestern'", "contract.birth_date" },
		{ "'starts_on': '2025-02-30'", "contract.starts_on" },
		{ "'starts_on': '0000-01-01'", "contract.starts_on" },
		{ "'ends_on': '2025-02-30'", "contract.ends_on" },
		{ "'starts_on': '2025-03-03', 'ends_on': '2025-03-02'", "contract.ends_on" },
		{ "'start': '2025-03-03'", "contract.start" },
		{ "'birth_date': '2999-01-01'", "contract.birth_date" },
		{ "'line': 'zzz'", "contract.line" },
		{ "'line': '999'", "contract.line" },
		{ "'vu': 'seeufer'", "contract.vu" },
		{ "'vu': '123456'", "contract.vu" },
		{ "'name': 'Mu\\u202eretsum'", "contract.name" },
		{ "'name': 'Mu\\u0007ster'", "contract.name" },
		{ "'plate': 'LI\\u200b-VP 17'", "contract.plate" },
	};
	char *id = arrive("S-1", "policy=XY-1;line=050"), *second, *other;
	struct got got =
		decide_as(clerk, id, "contract", 1,
			  "'contract': {'contract_id': 'N-1', 'number': 'XY-1',"
			  " 'customer_id': 'C-9', 'name': 'Mu\\\"ster', 'starts_on': '2024-05-01',"
			  " 'ends_on': '2094-05-01'}");

	is_ok(got);
	ck_assert_str_eq(standing(id), "filed person N-1");
	ck_assert_str_eq(ask("select issuer || ' ' || line || ' ' || source from contract"),
			 "north 050 person");
	ck_assert_str_eq(ask("select starts_on || ' ' || ends_on from contract"),
			 "2024-05-01 2094-05-01");
	second = arrive("S-2", "policy=XY 1;line=050");
	ck_assert_str_eq(standing(second), "filed exact N-1");
	other = arrive("S-3", "policy=ZZ-9;line=050");
	got = decide_as(clerk, other, "contract", 1,
			"'contract': {'number': 'xy 1', 'name': 'Anders'}");
	is_problem(got, 409, "conflict", "has this number already");
	ck_assert_str_eq(in(got, "contract_id"), "N-1");
	is_problem(decide_as(clerk, other, "contract", 1, "'contract': {'number': '!!!'}"), 422,
		   "content", "cannot be a contract's");
	ck_assert_str_eq(ask("select count(*) from contract"), "1");
	is_ok(decide_as(clerk, id, "undo", 2, ""));
	ck_assert_str_eq(ask("select count(*) from contract"), "0");
	ck_assert_str_eq(standing(id), "queued number_unknown");
	ck_assert_str_eq(standing(second), "queued number_unknown");
	is_problem(decide_as(clerk, id, "contract", 3, "'contract': {'name': 'Muster'}"), 422,
		   "content", "a contract needs a number");
	is_problem(decide_as(clerk, id, "contract", 3, "'contract': {'number': 'X', 'rich': 'y'}"),
		   422, "content", "contract.rich");
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		got = decide_as(clerk, id, "contract", 3,
				talloc_asprintf(house.mem, "'contract': {'number': 'X1', %s}",
						wrong[i].says));
		is_problem(got, 422, "content", wrong[i].member);
		ck_assert_str_eq(in(got, "member"), wrong[i].member);
	}
	ck_assert_str_eq(ask("select count(*) from contract"), "0");
}
END_TEST

/* Contracts of a bundle share the number, each in its line: somebody says that he knows. Of one line it is the same contract twice. */
START_TEST(a_second_line_of_a_number_is_said_twice)
{
	const char *bundle = "'contract': {'contract_id': 'N-2', 'number': '47.11', 'line': '130'}";
	struct got got;
	char *id;

	contract_add("A", "4711");
	ask("update contract set line = '040'");
	id = arrive("S-1", "policy=XY-1");
	got = decide_as(clerk, id, "contract", 1, bundle);
	is_problem(got, 409, "conflict", "this needs to be confirmed");
	ck_assert_str_eq(in(got, "confirm.0.code"), "same_number");
	ck_assert_str_eq(
		in(got, "confirm.0.says_de"),
		"unter dieser Nummer gibt es schon einen Vertrag einer anderen Sparte, oder ein anderer Vertrag hat sie als Antrags-, Schaden- oder Maklernummer");
	ck_assert_str_eq(in(got, "confirm.1"), "-");
	ck_assert_str_eq(ask("select count(*) from contract"), "1");
	for (size_t i = 0; i < 2; i++) {
		got = decide_as(clerk, id, "contract", 1,
				i ? "'contract': {'number': '4711'}, 'confirm': ['same_number']"
				  : "'contract': {'number': '4711', 'line': '40'},"
				    " 'confirm': ['same_number']");
		is_problem(got, 409, "conflict", "has this number already");
		ck_assert_str_eq(in(got, "contract_id"), "A");
	}
	is_ok(decide_as(clerk, id, "contract", 1,
			talloc_asprintf(house.mem, "%s, 'confirm': ['same_number']", bundle)));
	ck_assert_str_eq(standing(id), "filed person N-2");
	ck_assert_str_eq(standing(arrive("S-2", "policy=4711;line=130")), "filed exact N-2");
	ck_assert_str_eq(standing(arrive("S-3", "policy=4711;line=040")), "filed exact A");
	ck_assert_str_eq(standing(arrive("S-4", "policy=4711")), "queued several_contracts");
}
END_TEST

/* Another contract's application number is like it by chance: no reason to refuse, and documents wait. */
START_TEST(an_application_number_is_no_contracts)
{
	const char *order = "'contract': {'contract_id': 'N-2', 'number': '4711', 'line': '050'}";
	struct got got;
	char *id;

	contract_add("A", "9999");
	ask("update contract set line = '050', application_number = '4711'");
	ask("insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
	    " values ('demo', 'north', '4711', 'A', 'application', '4711')");
	id = arrive("S-1", "policy=XY-1");
	got = decide_as(clerk, id, "contract", 1, order);
	is_problem(got, 409, "conflict", "this needs to be confirmed");
	ck_assert_str_eq(in(got, "confirm.0.code"), "same_number");
	is_ok(decide_as(clerk, id, "contract", 1,
			talloc_asprintf(house.mem, "%s, 'confirm': ['same_number']", order)));
	ck_assert_str_eq(standing(arrive("S-2", "policy=4711")), "queued several_contracts");
}
END_TEST

/* All of it at once, so that he is asked once. */
START_TEST(whatever_speaks_against_a_new_contract)
{
	const char *order = "'contract': {'number': '4711', 'line': '130', 'name': 'Anders',"
			    " 'birth_date': '1950-06-07'}";
	struct got got;
	char *id;

	contract_add("A", "4711");
	ask("update contract set line = '040'");
	id = arrive("S-1", "policy=XY-1;name=Muster;born=1980-02-03");
	got = decide_as(clerk, id, "contract", 1, order);
	is_problem(got, 409, "conflict", "this needs to be confirmed");
	ck_assert_str_eq(in(got, "confirm.0.code"), "other_holder");
	ck_assert_str_eq(in(got, "confirm.1.code"), "same_number");
	is_problem(decide_as(clerk, id, "contract", 1,
			     talloc_asprintf(house.mem, "%s, 'confirm': ['same_number']", order)),
		   409, "conflict", "another person's");
	ck_assert_str_eq(ask("select count(*) from contract"), "1");
}
END_TEST

/* A wrong digit in the customer's number: whoever has it would be told of somebody else's document. */
START_TEST(a_customer_who_is_somebody_else)
{
	static const struct {
		const char *document, *holder;
		bool asked;
	} made[] = {
		{ "policy=XY-1;name=Muster;born=1980-02-03", "'name': 'Muster'", true },
		{ "policy=XY-1;name=Muster;born=1980-02-03", "'line': '050'", true },
		{ "policy=XY-1", "'name': 'Muster', 'first_name': 'Jana'", true },
		{ "policy=XY-1", "'name': 'Anders', 'birth_date': '1980-02-03'", true },
		{ "policy=XY-1;name=Anders", "'name': 'Anders', 'first_name': 'Erik'", false },
		{ "policy=XY-1;name=Anders", "'line': '050'", false },
		{ "policy=XY-1", "'line': '050'", false },
	};

	contract_add("A", "4711");
	ask("update contract set name = 'Anders', first_name = 'Erik', birth_date = '1950-06-07'");
	for (size_t i = 0; i < sizeof made / sizeof *made; i++) {
		char *id = arrive(talloc_asprintf(house.mem, "S-%zu", i), made[i].document);
		char *order = talloc_asprintf(
			house.mem, "'contract': {'number': '77%zu', 'customer_id': 'C-A', %s}", i,
			made[i].holder);
		struct got got = decide_as(clerk, id, "contract", 1, order);

		ck_assert_int_eq(got.status, made[i].asked ? 409 : 200);
		if (!made[i].asked)
			continue;
		ck_assert_str_eq(in(got, "confirm.0.code"), "other_customer");
		ck_assert_str_eq(in(got, "confirm.0.says_de"),
				 "unter dieser Kundennummer steht im Bestand jemand anderes");
		ck_assert_str_eq(standing(id), "queued number_unknown");
	}
	is_ok(decide_as(clerk, arrive("S-c", "policy=XY-1"), "contract", 1,
			"'confirm': ['other_customer'],"
			" 'contract': {'number': '888', 'customer_id': 'C-A', 'name': 'Muster'}"));
	is_ok(decide_as(clerk, arrive("S-n", "policy=XY-1;name=Muster"), "contract", 1,
			"'contract': {'number': '999', 'customer_id': 'C-new', 'name': 'Muster'}"));
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("create");

	tcase_add_test(tc, a_contract_is_made_and_unmade);
	tcase_add_test(tc, a_second_line_of_a_number_is_said_twice);
	tcase_add_test(tc, an_application_number_is_no_contracts);
	tcase_add_test(tc, whatever_speaks_against_a_new_contract);
	tcase_add_test(tc, a_customer_who_is_somebody_else);
	return clerk_run("create", tc);
}
