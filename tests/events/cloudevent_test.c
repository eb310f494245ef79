/* The envelope: what a consumer's library insists on, and what hostile rows make of it. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "events/cloudevent.h"
#include "model/event.h"

static const struct outbox_event attached = {
	.position = 42,
	.id = "01920000-0000-7000-8000-000000000001",
	.type = EVENT_DOCUMENT_ATTACHED,
	.aggregatetype = "customer",
	.aggregateid = "K-4711",
	.occurred = "2025-03-03T06:00:00.123Z",
	.payload =
		"{\"document_id\": \"doc-1\", \"category\": \"110011000\", \"note\": \"\\u00e4 \\\" \\\\\"}",
};

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

static json_t *drawn(const struct outbox_event *event)
{
	char *text = cloudevent_text(event, "//vorpost/demo", mem, &e);
	json_t *json;

	ck_assert_msg(text != NULL, "%s", e.text);
	ck_assert_ptr_null(strchr(text, '\n')); /* one line each in events tail */
	json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	ck_assert_msg(json_is_object(json), "not JSON: %s", text);
	return json;
}

static const char *attribute(const json_t *json, const char *name)
{
	return json_string_value(json_object_get(json, name));
}

START_TEST(payload_that_is_no_object)
{
	static const char *const payloads[] = { "", "[1]", "\"x\"", "{\"a\": 1",
						"{\"a\": 1, \"a\": 2}" };
	struct outbox_event event = attached;

	event.payload = payloads[_i];
	ck_assert_ptr_null(cloudevent(&event, "//vorpost/demo", &e));
	ck_assert_int_eq(e.kind, ERR_BUG);
}
END_TEST

START_TEST(control_characters_stay_out_of_attributes)
{
	struct outbox_event event = attached;
	json_t *json;

	event.aggregateid = "K\n1\x7f\xc2\x85";
	event.payload = "{}";
	json = drawn(&event);
	ck_assert_str_eq(attribute(json, "partitionkey"), "K\\u{000A}1\\u{007F}\\u{0085}");
	ck_assert_str_eq(attribute(json, "subject"), "K\\u{000A}1\\u{007F}\\u{0085}");
	json_decref(json);
}
END_TEST

START_TEST(empty_attributes_are_left_out)
{
	struct outbox_event event = attached;
	json_t *json;

	event.aggregateid = "";
	event.payload = "{\"document_id\": \"\"}";
	event.position = 0;
	json = drawn(&event);
	ck_assert_ptr_null(json_object_get(json, "partitionkey"));
	ck_assert_ptr_null(json_object_get(json, "subject"));
	ck_assert_ptr_null(json_object_get(json, "sequence"));
	json_decref(json);
}
END_TEST

START_TEST(names_are_lower_case_and_short)
{
	json_t *json = drawn(&attached), *value;
	const char *name;

	json_object_foreach(json, name, value)
	{
		ck_assert_uint_le(strlen(name), 20);
		ck_assert_uint_eq(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789"),
				  strlen(name));
	}
	json_decref(json);
}
END_TEST

START_TEST(envelope_of_an_attached_document)
{
	json_t *json = drawn(&attached);

	ck_assert_str_eq(attribute(json, "specversion"), "1.0");
	ck_assert_str_eq(attribute(json, "id"), attached.id);
	ck_assert_str_eq(attribute(json, "source"), "//vorpost/demo");
	ck_assert_str_eq(attribute(json, "type"), "document.attached");
	ck_assert_str_eq(attribute(json, "subject"), "doc-1");
	ck_assert_str_eq(attribute(json, "time"), "2025-03-03T06:00:00.123Z");
	ck_assert_str_eq(attribute(json, "partitionkey"), "K-4711");
	ck_assert_str_eq(attribute(json, "sequence"), "00000000000000000042");
	ck_assert_str_eq(attribute(json, "datacontenttype"), "application/json");
	ck_assert_str_eq(attribute(json_object_get(json, "data"), "note"), "\xc3\xa4 \" \\");
	ck_assert_uint_eq(json_object_size(json), 11);
	json_decref(json);
}
END_TEST

START_TEST(envelope_of_a_released_document)
{
	struct outbox_event event = attached;
	json_t *json;

	event.type = "document.released";
	event.customersequence = 7;
	event.correlationid = "north/S-1";
	event.causationid = "01920000-0000-7000-8000-000000000009";
	event.recorded = "2025-03-01T05:00:00Z";
	json = drawn(&event);
	ck_assert_str_eq(attribute(json, "customersequence"), "00000000000000000007");
	ck_assert_str_eq(attribute(json, "correlationid"), "north/S-1");
	ck_assert_str_eq(attribute(json, "causationid"), event.causationid);
	ck_assert_str_eq(attribute(json, "recordedtime"), "2025-03-01T05:00:00Z");
	ck_assert_str_eq(attribute(json, "dataschema"), "urn:vorpost:schema:document.released:1");
	json_decref(json);
}
END_TEST

/* What a newer program wrote. */
START_TEST(a_type_of_tomorrow_has_no_schema)
{
	struct outbox_event event = attached;
	json_t *json;

	event.type = "document.dreamt";
	json = drawn(&event);
	ck_assert_ptr_null(json_object_get(json, "dataschema"));
	json_decref(json);
}
END_TEST

/* As text, 9 comes before 10: what the padding is for. */
START_TEST(sequence_sorts_as_text)
{
	static const int64_t positions[] = { 1, 9, 10, 999999999999, INT64_MAX };
	char last[32] = "";

	for (size_t i = 0; i < sizeof positions / sizeof *positions; i++) {
		struct outbox_event event = attached;
		json_t *json;

		event.position = positions[i];
		json = drawn(&event);
		ck_assert_int_lt(strcmp(last, attribute(json, "sequence")), 0);
		snprintf(last, sizeof last, "%s", attribute(json, "sequence"));
		json_decref(json);
	}
}
END_TEST

START_TEST(same_row_same_bytes)
{
	ck_assert_str_eq(cloudevent_text(&attached, "//vorpost/demo", mem, &e),
			 cloudevent_text(&attached, "//vorpost/demo", mem, &e));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("cloudevent");
	TCase *cases = tcase_create("cloudevent");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(cases, open_mem, close_mem);
	tcase_add_loop_test(cases, payload_that_is_no_object, 0, 5);
	tcase_add_test(cases, control_characters_stay_out_of_attributes);
	tcase_add_test(cases, empty_attributes_are_left_out);
	tcase_add_test(cases, names_are_lower_case_and_short);
	tcase_add_test(cases, envelope_of_an_attached_document);
	tcase_add_test(cases, envelope_of_a_released_document);
	tcase_add_test(cases, a_type_of_tomorrow_has_no_schema);
	tcase_add_test(cases, sequence_sorts_as_text);
	tcase_add_test(cases, same_row_same_bytes);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
