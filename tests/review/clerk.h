/*
 * clerk.h -- a clerk at the API: the matcher's house (tests/matcher/house.h) with a server over it, a token that may do all
 * that clerks may, and what he asks as one line each.
 */
#ifndef TESTS_REVIEW_CLERK_H
#define TESTS_REVIEW_CLERK_H

#include "tests/api/desk.h"
#include "tests/matcher/house.h"

#include "review/news.h"
#include "review/review.h"

static const struct route_table *const clerk_tables[] = {
	&route_queue,      &route_document,  &route_decisions, &route_bytes,      &route_locks,
	&route_news,       &route_bulk,      &route_text,      &route_statistics, &route_quarantine,
	&route_colleagues, &route_contracts, &route_customers, &route_timeline,   NULL
};
static struct review clerk_review;
static const char *clerk, *colleague, *reader; /* their tokens */

static inline void clerk_open(void)
{
	struct err e = { 0 };

	house_open();
	stage.mem = house.mem;
	stage.conninfo = house.conninfo;
	stage.db = house.matcher.db;
	clerk_review = (struct review){ .insurers = house.matcher.insurers,
					.weighing = &weighing_usual,
					.news = news_new(house.mem) };
	clerk_review.blobs =
		blob_store_open(talloc_asprintf(house.mem, "%s/blobs", house.place), house.mem, &e);
	ck_assert_msg(clerk_review.blobs != NULL, "%s", e.text);
	desk = (struct desk){ .tables = clerk_tables, .review = &clerk_review };
	desk_open_as(&desk, "demo", API_LIMITS);
	clerk = token_of("demo", "clerk", "documents,decisions", NULL);
	colleague = token_of("demo", "colleague", "documents,decisions", NULL);
	reader = token_of("demo", "reader", "documents", NULL);
}

static inline void clerk_close(void)
{
	desk_stop(&desk);
	house_close();
}

/* A path and a body of JSON, made like printf's; quotation marks may be written as '. */
#define see(...) get(clerk, talloc_asprintf(house.mem, __VA_ARGS__))

static inline struct got say_as(const char *token, const char *path, const char *body)
{
	char *json = talloc_strdup(house.mem, body);

	for (char *c = json; *c; c++)
		if (*c == '\'')
			*c = '"';
	return post(token, path, "Content-Type: application/json\r\n", json);
}

/* A request without a body. */
static inline struct got send_as(const char *token, const char *method, const char *path)
{
	int fd = client_open();
	struct got got;

	client_say(fd, "%s %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n\r\n",
		   method, path, token);
	got = client_read(fd);
	close(fd);
	return got;
}

/* What a clerk decides about a document as it is now. */
static inline struct got decide_as(const char *token, const char *id, const char *action,
				   int version, const char *members)
{
	return say_as(token, talloc_asprintf(house.mem, "/api/v1/documents/%s/%s", id, action),
		      talloc_asprintf(house.mem, "{'version': %d%s%s}", version,
				      *members ? ", " : "", members));
}

/* A member by its path, "items.0.number.delivered": text, number, true, false or null as text; "-" if it is not there. */
static inline const char *in(struct got got, const char *path)
{
	json_t *whole = json_loads(got.body ? got.body : "", JSON_DECODE_ANY, NULL), *at = whole;
	char *way = talloc_strdup(house.mem, path), *save = NULL;
	char *text;

	for (char *part = strtok_r(way, ".", &save); part && at; part = strtok_r(NULL, ".", &save))
		at = json_is_array(at) ? json_array_get(at, strtoul(part, NULL, 10))
				       : json_object_get(at, part);
	if (!at) {
		json_decref(whole);
		return "-";
	}
	if (json_is_string(at)) {
		text = talloc_strdup(house.mem, json_string_value(at));
	} else {
		char *dumped = json_dumps(at, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS);

		text = talloc_strdup(house.mem, dumped);
		free(dumped);
	}
	json_decref(whole);
	return text;
}

static inline void is_ok(struct got got)
{
	ck_assert_msg(got.status == 200, "%d %s", got.status, got.body);
}

/* Do the documents of a list stand in this order? ids parted by blanks. */
static inline char *ids_in(struct got got)
{
	json_t *body = json_loads(got.body, 0, NULL), *item;
	char *ids = talloc_strdup(house.mem, "");
	size_t i;

	ck_assert_msg(got.status == 200, "%d %s", got.status, got.body);
	json_array_foreach(json_object_get(body, "items"), i, item) ids =
		talloc_asprintf_append(ids, "%s%s", *ids ? " " : "",
				       json_string_value(json_object_get(item, "document_id")));
	json_decref(body);
	return ids;
}

static inline int clerk_run(const char *name, TCase *tc)
{
	Suite *suite = suite_create(name);
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, clerk_open, clerk_close);
	tcase_set_timeout(tc, 180);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	house_build();
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	house_leave();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Words of one page, each ten points wide and twenty apart. */
static inline void text_is(const char *id, int page, const char *words)
{
	char *all = talloc_strdup(house.mem, words), *save = NULL;
	char *json = talloc_asprintf(
		house.mem, "[{\"page\": %d, \"width\": 595, \"height\": 842, \"words\": [", page);
	int x = 0;

	for (char *word = strtok_r(all, " ", &save); word; word = strtok_r(NULL, " ", &save)) {
		json = talloc_asprintf_append(json,
					      "%s{\"text\": \"%s\", \"box\": [%d, 100, %d, 112]}",
					      x ? ", " : "", word, x, x + 10);
		x += 20;
	}
	ask(talloc_asprintf(
		house.mem,
		"insert into document_text (broker, document_id, state, page_count,"
		" pages, entries, text) values ('demo', '%s', 'read', 1, '%s]}]', '[]', '')",
		id, json));
}

static inline void holder_is(const char *contract, const char *surname, const char *first)
{
	ask(talloc_asprintf(house.mem,
			    "update contract set name = '%s', first_name = '%s'"
			    " where contract_id = '%s'",
			    surname, first, contract));
}

#endif
