/* connection_try_test.c -- `vorpost connection test`: what fits and what does not, in words; listing twice. */
#include "program.h"

#include "tests/ingest/scene.h"

#define LOGIN         TOKEN_ANSWER("2099-01-01T00:00:00Z")
#define LOGOUT        XML("200 OK") SOAP_BEGIN SOAP_END
#define ENTRY(id)     "<t:Lieferung><t:ID>" id "</t:ID></t:Lieferung>"
#define LIST(entries) XML("200 OK") RESPONSE("listShipments", STATUS("OK", "04000") entries)

static struct peer peer;

/* What is known of insurers and accounts belongs to no broker, and ports come again. */
static void forget(void)
{
	program_sql("delete from throttle_slot; delete from throttle; delete from credential");
}

/* The insurer says these, one after the other; options of `connection test west`. */
static void try_gives(int code, const char *options, const char *const *said, int count)
{
	struct peer_answer *script = talloc_array(program.mem, struct peer_answer, count);

	for (int i = 0; i < count; i++)
		script[i] = (struct peer_answer){ said[i], PEER_CLOSE };
	forget();
	peer_start(&peer, PEER_PLAIN, script, count);
	connection_made("west", peer.port);
	program_gives(code, talloc_asprintf(program.mem, "connection test west --allow-plain %s",
					    options));
	peer_stop(&peer);
	ck_assert_int_eq(peer.request_count, count); /* neither more nor less was asked */
}

#define TRY(code, options, ...)                                                                    \
	do {                                                                                       \
		const char *const said[] = { __VA_ARGS__ };                                        \
		try_gives(code, options, said, (int)(sizeof said / sizeof *said));                 \
	} while (0)

START_TEST(what_fits_is_said)
{
	TRY(0, "", LOGIN,
	    LIST(ENTRY("A") ENTRY(
		    "") "<t:Lieferung><t:ID>B</t:ID><t:VerfuegbarBis>bald</t:VerfuegbarBis></t:Lieferung>"),
	    LOGOUT);
	program_says(out, "good: the token service gave a token");
	program_says(out, "good: 2 shipments waiting");
	program_says(out, "1 entries have no usable ID");
	program_says(out, "VerfuegbarBis is no time");
	program_says(out, "nothing was downloaded or acknowledged");
	ck_assert_str_eq(program_sql("select count(*) from shipment"), "0");
}
END_TEST

/* A refusal at the list and what it says about the settings. */
static const struct refusal {
	const char *answer;
	int code;
	const char *words;
} refusals[] = {
	{ FAULT("00007"), 78, "compare transfer_version" },
	{ FAULT("00931"), 78, "compare transfer_version" },
	{ FAULT("04005"), 78, "leave `category` out" },
	{ FAULT("00907"), 78, "right login kind" },
	{ FAULT("00940"), 75, "out of order" },
	{ FAULT("00964"), 77, "only the insurer can open it" },
	{ FAULT("00966"), 77, "password has expired" },
	{ "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 75, "the network, or the service" },
};

START_TEST(what_does_not_fit_is_said_with_what_to_change)
{
	TRY(refusals[_i].code, "", LOGIN, refusals[_i].answer, LOGOUT);
	program_says(out, "list      does not fit");
	program_says(out, refusals[_i].words);
}
END_TEST

/* The token service is often of another release, and has keys of its own. */
START_TEST(a_token_service_that_does_not_fit_has_its_own_keys)
{
	TRY(78, "", FAULT("00931"));
	program_says(out, "insurer   north, BiPRO 2.6.1.1.0 in nachrichten, listShipments");
	program_says(out, "          BiPRO 2.6.1.1.0 in nachrichten, SOAPAction");
	program_says(out, "login     does not fit");
	program_says(out, "compare sts_version, sts_namespace, sts_soap_action and sts_dialect");
	ck_assert_ptr_null(strstr(program.out, "transfer_version"));
}
END_TEST

START_TEST(a_wrong_password_is_said_and_not_tried_again)
{
	TRY(77, "--double-listing", FAULT("00961"));
	program_says(out, "login     does not fit");
	program_says(out, "a second try may lock the account");
}
END_TEST

/* One login: the account is paused, and who means it may try once more. */
START_TEST(a_refused_account_is_paused_and_left_alone)
{
	const struct peer_answer script[] = { { FAULT("00961"), PEER_CLOSE },
					      { FAULT("00964"), PEER_CLOSE } };

	forget();
	peer_start(&peer, PEER_PLAIN, script, 2);
	connection_made("west", peer.port);
	connection_made("east", peer.port); /* the same account */
	program_gives(77, "connection test west --allow-plain");
	program_says(out, "paused, with all that share the account");
	ck_assert_str_eq(program_sql("select count(*) from connection where state = 'paused'"),
			 "2");
	program_gives(75, "connection test west --allow-plain");
	program_says(err, "--anyway");
	program_gives(75, "connection test east --allow-plain");
	ck_assert_int_eq(peer.request_count, 1);
	program_gives(77, "connection test west --anyway --allow-plain");
	peer_stop(&peer);
	ck_assert_int_eq(peer.request_count, 2);
	ck_assert_str_eq(
		program_sql("select count(*) from connection where lease_owner is not null"), "0");
}
END_TEST

START_TEST(who_wants_to_be_left_alone_is_not_asked)
{
	forget();
	connection_made("west", 1);
	program_sql("insert into throttle (issuer, parallel_most, allowed, blocked_until) "
		    "values ('north', 5, 2, now() + interval '1 hour')");
	program_gives(75, "connection test west --anyway --allow-plain");
	program_says(err, "of his Retry-After");
	program_sql("update connection set lease_owner = 'elsewhere',"
		    " lease_until = now() + interval '50 seconds'");
	program_gives(75, "connection test west --allow-plain");
	program_says(err, "being worked on");
	forget();
}
END_TEST

/* A foreign answer is read where there is no password: without the reader there is no answer. */
START_TEST(answers_are_read_in_the_cage)
{
	TRY(65, "", LOGIN,
	    "HTTP/1.1 200 OK\r\nContent-Type: text/xml; x-plant=crash\r\n\r\n" RESPONSE(
		    "listShipments", STATUS("OK", "04000") ENTRY("A")),
	    LOGOUT);
	program_says(out, "the reader crashed");
}
END_TEST

/* The first try of a new connection: an address is mistyped more often than the network is away. */
START_TEST(an_address_that_leads_nowhere_is_named)
{
	/* a label of more than 63 characters is no name, and nobody has to be asked */
	const char *host =
		"nordwindnordwindnordwindnordwindnordwindnordwindnordwindnordwind1.example";
	char *add =
		talloc_asprintf(program.mem,
				"connection add lost --insurer north --sts https://%s/sts "
				"--transfer https://%s/transfer --user broker --password-file %s",
				host, host, program.password);

	forget();
	program_gives(0, add);
	program_gives(75, "connection test lost");
	program_says(out,
		     talloc_asprintf(program.mem, "login: the host %s cannot be resolved", host));
	program_says(out, "check the host in --sts: most likely it is mistyped");
	ck_assert_ptr_null(strstr(program.out, "nothing is wrong with the settings"));
	connection_made("deaf", 1);
	program_gives(75, "connection test deaf --allow-plain");
	program_says(out, "cannot be reached at 127.0.0.1 port 1 (Connection refused)");
	program_says(out, "check host and port in --sts");
}
END_TEST

START_TEST(listed_twice_the_same_does_not_confirm)
{
	TRY(0, "--double-listing", LOGIN, LIST(ENTRY("A") ENTRY("B")),
	    LIST(ENTRY("C") ENTRY("B") ENTRY("A")), LOGOUT);
	program_says(out, "has marked these shipments as received");
	program_says(out, "good: the same 2 again and new ones; listing does not confirm");
}
END_TEST

START_TEST(what_is_gone_at_the_second_list_was_confirmed_by_the_first)
{
	TRY(1, "--double-listing", LOGIN, LIST(ENTRY("A") ENTRY("B") ENTRY("C")), LIST(ENTRY("B")),
	    LOGOUT);
	program_says(out, "gone      A");
	program_says(out, "gone      C");
	program_says(out, "2 of 3 shipments are gone");
	program_says(out, "acknowledge_flag");
	ck_assert_ptr_null(strstr(program.out, "the connection works"));
}
END_TEST

START_TEST(with_nothing_waiting_the_second_list_says_nothing)
{
	TRY(0, "--double-listing", LOGIN, LIST_EMPTY, LIST_EMPTY, LOGOUT);
	program_says(out, "says nothing: repeat it when shipments wait");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("connection_try");

	tcase_add_test(tc, what_fits_is_said);
	tcase_add_loop_test(tc, what_does_not_fit_is_said_with_what_to_change, 0,
			    sizeof refusals / sizeof *refusals);
	tcase_add_test(tc, a_token_service_that_does_not_fit_has_its_own_keys);
	tcase_add_test(tc, a_wrong_password_is_said_and_not_tried_again);
	tcase_add_test(tc, a_refused_account_is_paused_and_left_alone);
	tcase_add_test(tc, who_wants_to_be_left_alone_is_not_asked);
	tcase_add_test(tc, answers_are_read_in_the_cage);
	tcase_add_test(tc, an_address_that_leads_nowhere_is_named);
	tcase_add_test(tc, listed_twice_the_same_does_not_confirm);
	tcase_add_test(tc, what_is_gone_at_the_second_list_was_confirmed_by_the_first);
	tcase_add_test(tc, with_nothing_waiting_the_second_list_says_nothing);
	return program_cases(suite_create("connection_try"), tc);
}
