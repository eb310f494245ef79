/*
 * Requests byte for byte against tests/ingest/soap/NAME.xml. VORPOST_REBUILD=1 writes the files anew; read the diff.
 */
#include "ingest/soap.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct soap_values values = {
	.username = "tech-4711",
	.password = "not-a-real-one",
	.token = "bipro:1029384756102938475",
	.shipment_id = "70001",
};

/* Everything that XML or a reader at the other end would change, and what must stay as it is. */
static const struct soap_values hostile = {
	.username = "a\"b'c",
	.password = "<&]]>\t\xc3\xbc",
	.token = "bipro:<x>&amp;",
	.consumer_id = "</n:ConsumerID>",
	.shipment_id = "A&B<x \r\n>",
};

static const struct soap_values with_consumer = {
	.token = "bipro:1",
	.consumer_id = "012_34567",
	.shipment_id = "A-70002/x",
};

static struct profile newer(void)
{
	struct profile p = profile_default;

	p.transfer_version = "2.6.1.1.0";
	p.sts_version = "2.6.1.1.0";
	p.wrappers = WRAPPER_CAMEL;
	p.messages = MESSAGE_NACHRICHTEN;
	p.action = ACTION_URN;
	p.flag = FLAG_FALSE;
	p.category = NULL;
	return p;
}

static struct profile older(void)
{
	struct profile p = newer();

	p.transfer_version = "2.1.4.1.1";
	p.sts_version = "1.1.1.1.0";
	p.wrappers = WRAPPER_CAPITAL;
	p.messages = p.sts_messages = MESSAGE_ALLGEMEIN;
	return p;
}

static char *golden_read(const char *path)
{
	char *text = calloc(1, 16384);
	FILE *f = fopen(path, "r");

	ck_assert_msg(f != NULL, "%s is missing", path);
	text[fread(text, 1, 16383, f)] = '\0';
	fclose(f);
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static void assert_golden(const char *name, enum soap_operation operation, struct profile profile,
			  const struct soap_values *v)
{
	struct soap_text *t = soap_request(operation, &profile, v, NULL);
	char path[512];
	char *expected;

	snprintf(path, sizeof path, "%s/tests/ingest/soap/%s.xml", SOURCE_DIR, name);
	if (getenv("VORPOST_REBUILD")) {
		FILE *f = fopen(path, "w");

		fprintf(f, "%s\n", t->text);
		fclose(f);
	}
	expected = golden_read(path);
	ck_assert_str_eq(t->text, expected);
	ck_assert_uint_eq(t->len, strlen(expected));
	free(expected);
	talloc_free(t);
}

START_TEST(values_are_escaped)
{
	assert_golden("login_hostile", SOAP_LOGIN, newer(), &hostile);
	assert_golden("get_hostile", SOAP_GET, newer(), &hostile);
}
END_TEST

START_TEST(newer_releases)
{
	struct profile listing = newer();

	assert_golden("login", SOAP_LOGIN, newer(), &values);
	assert_golden("cancel", SOAP_CANCEL, newer(), &values);
	assert_golden("list", SOAP_LIST, newer(), &values);
	assert_golden("get", SOAP_GET, newer(), &values);
	assert_golden("acknowledge", SOAP_ACKNOWLEDGE, newer(), &values);
	listing.category = "140";
	listing.flag = FLAG_TRUE;
	assert_golden("list_consumer_category_true", SOAP_LIST, listing, &with_consumer);
	listing.category = NULL;
	listing.flag = FLAG_OMIT;
	assert_golden("list_omit", SOAP_LIST, listing, &with_consumer);
	assert_golden("get_consumer", SOAP_GET, listing, &with_consumer);
}
END_TEST

/* R2.1: BiPROVersion in allgemein, ConsumerID in transfer, and the get request has the flag too. */
START_TEST(older_releases)
{
	struct profile omit = older(), asked = older();

	assert_golden("old_login", SOAP_LOGIN, older(), &values);
	assert_golden("old_list", SOAP_LIST, older(), &with_consumer);
	assert_golden("old_get", SOAP_GET, older(), &with_consumer);
	assert_golden("old_acknowledge", SOAP_ACKNOWLEDGE, older(), &with_consumer);
	asked.flag = FLAG_TRUE; /* of lists: what is fetched is not confirmed by asking for it */
	assert_golden("old_get", SOAP_GET, asked, &with_consumer);
	omit.flag = FLAG_OMIT;
	assert_golden("old_get_omit", SOAP_GET, omit, &with_consumer);
}
END_TEST

/* Either service has a release of its own: 2.6 at the transfer service, 2.1 at the token service, and the other way round. */
START_TEST(each_service_has_its_own_release)
{
	struct profile mixed = newer(), back = older();

	mixed.sts_version = "2.1.1.1.0";
	mixed.sts_messages = MESSAGE_ALLGEMEIN;
	assert_golden("login_older_sts", SOAP_LOGIN, mixed, &values);
	assert_golden("list", SOAP_LIST, mixed, &values);
	back.sts_version = "2.6.1.1.0";
	back.sts_messages = MESSAGE_NACHRICHTEN;
	assert_golden("login", SOAP_LOGIN, back, &values);
	assert_golden("old_list", SOAP_LIST, back, &with_consumer);
	mixed.sts_version = NULL;
	assert_golden("login_no_version", SOAP_LOGIN, mixed, &values);
}
END_TEST

START_TEST(a_pool_is_asked_in_its_own_words)
{
	struct profile pool = newer();

	pool.sts_dialect = STS_VEMA;
	pool.sts_version = NULL;
	assert_golden("vema_login", SOAP_LOGIN, pool, &values);
	assert_golden("vema_cancel", SOAP_CANCEL, pool, &values);
	assert_golden("list", SOAP_LIST, pool, &values);
}
END_TEST

#define RST "http://schemas.xmlsoap.org/ws/2005/02/trust/RST"

START_TEST(actions)
{
	static const struct {
		enum soap_action style;
		enum wrapper_case wrappers;
		enum soap_operation operation;
		const char *action;
	} cases[] = {
		{ ACTION_URN, WRAPPER_CAMEL, SOAP_LOGIN, "urn:RequestSecurityToken" },
		{ ACTION_URN, WRAPPER_CAMEL, SOAP_CANCEL, "urn:RequestSecurityToken" },
		{ ACTION_URN, WRAPPER_CAMEL, SOAP_LIST, "urn:listShipments" },
		{ ACTION_URN, WRAPPER_CAPITAL, SOAP_GET, "urn:GetShipment" },
		{ ACTION_BARE, WRAPPER_CAMEL, SOAP_ACKNOWLEDGE, "acknowledgeShipment" },
		{ ACTION_EMPTY, WRAPPER_CAMEL, SOAP_LIST, "" },
		{ ACTION_EMPTY, WRAPPER_CAMEL, SOAP_LOGIN, "" },
		{ ACTION_URI, WRAPPER_CAPITAL, SOAP_GET, "urn:x:GetShipment#y" },
		{ ACTION_URI, WRAPPER_CAMEL, SOAP_LIST, "urn:x:listShipments#y" },
		{ ACTION_URI, WRAPPER_CAMEL, SOAP_LOGIN, RST "/Issue" },
		{ ACTION_URI, WRAPPER_CAMEL, SOAP_CANCEL, RST "/Cancel" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct profile p = newer();
		char *action;

		p.action = p.sts_action = cases[i].style;
		p.action_uri = "urn:x:*#y";
		p.sts_action_uri = RST "/*";
		p.wrappers = cases[i].wrappers;
		action = soap_action(cases[i].operation, &p, NULL);
		ck_assert_str_eq(action, cases[i].action);
		talloc_free(action);
	}
}
END_TEST

START_TEST(each_service_has_its_own_action)
{
	struct profile p = newer();
	char *action;

	p.action = ACTION_EMPTY;
	p.sts_action = ACTION_URI;
	p.sts_action_uri = RST "/SCT";
	action = soap_action(SOAP_LIST, &p, NULL);
	ck_assert_str_eq(action, "");
	talloc_free(action);
	action = soap_action(SOAP_CANCEL, &p, NULL);
	ck_assert_str_eq(action, RST "/SCT");
	talloc_free(action);
}
END_TEST

/* A session can be a signed token of many kilobytes: the text grows and stays whole. */
START_TEST(a_long_token_goes_through_whole)
{
	struct profile profile = newer();
	struct soap_values v = values;
	struct soap_text *t;
	char *token = calloc(1, 100001);
	char *at;

	memset(token, 'x', 100000);
	v.token = token;
	t = soap_request(SOAP_LIST, &profile, &v, NULL);
	at = strstr(t->text, token);
	ck_assert_ptr_nonnull(at);
	ck_assert(!strncmp(at + 100000, "</c:Identifier>", 15));
	ck_assert_uint_eq(strlen(t->text), t->len);
	talloc_free(t);
	free(token);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("soap");
	TCase *t = tcase_create("soap");
	SRunner *runner;
	int failed;

	tcase_add_test(t, values_are_escaped);
	tcase_add_test(t, newer_releases);
	tcase_add_test(t, older_releases);
	tcase_add_test(t, each_service_has_its_own_release);
	tcase_add_test(t, a_pool_is_asked_in_its_own_words);
	tcase_add_test(t, actions);
	tcase_add_test(t, each_service_has_its_own_action);
	tcase_add_test(t, a_long_token_goes_through_whole);
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
