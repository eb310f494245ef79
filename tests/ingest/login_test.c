/* The login kinds on the wire: what goes out, byte by byte where it matters, and what a refusal does. */
#include "ingest/login.h"

#include <libxml/parser.h>

#include "base/clock.h"
#include "ingest/trust.h"
#include "tests/ingest/identity_made.h"
#include "tests/ingest/scene.h"

#define DAY_S   86400l
#define FAR     "2099-01-01T00:00:00Z"
#define SAML_NS "urn:oasis:names:tc:SAML:2.0:assertion"
#define ASSERTION                                                                                  \
	"<s2:EncryptedAssertion   xmlns:s2='" SAML_NS "'\n\tID=\"canary\" >&#65;<!-- c --><x "     \
	"xmlns=\"urn:x\"/></s2:EncryptedAssertion >"
#define REFUSED_401                                                                                \
	{                                                                                          \
		"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n", PEER_CLOSE                         \
	}

static struct made_identity ours, other, elliptic;

static void make_ours(void)
{
	made_identity(&ours, EVP_RSA_gen(2048), -DAY_S, 30 * DAY_S);
	made_identity(&other, EVP_RSA_gen(2048), -DAY_S, 30 * DAY_S);
	made_identity(&elliptic, EVP_EC_gen("P-256"), -DAY_S, 30 * DAY_S);
}

static void free_ours(void)
{
	made_free(&ours);
	made_free(&other);
	made_free(&elliptic);
}

/* Put into the scene's secret file. */
static void secret_is(struct scene *s, const char *text)
{
	FILE *f = fopen(s->secret_file, "w");

	fputs(text, f);
	fclose(f);
}

/* The scene's session once more, as this kind. */
static void login_as(struct scene *s, enum login_kind kind)
{
	const struct session_options options = { .spool = s->spool };

	session_close(s->session);
	s->profile.login = kind;
	if (!login_has_token(kind))
		s->connection.sts_url = NULL;
	if (kind != LOGIN_PASSWORD)
		s->connection.username = NULL;
	if (kind == LOGIN_CERTIFICATE || kind == LOGIN_TLS) {
		s->connection.key_file = ours.both;
		s->connection.secret_file = NULL;
	}
	s->session = session_new(&s->connection, &s->profile, &options, s->mem, &s->e);
	ck_assert_msg(s->session != NULL, "%s", s->e.text);
}

static bool asks_for_list(struct scene *s)
{
	struct shipment_list list;

	err_clear(&s->e);
	return transfer_list(&list, s->session, s->mem, &s->e);
}

/* ---- an assertion ---- */

START_TEST(an_assertion_goes_out_byte_by_byte)
{
	SCENE(s, { LIST_EMPTY, PEER_CLOSE });

	secret_is(&s, ASSERTION "\n");
	login_as(&s, LOGIN_SAML);
	ck_assert_msg(asks_for_list(&s), "%s", s.e.text);
	session_close(s.session);
	assert_asked(&s, "list");
	ck_assert_ptr_nonnull(strstr(s.peer.requests[0], "1.0.xsd\">" ASSERTION "</o:Security>"));
	ck_assert_ptr_null(strstr(s.peer.requests[0], "SecurityContextToken"));
	scene_end(&s);
}
END_TEST

START_TEST(what_is_no_assertion_never_goes_out)
{
	static const struct {
		const char *text, *says; /* NULL: it may */
	} cases[] = {
		{ "<a:Assertion xmlns:a='" SAML_NS "'/>", NULL },
		{ "<Assertion xmlns='urn:oasis:names:tc:SAML:1.0:assertion'>x</Assertion>\r\n",
		  NULL },
		{ "<Assertion/>", "expected an Assertion" },
		{ "<a:Other xmlns:a='" SAML_NS "'/>", "expected an Assertion" },
		{ "<q><a:Assertion xmlns:a='" SAML_NS "'/></q>", "expected an Assertion" },
		{ "<a:Assertion/>", "assertion file" }, /* the prefix is declared nowhere */
		{ "<a:Assertion xmlns:a='" SAML_NS "'>", "assertion file" },
		{ "<a:Assertion xmlns:a='" SAML_NS "'/></o:Security>", "assertion file" },
		{ "<a:Assertion xmlns:a='" SAML_NS "'/><x/>", "assertion file" },
		{ "<?xml version='1.0'?><a:Assertion xmlns:a='" SAML_NS "'/>", "element alone" },
		{ " <a:Assertion xmlns:a='" SAML_NS "'/>", "element alone" },
		{ "<!-- --><a:Assertion xmlns:a='" SAML_NS "'/>", "element alone" },
		{ "\xef\xbb\xbf<a:Assertion xmlns:a='" SAML_NS "'/>", "element alone" },
		{ "<!DOCTYPE x><a:Assertion xmlns:a='" SAML_NS "'/>", "assertion file" },
		{ "<a:Assertion xmlns:a='" SAML_NS "'>&x;</a:Assertion>", "assertion file" },
		{ "<a:Assertion xmlns:a='" SAML_NS "'>\xfc</a:Assertion>", "assertion file" },
		{ "", "empty" },
	};
	struct scene s = { .mem = talloc_new(NULL) };

	scene_secret(&s);
	s.connection.secret_file = s.secret_file;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *secret;
		bool ok;

		secret_is(&s, cases[i].text);
		err_clear(&s.e);
		ok = login_secret(&secret, &s.connection, LOGIN_SAML, s.mem, &s.e);
		ck_assert_msg(ok == !cases[i].says, "case %zu: %s", i, s.e.text);
		if (cases[i].says)
			ck_assert_msg(strstr(s.e.text, cases[i].says) != NULL, "case %zu: %s", i,
				      s.e.text);
	}
	unlink(s.secret_file);
	talloc_free(s.mem);
}
END_TEST

/* ---- a bearer token ---- */

START_TEST(a_bearer_token_stands_in_http_alone)
{
	SCENE(s, { LIST_EMPTY, PEER_CLOSE });
	const char *request, *head;

	secret_is(&s, "ey.canary-~+/=\n");
	login_as(&s, LOGIN_BEARER);
	ck_assert_msg(asks_for_list(&s), "%s", s.e.text);
	session_close(s.session);
	assert_asked(&s, "list");
	request = s.peer.requests[0];
	head = strstr(request, "\r\nAuthorization: Bearer ey.canary-~+/=\r\n");
	ck_assert_ptr_nonnull(head);
	ck_assert(head < strstr(request, "\r\n\r\n"));
	ck_assert_ptr_null(strstr(head + 2 + 20, "canary-~+/=\r\nA"));
	ck_assert_ptr_nonnull(strstr(request, "<s:Header/><s:Body>"));
	scene_end(&s);
}
END_TEST

START_TEST(a_token_cannot_bring_a_header_of_its_own)
{
	static const char *const texts[] = { "a b\n", "a\tb\n", "a\rX-Y: z\n", "\xc3\xbc\n",
					     "a,b\n", "a\nb\n", "\"a\"\n" };
	struct scene s = { .mem = talloc_new(NULL) };

	scene_secret(&s);
	s.connection.secret_file = s.secret_file;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char *secret;

		secret_is(&s, texts[i]);
		err_clear(&s.e);
		ck_assert_msg(!login_secret(&secret, &s.connection, LOGIN_BEARER, s.mem, &s.e),
			      "case %zu", i);
		ck_assert_int_eq(s.e.kind, ERR_SETUP);
	}
	unlink(s.secret_file);
	talloc_free(s.mem);
}
END_TEST

/* ---- refusals where there is no token to renew ---- */

/* The file is read once more, for somebody may have renewed it; then it is the credential. */
START_TEST(a_refused_credential_is_tried_twice_and_then_stops)
{
	static const enum login_kind by[] = { LOGIN_SAML, LOGIN_BEARER, LOGIN_TLS };
	SCENE(s, REFUSED_401, { FAULT("00962"), PEER_CLOSE });

	secret_is(&s, by[_i] == LOGIN_SAML ? ASSERTION : "ey.canary");
	login_as(&s, by[_i]);
	ck_assert(!asks_for_list(&s));
	assert_err(&s.e, ERR_LOGIN, "00962");
	session_close(s.session);
	assert_asked(&s, "list list");
	scene_end(&s);
}
END_TEST

/* Locked, expired, wrong: whoever says so, at whatever call, stops everything at the first time. */
START_TEST(lock_out_codes_stop_at_the_first_sight)
{
	static const struct peer_answer answers[] = {
		{ FAULT("00960"), PEER_CLOSE },    { FAULT("00961"), PEER_CLOSE },
		{ FAULT("00963"), PEER_CLOSE },    { FAULT("00964"), PEER_CLOSE },
		{ FAULT("00965"), PEER_CLOSE },    { FAULT("00966"), PEER_CLOSE },
		{ LIST_NOK("00964"), PEER_CLOSE },
	};
	static const char *const codes[] = { "00960", "00961", "00963", "00964",
					     "00965", "00966", "00964" };
	struct scene s;

	scene_start(&s, &answers[_i / LOGIN_KINDS], 1);
	secret_is(&s, _i % LOGIN_KINDS == LOGIN_SAML ? ASSERTION : "ey.canary");
	login_as(&s, (enum login_kind)(_i % LOGIN_KINDS));
	ck_assert(!asks_for_list(&s));
	assert_err(&s.e, ERR_LOGIN, codes[_i / LOGIN_KINDS]);
	session_close(s.session);
	ck_assert_int_eq(s.peer.request_count, 1);
	scene_end(&s);
}
END_TEST

/* ---- a signed login ---- */

/* What went out, believed by whoever pins our certificate, and by nobody else. */
static bool believed(const char *request, const struct made_identity *by, struct err *e)
{
	const struct trust_files files = { .certificates = by->certificate_file };
	const char *body = strstr(request, "\r\n\r\n") + 4;
	struct trust_message message = { .content_type = "text/xml; charset=utf-8",
					 .bytes = body,
					 .len = strlen(body) };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_new(&files, mem, e);
	char *envelope;
	size_t len;
	bool ok = trust_verify(&envelope, &len, trust, &message, clock_wall_ms(), mem, e);

	if (ok)
		ck_assert_ptr_nonnull(memmem(envelope, len, "/trust/Issue", 12));
	talloc_free(mem);
	return ok;
}

START_TEST(a_login_by_certificate_is_signed_as_we_would_demand)
{
	SCENE(s, { TOKEN_ANSWER(FAR), PEER_CLOSE }, { LIST_EMPTY, PEER_CLOSE },
	      { LIST_EMPTY, PEER_CLOSE });
	struct err e = { 0 };
	char *changed, *at;

	login_as(&s, LOGIN_CERTIFICATE);
	ck_assert_msg(asks_for_list(&s), "%s", s.e.text);
	session_close(s.session);
	assert_asked(&s, "login list logout");
	ck_assert_msg(believed(s.peer.requests[0], &ours, &e), "%s", e.text);
	ck_assert(!believed(s.peer.requests[0], &other, &e));
	changed = strdup(s.peer.requests[0]);
	at = strstr(changed, "/sc/sct</");
	ck_assert_ptr_nonnull(at);
	at[6] = 'S';
	ck_assert(!believed(changed, &ours, &e));
	free(changed);
	ck_assert_ptr_null(strstr(s.peer.requests[0], "UsernameToken"));
	ck_assert_ptr_null(strstr(s.peer.requests[0], "PRIVATE"));
	ck_assert_ptr_nonnull(strstr(s.peer.requests[1], TOKEN "<"));
	scene_end(&s);
}
END_TEST

START_TEST(a_signed_login_is_rsa)
{
	const struct connection c = { .key_file = elliptic.both };
	struct profile profile = profile_default;
	TALLOC_CTX *mem = talloc_new(NULL);
	struct login_files files;
	struct err e = { 0 };

	profile.login = LOGIN_CERTIFICATE;
	ck_assert(!login_files_load(&files, &c, &profile, mem, &e));
	talloc_free(mem);
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "RSA"));
}
END_TEST

/* ---- a TLS certificate ---- */

/* A server that wants one certificate and no other; the peer's own certificate signs for itself. */
static SSL_CTX *demanding(const struct made_identity *wanted, int version, char ca_file[64])
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = peer_issue(key, NULL, NULL, "Peer", NULL, -DAY_S, DAY_S);
	X509V3_CTX ctx;
	X509_EXTENSION *name;
	FILE *f;

	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	name = X509V3_EXT_conf_nid(NULL, &ctx, NID_subject_alt_name, "IP:127.0.0.1");
	X509_add_ext(x, name, -1);
	X509_EXTENSION_free(name);
	X509_sign(x, key, EVP_sha256());
	SSL_CTX_use_certificate(tls, x);
	SSL_CTX_use_PrivateKey(tls, key);
	SSL_CTX_set_min_proto_version(tls, version);
	SSL_CTX_set_max_proto_version(tls, version);
	SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
	X509_STORE_add_cert(SSL_CTX_get_cert_store(tls), wanted->x);
	strcpy(ca_file, "/tmp/vorpost-demanding-XXXXXX");
	f = fdopen(mkstemp(ca_file), "w");
	PEM_write_X509(f, x);
	fclose(f);
	X509_free(x);
	EVP_PKEY_free(key);
	return tls;
}

static const struct showing {
	const char *key, *phrase; /* NULL: none is shown */
	bool good;
} showings[] = {
	{ ours.both, NULL, true },
	{ ours.box, ours.phrase, true },
	{ other.both, NULL, false },
	{ NULL, NULL, false },
};

START_TEST(a_certificate_is_shown_in_tls)
{
	static const struct peer_answer good[] = { { LIST_EMPTY, PEER_CLOSE } };
	const struct showing *showing = &showings[_i / 2];
	int version = _i % 2 ? TLS1_3_VERSION : TLS1_2_VERSION;
	struct connection c = { .name = (char *)"nord", .issuer = (char *)"nordstern" };
	struct profile profile = profile_default;
	const struct session_options options = { 0 };
	struct shipment_list list;
	struct session *session;
	struct err e = { 0 };
	struct peer peer;
	char ca_file[64], secret[] = "/tmp/vorpost-token-XXXXXX";

	peer_start_with(&peer, demanding(&ours, version, ca_file), good, 1);
	c.transfer_url = peer.url;
	c.ca_file = ca_file;
	c.key_file = (char *)(uintptr_t)showing->key;
	c.secret_file = (char *)(uintptr_t)showing->phrase;
	profile.login = showing->key ? LOGIN_TLS : LOGIN_BEARER;
	close(mkstemp(secret));
	if (!showing->key) {
		FILE *f = fopen(secret, "w");

		fputs("ey.canary", f);
		fclose(f);
		c.secret_file = secret;
	}
	session = session_new(&c, &profile, &options, NULL, &e);
	ck_assert_msg(session != NULL, "%s", e.text);
	ck_assert_msg(transfer_list(&list, session, session, &e) == showing->good, "%d: %s", _i,
		      e.text);
	if (!showing->good) {
		/* With TLS 1.3 we may be sending already when the alert comes; with 1.2 nothing says what is missing. */
		ck_assert_msg(e.kind == ERR_LOGIN || e.kind == ERR_RETRY, "%d: %s: %s", _i,
			      err_kind_name(e.kind), e.text);
		ck_assert_msg(strstr(e.text, "certificate") != NULL, "%s", e.text);
	}
	session_close(session);
	peer_halt(&peer);
	ck_assert_int_eq(peer.request_count, showing->good);
	if (showing->good)
		ck_assert_ptr_nonnull(strstr(peer.requests[0], "<s:Header/><s:Body>"));
	peer_stop(&peer);
	unlink(ca_file);
	unlink(secret);
}
END_TEST

/* ---- what each kind needs ---- */

#define PATH (char *)"/etc/vorpost/x"
#define SET(member)                                                                                \
	{                                                                                          \
		offsetof(struct connection, member), #member                                       \
	}

/* Every kind with every member too much or missing: exactly what login.h says is let through. */
START_TEST(each_kind_takes_what_it_needs_and_nothing_else)
{
	static const struct {
		size_t at;
		const char *name;
	} members[] = { SET(sts_url), SET(username), SET(secret_file), SET(key_file),
			SET(certificate_file) };
	/* by kind, as the members stand above: - no, + must, ? may */
	static const char *const expected[LOGIN_KINDS] = { "+++--", "+-?+?", "--?+?", "--+--",
							   "--+--" };

	for (int kind = 0; kind < LOGIN_KINDS; kind++)
		for (int given = 0; given < 32; given++) {
			struct connection c = { .name = (char *)"nord",
						.transfer_url = (char *)"https://vu.example/t" };
			struct profile profile = profile_default;
			struct err e = { 0 };
			bool fits = true;

			profile.login = (enum login_kind)kind;
			for (int m = 0; m < 5; m++) {
				bool is = given >> m & 1;

				if (is)
					*(char **)(void *)((char *)&c + members[m].at) =
						m ? PATH : (char *)"https://vu.example/s";
				fits = fits && !(is && expected[kind][m] == '-') &&
				       !(!is && expected[kind][m] == '+');
			}
			ck_assert_msg(login_check(&c, &profile, &e) == fits, "%s, %d: %s",
				      login_kind_words[kind], given, e.text);
			ck_assert_int_eq(e.kind, fits ? ERR_NONE : ERR_USAGE);
		}
}
END_TEST

START_TEST(a_connection_may_say_another_kind_than_its_insurer)
{
	struct connection c = { .login = (char *)"tls" };
	struct profile profile = profile_default;

	ck_assert_int_eq(login_of(&c, &profile), LOGIN_TLS);
	c.login = NULL;
	ck_assert_int_eq(login_of(&c, &profile), LOGIN_PASSWORD);
	profile.login = LOGIN_SAML;
	ck_assert_int_eq(login_of(&c, &profile), LOGIN_SAML);
}
END_TEST

/* Neither the file nor the connection can soften what the other one says. */
START_TEST(the_stricter_policy_counts)
{
	for (int file = 0; file < SIGNATURE_POLICIES; file++)
		for (int own = -1; own < SIGNATURE_POLICIES; own++) {
			struct connection c = {
				.signature =
					own < 0 ? NULL
						: (char *)(uintptr_t)signature_policy_words[own]
			};
			struct profile profile = profile_default;

			profile.signature = (enum signature_policy)file;
			ck_assert_int_eq(login_signature(&c, &profile), own > file ? own : file);
		}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("login");
	TCase *t = tcase_create("login");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(t, make_ours, free_ours);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, an_assertion_goes_out_byte_by_byte);
	tcase_add_test(t, what_is_no_assertion_never_goes_out);
	tcase_add_test(t, a_bearer_token_stands_in_http_alone);
	tcase_add_test(t, a_token_cannot_bring_a_header_of_its_own);
	tcase_add_loop_test(t, a_refused_credential_is_tried_twice_and_then_stops, 0, 3);
	tcase_add_loop_test(t, lock_out_codes_stop_at_the_first_sight, 0, 7 * LOGIN_KINDS);
	tcase_add_test(t, a_login_by_certificate_is_signed_as_we_would_demand);
	tcase_add_test(t, a_signed_login_is_rsa);
	tcase_add_loop_test(t, a_certificate_is_shown_in_tls, 0, 8);
	tcase_add_test(t, each_kind_takes_what_it_needs_and_nothing_else);
	tcase_add_test(t, a_connection_may_say_another_kind_than_its_insurer);
	tcase_add_test(t, the_stricter_policy_counts);
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
