/* Servers that must not be believed, one reason each, against a real TLS server; and those that must be. */
#include "ingest/http.h"
#include "tests/ingest/peer.h"

#define DAY_S 86400l

/* ---- what a server may be like; 0 and NULL are good ---- */

enum issuer {
	BY_ROOT,
	BY_ITSELF,
	BY_STRANGER,      /* a root of the same name that nobody gave us */
	BY_MIDDLE,        /* an intermediate, which the server sends along */
	BY_MIDDLE_UNSENT, /* ... or does not */
	BY_LEAF,          /* a server's certificate, sent along */
	BY_SECOND_MIDDLE, /* below an intermediate that may have none below it */
	BY_NARROW,        /* an intermediate for other names only */
	BY_EXPIRED_MIDDLE,
	BY_WEAK_MIDDLE, /* RSA 1024 */
	BY_SHA1_MIDDLE,
	BY_RSA_MIDDLE,
};

enum list { LIST_NONE, LIST_GOOD, LIST_REVOKES, LIST_REVOKES_MIDDLE, LIST_OLD, LIST_OF_OTHER };

struct server {
	const char *what;
	const char *says; /* NULL: is believed */
	const char *host; /* in the address; NULL: 127.0.0.1 */
	const char *name; /* CN */
	const char *san;  /* NULL: IP:127.0.0.1, "": none */
	const char *eku, *usage;
	long from_d, to_d; /* from now */
	enum issuer by;
	enum list list;
	int rsa_bits;   /* 0: EC P-256 */
	const char *md; /* NULL: SHA256 */
	bool ca;        /* CA:TRUE */
	bool is_anchor; /* the server's own certificate is the --ca */
	int version;    /* the only one of TLS */
	const char *ciphers;
	enum err_kind kind; /* of the refusal; 0: ERR_SETUP */
};

#define NO_TLS .kind = ERR_RETRY

static const struct server servers[] = {
	/* believed */
	{ .what = "good" },
	{ .what = "TLS 1.2", .version = TLS1_2_VERSION },
	{ .what = "TLS 1.3", .version = TLS1_3_VERSION },
	{ .what = "RSA 2048", .rsa_bits = 2048 },
	{ .what = "intermediate sent", .by = BY_MIDDLE },
	{ .what = "host by name", .host = "localhost", .san = "DNS:localhost" },
	{ .what = "wildcard", .host = "api.vu.localhost", .san = "DNS:*.vu.localhost" },
	{ .what = "case of a name", .host = "localhost", .san = "DNS:LOCALHOST" },
	{ .what = "own certificate given", .by = BY_ITSELF, .ca = true, .is_anchor = true },
	{ .what = "not on the list", .list = LIST_GOOD },
	{ .what = "intermediate, not on the list", .by = BY_MIDDLE, .list = LIST_GOOD },

	/* time */
	{ .what = "expired", .says = "expired", .from_d = -20, .to_d = -1 },
	{ .what = "not yet valid", .says = "not valid yet", .from_d = 1, .to_d = 20 },
	{ .what = "intermediate expired", .says = "expired", .by = BY_EXPIRED_MIDDLE },

	/* names */
	{ .what = "wrong host", .says = "another host name", .san = "DNS:other.example" },
	{ .what = "wrong address", .says = "another host name", .san = "IP:127.0.0.2" },
	{ .what = "address written as a name",
	  .says = "another host name",
	  .san = "DNS:127.0.0.1" },
	{ .what = "common name only", .says = "another host name", .name = "127.0.0.1", .san = "" },
	{ .what = "host name in the common name only",
	  .says = "another host name",
	  .host = "localhost",
	  .name = "localhost",
	  .san = "" },
	{ .what = "common name right, SAN wrong",
	  .says = "another host name",
	  .host = "localhost",
	  .name = "localhost",
	  .san = "DNS:other.example" },
	{ .what = "empty SAN",
	  .says = "another host name",
	  .host = "localhost",
	  .name = "localhost",
	  .san = "DER:3000" },
	{ .what = "wildcard for a whole domain",
	  .says = "another host name",
	  .host = "vu.localhost",
	  .san = "DNS:*.localhost" },
	{ .what = "wildcard over two labels",
	  .says = "another host name",
	  .host = "a.b.vu.localhost",
	  .san = "DNS:*.vu.localhost" },
	{ .what = "wildcard within a label",
	  .says = "another host name",
	  .host = "api.vu.localhost",
	  .san = "DNS:a*.vu.localhost" },
	{ .what = "wildcard in the middle",
	  .says = "another host name",
	  .host = "a.vu.localhost",
	  .san = "DNS:a.*.localhost" },
	{ .what = "wildcard alone",
	  .says = "another host name",
	  .host = "localhost",
	  .san = "DNS:*" },
	{ .what = "wildcard for itself",
	  .says = "another host name",
	  .host = "vu.localhost",
	  .san = "DNS:*.vu.localhost" },
	{ .what = "trailing dot",
	  .says = "another host name",
	  .host = "localhost",
	  .san = "DNS:localhost." },
	{ .what = "NUL in the name",
	  .says = "another host name",
	  .host = "localhost",
	  /* SEQUENCE { [2] "localhost\0.evil" } */
	  .san = "DER:3011820f6c6f63616c686f7374002e6576696c" },
	{ .what = "mail address",
	  .says = "another host name",
	  .host = "localhost",
	  .san = "email:a@localhost" },
	{ .what = "URI",
	  .says = "another host name",
	  .host = "localhost",
	  .san = "URI:https://localhost/" },

	/* who vouches */
	{ .what = "self-signed", .says = "nobody we trust", .by = BY_ITSELF },
	{ .what = "unknown authority", .says = "issuer's signature", .by = BY_STRANGER },
	{ .what = "intermediate missing", .says = "nobody we trust", .by = BY_MIDDLE_UNSENT },
	{ .what = "issued by a server", .says = "no authority", .by = BY_LEAF },
	{ .what = "path too long", .says = "may have none below", .by = BY_SECOND_MIDDLE },
	{ .what = "name constraints",
	  .says = "name constraints",
	  .by = BY_NARROW,
	  .host = "localhost",
	  .san = "DNS:localhost" },
	{ .what = "authority as server", .says = "authority's, not a server's", .ca = true },

	/* what for */
	{ .what = "for clients", .says = "not made for servers", .eku = "clientAuth" },
	{ .what = "for code",
	  .says = "not made for servers",
	  .eku = "codeSigning,emailProtection" },
	{ .what = "for signing authorities",
	  .says = "not made for servers",
	  .usage = "critical,keyCertSign,cRLSign" },

	/* revoked */
	{ .what = "revoked", .says = "revoked", .list = LIST_REVOKES },
	{ .what = "intermediate revoked",
	  .says = "revoked",
	  .by = BY_MIDDLE,
	  .list = LIST_REVOKES_MIDDLE },
	{ .what = "list out of date", .says = "out of date", .list = LIST_OLD },
	{ .what = "list of another authority", .says = "is missing", .list = LIST_OF_OTHER },

	/* weak */
	{ .what = "RSA 1024", .says = "weak", .rsa_bits = 1024 },
	{ .what = "intermediate of RSA 1024", .says = "weak", .by = BY_WEAK_MIDDLE },
	{ .what = "SHA-1", .says = "SHA-1", .md = "SHA1" },
	{ .what = "MD5", .says = "MD5", .md = "MD5", .by = BY_RSA_MIDDLE },
	{ .what = "SHA-1 above", .says = "SHA-1", .by = BY_SHA1_MIDDLE },

	/* TLS itself */
	{ .what = "TLS 1.0", .says = "out of date", .version = TLS1_VERSION, NO_TLS },
	{ .what = "TLS 1.1", .says = "out of date", .version = TLS1_1_VERSION, NO_TLS },
	{ .what = "no encryption",
	  .says = "no cipher",
	  .ciphers = "eNULL:@SECLEVEL=0",
	  .version = TLS1_2_VERSION,
	  NO_TLS },
	{ .what = "nobody's certificate",
	  .says = "no cipher",
	  .ciphers = "aNULL:@SECLEVEL=0",
	  .version = TLS1_2_VERSION,
	  NO_TLS },
	{ .what = "no forward secrecy",
	  .says = "no cipher",
	  .rsa_bits = 2048,
	  .ciphers = "kRSA+AESGCM:@SECLEVEL=0",
	  .version = TLS1_2_VERSION,
	  NO_TLS },
	{ .what = "CBC",
	  .says = "no cipher",
	  .ciphers = "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0",
	  .version = TLS1_2_VERSION,
	  NO_TLS },
};

/* ---- certificates ---- */

struct made {
	X509 *x;
	EVP_PKEY *key;
};

static void extend(X509 *x, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *extension;

	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	ck_assert_msg(extension != NULL, "%s", value);
	X509_add_ext(x, extension, -1);
	X509_EXTENSION_free(extension);
}

static void extend_all(struct made *m, X509 *by, const struct server *s)
{
	extend(m->x, by, NID_basic_constraints, s->ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
	extend(m->x, by, NID_key_usage,
	       s->usage ? s->usage
	       : s->ca  ? "critical,keyCertSign,cRLSign,digitalSignature"
			: "critical,digitalSignature,keyEncipherment");
	if (!s->ca || s->eku)
		extend(m->x, by, NID_ext_key_usage, s->eku ? s->eku : "serverAuth");
	if (!s->san || *s->san)
		extend(m->x, by, NID_subject_alt_name, s->san ? s->san : "IP:127.0.0.1");
}

/* constraints: of an authority, instead of plain CA:TRUE; names: its name constraints. */
static struct made issue(const struct server *s, const struct made *by, const char *constraints,
			 const char *names)
{
	static long serial = 100;
	struct made m = { X509_new(),
			  s->rsa_bits ? EVP_RSA_gen((unsigned)s->rsa_bits) : EVP_EC_gen("P-256") };
	X509 *issuer = by ? by->x : m.x;

	X509_set_version(m.x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(m.x), ++serial);
	X509_gmtime_adj(X509_getm_notBefore(m.x), (s->from_d ? s->from_d : -5) * DAY_S);
	X509_gmtime_adj(X509_getm_notAfter(m.x), (s->to_d ? s->to_d : 5) * DAY_S);
	X509_set_pubkey(m.x, m.key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(m.x), "CN", MBSTRING_ASC,
				   (const unsigned char *)(s->name ? s->name : "Test insurer"), -1,
				   -1, 0);
	X509_set_issuer_name(m.x, X509_get_subject_name(issuer));
	if (constraints) {
		extend(m.x, issuer, NID_basic_constraints, constraints);
		extend(m.x, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
		extend(m.x, issuer, NID_subject_key_identifier, "hash");
		if (names)
			extend(m.x, issuer, NID_name_constraints, names);
	} else {
		extend_all(&m, issuer, s);
	}
	ck_assert(X509_sign(m.x, by ? by->key : m.key,
			    EVP_get_digestbyname(s->md ? s->md : "SHA256")) > 0);
	return m;
}

static struct made root, stranger, middle, leaf_authority, short_middle, second_middle, narrow,
	expired_middle, weak_middle, sha1_middle, rsa_middle;

static void make_authorities(void)
{
	static const struct server plain = { .name = "Other insurer" };
	static const struct server expired = { .name = "expired", .from_d = -20, .to_d = -1 };
	static const struct server weak = { .name = "weak", .rsa_bits = 1024 };
	static const struct server sha1 = { .name = "sha1", .md = "SHA1" };
	static const char ca[] = "critical,CA:TRUE";

	root = issue(&(struct server){ .name = "Root" }, NULL, ca, NULL);
	stranger = issue(&(struct server){ .name = "Root" }, NULL, ca, NULL);
	middle = issue(&(struct server){ .name = "Middle" }, &root, ca, NULL);
	leaf_authority = issue(&plain, &root, NULL, NULL);
	short_middle = issue(&(struct server){ .name = "Short" }, &root,
			     "critical,CA:TRUE,pathlen:0", NULL);
	second_middle = issue(&(struct server){ .name = "Second" }, &short_middle, ca, NULL);
	narrow = issue(&(struct server){ .name = "Narrow" }, &root, ca,
		       "critical,permitted;DNS:vu.example");
	expired_middle = issue(&expired, &root, ca, NULL);
	weak_middle = issue(&weak, &root, ca, NULL);
	sha1_middle = issue(&sha1, &root, ca, NULL);
	rsa_middle = issue(&(struct server){ .name = "RSA", .rsa_bits = 2048 }, &root, ca, NULL);
}

static void free_authorities(void)
{
	struct made *all[] = { &root,         &stranger,      &middle,         &leaf_authority,
			       &short_middle, &narrow,        &expired_middle, &weak_middle,
			       &sha1_middle,  &second_middle, &rsa_middle };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		X509_free(all[i]->x);
		EVP_PKEY_free(all[i]->key);
	}
}

/* Who issues, and what the server sends along. */
static const struct made *issuer_of(enum issuer by, const struct made *sent[2])
{
	static const struct {
		const struct made *issuer, *above;
		bool sent;
	} table[] = {
		[BY_ROOT] = { &root, NULL, false },
		[BY_STRANGER] = { &stranger, NULL, false },
		[BY_MIDDLE] = { &middle, NULL, true },
		[BY_MIDDLE_UNSENT] = { &middle, NULL, false },
		[BY_LEAF] = { &leaf_authority, NULL, true },
		[BY_SECOND_MIDDLE] = { &second_middle, &short_middle, true },
		[BY_NARROW] = { &narrow, NULL, true },
		[BY_EXPIRED_MIDDLE] = { &expired_middle, NULL, true },
		[BY_WEAK_MIDDLE] = { &weak_middle, NULL, true },
		[BY_SHA1_MIDDLE] = { &sha1_middle, NULL, true },
		[BY_RSA_MIDDLE] = { &rsa_middle, NULL, true },
	};

	sent[0] = table[by].sent ? table[by].issuer : NULL;
	sent[1] = table[by].above;
	return table[by].issuer;
}

/* ---- revocation lists ---- */

static void list_write(FILE *f, const struct made *by, const X509 *revoked, long to_d)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *when = X509_gmtime_adj(NULL, -10 * DAY_S);

	X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	X509_CRL_set_issuer_name(crl, X509_get_subject_name(by->x));
	X509_CRL_set1_lastUpdate(crl, when);
	if (revoked) {
		X509_REVOKED *entry = X509_REVOKED_new();

		X509_REVOKED_set_serialNumber(entry,
					      (ASN1_INTEGER *)X509_get0_serialNumber(revoked));
		X509_REVOKED_set_revocationDate(entry, when);
		X509_CRL_add0_revoked(crl, entry);
	}
	X509_gmtime_adj(when, to_d * DAY_S);
	X509_CRL_set1_nextUpdate(crl, when);
	X509_CRL_sign(crl, by->key, EVP_sha256());
	PEM_write_X509_CRL(f, crl);
	X509_CRL_free(crl);
	ASN1_TIME_free(when);
}

static void lists_write(const char *path, const struct server *s, const X509 *leaf)
{
	FILE *f = fopen(path, "w");
	bool by_root = s->by == BY_ROOT;

	if (s->list == LIST_OF_OTHER) {
		list_write(f, &narrow, NULL, 5);
	} else {
		list_write(f, &root,
			   s->list == LIST_REVOKES_MIDDLE       ? middle.x
			   : s->list == LIST_REVOKES && by_root ? leaf
								: NULL,
			   s->list == LIST_OLD ? -1 : 5);
		list_write(f, &middle, NULL, 5);
	}
	fclose(f);
}

/* ---- one server ---- */

struct stage {
	char ca_file[40], crl_file[40], url[128];
	struct peer peer;
	struct made leaf;
	struct err e;
	bool ok;
};

static SSL_CTX *context_of(const struct server *s, const struct made *leaf,
			   const struct made *const sent[2])
{
	SSL_CTX *tls = SSL_CTX_new(TLS_server_method());

	SSL_CTX_set_security_level(tls, 0);
	if (s->version) {
		SSL_CTX_set_min_proto_version(tls, s->version);
		SSL_CTX_set_max_proto_version(tls, s->version);
	}
	if (s->ciphers)
		ck_assert_msg(SSL_CTX_set_cipher_list(tls, s->ciphers) == 1, "%s", s->ciphers);
	ck_assert(SSL_CTX_use_certificate(tls, leaf->x) == 1);
	ck_assert(SSL_CTX_use_PrivateKey(tls, leaf->key) == 1);
	for (int i = 0; i < 2; i++)
		if (sent[i])
			SSL_CTX_add1_chain_cert(tls, sent[i]->x);
	return tls;
}

static void stage_start(struct stage *t, const struct server *s)
{
	static const struct peer_answer good = {
		"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>",
		PEER_CLOSE
	};
	const struct made *sent[2] = { NULL, NULL };
	const struct made *by = s->by == BY_ITSELF ? NULL : issuer_of(s->by, sent);
	FILE *f;

	*t = (struct stage){ .ca_file = "/tmp/vorpost-ca-XXXXXX",
			     .crl_file = "/tmp/vorpost-crl-XXXXXX" };
	t->leaf = issue(s, by, NULL, NULL);
	f = fdopen(mkstemp(t->ca_file), "w");
	PEM_write_X509(f, s->is_anchor ? t->leaf.x : root.x);
	fclose(f);
	close(mkstemp(t->crl_file));
	lists_write(t->crl_file, s, t->leaf.x);
	peer_start_with(&t->peer, context_of(s, &t->leaf, sent), &good, 1);
	snprintf(t->url, sizeof t->url, "https://%s:%d/", s->host ? s->host : "127.0.0.1",
		 t->peer.port);
}

static bool take_head(void *self, int status, const char *type, struct err *e)
{
	(void)self, (void)status, (void)type, (void)e;
	return true;
}

static bool take_bytes(void *self, const void *bytes, size_t len, struct err *e)
{
	(void)self, (void)bytes, (void)len, (void)e;
	return true;
}

static void stage_call(struct stage *t, const struct server *s)
{
	const struct http_settings settings = {
		.ca_file = t->ca_file,
		.crl_file = s->list ? t->crl_file : NULL,
	};
	const struct http_request request = { .url = t->url,
					      .action = "",
					      .body = "geheim-canary",
					      .len = 13,
					      .timeout_s = 20,
					      .answer_bytes_most = 1000 };
	const struct http_taker taker = { NULL, take_head, take_bytes };
	struct http_result result;
	struct http *http = http_new(&settings, NULL, &t->e);

	ck_assert_msg(http != NULL, "%s", t->e.text);
	t->ok = http_post(&result, http, &request, &taker, &t->e);
	talloc_free(http);
	peer_halt(&t->peer);
}

static void stage_end(struct stage *t)
{
	peer_stop(&t->peer);
	X509_free(t->leaf.x);
	EVP_PKEY_free(t->leaf.key);
	unlink(t->ca_file);
	unlink(t->crl_file);
}

START_TEST(servers_are_believed_or_refused_for_their_own_reason)
{
	const struct server *s = &servers[_i];
	enum err_kind kind = s->kind ? s->kind : ERR_SETUP;
	struct stage t;

	stage_start(&t, s);
	stage_call(&t, s);
	if (!s->says) {
		ck_assert_msg(t.ok, "%s: %s", s->what, t.e.text);
		ck_assert_int_eq(t.peer.request_count, 1);
	} else {
		ck_assert_msg(!t.ok, "%s: believed", s->what);
		ck_assert_msg(t.e.kind == kind, "%s: %s: %s", s->what, err_kind_name(t.e.kind),
			      t.e.text);
		ck_assert_msg(strstr(t.e.text, s->says) != NULL, "%s: %s", s->what, t.e.text);
		ck_assert_msg(t.peer.request_count == 0, "%s: was asked", s->what);
	}
	stage_end(&t);
}
END_TEST

/* ---- nothing is followed ---- */

/* A listener that must never be called. */
struct bait {
	int fd, port;
};

static struct bait bait_lay(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	struct bait bait = { socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), 0 };

	ck_assert(bind(bait.fd, (struct sockaddr *)&at, len) == 0 && listen(bait.fd, 8) == 0);
	getsockname(bait.fd, (struct sockaddr *)&at, &len);
	bait.port = ntohs(at.sin_port);
	return bait;
}

static void bait_untouched(struct bait bait, const char *what)
{
	struct pollfd p = { .fd = bait.fd, .events = POLLIN };

	ck_assert_msg(poll(&p, 1, 0) == 0, "%s: followed", what);
	close(bait.fd);
}

START_TEST(redirects_are_never_followed)
{
	static const char *const statuses[] = { "301 Moved",
						"302 Found",
						"303 See Other",
						"307 Temporary Redirect",
						"308 Permanent Redirect",
						"300 Choices",
						"305 Use Proxy" };
	static const char *const hosts[] = { "http://127.0.0.1",  "https://localhost",
					     "//127.0.0.1",       "http://[::ffff:127.0.0.1]",
					     "http://2130706433", "ftp://127.0.0.1",
					     "gopher://127.0.0.1" };
	struct bait bait = bait_lay();
	struct peer_answer answer = { NULL, PEER_CLOSE };
	struct peer peer;
	char target[80], text[300];

	snprintf(target, sizeof target, "%s:%d/_x", hosts[_i % 7], bait.port);
	snprintf(text, sizeof text, "HTTP/1.1 %s\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n",
		 statuses[_i / 7], target);
	answer.bytes = text;
	peer_start(&peer, PEER_GOOD, &answer, 1);
	{
		const struct http_settings settings = { .ca_file = peer.ca_file };
		const struct http_request request = { .url = peer.url,
						      .action = "",
						      .body = "x",
						      .len = 1,
						      .timeout_s = 20,
						      .answer_bytes_most = 1000 };
		const struct http_taker taker = { NULL, take_head, take_bytes };
		struct http_result result;
		struct err e = { 0 };
		struct http *http = http_new(&settings, NULL, &e);

		ck_assert(!http_post(&result, http, &request, &taker, &e));
		ck_assert_msg(e.kind == ERR_SETUP || e.kind == ERR_RETRY, "%s: %s", text, e.text);
		ck_assert_msg(strstr(e.text, "127.0.0.1") == NULL, "%s", e.text);
		talloc_free(http);
	}
	peer_stop(&peer);
	bait_untouched(bait, text);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("tls");
	TCase *matrix = tcase_create("matrix"), *links = tcase_create("links");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(matrix, make_authorities, free_authorities);
	tcase_set_timeout(matrix, 60);
	tcase_add_loop_test(matrix, servers_are_believed_or_refused_for_their_own_reason, 0,
			    (int)(sizeof servers / sizeof *servers));
	tcase_add_loop_test(links, redirects_are_never_followed, 0, 49);
	suite_add_tcase(suite, matrix);
	suite_add_tcase(suite, links);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
