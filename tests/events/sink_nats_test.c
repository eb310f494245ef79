/* One connection to a real NATS server: what is stored, what is refused and in which words. */
#include <poll.h>
#include <sys/stat.h>
#include <talloc.h>

#include "events/sink_nats.h"
#include "tests/events/nats_node.h"

#define MANY 500

static TALLOC_CTX *mem;
static struct err e;
static char folder[64];
static struct node node;
static struct reader reader;
static struct bus *bus;
static struct bus_landing landing;

static void open_all(void)
{
	mem = talloc_new(NULL);
	e = (struct err){ 0 };
	strcpy(folder, "/tmp/vorpost-nats-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
	node = (struct node){ 0 };
	reader = (struct reader){ 0 };
	bus = bus_new(60000, 60000, mem);
}

/* With other limits, and therefore a connection of its own. */
static void bus_again(long connect_ms, long ack_ms)
{
	talloc_free(bus);
	bus = bus_new(connect_ms, ack_ms, mem);
}

static void close_all(void)
{
	char command[128];

	talloc_free(mem);
	reader_close(&reader);
	node_kill(&node);
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static char *file_of(const char *name, const char *text)
{
	char *path = talloc_asprintf(mem, "%s/%s", folder, name);
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs(text, file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(path, 0600), 0);
	return path;
}

static char *jetstream(const char *more)
{
	return talloc_asprintf(mem, "jetstream { store_dir: \"%s/js\" }\n%s", folder, more);
}

/* A server with a stream. */
static void stage_stream(int64_t max_msgs)
{
	node_start(&node, folder, "one", jetstream(""));
	reader_open(&reader, &node, "");
	stream_make(&reader, 1, max_msgs);
}

static struct message message_of(const char *id)
{
	const char *body = talloc_asprintf(mem, "{\"id\":\"%s\"}", id);

	return (struct message){
		.url = talloc_asprintf(mem, "%s/vorpost", node.url),
		.allow_private = true,
		.broker = "makler",
		.type = "policy.issued",
		.id = id,
		.partitionkey = "K1",
		.body = body,
		.len = strlen(body),
	};
}

static void refused(const struct message *message, enum err_kind kind, const char *words)
{
	ck_assert(!bus_publish(&landing, bus, message, &e));
	ck_assert_msg(strstr(e.text, words), "'%s', expected '%s'", e.text, words);
	ck_assert_int_eq(e.kind, kind);
	e = (struct err){ 0 };
}

static void stored(const struct message *message)
{
	ck_assert_msg(bus_publish(&landing, bus, message, &e), "%s", e.text);
}

START_TEST(stored_and_read_again)
{
	struct message message = message_of("");
	natsMsg *msg;

	stage_stream(-1);
	message = message_of("01920000-0000-7000-8000-000000000001");
	stored(&message);
	ck_assert_str_eq(landing.stream, "EVENTS");
	ck_assert_int_eq((int)landing.sequence, 1);
	ck_assert(!landing.repeated);
	msg = stream_message(&reader, 1);
	ck_assert_str_eq(natsMsg_GetSubject(msg), "vorpost.makler.policy.issued");
	ck_assert_str_eq(message_head(msg, "Nats-Msg-Id"), message.id);
	ck_assert_str_eq(message_head(msg, "content-type"), "application/cloudevents+json");
	ck_assert_str_eq(message_head(msg, "ce-partitionkey"), "K1");
	ck_assert_int_eq(natsMsg_GetDataLength(msg), (int)message.len);
	ck_assert_mem_eq(natsMsg_GetData(msg), message.body, message.len);
	natsMsg_Destroy(msg);
}
END_TEST

START_TEST(the_same_id_is_stored_once)
{
	struct message message;

	stage_stream(-1);
	message = message_of("a");
	stored(&message);
	stored(&message);
	ck_assert(landing.repeated);
	ck_assert_int_eq((int)landing.sequence, 1);
	ck_assert_int_eq((int)stream_count(&reader), 1);
}
END_TEST

START_TEST(a_key_cannot_break_out_of_its_header)
{
	struct message message;
	natsMsg *msg;

	stage_stream(-1);
	message = message_of("a");
	message.partitionkey = "K1\r\nNats-Msg-Id: b";
	stored(&message);
	msg = stream_message(&reader, 1);
	ck_assert_str_eq(message_head(msg, "Nats-Msg-Id"), "a");
	ck_assert_ptr_null(message_head(msg, "ce-partitionkey"));
	natsMsg_Destroy(msg);
}
END_TEST

START_TEST(no_stream)
{
	struct message message;

	node_start(&node, folder, "one", jetstream(""));
	message = message_of("a");
	refused(&message, ERR_RETRY, "no stream takes this subject");
}
END_TEST

START_TEST(no_jetstream)
{
	struct message message;

	node_start(&node, folder, "one", "");
	message = message_of("a");
	refused(&message, ERR_RETRY, "JetStream is not there");
}
END_TEST

START_TEST(stream_is_full)
{
	struct message message;

	stage_stream(1);
	message = message_of("a");
	stored(&message);
	message = message_of("b");
	refused(&message, ERR_RETRY, "full");
	ck_assert_int_eq((int)stream_count(&reader), 1);
}
END_TEST

START_TEST(logins)
{
	struct message message;

	node_start(&node, folder, "one",
		   jetstream("authorization { users: [ { user: vorpost, password: \"geheim:1\" }, "
			     "{ user: reader, password: reader } ] }"));
	reader_open(&reader, &node, "reader:reader@");
	stream_make(&reader, 1, -1);
	message = message_of("a");
	refused(&message, ERR_RETRY, "login was refused");
	message.secret_file = file_of("wrong", "vorpost:geheim2\n");
	refused(&message, ERR_RETRY, "login was refused");
	ck_assert_ptr_null(strstr(landing.trouble.text, "geheim"));
	message.secret_file = file_of("token", "geheim\n");
	refused(&message, ERR_RETRY, "login was refused");
	message.secret_file = file_of("right", "vorpost:geheim:1\n");
	stored(&message);
}
END_TEST

START_TEST(login_by_token)
{
	struct message message;

	node_start(&node, folder, "one", jetstream("authorization { token: \"s3cr3t\" }"));
	reader_open(&reader, &node, "s3cr3t@");
	stream_make(&reader, 1, -1);
	message = message_of("a");
	message.secret_file = file_of("token", "s3cr3t");
	stored(&message);
}
END_TEST

START_TEST(login_that_may_not_publish)
{
	struct message message;

	node_start(&node, folder, "one",
		   jetstream("authorization { users: [ { user: v, password: w, permissions: "
			     "{ publish: \"other.>\", subscribe: \"_INBOX.>\" } } ] }"));
	message = message_of("a");
	message.secret_file = file_of("login", "v:w\n");
	refused(&message, ERR_RETRY, "does not permit");
}
END_TEST

static const char *const bad_secrets[] = { "", "\n", "a\nb\n" };

START_TEST(secret_file_without_one_line)
{
	struct message message = message_of("a");
	char *path = file_of("secret", bad_secrets[_i]);

	message.url = "nats://127.0.0.1:1/vorpost";
	message.secret_file = path;
	ck_assert(!bus_secret_check(path, &e));
	e = (struct err){ 0 };
	refused(&message, ERR_SETUP, "expected one line");
	ck_assert_int_eq(chmod(path, 0644), 0);
	refused(&message, ERR_SETUP, "open to everybody");
}
END_TEST

/* ---- TLS ---- */

static char *tls_start(const char *name)
{
	char *cert = talloc_asprintf(mem, "%s/cert.pem", folder);
	char *command = talloc_asprintf(
		mem,
		"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "
		"%s/key.pem -out %s -days 2 -subj /CN=test -addext subjectAltName=%s 2>/dev/null",
		folder, cert, name);

	ck_assert_int_eq(system(command), 0);
	node_start(&node, folder, "one",
		   jetstream(talloc_asprintf(mem,
					     "tls { cert_file: \"%s\", key_file: \"%s/key.pem\" }",
					     cert, folder)));
	return cert;
}

static void tls_url(struct message *message, const char *host)
{
	*message = message_of("a");
	message->url = talloc_asprintf(mem, "tls://%s:%d/vorpost", host, node.port);
}

START_TEST(certificate_of_nobody_we_trust)
{
	struct message message;

	tls_start("IP:127.0.0.1");
	tls_url(&message, "127.0.0.1");
	refused(&message, ERR_RETRY, "certificate");
}
END_TEST

START_TEST(certificate_of_another_host)
{
	struct message message;
	char *cert = tls_start("DNS:other.example");

	tls_url(&message, "127.0.0.1");
	message.ca_file = cert;
	refused(&message, ERR_RETRY, "IP address mismatch");
	tls_url(&message, "localhost");
	message.ca_file = cert;
	refused(&message, ERR_RETRY, "mismatch");
	ck_assert_ptr_null(strstr(landing.trouble.text, "CN="));
}
END_TEST

START_TEST(certificate_of_the_ca_file)
{
	struct message message;
	char *cert = tls_start("DNS:localhost,IP:127.0.0.1");

	tls_url(&message, "127.0.0.1");
	message.ca_file = cert; /* the connection stands: what is missing is the stream */
	refused(&message, ERR_RETRY, "no stream takes this subject");
	tls_url(&message, "localhost");
	message.ca_file = cert;
	refused(&message, ERR_RETRY, "no stream takes this subject");
	message.url = talloc_asprintf(mem, "nats://127.0.0.1:%d/vorpost", node.port);
	refused(&message, ERR_RETRY, "use tls://");
}
END_TEST

START_TEST(no_tls_where_it_is_wanted)
{
	struct message message;

	node_start(&node, folder, "one", "");
	tls_url(&message, "127.0.0.1");
	refused(&message, ERR_RETRY, "has no TLS");
	message.ca_file = "/nowhere/ca.pem";
	refused(&message, ERR_SETUP, "cannot be read");
}
END_TEST

/* ---- where it may go ---- */

START_TEST(this_machine_only_if_allowed)
{
	struct message message;

	stage_stream(-1);
	message = message_of("a");
	message.allow_private = false;
	refused(&message, ERR_SETUP, "--allow-private");
	ck_assert_int_eq((int)stream_count(&reader), 0);
}
END_TEST

START_TEST(nobody_listens)
{
	struct message message;

	node.port = port_free();
	snprintf(node.url, sizeof node.url, "nats://127.0.0.1:%d", node.port);
	message = message_of("a");
	refused(&message, ERR_RETRY, "no server answers there");
	message.url = "tls://no-such-host.invalid/vorpost";
	refused(&message, ERR_RETRY, "no such host");
}
END_TEST

START_TEST(the_next_node_is_asked)
{
	struct message message;

	stage_stream(-1);
	message = message_of("a");
	message.url = talloc_asprintf(mem, "nats://127.0.0.1:%d,127.0.0.1:%d/vorpost", port_free(),
				      node.port);
	stored(&message);
}
END_TEST

/* ---- many ---- */

/* Every message that was started lands once; returns how many were stored. */
static int land_all(int count)
{
	struct pollfd news = { .fd = bus_fd(bus), .events = POLLIN };
	bool seen[MANY] = { 0 };
	int landed = 0, good = 0;

	while (landed < count) {
		if (!bus_landed(&landing, bus)) {
			poll(&news, 1, 20);
			continue;
		}
		ck_assert_ptr_nonnull(landing.tag);
		ck_assert(!seen[(intptr_t)landing.tag - 1]);
		seen[(intptr_t)landing.tag - 1] = true;
		landed++;
		good += landing.stored;
		ck_assert(landing.stored || landing.trouble.kind == ERR_RETRY);
	}
	ck_assert(!bus_landed(&landing, bus));
	return good;
}

static void start_many(int count)
{
	for (intptr_t i = 1; i <= count; i++) {
		struct message message = message_of(talloc_asprintf(mem, "%d", (int)i));

		ck_assert_msg(bus_start(bus, &message, (void *)i, &e), "%s", e.text);
	}
}

START_TEST(many_are_stored_in_the_order_they_came)
{
	char id[16];

	stage_stream(-1);
	start_many(MANY);
	ck_assert_int_eq(land_all(MANY), MANY);
	for (int i = 1; i <= MANY; i++) {
		natsMsg *msg = stream_message(&reader, (uint64_t)i);

		snprintf(id, sizeof id, "%d", i);
		ck_assert_str_eq(message_head(msg, "Nats-Msg-Id"), id);
		natsMsg_Destroy(msg);
	}
}
END_TEST

START_TEST(a_killed_server_fails_what_is_under_way)
{
	struct message message;

	stage_stream(-1);
	message = message_of("first");
	stored(&message);
	node_hang(&node);
	start_many(MANY);
	node_kill(&node);
	ck_assert_int_eq(land_all(MANY), 0);
	node_run(&node);
	stored(&message); /* through a new connection */
	ck_assert(landing.repeated);
}
END_TEST

START_TEST(a_hanging_server_is_not_waited_for)
{
	struct message message;

	stage_stream(-1);
	message = message_of("first");
	stored(&message);
	bus_again(1000, 1500);
	stored(&message);
	node_hang(&node);
	message = message_of("second");
	refused(&message, ERR_RETRY, "no acknowledgement within 1500 ms");
	refused(&message, ERR_RETRY, "127.0.0.1: "); /* nor at the beginning */
	kill(node.pid, SIGCONT);
	bus_again(60000, 60000);
	stored(&message);
}
END_TEST

START_TEST(what_is_dropped_does_not_land)
{
	stage_stream(-1);
	start_many(MANY);
	for (intptr_t i = 2; i <= MANY; i++)
		bus_drop(bus, (void *)i);
	ck_assert_int_eq(land_all(1), 1);
	start_many(MANY); /* and its end does not wait for anything */
}
END_TEST

static void cases_add(TCase *cases)
{
	tcase_add_test(cases, stored_and_read_again);
	tcase_add_test(cases, the_same_id_is_stored_once);
	tcase_add_test(cases, a_key_cannot_break_out_of_its_header);
	tcase_add_test(cases, no_stream);
	tcase_add_test(cases, no_jetstream);
	tcase_add_test(cases, stream_is_full);
	tcase_add_test(cases, logins);
	tcase_add_test(cases, login_by_token);
	tcase_add_test(cases, login_that_may_not_publish);
	tcase_add_loop_test(cases, secret_file_without_one_line, 0,
			    (int)(sizeof bad_secrets / sizeof *bad_secrets));
	tcase_add_test(cases, certificate_of_nobody_we_trust);
	tcase_add_test(cases, certificate_of_another_host);
	tcase_add_test(cases, certificate_of_the_ca_file);
	tcase_add_test(cases, no_tls_where_it_is_wanted);
	tcase_add_test(cases, this_machine_only_if_allowed);
	tcase_add_test(cases, nobody_listens);
	tcase_add_test(cases, the_next_node_is_asked);
	tcase_add_test(cases, many_are_stored_in_the_order_they_came);
	tcase_add_test(cases, a_killed_server_fails_what_is_under_way);
	tcase_add_test(cases, a_hanging_server_is_not_waited_for);
	tcase_add_test(cases, what_is_dropped_does_not_land);
}

int main(void)
{
	Suite *suite = suite_create("sink_nats");
	TCase *cases = tcase_create("sink_nats");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(cases, open_all, close_all);
	tcase_set_timeout(cases, 60);
	cases_add(cases);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
