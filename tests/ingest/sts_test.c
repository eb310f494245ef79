/* The login: one try, no secret in any sentence, and how long a token is believed. */
#include "base/clock.h"
#include "ingest/limits.h"
#include "tests/ingest/scene.h"

#define NOW      1740981600000ll /* 2025-03-03T06:00:00Z, 07:00 in Berlin */
#define MINUTE_S 60
#define FAR      "2099-01-01T00:00:00Z"

START_TEST(token_lives)
{
	static const struct {
		const char *expires;
		int64_t life_s;
	} cases[] = {
		{ NULL, 10 * MINUTE_S },
		{ "", 10 * MINUTE_S },
		{ "soon", 10 * MINUTE_S },
		{ "2025-03-03T06:30:00Z", 29 * MINUTE_S },
		{ "2025-03-03T07:30:00.123456789+01:00", 29 * MINUTE_S },
		{ "2025-03-03T06:02:00Z", MINUTE_S },
		{ "2025-03-03T06:01:00Z", 30 },
		{ "2025-03-03T06:00:00Z", 0 },
		{ "2025-03-03T05:59:59Z", 0 },
		/* without a zone: Berlin perhaps, so never long */
		{ "2025-03-03T07:05:00", 4 * MINUTE_S },
		{ "2025-03-03T07:30:00", 10 * MINUTE_S },
		{ "2025-03-03T07:30:00.5", 10 * MINUTE_S },
		/* without a zone and passed by Berlin's clock: it was another clock */
		{ "2025-03-03T06:30:00", 10 * MINUTE_S },
		{ "2025-03-04", 10 * MINUTE_S },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t life = token_life_ms(cases[i].expires, NULL, NOW);

		ck_assert_msg(life / 1000 == cases[i].life_s, "%s: %lld ms",
			      cases[i].expires ? cases[i].expires : "(none)", (long long)life);
	}
}
END_TEST

/* What is left is the life, less the margin. */
START_TEST(a_token_that_lives_long_is_used_for_a_day)
{
	char expires[CLOCK_TEXT_SIZE];

	for (int beyond = -1; beyond <= 1; beyond++) {
		clock_text(expires, NOW + TOKEN_MOST_MS + TOKEN_MARGIN_MS + beyond);
		ck_assert_int_eq(token_life_ms(expires, NULL, NOW),
				 TOKEN_MOST_MS + (beyond < 0 ? beyond : 0));
	}
	ck_assert_int_eq(token_life_ms(FAR, NULL, NOW), TOKEN_MOST_MS);
}
END_TEST

/* Without an offset it is the insurer's clock; it is 06:00 in London and 07:00 in Berlin. */
START_TEST(a_token_ends_by_the_insurers_clock)
{
	ck_assert_int_eq(token_life_ms("2025-03-03T06:05:00", "Europe/London", NOW), 4 * 60000);
	ck_assert_int_eq(token_life_ms("2025-03-03T07:05:00", "Europe/Berlin", NOW), 4 * 60000);
	ck_assert_int_eq(token_life_ms("2025-03-03T07:05:00", "Europe/London", NOW), 600000);
	ck_assert_int_eq(token_life_ms("2025-03-03T06:05:00+00:00", "Europe/Berlin", NOW),
			 4 * 60000);
}
END_TEST

START_TEST(a_wrong_password_is_tried_exactly_once)
{
	SCENE(s, { FAULT("00961"), PEER_CLOSE });
	struct shipment_list list;

	ck_assert(!transfer_list(&list, s.session, s.mem, &s.e));
	assert_err(&s.e, ERR_LOGIN, "00961");
	ck_assert_ptr_nonnull(strstr(s.e.text, "login"));
	assert_asked(&s, "login");
	ck_assert_ptr_nonnull(strstr(s.peer.requests[0], PASSWORD "<"));
	scene_end(&s);
}
END_TEST

static const struct {
	struct peer_answer answer;
	enum err_kind kind;
	const char *code;
} refusals[] = {
	{ { FAULT("00964"), PEER_CLOSE }, ERR_LOGIN, "00964" },
	{ { FAULT("00966"), PEER_CLOSE }, ERR_LOGIN, "00966" },
	{ { FAULT("00960"), PEER_CLOSE }, ERR_LOGIN, "00960" },
	/* in the words of a session or of HTTP, it is still the credential that was refused */
	{ { FAULT("00962"), PEER_CLOSE }, ERR_LOGIN, "00962" },
	{ { "HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE }, ERR_LOGIN, "00962" },
	{ { "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE }, ERR_LOGIN, "00962" },
	{ { FAULT("00940"), PEER_CLOSE }, ERR_RETRY, "00940" },
	{ { "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE }, ERR_RETRY, "" },
	{ { "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE }, ERR_SETUP, "" },
	{ { LIST_TWO, PEER_CLOSE }, ERR_DELIVERY, "" },
	{ { FAULT_WITHOUT_CODE("s:Client"), PEER_CLOSE }, ERR_LOGIN, "" },
	{ { FAULT_WITHOUT_CODE("wsse:FailedAuthentication"), PEER_CLOSE }, ERR_LOGIN, "00960" },
	{ { FAULT_WITHOUT_CODE("s:Server"), PEER_CLOSE }, ERR_RETRY, "" },
	{ { FAULT("99999"), PEER_CLOSE }, ERR_LOGIN, "99999" },
	{ { TOKEN_ANSWER("2001-01-01T00:00:00Z"), PEER_CLOSE }, ERR_RETRY, "" },
};

START_TEST(refusals_have_a_route_and_one_try)
{
	struct scene s;

	scene_start(&s, &refusals[_i].answer, 1);
	ck_assert(!token_get(s.session, &s.e));
	assert_err(&s.e, refusals[_i].kind, refusals[_i].code);
	ck_assert_ptr_null(s.session->token.identifier);
	assert_asked(&s, "login");
	scene_end(&s);
}
END_TEST

START_TEST(a_password_file_that_is_gone_asks_nobody)
{
	SCENE(s, { TOKEN_ANSWER(FAR), PEER_CLOSE });

	unlink(s.secret_file);
	ck_assert(!token_get(s.session, &s.e));
	assert_err(&s.e, ERR_SETUP, "");
	assert_asked(&s, "");
	scene_end(&s);
}
END_TEST

START_TEST(one_login_serves_a_run_and_ends_with_a_logout)
{
	SCENE(s, { TOKEN_ANSWER(FAR), PEER_CLOSE }, { LIST_EMPTY, PEER_CLOSE },
	      { LIST_EMPTY, PEER_CLOSE }, { FAULT("00009"), PEER_CLOSE });
	struct shipment_list list;

	ck_assert_msg(transfer_list(&list, s.session, s.mem, &s.e), "%s", s.e.text);
	ck_assert_msg(transfer_list(&list, s.session, s.mem, &s.e), "%s", s.e.text);
	ck_assert_int_eq(s.session->logins, 1);
	session_close(s.session); /* that the insurer knows no logout does not matter */
	assert_asked(&s, "login list list logout");
	ck_assert_ptr_nonnull(strstr(s.peer.requests[2], "<c:Identifier>" TOKEN "</"));
	ck_assert_ptr_null(strstr(s.peer.requests[2], PASSWORD));
	scene_end(&s);
}
END_TEST

START_TEST(a_token_past_its_time_is_not_used)
{
	SCENE(s, { TOKEN_ANSWER(FAR), PEER_CLOSE }, { TOKEN_ANSWER(FAR), PEER_CLOSE });

	ck_assert_msg(token_get(s.session, &s.e), "%s", s.e.text);
	s.session->token.good_until_ms = 0;
	ck_assert_msg(token_get(s.session, &s.e), "%s", s.e.text);
	ck_assert_msg(token_get(s.session, &s.e), "%s", s.e.text);
	assert_asked(&s, "login login");
	scene_end(&s);
}
END_TEST

START_TEST(the_token_service_s_answers_are_never_spooled)
{
	SCENE(s, { TOKEN_ANSWER(FAR), PEER_CLOSE });

	ck_assert_msg(token_get(s.session, &s.e), "%s", s.e.text);
	ck_assert_uint_eq(spool_len(s.spool), 0);
	scene_end(&s);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sts");
	TCase *t = tcase_create("sts");
	SRunner *runner;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_test(t, token_lives);
	tcase_add_test(t, a_token_that_lives_long_is_used_for_a_day);
	tcase_add_test(t, a_token_ends_by_the_insurers_clock);
	tcase_add_test(t, a_wrong_password_is_tried_exactly_once);
	tcase_add_loop_test(t, refusals_have_a_route_and_one_try, 0,
			    sizeof refusals / sizeof *refusals);
	tcase_add_test(t, a_password_file_that_is_gone_asks_nobody);
	tcase_add_test(t, one_login_serves_a_run_and_ends_with_a_logout);
	tcase_add_test(t, a_token_past_its_time_is_not_used);
	tcase_add_test(t, the_token_service_s_answers_are_never_spooled);
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
