/*
 * trust_certificate.c -- whose certificate is it? Either it is, byte by byte, one that the operator gave; or an authority
 * that the operator gave vouches for the name that he gave. The message brings no certificate of its own into the chain,
 * and the system's authorities are never asked.
 */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ingest/limits.h"
#include "ingest/refusal.h"
#include "ingest/trust_parts.h"

#define AUTH_LEVEL    2 /* RSA 2048, SHA-256 and the like */
#define SECURITY_BITS 112

struct trust {
	STACK_OF(X509) * certificates;
	STACK_OF(X509_CRL) * crls;
	struct trust_texts texts; /* what it was made from, in PEM and nothing else */
	const char *signer;
};

/* --- files --- */

static int trust_free(struct trust *trust)
{
	sk_X509_pop_free(trust->certificates, X509_free);
	sk_X509_CRL_pop_free(trust->crls, X509_CRL_free);
	return 0;
}

/* PEM that is encrypted must not make the library ask at the terminal. */
static int no_password(char *buffer, int size, int writing, void *self)
{
	(void)buffer, (void)size, (void)writing, (void)self;
	return -1;
}

static BIO *open_pem(const char *path, const char *what, struct err *e)
{
	BIO *bio = BIO_new_file(path, "r");

	if (!bio)
		err_set(e, ERR_SETUP, "%s %.200s: %s", what, path, strerror(errno));
	ERR_clear_error();
	return bio;
}

/* A file ends where no further PEM block begins; a block that is there and broken is an error. */
static bool ends_well(int count, const char *path, const char *what, struct err *e)
{
	unsigned long last = ERR_peek_last_error();
	bool no_more =
		ERR_GET_LIB(last) == ERR_LIB_PEM && ERR_GET_REASON(last) == PEM_R_NO_START_LINE;

	ERR_clear_error();
	if (count && no_more)
		return true;
	return err_set(e, ERR_SETUP, "%s %.200s %s", what, path,
		       no_more ? "holds none in PEM" : "is not readable PEM");
}

static bool read_certificates(struct trust *trust, BIO *bio, const char *path, struct err *e)
{
	X509 *x;

	if (!bio)
		return false;
	while ((x = PEM_read_bio_X509(bio, NULL, no_password, NULL)))
		sk_X509_push(trust->certificates, x);
	return ends_well(sk_X509_num(trust->certificates), path, "certificate file", e);
}

static bool read_crls(struct trust *trust, BIO *bio, const char *path, struct err *e)
{
	X509_CRL *crl;

	if (!bio)
		return false;
	while ((crl = PEM_read_bio_X509_CRL(bio, NULL, no_password, NULL)))
		sk_X509_CRL_push(trust->crls, crl);
	return ends_well(sk_X509_CRL_num(trust->crls), path, "revocation list", e);
}

/* PEM again: whatever else stood in the files stays behind. */
static const char *certificates_text(const struct trust *trust)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes, *text;
	size_t len;

	for (int i = 0; i < sk_X509_num(trust->certificates); i++)
		PEM_write_bio_X509(bio, sk_X509_value(trust->certificates, i));
	len = (size_t)BIO_get_mem_data(bio, &bytes);
	text = talloc_strndup(trust, bytes, len);
	BIO_free(bio);
	return text;
}

static const char *crls_text(const struct trust *trust)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *bytes, *text;
	size_t len;

	for (int i = 0; i < sk_X509_CRL_num(trust->crls); i++)
		PEM_write_bio_X509_CRL(bio, sk_X509_CRL_value(trust->crls, i));
	len = (size_t)BIO_get_mem_data(bio, &bytes);
	text = talloc_strndup(trust, bytes, len);
	BIO_free(bio);
	return text;
}

static struct trust *trust_empty(const char *signer, TALLOC_CTX *mem)
{
	struct trust *trust = talloc_zero(mem, struct trust);

	trust->certificates = sk_X509_new_null();
	trust->crls = sk_X509_CRL_new_null();
	talloc_set_destructor(trust, trust_free);
	trust->signer = talloc_strdup(trust, signer);
	return trust;
}

/* Takes the BIOs; crls may be NULL. */
static struct trust *trust_read_pem(struct trust *trust, BIO *certificates, BIO *crls,
				    const struct trust_files *names, struct err *e)
{
	bool ok = certificates && read_certificates(trust, certificates, names->certificates, e) &&
		  (!names->crl || (crls && read_crls(trust, crls, names->crl, e)));

	BIO_free(certificates);
	BIO_free(crls);
	if (ok)
		return trust;
	talloc_free(trust);
	return NULL;
}

struct trust *trust_new(const struct trust_files *files, TALLOC_CTX *mem, struct err *e)
{
	BIO *certificates = open_pem(files->certificates, "certificate file", e);
	BIO *crls = files->crl && certificates ? open_pem(files->crl, "revocation list", e) : NULL;
	struct trust *trust =
		trust_read_pem(trust_empty(files->signer, mem), certificates, crls, files, e);

	if (!trust)
		return NULL;
	trust->texts = (struct trust_texts){
		.certificates = certificates_text(trust),
		.crl = files->crl ? crls_text(trust) : NULL,
		.signer = trust->signer,
	};
	return trust;
}

struct trust_texts trust_texts(const struct trust *trust)
{
	return trust->texts;
}

struct trust *trust_of_texts(const struct trust_texts *texts, TALLOC_CTX *mem, struct err *e)
{
	const struct trust_files names = { "as given", texts->crl ? "as given" : NULL, NULL };
	BIO *certificates = BIO_new_mem_buf(texts->certificates, -1);
	BIO *crls = texts->crl ? BIO_new_mem_buf(texts->crl, -1) : NULL;
	struct trust *trust =
		trust_read_pem(trust_empty(texts->signer, mem), certificates, crls, &names, e);

	if (!trust)
		return NULL;
	trust->texts = (struct trust_texts){
		.certificates = talloc_strdup(trust, texts->certificates),
		.crl = talloc_strdup(trust, texts->crl),
		.signer = trust->signer,
	};
	return trust;
}

/* --- names --- */

/* Byte by byte and as a whole: an embedded NUL ends no name. */
static bool is_text(const ASN1_STRING *string, const char *text)
{
	unsigned char *utf8 = NULL;
	int len = ASN1_STRING_to_UTF8(&utf8, string);
	bool same = len >= 0 && (size_t)len == strlen(text) && memcmp(utf8, text, (size_t)len) == 0;

	OPENSSL_free(utf8);
	return same;
}

static bool common_name_is(X509 *x, const char *name)
{
	const X509_NAME *subject = X509_get_subject_name(x);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);

	if (at < 0 || X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
		return false;
	return is_text(X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at)), name);
}

static bool alternative_name_is(X509 *x, const char *name)
{
	GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	bool found = false;

	for (int i = 0; i < sk_GENERAL_NAME_num(names) && !found; i++) {
		const GENERAL_NAME *n = sk_GENERAL_NAME_value(names, i);

		if (n->type == GEN_DNS || n->type == GEN_URI || n->type == GEN_EMAIL)
			found = is_text(n->d.ia5, name);
	}
	GENERAL_NAMES_free(names);
	return found;
}

/* --- the certificate --- */

/* The operator's own copy, if these are its bytes: reading a certificate takes OpenSSL longer than checking a signature. */
static X509 *own_copy(const struct trust *trust, const uint8_t *der, size_t len)
{
	for (int i = 0; i < sk_X509_num(trust->certificates); i++) {
		X509 *x = sk_X509_value(trust->certificates, i);
		uint8_t *own = NULL;
		int own_len = i2d_X509(x, &own);
		bool same = own_len >= 0 && (size_t)own_len == len && memcmp(own, der, len) == 0;

		OPENSSL_free(own);
		if (same && X509_up_ref(x))
			return x;
	}
	return NULL;
}

/* NULL: it is not exactly one certificate. */
static X509 *certificate_of(const struct trust *trust, const uint8_t *der, size_t len)
{
	const unsigned char *p = der;
	X509 *x = own_copy(trust, der, len);

	if (x)
		return x;
	x = d2i_X509(NULL, &p, (long)len);
	if (p == der + len)
		return x;
	X509_free(x);
	return NULL;
}

static bool pinned(const struct trust *trust, const X509 *x)
{
	for (int i = 0; i < sk_X509_num(trust->certificates); i++)
		if (X509_cmp(sk_X509_value(trust->certificates, i), x) == 0)
			return true;
	return false;
}

/* A pinned certificate has no chain; the operator's list still counts. */
static bool pin_fits(const struct trust *trust, X509 *x, int64_t now_ms, struct err *e)
{
	time_t now = (time_t)(now_ms / 1000);

	if (X509_cmp_time(X509_get0_notBefore(x), &now) >= 0)
		return refusal_set(e, REFUSAL_CERTIFICATE_EARLY,
				   "certificate of the signature is not yet valid");
	if (X509_cmp_time(X509_get0_notAfter(x), &now) <= 0)
		return refusal_set(e, REFUSAL_CERTIFICATE_EXPIRED,
				   "certificate of the signature has expired");
	for (int i = 0; i < sk_X509_CRL_num(trust->crls); i++) {
		X509_CRL *crl = sk_X509_CRL_value(trust->crls, i);
		X509_REVOKED *entry;

		if (X509_NAME_cmp(X509_CRL_get_issuer(crl), X509_get_issuer_name(x)) == 0 &&
		    X509_CRL_get0_by_cert(crl, &entry, x) > 0)
			return refusal_set(e, REFUSAL_CERTIFICATE_REVOKED,
					   "certificate of the signature is revoked");
	}
	return true;
}

static X509_STORE *store_of(const struct trust *trust)
{
	X509_STORE *store = X509_STORE_new();

	for (int i = 0; i < sk_X509_num(trust->certificates); i++) {
		X509 *x = sk_X509_value(trust->certificates, i);

		if (X509_check_ca(x) == 1)
			X509_STORE_add_cert(store, x);
	}
	for (int i = 0; i < sk_X509_CRL_num(trust->crls); i++)
		X509_STORE_add_crl(store, sk_X509_CRL_value(trust->crls, i));
	return store;
}

static void set_rules(X509_STORE_CTX *ctx, const struct trust *trust, int64_t now_ms)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);
	unsigned long flags = X509_V_FLAG_X509_STRICT;

	if (sk_X509_CRL_num(trust->crls))
		flags |= X509_V_FLAG_CRL_CHECK;
	X509_VERIFY_PARAM_set_flags(param, flags);
	X509_VERIFY_PARAM_set_auth_level(param, AUTH_LEVEL);
	X509_VERIFY_PARAM_set_depth(param, CERTIFICATE_DEPTH_MOST);
	X509_VERIFY_PARAM_set_time(param, (time_t)(now_ms / 1000));
}

static bool chain_fits(const struct trust *trust, X509 *x, int64_t now_ms, struct err *e)
{
	X509_STORE *store;
	X509_STORE_CTX *ctx;
	bool ok;

	if (!trust->signer)
		return refusal_set(
			e, REFUSAL_CERTIFICATE_STRANGER,
			"certificate of the signature is not the one that is trusted, and no "
			"signer's name is given by which another could be");
	store = store_of(trust);
	ctx = X509_STORE_CTX_new();
	ok = X509_STORE_CTX_init(ctx, store, x, NULL) == 1;
	if (ok) {
		set_rules(ctx, trust, now_ms);
		ok = X509_verify_cert(ctx) == 1 && X509_STORE_CTX_get_error(ctx) == X509_V_OK;
	}
	if (!ok)
		refusal_set(e, REFUSAL_CERTIFICATE_CHAIN, "certificate of the signature: %s",
			    X509_verify_cert_error_string(X509_STORE_CTX_get_error(ctx)));
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return ok;
}

static bool use_fits(const struct trust *trust, X509 *x, struct err *e)
{
	EVP_PKEY *key = X509_get0_pubkey(x);
	int kind = key ? EVP_PKEY_get_base_id(key) : 0;

	if (X509_get_extension_flags(x) & EXFLAG_INVALID)
		return refusal_set(e, REFUSAL_CERTIFICATE_MALFORMED,
				   "certificate of the signature is malformed");
	if (!(X509_get_key_usage(x) & KU_DIGITAL_SIGNATURE))
		return refusal_set(e, REFUSAL_CERTIFICATE_USAGE,
				   "certificate of the signature is not for digital signatures");
	if ((kind != EVP_PKEY_RSA && kind != EVP_PKEY_EC) ||
	    EVP_PKEY_get_security_bits(key) < SECURITY_BITS)
		return refusal_set(e, REFUSAL_CERTIFICATE_KEY,
				   "certificate of the signature has a key that is too weak or of "
				   "another kind than RSA and EC");
	if (trust->signer && !common_name_is(x, trust->signer) &&
	    !alternative_name_is(x, trust->signer))
		return refusal_set(
			e, REFUSAL_CERTIFICATE_SIGNER,
			"certificate of the signature is not that of the expected signer");
	return true;
}

/* UTF-8, with what is not printable escaped. */
static char *subject_of(X509 *x, TALLOC_CTX *mem)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *bytes, *text;
	long len;

	X509_NAME_print_ex(out, X509_get_subject_name(x), 0,
			   XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
	len = BIO_get_mem_data(out, &bytes);
	text = talloc_strndup(mem, bytes, len < SIGNER_LEN_MOST ? (size_t)len : SIGNER_LEN_MOST);
	text_mend(text);
	BIO_free(out);
	return text;
}

bool trust_key(EVP_PKEY **key, char **signer, const struct trust *trust, const uint8_t *der,
	       size_t len, int64_t now_ms, TALLOC_CTX *mem, struct err *e)
{
	X509 *x = certificate_of(trust, der, len);
	bool ok = false;

	if (!x)
		refusal_set(e, REFUSAL_SIGNED_TOKEN, "token is not exactly one certificate");
	else
		ok = (pinned(trust, x) ? pin_fits(trust, x, now_ms, e)
				       : chain_fits(trust, x, now_ms, e)) &&
		     use_fits(trust, x, e);
	if (ok) {
		*key = X509_get_pubkey(x);
		*signer = subject_of(x, mem);
	}
	X509_free(x);
	ERR_clear_error();
	return ok;
}
