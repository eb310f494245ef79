/* One POST: which URLs and certificates are trusted, and what the surroundings may not change. */
#include <openssl/ssl.h>
#include <signal.h>

#include "events/sink_http.h"
#include "tests/events/canned.h"

static TALLOC_CTX *mem;
static struct err e;
static char folder[64];

static void open_mem(void)
{
	mem = talloc_new(NULL);
	e = (struct err){ 0 };
	strcpy(folder, "/tmp/vorpost-sink-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void close_mem(void)
{
	char command[128];

	talloc_free(mem);
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

/* ---- URLs ---- */

static const char *const refused[] = {
	"",
	"example.com/hook",
	"https://",
	"http://example.com/hook",
	"http://192.168.0.1/hook",
	"http://127.0.0.1.example.com/hook",
	"http://1270.0.0.1/hook",
	"http://localhost.example.com/",
	"http://[::2]/",
	"http://127.0.0.1@example.com/",
	"https://user:password@example.com/hook",
	"https://user@example.com/hook",
	"ftp://127.0.0.1/hook",
	"file:///etc/passwd",
	"gopher://127.0.0.1/",
	"https://exa mple.com/",
	"https://example.com/\r\nX-Evil: 1",
	"https://example.com:99999/",
};

START_TEST(url_refused)
{
	ck_assert_msg(!sink_url_check(refused[_i], true, &e), "%s", refused[_i]);
	ck_assert_int_eq(e.kind, ERR_USAGE);
	ck_assert_ptr_null(strstr(e.text, "password@"));
}
END_TEST

static const char *const taken[] = {
	"https://example.com/hook?key=1",
	"https://push.example:8443/",
	"http://127.0.0.1:8080/hook",
	"http://127.1.2.3/",
	"http://localhost:9/",
	"http://[::1]:9/",
};

START_TEST(url_taken)
{
	ck_assert_msg(sink_url_check(taken[_i], true, &e), "%s: %s", taken[_i], e.text);
}
END_TEST

/* Every one of them leads into this machine, a private network or nowhere, however it is written. */
static const char *const inside[] = {
	"https://127.0.0.1/",
	"https://127.1/",
	"https://2130706433/",
	"https://0x7f000001/",
	"https://0x7f.0.0.1/",
	"https://0177.0.0.1/",
	"https://017700000001/",
	"https://localhost/",
	"https://LOCALHOST/",
	"http://127.0.0.1/",
	"https://10.1.2.3/",
	"https://012.1.2.3/",
	"https://172.16.0.1/",
	"https://192.168.1.1/",
	"https://3232235777/",
	"https://100.64.0.1/",
	"https://169.254.169.254/latest/meta-data/",
	"https://2852039166/",
	"https://0xa9fea9fe/",
	"https://0251.0376.0251.0376/",
	"https://0.0.0.0/",
	"https://0/",
	"https://224.0.0.1/",
	"https://255.255.255.255/",
	"https://[::]/",
	"https://[::1]/",
	"https://[0:0:0:0:0:0:0:1]/",
	"https://[::ffff:127.0.0.1]/",
	"https://[::ffff:7f00:1]/",
	"https://[::ffff:169.254.169.254]/",
	"https://[::ffff:a9fe:a9fe]/",
	"https://[::127.0.0.1]/",
	"https://[64:ff9b::7f00:1]/",
	"https://[64:ff9b::a9fe:a9fe]/",
	"https://[2002:7f00:1::]/",
	"https://[fd00::1]/",
	"https://[fd00:ec2::254]/",
	"https://[fc00::1]/",
	"https://[fe80::1]/",
	"https://[fe80::1%25lo]/",
	"https://[fec0::1]/",
	"https://[ff02::1]/",
};

START_TEST(inside_is_refused)
{
	ck_assert_msg(!sink_url_check(inside[_i], false, &e), "%s", inside[_i]);
	ck_assert_int_eq(e.kind, ERR_USAGE);
}
END_TEST

/* A name is judged by the address it leads to, before anything is sent there. */
START_TEST(a_name_that_leads_inside_is_refused)
{
	static const char *const local[] = { "inside.localhost", "x.y.localhost" };
	RECEIVER({ .status = 200 });
	struct landing landing;
	struct sink *sink = sink_new(60000, 60000, mem);
	struct post post = {
		.url = talloc_asprintf(mem, "https://%s:%d/", local[_i], receiver.port),
		.content_type = "text/plain",
		.id = "1",
		.signature = "v1,x",
		.body = "{}",
		.len = 2,
	};

	ck_assert_msg(sink_start(sink, &post, NULL, &e), "%s", e.text);
	while (!sink_landed(&landing, sink))
		sink_wait(sink, NULL, 0, 50);
	ck_assert(!landing.whole);
	ck_assert(!landing.answer.reached);
	ck_assert_int_eq(landing.trouble.kind, ERR_REFUSED);
	ck_assert_int_eq(receiver.connections, 0);
}
END_TEST

/* ---- TLS ---- */

static SSL_CTX *tls;

static void *tls_talk(void *arg)
{
	static const char answer[] = "HTTP/1.1 204 Yes\r\n\r\n";
	char text[4096];
	int fd;

	(void)arg;
	while ((fd = accept(receiver.listener, NULL, NULL)) >= 0) {
		SSL *ssl = SSL_new(tls);

		SSL_set_fd(ssl, fd);
		if (SSL_accept(ssl) == 1 && SSL_read(ssl, text, sizeof text) > 0) {
			receiver.count++;
			SSL_write(ssl, answer, sizeof answer - 1);
		}
		SSL_free(ssl);
		close(fd);
	}
	return NULL;
}

/* A self-signed certificate for `name` ("IP:127.0.0.1"). Returns its file. */
static char *tls_start(const char *name)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof here;
	char *cert = talloc_asprintf(mem, "%s/cert.pem", folder);
	char *key = talloc_asprintf(mem, "%s/key.pem", folder);
	pthread_t thread;

	ck_assert_int_eq(
		system(talloc_asprintf(
			mem,
			"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
			" -keyout %s -out %s -days 2 -subj /CN=test -addext subjectAltName=%s"
			" 2>/dev/null",
			key, cert, name)),
		0);
	tls = SSL_CTX_new(TLS_server_method());
	ck_assert_int_eq(SSL_CTX_use_certificate_file(tls, cert, SSL_FILETYPE_PEM), 1);
	ck_assert_int_eq(SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM), 1);
	receiver.listener = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(receiver.listener, (struct sockaddr *)&here, size), 0);
	ck_assert_int_eq(listen(receiver.listener, 16), 0);
	getsockname(receiver.listener, (struct sockaddr *)&here, &size);
	receiver.port = ntohs(here.sin_port);
	pthread_create(&thread, NULL, tls_talk, NULL);
	pthread_detach(thread);
	return cert;
}

static bool post(struct answer *answer, const char *scheme, const char *ca_file)
{
	struct post post = {
		.url = talloc_asprintf(mem, "%s://127.0.0.1:%d/path-of-its-own", scheme,
				       receiver.port),
		.ca_file = ca_file,
		.allow_private = true,
		.content_type = "application/cloudevents+json",
		.id = "1",
		.timestamp_s = 1,
		.signature = "v1,signature-of-it",
		.body = "{}",
		.len = 2,
	};

	return sink_post(answer, sink_new(60000, 60000, mem), &post, &e);
}

static void refused_before_anything_was_sent(enum err_kind kind, const char *says)
{
	ck_assert_int_eq(e.kind, kind);
	ck_assert_msg(strstr(e.text, says) != NULL, "%s", e.text);
	ck_assert_ptr_null(strstr(e.text, "path-of-its-own"));
	ck_assert_ptr_null(strstr(e.text, "signature-of-it"));
	ck_assert_int_eq(receiver.count, 0);
}

START_TEST(certificate_of_nobody_we_trust)
{
	struct answer answer;

	tls_start("IP:127.0.0.1");
	ck_assert(!post(&answer, "https", NULL));
	refused_before_anything_was_sent(ERR_RETRY, "certificate");
}
END_TEST

START_TEST(certificate_of_another_host)
{
	struct answer answer;
	char *cert = tls_start("DNS:other.example");

	ck_assert(!post(&answer, "https", cert));
	refused_before_anything_was_sent(ERR_RETRY, "127.0.0.1");
}
END_TEST

START_TEST(ca_file_is_missing)
{
	struct answer answer;

	tls_start("IP:127.0.0.1");
	ck_assert(!post(&answer, "https", "/nowhere/ca.pem"));
	refused_before_anything_was_sent(ERR_SETUP, "/nowhere/ca.pem");
}
END_TEST

START_TEST(ca_file_is_no_certificate)
{
	struct answer answer;

	tls_start("IP:127.0.0.1");
	ck_assert(!post(&answer, "https", talloc_asprintf(mem, "%s/key.pem", folder)));
	refused_before_anything_was_sent(ERR_SETUP, "127.0.0.1");
}
END_TEST

START_TEST(certificate_of_the_ca_file)
{
	struct answer answer;
	char *cert = tls_start("IP:127.0.0.1");

	ck_assert_msg(post(&answer, "https", cert), "%s", e.text);
	ck_assert_int_eq(answer.status, 204);
}
END_TEST

START_TEST(proxies_of_the_environment_are_not_asked)
{
	RECEIVER({ .status = 200 });
	struct answer answer;

	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("ALL_PROXY", "http://127.0.0.1:1", 1);
	ck_assert_msg(post(&answer, "http", NULL), "%s", e.text);
	ck_assert_int_eq(answer.status, 200);
}
END_TEST

START_TEST(status_without_an_answer_is_none)
{
	RECEIVER({ .way = CANNED_BREAK });
	struct answer answer;

	ck_assert(!post(&answer, "http", NULL)); /* "200", but not a whole answer */
	ck_assert_int_eq(e.kind, ERR_RETRY);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sink_http");
	TCase *cases = tcase_create("sink_http");
	SRunner *runner;
	int failed;

	signal(SIGPIPE, SIG_IGN); /* as the program does; a peer may hang up in the middle */
	tcase_add_checked_fixture(cases, open_mem, close_mem);
	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, url_refused, 0, (int)(sizeof refused / sizeof *refused));
	tcase_add_loop_test(cases, url_taken, 0, (int)(sizeof taken / sizeof *taken));
	tcase_add_loop_test(cases, inside_is_refused, 0, (int)(sizeof inside / sizeof *inside));
	tcase_add_loop_test(cases, a_name_that_leads_inside_is_refused, 0, 2);
	tcase_add_test(cases, certificate_of_nobody_we_trust);
	tcase_add_test(cases, certificate_of_another_host);
	tcase_add_test(cases, ca_file_is_missing);
	tcase_add_test(cases, ca_file_is_no_certificate);
	tcase_add_test(cases, certificate_of_the_ca_file);
	tcase_add_test(cases, proxies_of_the_environment_are_not_asked);
	tcase_add_test(cases, status_without_an_answer_is_none);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
