/* identity_made.h -- for tests of logins: keys and self-signed certificates, in files as an operator would have them. */
#ifndef TESTS_INGEST_IDENTITY_MADE_H
#define TESTS_INGEST_IDENTITY_MADE_H

#include <check.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ingest/identity.h"

#define MADE_PHRASE "phrase-canary"

struct made_identity {
	EVP_PKEY *key;
	X509 *x;
	char folder[40];
	/* key alone, certificate alone, both, key encrypted, both as PKCS#12, the phrase, another one */
	char key_file[64], certificate_file[64], both[64], locked[64], box[64], phrase[64],
		wrong[64];
};

static inline X509 *made_certificate(EVP_PKEY *key, long from_s, long to_s)
{
	X509 *x = X509_new();
	X509_NAME *name = X509_get_subject_name(x);
	X509V3_CTX ctx;
	static const struct {
		int nid;
		const char *value;
	} extensions[] = { { NID_basic_constraints, "critical,CA:FALSE" },
			   { NID_key_usage, "critical,digitalSignature" } };

	X509_set_version(x, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(x), 77);
	X509_gmtime_adj(X509_getm_notBefore(x), from_s);
	X509_gmtime_adj(X509_getm_notAfter(x), to_s);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"Makler", -1,
				   -1, 0);
	X509_set_issuer_name(x, name);
	X509_set_pubkey(x, key);
	X509V3_set_ctx(&ctx, x, x, NULL, NULL, 0);
	for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
		X509_EXTENSION *e =
			X509V3_EXT_conf_nid(NULL, &ctx, extensions[i].nid, extensions[i].value);

		X509_add_ext(x, e, -1);
		X509_EXTENSION_free(e);
	}
	ck_assert(X509_sign(x, key, EVP_sha256()) > 0);
	return x;
}

static inline FILE *made_file(char path[64], const struct made_identity *m, const char *name)
{
	FILE *f;

	snprintf(path, 64, "%s/%s", m->folder, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fchmod(fileno(f), 0600);
	return f;
}

static inline void made_text(char path[64], const struct made_identity *m, const char *name,
			     const char *text)
{
	FILE *f = made_file(path, m, name);

	fputs(text, f);
	fclose(f);
}

/* Takes the key. */
static inline void made_identity(struct made_identity *m, EVP_PKEY *key, long from_s, long to_s)
{
	PKCS12 *box;
	FILE *f;

	*m = (struct made_identity){ .key = key, .folder = "/tmp/vorpost-identity-XXXXXX" };
	m->x = made_certificate(key, from_s, to_s);
	ck_assert_ptr_nonnull(mkdtemp(m->folder));
	f = made_file(m->key_file, m, "key.pem");
	PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	f = made_file(m->certificate_file, m, "certificate.pem");
	PEM_write_X509(f, m->x);
	fclose(f);
	chmod(m->certificate_file, 0644); /* no secret */
	f = made_file(m->both, m, "both.pem");
	PEM_write_X509(f, m->x);
	PEM_write_PrivateKey(f, key, NULL, NULL, 0, NULL, NULL);
	fclose(f);
	f = made_file(m->locked, m, "locked.pem");
	PEM_write_PKCS8PrivateKey(f, key, EVP_aes_256_cbc(), MADE_PHRASE, strlen(MADE_PHRASE), NULL,
				  NULL);
	PEM_write_X509(f, m->x);
	fclose(f);
	f = made_file(m->box, m, "box.p12");
	box = PKCS12_create(MADE_PHRASE, "x", key, m->x, NULL, 0, 0, 0, 0, 0);
	i2d_PKCS12_fp(f, box);
	PKCS12_free(box);
	fclose(f);
	made_text(m->phrase, m, "phrase", MADE_PHRASE "\n");
	made_text(m->wrong, m, "wrong", "falsch\n");
}

static inline void made_free(struct made_identity *m)
{
	const char *files[] = { m->key_file, m->certificate_file, m->both, m->locked,
				m->box,      m->phrase,           m->wrong };

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		unlink(files[i]);
	rmdir(m->folder);
	X509_free(m->x);
	EVP_PKEY_free(m->key);
}

#endif
