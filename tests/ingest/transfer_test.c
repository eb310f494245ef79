/* List, get, acknowledge against a scripted insurer: what is asked how often, and what becomes of the answer. */
#include "tests/ingest/scene.h"

#include <errno.h>

#define LOGIN                                                                                      \
	{                                                                                          \
		TOKEN_ANSWER("2099-01-01T00:00:00Z"), PEER_CLOSE                                   \
	}
#define GATEWAY "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>Wartung</html>"
#define NO(status)                                                                                 \
	{                                                                                          \
		"HTTP/1.1 " status " No\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE                  \
	}

/* ---- patience ---- */

#define HANGS                                                                                      \
	{                                                                                          \
		"", PEER_HANG                                                                      \
	}

static const struct peer_answer hangs[][2] = {
	{ HANGS }, { LOGIN, HANGS }, { LOGIN, HANGS }, { LOGIN, HANGS }
};

static bool calls(struct scene *s, int which)
{
	enum acknowledgement became;
	struct shipment_list list;
	struct delivery *delivery;

	if (which == 2)
		return transfer_get(&delivery, s->session, "70001", &s->sink.sink, s->mem, &s->e);
	if (which == 3)
		return transfer_acknowledge(&became, s->session, "70001", &s->e) &&
		       became == ACK_CONFIRMED;
	return transfer_list(&list, s->session, s->mem, &s->e);
}

/* Login, list, get, acknowledge: who hangs is left after the time that the insurer's file gives this kind of call. */
START_TEST(each_kind_of_call_has_a_time_of_its_own)
{
	static const char *const said[] = { "within 1 s", "within 2 s", "within 3 s",
					    "within 7 s" };
	struct scene s;

	scene_start(&s, hangs[_i], _i ? 2 : 1);
	s.profile.sts_timeout_s =
		_i ? 7 : 1; /* behind the first there is a login that goes through */
	s.profile.list_timeout_s = 2;
	s.profile.get_timeout_s = 3;
	ck_assert(!calls(&s, _i));
	assert_err(&s.e, ERR_RETRY, "");
	ck_assert_msg(strstr(s.e.text, said[_i]) != NULL, "%s", s.e.text);
	scene_end(&s);
}
END_TEST

/* ---- the session ---- */

START_TEST(an_expired_session_is_renewed_exactly_once)
{
	SCENE(s, LOGIN, { LIST_NOK("00962"), PEER_CLOSE }, LOGIN, { LIST_TWO, PEER_CLOSE });
	struct shipment_list list;

	ck_assert_msg(transfer_list(&list, s.session, s.mem, &s.e), "%s", s.e.text);
	ck_assert_uint_eq(list.count, 2);
	ck_assert_str_eq(list.items[1].id, "A&B");
	ck_assert_int_eq(s.e.kind, ERR_NONE);
	assert_asked(&s, "login list login list");
	scene_end(&s);
}
END_TEST

START_TEST(a_session_that_stays_refused_is_the_caller_s)
{
	SCENE(s, LOGIN, { FAULT("00962"), PEER_CLOSE }, LOGIN, { FAULT("00962"), PEER_CLOSE });
	struct shipment_list list;

	ck_assert(!transfer_list(&list, s.session, s.mem, &s.e));
	assert_err(&s.e, ERR_RETRY, "00962");
	assert_asked(&s, "login list login list");
	scene_end(&s);
}
END_TEST

START_TEST(http_401_and_403_are_an_expired_session)
{
	SCENE(s, LOGIN, NO("401"), LOGIN, { GET("70001"), PEER_CLOSE }, NO("403"), LOGIN,
	      { ACK("OK", "04000"), PEER_CLOSE });
	enum acknowledgement became;
	struct delivery *delivery;

	ck_assert_msg(transfer_get(&delivery, s.session, "70001", &s.sink.sink, s.mem, &s.e), "%s",
		      s.e.text);
	ck_assert_msg(transfer_acknowledge(&became, s.session, "70001", &s.e), "%s", s.e.text);
	ck_assert_int_eq(became, ACK_CONFIRMED);
	assert_asked(&s, "login get login get ack login ack");
	scene_end(&s);
}
END_TEST

START_TEST(a_password_changed_meanwhile_ends_it)
{
	SCENE(s, LOGIN, { LIST_NOK("00962"), PEER_CLOSE }, { FAULT("00961"), PEER_CLOSE });
	struct shipment_list list;

	ck_assert(!transfer_list(&list, s.session, s.mem, &s.e));
	assert_err(&s.e, ERR_LOGIN, "00961");
	assert_asked(&s, "login list login");
	scene_end(&s);
}
END_TEST

START_TEST(a_fault_behind_401_says_more_than_401)
{
	static const char *const locked = XML("401 Unauthorized") SOAP_BEGIN
		"<s:Fault><faultcode>s:Client</faultcode><faultstring>x</faultstring><detail>"
		"<n:BiproException" NAMESPACES
		">" STATUS("NOK", "00964") "</n:BiproException></detail></s:Fault>" SOAP_END;
	const struct peer_answer script[] = { LOGIN, { locked, PEER_CLOSE } };
	struct shipment_list list;
	struct scene s;

	scene_start(&s, script, 2);
	ck_assert(!transfer_list(&list, s.session, s.mem, &s.e));
	assert_err(&s.e, ERR_LOGIN, "00964");
	assert_asked(&s, "login list");
	scene_end(&s);
}
END_TEST

/* ---- answers that are none ---- */

static const struct {
	struct peer_answer answer;
	enum err_kind kind;
	const char *code, *says;
	int retry_after_s;
} lists[] = {
	{ { GATEWAY, PEER_CLOSE }, ERR_RETRY, "", "web page", 0 },
	{ { XML("200 OK") "<s:Envelope", PEER_CLOSE }, ERR_RETRY, "", "list", 0 },
	{ { "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 11\r\n\r\n<s:Envelope",
	    PEER_CLOSE },
	  ERR_DELIVERY,
	  "",
	  "list",
	  0 },
	{ { XML("500 Error") RESPONSE("listShipments", STATUS("OK", "04000")), PEER_CLOSE },
	  ERR_RETRY,
	  "",
	  "HTTP 500",
	  0 },
	{ { GET("70001"), PEER_CLOSE }, ERR_DELIVERY, "", "list", 0 },
	{ { ACK("OK", "04000"), PEER_CLOSE }, ERR_DELIVERY, "", "another operation", 0 },
	{ { "HTTP/1.1 429 Slow\r\nRetry-After: 30\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE },
	  ERR_RETRY,
	  "",
	  "HTTP 429",
	  30 },
	{ { "HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nContent-Type: text/xml\r\n\r\n" SOAP_BEGIN
	    "<s:Fault><faultcode>s:Server</faultcode><faultstring>x</faultstring><detail>"
	    "<n:BiproException" NAMESPACES
	    ">" STATUS("NOK", "00940") "</n:BiproException></detail></s:Fault>" SOAP_END,
	    PEER_CLOSE },
	  ERR_RETRY,
	  "00940",
	  "list",
	  9 },
	{ { FAULT("04005"), PEER_CLOSE }, ERR_SETUP, "04005", "list", 0 },
};

START_TEST(answers_that_are_no_list)
{
	const struct peer_answer script[] = { LOGIN, lists[_i].answer };
	struct shipment_list list;
	struct scene s;

	scene_start(&s, script, 2);
	ck_assert(!transfer_list(&list, s.session, s.mem, &s.e));
	assert_err(&s.e, lists[_i].kind, lists[_i].code);
	ck_assert_msg(strstr(s.e.text, lists[_i].says) != NULL, "%s", s.e.text);
	ck_assert_int_eq(s.e.retry_after_s, lists[_i].retry_after_s);
	assert_asked(&s, "login list");
	scene_end(&s);
}
END_TEST

START_TEST(an_empty_list_is_success)
{
	SCENE(s, LOGIN, { LIST_EMPTY, PEER_CLOSE });
	struct shipment_list list = { .count = 99 };

	ck_assert_msg(transfer_list(&list, s.session, s.mem, &s.e), "%s", s.e.text);
	ck_assert_uint_eq(list.count, 0);
	scene_end(&s);
}
END_TEST

/* ---- getting ---- */

static void assert_spooled(struct scene *s, const char *expected)
{
	size_t len = strlen(expected);
	char *bytes = calloc(1, len + 1);

	ck_assert_uint_eq(spool_len(s->spool), len);
	ck_assert_int_eq(pread(spool_fd(s->spool), bytes, len, 0), (ssize_t)len);
	ck_assert_str_eq(bytes, expected);
	free(bytes);
}

/* A link is a fact like others: whoever listens there, in a private network too, is never called. */
START_TEST(a_link_is_recorded_and_never_followed)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	struct pollfd bait = { .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
			       .events = POLLIN };
	struct peer_answer script[2] = { LOGIN };
	struct delivery *delivery;
	char text[2048], link[64];
	struct scene s;

	ck_assert(bind(bait.fd, (struct sockaddr *)&at, len) == 0 && listen(bait.fd, 8) == 0);
	getsockname(bait.fd, (struct sockaddr *)&at, &len);
	snprintf(link, sizeof link, "http://127.0.0.1:%d/police.pdf", ntohs(at.sin_port));
	snprintf(text, sizeof text,
		 XML("200 OK") RESPONSE(
			 "getShipment",
			 STATUS("OK", "04000") "<t:Lieferung><t:ID>70001</t:ID><t:Transfer>"
					       "<t:Datei><t:Dateiname>a.pdf</t:Dateiname>"
					       "<t:Datenlink>%s</t:Datenlink></t:Datei>"
					       "</t:Transfer></t:Lieferung>"),
		 link);
	script[1] = (struct peer_answer){ text, PEER_CLOSE };
	scene_start(&s, script, 2);
	ck_assert_msg(transfer_get(&delivery, s.session, "70001", &s.sink.sink, s.mem, &s.e), "%s",
		      s.e.text);
	ck_assert_str_eq(delivery->transfers[0].documents[0].link, link);
	assert_asked(&s, "login get");
	ck_assert_msg(poll(&bait, 1, 0) == 0, "the link was followed");
	close(bait.fd);
	scene_end(&s);
}
END_TEST

START_TEST(a_shipment_and_its_raw_answer)
{
	SCENE(s, LOGIN, { GET("70001"), PEER_CLOSE });
	struct delivery *delivery;

	ck_assert_msg(transfer_get(&delivery, s.session, "70001", &s.sink.sink, s.mem, &s.e), "%s",
		      s.e.text);
	ck_assert_str_eq(delivery->head.id, "70001");
	ck_assert_uint_eq(delivery->transfer_count, 1);
	ck_assert_int_eq(s.sink.closed, 1);
	ck_assert_uint_eq(s.sink.bytes, 9);
	assert_spooled(&s, GET_BODY("70001"));
	ck_assert_str_eq(session_answer_type(s.session), "text/xml; charset=utf-8");
	scene_end(&s);
}
END_TEST

/* The type goes into the database and is read again at a retry: plain characters, the parameters as they are. */
START_TEST(a_type_that_is_no_text_is_kept_readable)
{
	static const char *const answer =
		"HTTP/1.1 200 OK\r\nContent-Type: text/xml; name=\"K\xfcndigung\xe2\x82\x7f\"; "
		"charset=utf-8\r\n\r\n" GET_BODY("70001");
	const struct peer_answer script[] = { LOGIN, { answer, PEER_CLOSE } };
	struct delivery *delivery;
	struct scene s;

	scene_start(&s, script, 2);
	ck_assert_msg(transfer_get(&delivery, s.session, "70001", &s.sink.sink, s.mem, &s.e), "%s",
		      s.e.text);
	ck_assert_str_eq(session_answer_type(s.session),
			 "text/xml; name=\"K?ndigung???\"; charset=utf-8");
	scene_end(&s);
}
END_TEST

START_TEST(what_is_refused_is_still_spooled_whole)
{
	char framed[4096];
	const struct peer_answer script[] = { LOGIN, { framed, PEER_CLOSE } };
	struct delivery *delivery;
	struct scene s;

	snprintf(framed, sizeof framed,
		 "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %zu\r\n\r\n%s",
		 strlen(GET_BODY("70002")), GET_BODY("70002"));
	scene_start(&s, script, 2);
	ck_assert(!transfer_get(&delivery, s.session, "70001", &s.sink.sink, s.mem, &s.e));
	assert_err(&s.e, ERR_DELIVERY, "");
	assert_spooled(&s, GET_BODY("70002"));
	ck_assert_str_eq(session_answer_type(s.session), "text/xml");
	ck_assert(!s.sink.is_open);
	scene_end(&s);
}
END_TEST

START_TEST(a_shipment_cut_short_is_fetched_again_not_quarantined)
{
	static const char *const cut =
		"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5000\r\n\r\n" SOAP_BEGIN;
	static const char *const cut_in_file =
		XML("200 OK") SOAP_BEGIN "<t:getShipmentResponse" NAMESPACES "><t:Response>" STATUS(
			"OK",
			"04000") "<t:Lieferung><t:ID>1</t:ID><t:Transfer>"
				 "<g:Datei xmlns:g=\"http://www.bipro.net/namespace/gevo\" "
				 "xmlns:a=\"http://www.bipro.net/namespace/allgemein\"><a:Daten>JVBERi0x";
	const struct peer_answer script[] = { LOGIN,
					      { cut, PEER_CLOSE },
					      { cut_in_file, PEER_CLOSE } };
	struct delivery *delivery;
	struct scene s;

	scene_start(&s, script, 3);
	ck_assert(!transfer_get(&delivery, s.session, "1", &s.sink.sink, s.mem, &s.e));
	assert_err(&s.e, ERR_RETRY, "");
	err_clear(&s.e);
	ck_assert(!transfer_get(&delivery, s.session, "1", &s.sink.sink, s.mem, &s.e));
	assert_err(&s.e, ERR_RETRY, "");
	ck_assert(!s.sink.is_open);
	scene_end(&s);
}
END_TEST

START_TEST(a_shorter_answer_after_a_longer_one_leaves_no_rest)
{
	SCENE(s, LOGIN, { GET("70001-with-a-long-id"), PEER_CLOSE }, { GET("7"), PEER_CLOSE });
	struct delivery *delivery;

	ck_assert(transfer_get(&delivery, s.session, NULL, &s.sink.sink, s.mem, &s.e));
	ck_assert(transfer_get(&delivery, s.session, NULL, &s.sink.sink, s.mem, &s.e));
	assert_spooled(&s, GET_BODY("7"));
	scene_end(&s);
}
END_TEST

/* ---- acknowledging ---- */

static const struct {
	struct peer_answer answer;
	enum acknowledgement became;
	enum err_kind kind;
	const char *code;
} acks[] = {
	{ { ACK("OK", "04000"), PEER_CLOSE }, ACK_CONFIRMED, ERR_NONE, "" },
	{ { ACK("NOK", "04003"), PEER_CLOSE }, ACK_GONE, ERR_NONE, "" },
	{ { FAULT("04002"), PEER_CLOSE }, ACK_BEFORE, ERR_NONE, "" },
	{ { ACK("NOK", "04004"), PEER_CLOSE }, ACK_REFUSED, ERR_RETRY, "04004" },
	{ { ACK("NOK", "99999"), PEER_CLOSE }, ACK_REFUSED, ERR_RETRY, "99999" },
	{ { ACK("NOK", ""), PEER_CLOSE }, ACK_REFUSED, ERR_RETRY, "" },
	{ { FAULT("00009"), PEER_CLOSE }, ACK_REFUSED, ERR_SETUP, "00009" },
	{ { FAULT("00940"), PEER_CLOSE }, ACK_PUT_OFF, ERR_RETRY, "00940" },
	{ { FAULT("00964"), PEER_CLOSE }, ACK_PUT_OFF, ERR_LOGIN, "00964" },
	{ { "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE },
	  ACK_PUT_OFF,
	  ERR_RETRY,
	  "" },
	{ { "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE },
	  ACK_PUT_OFF,
	  ERR_SETUP,
	  "" },
	{ { "HTTP/1.1 504 Slow\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE },
	  ACK_UNANSWERED,
	  ERR_RETRY,
	  "" },
	{ { LIST_EMPTY, PEER_CLOSE }, ACK_UNANSWERED, ERR_RETRY, "" },
	{ { XML("200 OK") "no xml", PEER_CLOSE }, ACK_UNANSWERED, ERR_RETRY, "" },
	{ { FAULT_WITHOUT_CODE("s:Server"), PEER_CLOSE }, ACK_UNANSWERED, ERR_RETRY, "" },
	{ { "", PEER_CLOSE }, ACK_UNANSWERED, ERR_RETRY, "" },
};

START_TEST(acknowledgements_have_a_route)
{
	const struct peer_answer script[] = { LOGIN, acks[_i].answer };
	enum acknowledgement became;
	struct scene s;

	scene_start(&s, script, 2);
	ck_assert(transfer_acknowledge(&became, s.session, "A&B<x", &s.e) ==
		  (acks[_i].became >= ACK_CONFIRMED));
	ck_assert_str_eq(acknowledgement_name(became), acknowledgement_name(acks[_i].became));
	assert_err(&s.e, acks[_i].kind, acks[_i].code);
	assert_asked(&s, "login ack");
	ck_assert_ptr_nonnull(strstr(s.peer.requests[1], "<t:ID>A&amp;B&lt;x</t:ID>"));
	scene_end(&s);
}
END_TEST

/* The session ran out and the new login fails: the login went out, the acknowledgement that was to follow did not. */
START_TEST(what_a_failed_login_keeps_back_was_not_sent)
{
	const struct peer_answer script[] = { LOGIN,
					      { FAULT("00962"), PEER_CLOSE },
					      { FAULT("00940"), PEER_CLOSE } };
	enum acknowledgement became;
	struct scene s;

	scene_start(&s, script, 3);
	ck_assert(!transfer_acknowledge(&became, s.session, "70001", &s.e));
	ck_assert_str_eq(acknowledgement_name(became), "unsent");
	assert_asked(&s, "login ack login");
	scene_end(&s);
}
END_TEST

/* ---- the spool ---- */

START_TEST(a_large_spool_gives_its_space_back)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };
	struct spool *spool = spool_open("/tmp", mem, &e);
	char *megabyte = talloc_zero_size(mem, 1 << 20);

	for (int i = 0; i < 64; i++)
		ck_assert(spool_write(spool, megabyte, 1 << 20, &e));
	spool_rewind(spool);
	ck_assert_int_eq(lseek(spool_fd(spool), 0, SEEK_END), SPOOL_KEEP_BYTES);
	for (int i = 0; i < 64; i++)
		ck_assert(spool_write(spool, megabyte, 1 << 20, &e));
	ck_assert(spool_write(spool, "x", 1, &e));
	ck_assert_int_eq(pread(*spool_view(spool), megabyte, 3, SPOOL_KEEP_BYTES - 1), 2);
	ck_assert(megabyte[0] == 0 && megabyte[1] == 'x');
	ck_assert_uint_eq(spool_len(spool), SPOOL_KEEP_BYTES + 1);
	spool_rewind(spool);
	ck_assert_int_eq(lseek(spool_fd(spool), 0, SEEK_END), 0);
	ck_assert_uint_eq(spool_len(spool), 0);
	talloc_free(mem);
}
END_TEST

/* Whoever is handed the view can see all of the file, and change nothing of it. */
START_TEST(a_cleared_spool_holds_nothing_and_its_view_cannot_be_written)
{
	struct err e = { 0 };
	struct spool *spool = spool_open("/tmp", NULL, &e);
	char seen[8];

	ck_assert(spool_write(spool, "secret", 6, &e));
	spool_rewind(spool);
	ck_assert(spool_write(spool, "x", 1, &e));
	ck_assert_int_eq(pread(*spool_view(spool), seen, sizeof seen, 0), 6);
	ck_assert(memcmp(seen, "xecret", 6) == 0);
	ck_assert(spool_clear(spool, &e));
	ck_assert_uint_eq(spool_len(spool), 0);
	ck_assert(spool_write(spool, "y", 1, &e));
	ck_assert_int_eq(pread(*spool_view(spool), seen, sizeof seen, 0), 1);
	ck_assert_int_eq(write(*spool_view(spool), "z", 1), -1);
	ck_assert_int_eq(errno, EBADF);
	ck_assert_int_ne(ftruncate(*spool_view(spool), 0), 0);
	talloc_free(spool);
}
END_TEST

START_TEST(a_spool_without_folder_is_setup_and_a_full_disk_is_retry)
{
	struct err e = { 0 };
	struct spool *spool;
	int full;

	ck_assert_ptr_null(spool_open("/nonexistent", NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	err_clear(&e);
	spool = spool_open("/tmp", NULL, &e);
	full = open("/dev/full", O_RDWR);
	ck_assert(dup2(full, spool_fd(spool)) >= 0);
	close(full);
	ck_assert(!spool_write(spool, "x", 1, &e));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	talloc_free(spool);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("transfer");
	TCase *t = tcase_create("transfer");
	SRunner *runner;
	int failed;

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, each_kind_of_call_has_a_time_of_its_own, 0, 4);
	tcase_add_test(t, an_expired_session_is_renewed_exactly_once);
	tcase_add_test(t, a_session_that_stays_refused_is_the_caller_s);
	tcase_add_test(t, http_401_and_403_are_an_expired_session);
	tcase_add_test(t, a_password_changed_meanwhile_ends_it);
	tcase_add_test(t, a_fault_behind_401_says_more_than_401);
	tcase_add_loop_test(t, answers_that_are_no_list, 0, sizeof lists / sizeof *lists);
	tcase_add_test(t, an_empty_list_is_success);
	tcase_add_test(t, a_shipment_and_its_raw_answer);
	tcase_add_test(t, a_link_is_recorded_and_never_followed);
	tcase_add_test(t, a_type_that_is_no_text_is_kept_readable);
	tcase_add_test(t, what_is_refused_is_still_spooled_whole);
	tcase_add_test(t, a_shipment_cut_short_is_fetched_again_not_quarantined);
	tcase_add_test(t, a_shorter_answer_after_a_longer_one_leaves_no_rest);
	tcase_add_loop_test(t, acknowledgements_have_a_route, 0, sizeof acks / sizeof *acks);
	tcase_add_test(t, what_a_failed_login_keeps_back_was_not_sent);
	tcase_add_test(t, a_large_spool_gives_its_space_back);
	tcase_add_test(t, a_cleared_spool_holds_nothing_and_its_view_cannot_be_written);
	tcase_add_test(t, a_spool_without_folder_is_setup_and_a_full_disk_is_retry);
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
enum acknowledgement became;
