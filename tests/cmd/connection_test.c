/* connection_test.c -- `vorpost connection ...` and the names of endpoints: what is refused, what changes, what stays. */
#include "program.h"

static const char *row(void)
{
	return program_sql(
		"select concat_ws(' ', sts_url, transfer_url, username, ca_file, consumer_id,"
		" poll_interval_s, failures, state) from connection");
}

START_TEST(names_that_are_refused)
{
	program_gives(64, "connection add .x --insurer north --sts https://a.example/ --transfer "
			  "https://a.example/ --user u --password-file /dev/null");
	program_says(err, "a connection's name");
	program_gives(64, "endpoint add a/b https://a.example/ --secret-file /dev/null");
	program_says(err, "an endpoint's name");
}
END_TEST

START_TEST(a_name_that_is_taken)
{
	connection_made("west", 1);
	program_gives(69,
		      talloc_asprintf(program.mem,
				      "connection add west --insurer north --sts https://a.example/"
				      " --transfer https://a.example/ --user u --password-file %s",
				      program.password));
	program_says(err, "there is already a connection 'west'");
}
END_TEST

START_TEST(what_is_given_changes_and_the_rest_stays)
{
	connection_made("west", 1);
	program_sql("update connection set failures = 3, state = 'paused', ca_file = '/x'");
	program_gives(0, "connection change west --sts https://b.example/sts --interval 600 "
			 "--consumer-id C7 --allow-plain");
	ck_assert_str_eq(
		row(),
		"https://b.example/sts http://127.0.0.1:1/transfer broker /x C7 600 3 paused");
	program_gives(0, "connection change west --user other --interval=0 --ca= --consumer-id= "
			 "--transfer https://b.example/t");
	ck_assert_str_eq(row(), "https://b.example/sts https://b.example/t other 3 paused");
}
END_TEST

START_TEST(what_is_wrong_changes_nothing)
{
	const char *before;

	connection_made("west", 1);
	before = talloc_strdup(program.mem, row());
	program_gives(66, "connection change nope --user u");
	program_gives(64, "connection change west --sts http://b.example/ --allow-plain");
	program_gives(64, "connection change west --user u"); /* its addresses are plain */
	program_gives(64, "connection change west --user= --allow-plain");
	program_gives(64, "connection change west --interval 5 --allow-plain");
	program_gives(64, "connection change west --password-file /nowhere --allow-plain");
	program_gives(64, "connection change west --password-file= --allow-plain");
	ck_assert_str_eq(row(), before);
}
END_TEST

START_TEST(only_one_without_shipments_is_removed)
{
	connection_made("west", 1);
	program_sql(
		"insert into shipment (broker, connection, shipment_id) values ('demo', 'west', 'S')");
	program_gives(69, "connection remove west");
	program_says(err, "has shipments");
	program_sql("delete from shipment");
	program_gives(0, "connection remove west");
	ck_assert_str_eq(program_sql("select count(*) from connection"), "0");
	program_gives(66, "connection remove west");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("connection");

	tcase_add_test(tc, names_that_are_refused);
	tcase_add_test(tc, a_name_that_is_taken);
	tcase_add_test(tc, what_is_given_changes_and_the_rest_stays);
	tcase_add_test(tc, what_is_wrong_changes_nothing);
	tcase_add_test(tc, only_one_without_shipments_is_removed);
	return program_cases(suite_create("connection"), tc);
}
