/*
 * peer.h -- an insurer's end of the wire for tests: a real TLS server on the loopback, in a thread, that answers each
 * request with the next line of a script and remembers what it was asked.
 */
#ifndef TESTS_INGEST_PEER_H
#define TESTS_INGEST_PEER_H

#include <check.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEER_REQUESTS_MOST 1024

enum peer_certificate {
	PEER_GOOD,
	PEER_WRONG_HOST,
	PEER_EXPIRED,
	PEER_NOT_YET,
	PEER_OLD_TLS,
	PEER_GIVEN, /* peer_start_with */
	PEER_PLAIN
};

enum peer_after {
	PEER_KEEP,  /* wait for the next request */
	PEER_CLOSE, /* close the connection in order */
	PEER_HANG,  /* send nothing more until the test ends */
	PEER_FLOOD, /* repeat the last bytes until the other side has enough */
};

struct peer_answer {
	const char *bytes; /* a whole HTTP answer, or less */
	enum peer_after after;
};

struct peer {
	enum peer_certificate certificate;
	const struct peer_answer *script;
	int script_len;
	const char *ca_name;
	char url[64], ca_file[64];
	char *requests[PEER_REQUESTS_MOST]; /* head and body */
	int request_count, connection_count;
	int listener, stop[2], port;
	SSL_CTX *tls;
	pthread_t thread;
};

/* ---- certificates ---- */

static inline X509 *peer_issue(EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, const char *name,
			       const char *alt, long from_s, long to_s)
{
	X509 *x = X509_new();
	X509V3_CTX ctx;
	X509_EXTENSION *ext;

	X509_set_version(x, 2);
	ASN1_INTEGER_set(X509_get_serialNumber(x), issuer ? 2 : 1);
	X509_gmtime_adj(X509_getm_notBefore(x), from_s);
	X509_gmtime_adj(X509_getm_notAfter(x), to_s);
	X509_set_pubkey(x, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC,
				   (const unsigned char *)name, -1, -1, 0);
	X509_set_issuer_name(x, X509_get_subject_name(issuer ? issuer : x));
	X509V3_set_ctx(&ctx, issuer ? issuer : x, x, NULL, NULL, 0);
	ext = X509V3_EXT_conf_nid(NULL, &ctx, issuer ? NID_subject_alt_name : NID_basic_constraints,
				  issuer ? alt : "critical,CA:TRUE");
	X509_add_ext(x, ext, -1);
	X509_EXTENSION_free(ext);
	X509_sign(x, issuer_key ? issuer_key : key, EVP_sha256());
	return x;
}

static inline void peer_certify(struct peer *peer)
{
	static const long day = 24 * 3600;
	EVP_PKEY *ca_key = EVP_EC_gen("P-256"), *key = EVP_EC_gen("P-256");
	X509 *ca = peer_issue(ca_key, NULL, NULL, peer->ca_name, NULL, -10 * day, 10 * day);
	X509 *leaf = peer_issue(key, ca, ca_key, "Test insurer",
				peer->certificate == PEER_WRONG_HOST ? "DNS:other.example"
								     : "IP:127.0.0.1",
				peer->certificate == PEER_NOT_YET ? day : -2 * day,
				peer->certificate == PEER_EXPIRED ? -day : 2 * day);
	FILE *f;

	strcpy(peer->ca_file, "/tmp/vorpost-peer-XXXXXX");
	f = fdopen(mkstemp(peer->ca_file), "w");
	PEM_write_X509(f, ca);
	fclose(f);
	peer->tls = SSL_CTX_new(TLS_server_method());
	SSL_CTX_use_certificate(peer->tls, leaf);
	SSL_CTX_use_PrivateKey(peer->tls, key);
	if (peer->certificate == PEER_OLD_TLS) {
		SSL_CTX_set_security_level(peer->tls, 0);
		SSL_CTX_set_min_proto_version(peer->tls, TLS1_VERSION);
		SSL_CTX_set_max_proto_version(peer->tls, TLS1_1_VERSION);
	}
	X509_free(ca);
	X509_free(leaf);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(key);
}

/* ---- one connection ---- */

struct peer_stream {
	struct peer *peer;
	int fd;
	SSL *ssl;
};

static inline int peer_read(struct peer_stream *s, char *bytes, int len)
{
	struct pollfd fds[2] = { { .fd = s->fd, .events = POLLIN },
				 { .fd = s->peer->stop[0], .events = POLLIN } };

	if (!s->ssl || !SSL_pending(s->ssl)) {
		poll(fds, 2, -1);
		if (fds[1].revents)
			return 0;
	}
	return s->ssl ? SSL_read(s->ssl, bytes, len) : (int)read(s->fd, bytes, (size_t)len);
}

static inline bool peer_write(struct peer_stream *s, const char *bytes)
{
	int len = (int)strlen(bytes);

	if (!len)
		return true;
	return (s->ssl ? SSL_write(s->ssl, bytes, len) : (int)write(s->fd, bytes, (size_t)len)) > 0;
}

/* Head and Content-Length bytes of one request; NULL at the end of the connection. */
static inline char *peer_request(struct peer_stream *s)
{
	char *request = calloc(1, 65536);
	size_t len = 0, want = 0;

	while (!want || len < want) {
		int n = peer_read(s, request + len, (int)(65535 - len));
		char *end, *field;

		if (n <= 0) {
			free(request);
			return NULL;
		}
		len += (size_t)n;
		end = strstr(request, "\r\n\r\n");
		field = strstr(request, "Content-Length: ");
		if (end && field)
			want = (size_t)(end + 4 - request) + strtoul(field + 16, NULL, 10);
	}
	return request;
}

/* True if the connection stays. */
static inline bool peer_answer_next(struct peer_stream *s)
{
	struct peer *peer = s->peer;
	int i = peer->request_count - 1;
	const struct peer_answer *answer =
		&peer->script[i < peer->script_len ? i : peer->script_len - 1];
	struct pollfd stop = { .fd = peer->stop[0], .events = POLLIN };

	if (!peer_write(s, answer->bytes))
		return false;
	if (answer->after == PEER_FLOOD)
		while (peer_write(s, "<a>flood flood flood flood</a>") && poll(&stop, 1, 0) == 0)
			;
	if (answer->after == PEER_HANG)
		poll(&stop, 1, -1);
	return answer->after == PEER_KEEP;
}

static inline void peer_serve(struct peer *peer, int fd)
{
	struct peer_stream s = { .peer = peer, .fd = fd };
	bool up = true;

	peer->connection_count++;
	if (peer->tls) {
		s.ssl = SSL_new(peer->tls);
		SSL_set_fd(s.ssl, fd);
		up = SSL_accept(s.ssl) == 1;
	}
	while (up && peer->request_count < PEER_REQUESTS_MOST) {
		char *request = peer_request(&s);

		if (!request)
			break;
		peer->requests[peer->request_count++] = request;
		if (!peer_answer_next(&s))
			break;
	}
	if (s.ssl) {
		if (up)
			SSL_shutdown(s.ssl);
		SSL_free(s.ssl);
	}
	close(fd);
}

/* ---- the server ---- */

static inline void *peer_main(void *self)
{
	struct peer *peer = self;
	struct pollfd fds[2] = { { .fd = peer->listener, .events = POLLIN },
				 { .fd = peer->stop[0], .events = POLLIN } };

	while (poll(fds, 2, -1) > 0 && !fds[1].revents) {
		int fd = accept(peer->listener, NULL, NULL);

		if (fd >= 0)
			peer_serve(peer, fd);
	}
	return NULL;
}

static inline void peer_listen(struct peer *peer)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;

	signal(SIGPIPE, SIG_IGN);
	peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert(bind(peer->listener, (struct sockaddr *)&at, len) == 0);
	ck_assert(listen(peer->listener, 8) == 0);
	getsockname(peer->listener, (struct sockaddr *)&at, &len);
	snprintf(peer->url, sizeof peer->url, "%s://127.0.0.1:%d/service",
		 peer->certificate == PEER_PLAIN ? "http" : "https", ntohs(at.sin_port));
	peer->port = ntohs(at.sin_port);
	ck_assert(pipe(peer->stop) == 0);
	ck_assert(pthread_create(&peer->thread, NULL, peer_main, peer) == 0);
}

static inline void peer_start_as(struct peer *peer, const char *ca_name,
				 enum peer_certificate certificate,
				 const struct peer_answer *script, int script_len)
{
	*peer = (struct peer){ .ca_name = ca_name,
			       .certificate = certificate,
			       .script = script,
			       .script_len = script_len };
	if (certificate != PEER_PLAIN)
		peer_certify(peer);
	peer_listen(peer);
}

/* With certificates and rules of the test's own; takes the context. */
static inline void peer_start_with(struct peer *peer, SSL_CTX *tls,
				   const struct peer_answer *script, int script_len)
{
	*peer = (struct peer){
		.certificate = PEER_GIVEN, .tls = tls, .script = script, .script_len = script_len
	};
	peer_listen(peer);
}

static inline void peer_start(struct peer *peer, enum peer_certificate certificate,
			      const struct peer_answer *script, int script_len)
{
	peer_start_as(peer, "Test CA", certificate, script, script_len);
}

#define PEER_START(peer, certificate, script)                                                      \
	peer_start(peer, certificate, script, (int)(sizeof(script) / sizeof *(script)))

/* After it returns the counters and requests stand still. */
static inline void peer_halt(struct peer *peer)
{
	if (peer->listener < 0)
		return;
	ck_assert(write(peer->stop[1], "x", 1) == 1);
	pthread_join(peer->thread, NULL);
	close(peer->listener);
	peer->listener = -1;
}

static inline void peer_stop(struct peer *peer)
{
	peer_halt(peer);
	close(peer->stop[0]);
	close(peer->stop[1]);
	if (peer->tls) {
		SSL_CTX_free(peer->tls);
		if (*peer->ca_file)
			unlink(peer->ca_file);
	}
	for (int i = 0; i < peer->request_count; i++)
		free(peer->requests[i]);
}

#endif
