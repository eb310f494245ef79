/* Bodies of JSON: what a handler gets, and how what is wrong is refused before it does anything. */
#include "tests/api/desk.h"

#define JSON "Content-Type: application/json\r\n"

static char *good;

/* Answers with what it took. */
static enum handled echo(struct request *request)
{
	const char *note, **ids;
	int64_t count;
	bool also;
	json_t *list;

	if (!request_json(request, "note,count,also,ids") ||
	    !json_take_text(&note, request, "note", MUST, 10) ||
	    !json_take_number(&count, request, "count", 1, 9, 5) ||
	    !json_take_flag(&also, request, "also", true) ||
	    !json_take_texts(&ids, request, "ids", MAY, 2, 4))
		return HANDLED;
	list = json_array();
	for (; *ids; ids++)
		json_array_append_new(list, json_string(*ids));
	reply_json(request, 200,
		   json_pack("{s:s, s:I, s:b, s:o}", "note", note, "count", (json_int_t)count,
			     "also", also, "ids", list));
	return HANDLED;
}

static const struct route routes[] = {
	{ "POST", "/api/v1/echo", SCOPE_EVENTS, "", 8000, echo },
};
static const struct route_table table = { routes, 1 };
static const struct route_table *const tables[] = { &table, NULL };

static void open_all(void)
{
	stage_open();
	desk.tables = tables;
	desk_open();
	good = token_new("events", NULL);
}

static void close_all(void)
{
	desk_stop(&desk);
	stage_close();
}

static struct got say(const char *heads, const char *body)
{
	return post(good, "/api/v1/echo", heads, body);
}

START_TEST(what_is_right_arrives)
{
	struct got got = say(JSON, "{\"note\":\"a\\nb\",\"ids\":[\"x\",\"y\"],\"count\":9}");

	ck_assert_int_eq(got.status, 200);
	ck_assert_str_eq(got.body,
			 "{\"note\":\"a\\nb\",\"count\":9,\"also\":true,\"ids\":[\"x\",\"y\"]}");
	got = say("Content-Type: Application/JSON; charset=utf-8\r\n",
		  "{\"note\":\"1234567890\",\"also\":false,\"count\":null}");
	ck_assert_int_eq(got.status, 200);
	ck_assert_str_eq(got.body,
			 "{\"note\":\"1234567890\",\"count\":5,\"also\":false,\"ids\":[]}");
}
END_TEST

START_TEST(another_type_is_refused)
{
	is_problem(say("", "{}"), 415, "media-type", "application/json");
	is_problem(say("Content-Type: text/plain\r\n", "{}"), 415, "media-type", "json");
	is_problem(say("Content-Type: application/jsonp\r\n", "{}"), 415, "media-type", "json");
	is_problem(say("Content-Type: application/x-www-form-urlencoded\r\n", "note=a"), 415,
		   "media-type", "json");
}
END_TEST

START_TEST(no_json_is_refused)
{
	static const char *const noise[] = {
		"",
		"{",
		"{\"note\":}",
		"{\"note\":\"a\"} x",
		"{\"note\":\"a\",\"note\":\"b\"}",
		"{\"note\":\"\xff\"}",
		"{\"note\":\"a\\u0000b\"}",
	};

	for (size_t i = 0; i < sizeof noise / sizeof *noise; i++)
		is_problem(say(JSON, noise[i]), 400, "malformed", "no JSON");
}
END_TEST

START_TEST(depth_is_bounded)
{
	enum { DEEP = 3000 };
	char *deep = talloc_zero_size(stage.mem, 2 * DEEP + 1);

	memset(deep, '[', DEEP);
	memset(deep + DEEP, ']', DEEP);
	is_problem(say(JSON, deep), 400, "malformed", "no JSON");
}
END_TEST

START_TEST(members_are_checked)
{
	static const struct {
		const char *body, *words;
	} wrong[] = {
		{ "[]", "no JSON object" },
		{ "\"note\"", "no JSON" },
		{ "{\"note\":\"a\",\"nota\":1}", "nota is not known" },
		{ "{\"note\":\"a\",\"\\u202e\":1}", "u{202E}" },
		{ "{}", "note: expected a text" },
		{ "{\"note\":\"\"}", "note: expected a text" },
		{ "{\"note\":null}", "note: expected a text" },
		{ "{\"note\":7}", "note: expected a text" },
		{ "{\"note\":\"12345678901\"}", "1 to 10 bytes" },
		{ "{\"note\":\"a\\u001bb\"}", "control" },
		{ "{\"note\":\"a\\rb\"}", "control" },
		{ "{\"note\":\"a\",\"count\":0}", "from 1 to 9" },
		{ "{\"note\":\"a\",\"count\":10}", "from 1 to 9" },
		{ "{\"note\":\"a\",\"count\":1.0}", "from 1 to 9" },
		{ "{\"note\":\"a\",\"count\":\"1\"}", "from 1 to 9" },
		{ "{\"note\":\"a\",\"also\":1}", "true or false" },
		{ "{\"note\":\"a\",\"ids\":\"x\"}", "a list" },
		{ "{\"note\":\"a\",\"ids\":[\"x\",\"y\",\"z\"]}", "a list" },
		{ "{\"note\":\"a\",\"ids\":[1]}", "ids: expected a text" },
		{ "{\"note\":\"a\",\"ids\":[\"12345\"]}", "1 to 4 bytes" },
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct got got = say(JSON, wrong[i].body);

		is_problem(got, got.status == 400 ? 400 : 422,
			   got.status == 400 ? "malformed" : "content", wrong[i].words);
		ck_assert_ptr_nonnull(strstr(got.body, "detail_de"));
	}
}
END_TEST

START_TEST(too_much_is_refused)
{
	char *large = talloc_asprintf(stage.mem, "{\"note\":\"%08000d\"}", 0);

	is_problem(say(JSON, large), 413, "too-large", "8000 bytes");
}
END_TEST

int main(void)
{
	TCase *cases = tcase_create("body");

	tcase_add_unchecked_fixture(cases, stage_build, stage_clear);
	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_add_test(cases, what_is_right_arrives);
	tcase_add_test(cases, another_type_is_refused);
	tcase_add_test(cases, no_json_is_refused);
	tcase_add_test(cases, depth_is_bounded);
	tcase_add_test(cases, members_are_checked);
	tcase_add_test(cases, too_much_is_refused);
	return run_suite("body", cases);
}
