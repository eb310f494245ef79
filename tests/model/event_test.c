/* event_test.c -- the closed table of event types and the filters over it. */
#include "model/event.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static TALLOC_CTX *mem;
static struct err e;

static void open_mem(void)
{
	mem = talloc_new(NULL);
	e = (struct err){ 0 };
}

static void close_mem(void)
{
	talloc_free(mem);
}

START_TEST(the_names_of_the_table_are_those_of_the_header)
{
#define EVENT_TYPE(symbol, name, audience, stands, class, version)                                 \
	ck_assert_str_eq(EVENT_##symbol, name);
#include "model/event_types.def"
#undef EVENT_TYPE
}
END_TEST

START_TEST(no_name_twice)
{
	for (int i = 0; i < event_type_count; i++)
		ck_assert_ptr_eq(event_type_find(event_types[i].name), &event_types[i]);
}
END_TEST

START_TEST(known_is_what_the_outbox_may_hold)
{
	ck_assert(event_type_known(EVENT_CONNECTION_RECOVERED));
	ck_assert(event_type_known(EVENT_DOCUMENT_DETACHED));
	ck_assert(!event_type_known(EVENT_ENDPOINT_TEST));
	ck_assert(!event_type_known("document.atached"));
	ck_assert(!event_type_known("customer"));
	ck_assert(!event_type_known(""));
	ck_assert(!event_type_known(NULL));
}
END_TEST

/* What names documents that nobody released must not count as the customer's. */
START_TEST(audiences)
{
	ck_assert_int_eq(event_audience(EVENT_DOCUMENT_ATTACHED), AUDIENCE_BROKER);
	ck_assert_int_eq(event_audience(EVENT_DOCUMENT_DETACHED), AUDIENCE_BROKER);
	ck_assert_int_eq(event_audience(EVENT_DOCUMENT_RELEASED), AUDIENCE_CUSTOMER);
	ck_assert_int_eq(event_audience(EVENT_DOCUMENT_WITHDRAWN), AUDIENCE_CUSTOMER);
	ck_assert_int_eq(event_audience("of.tomorrow"), AUDIENCE_BROKER);
}
END_TEST

START_TEST(what_a_class_announces)
{
	ck_assert_str_eq(event_type_of_class(CLASS_INVOICE), EVENT_INVOICE_ISSUED);
	ck_assert_str_eq(event_type_of_class(CLASS_DUNNING), EVENT_ARREARS_NOTIFIED);
	ck_assert_ptr_null(event_type_of_class(CLASS_OTHER));
	ck_assert_ptr_null(event_type_of_class(CLASSES));
	for (int i = 0; i < event_type_count;
	     i++) /* a document that is for no customer announces nothing */
		ck_assert(event_types[i].class == CLASSES ||
			  (business_class_for_customers(event_types[i].class) &&
			   event_types[i].audience == AUDIENCE_CUSTOMER));
}
END_TEST

static const struct {
	const char *filter, *array;
} filters[] = {
	{ "document.attached", "{document.attached}" },
	{ "queue.digest,document.attached", "{document.attached,queue.digest}" },
	{ " document.attached , document.attached,", "{document.attached}" },
	{ "{document.attached,queue.digest}", "{document.attached,queue.digest}" },
	{ "customer",
	  "{document.released,policy.issued,invoice.issued,endorsement.issued,arrears.notified,"
	  "cancellation.confirmed,claim.document.added,document.withdrawn,document.reassigned}" },
	{ "broker", "{document.attached,document.detached,document.unmatched,shipment.quarantined,"
		    "connection.failed,connection.recovered,contract.renumbered,queue.digest}" },
};

START_TEST(a_filter_becomes_types)
{
	char *array = NULL;

	ck_assert_msg(event_types_array(&array, filters[_i].filter, mem, &e), "%s", e.text);
	ck_assert_str_eq(array, filters[_i].array);
}
END_TEST

START_TEST(the_groups_together_are_all)
{
	char *both = NULL, *all = NULL;

	ck_assert(event_types_array(&both, "customer,broker", mem, &e));
	ck_assert(event_types_array(&all, "{all}", mem, &e));
	ck_assert_str_eq(both, all);
	ck_assert_ptr_null(strstr(all, "endpoint."));
}
END_TEST

static const char *const refused[] = {
	"",
	",",
	"{}",
	"nobody",
	"customers",
	"document.attached,document.atached",
	"Customer",
	"endpoint.test",
	"document.attached;drop table event",
	"\"a\"",
	"all,\xff\x1b[2J",
};

START_TEST(a_filter_is_refused)
{
	char *array = NULL;

	ck_assert(!event_types_array(&array, refused[_i], mem, &e));
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_ptr_null(array);
	ck_assert_ptr_null(strchr(e.text, 0x1b));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("event");
	TCase *tc = tcase_create("event");
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tc);
	tcase_add_checked_fixture(tc, open_mem, close_mem);
	tcase_add_test(tc, the_names_of_the_table_are_those_of_the_header);
	tcase_add_test(tc, no_name_twice);
	tcase_add_test(tc, known_is_what_the_outbox_may_hold);
	tcase_add_test(tc, audiences);
	tcase_add_test(tc, what_a_class_announces);
	tcase_add_loop_test(tc, a_filter_becomes_types, 0, sizeof filters / sizeof *filters);
	tcase_add_test(tc, the_groups_together_are_all);
	tcase_add_loop_test(tc, a_filter_is_refused, 0, sizeof refused / sizeof *refused);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
