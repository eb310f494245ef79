#include "ingest/identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <string.h>

#include "base/clock.h"
#include "ingest/secret.h"

#define SECURITY_BITS  112 /* RSA 2048 and its like */
#define PKCS12_BEGIN   0x30
#define CHAIN_MOST     10
#define BAD_PASSPHRASE "the pass phrase (--password-file) does not open it"

static int identity_close(struct identity *identity)
{
	EVP_PKEY_free(identity->key);
	X509_free(identity->certificate);
	sk_X509_pop_free(identity->chain, X509_free);
	return 0;
}

/* ---- PEM ---- */

/* Without a pass phrase the library would ask at the terminal. */
static int give_phrase(char *buffer, int size, int writing, void *phrase)
{
	size_t len = phrase ? strlen(phrase) : 0;

	(void)writing;
	if (!phrase || len > (size_t)size)
		return -1;
	memcpy(buffer, phrase, len);
	return (int)len;
}

static bool key_from_pem(struct identity *identity, const char *bytes, size_t len,
			 const char *phrase, const char *path, struct err *e)
{
	BIO *bio = BIO_new_mem_buf(bytes, (int)len);

	identity->key = PEM_read_bio_PrivateKey(bio, NULL, give_phrase, (void *)(uintptr_t)phrase);
	BIO_free(bio);
	return identity->key || err_set(e, ERR_SETUP, "key file %s: no private key in PEM, or %s",
					path, BAD_PASSPHRASE);
}

/* The key's own certificate, wherever it stands; the others are its chain. Takes the BIO. */
static bool certificates_from_pem(struct identity *identity, BIO *bio, const char *path,
				  struct err *e)
{
	X509 *x;

	if (!bio)
		return err_set(e, ERR_SETUP, "certificate file %s: %m", path);
	while (sk_X509_num(identity->chain) < CHAIN_MOST &&
	       (x = PEM_read_bio_X509(bio, NULL, give_phrase, NULL))) {
		if (!identity->certificate && X509_check_private_key(x, identity->key) == 1)
			identity->certificate = x;
		else
			sk_X509_push(identity->chain, x);
	}
	BIO_free(bio);
	return identity->certificate ||
	       err_set(e, ERR_SETUP, "certificate file %s: no certificate of this private key",
		       path);
}

static bool from_pem(struct identity *identity, const struct identity_files *files,
		     const char *bytes, size_t len, const char *phrase, struct err *e)
{
	const char *path = files->certificate ? files->certificate : files->key;

	return key_from_pem(identity, bytes, len, phrase, files->key, e) &&
	       certificates_from_pem(identity,
				     files->certificate ? BIO_new_file(path, "r")
							: BIO_new_mem_buf(bytes, (int)len),
				     path, e);
}

/* ---- PKCS#12 ---- */

static bool from_pkcs12(struct identity *identity, const struct identity_files *files,
			const char *bytes, size_t len, const char *phrase, struct err *e)
{
	const unsigned char *p = (const unsigned char *)bytes;
	PKCS12 *box = d2i_PKCS12(NULL, &p, (long)len);
	STACK_OF(X509) *others = NULL;
	X509 *x;
	bool ok;

	if (!box)
		return err_set(e, ERR_SETUP, "key file %s is neither PEM nor PKCS#12", files->key);
	ok = PKCS12_parse(box, phrase ? phrase : "", &identity->key, &identity->certificate,
			  &others) == 1;
	PKCS12_free(box);
	while ((x = sk_X509_shift(others)))
		sk_X509_push(identity->chain, x);
	sk_X509_free(others);
	if (!ok)
		return err_set(e, ERR_SETUP,
			       "key file %s: " BAD_PASSPHRASE
			       ", or it is encrypted in a way that is out of date (RC2)",
			       files->key);
	return (identity->key && identity->certificate) ||
	       err_set(e, ERR_SETUP, "key file %s holds no private key with its certificate",
		       files->key);
}

/* ---- all ---- */

static bool fits(const struct identity *identity, const char *path, int64_t now_ms, struct err *e)
{
	time_t now = (time_t)(now_ms / 1000);
	char ended[CLOCK_TEXT_SIZE];

	if (X509_check_private_key(identity->certificate, identity->key) != 1)
		return err_set(e, ERR_SETUP, "key file %s: key and certificate do not fit", path);
	if (EVP_PKEY_get_security_bits(identity->key) < SECURITY_BITS)
		return err_set(e, ERR_SETUP, "key file %s: the key is too weak (below RSA 2048)",
			       path);
	if (X509_cmp_time(X509_get0_notBefore(identity->certificate), &now) >= 0)
		return err_set(e, ERR_SETUP, "our certificate %s is not yet valid", path);
	if (X509_cmp_time(X509_get0_notAfter(identity->certificate), &now) <= 0)
		return err_set(e, ERR_SETUP, "our certificate %s has expired at %s", path,
			       clock_text(ended, identity_ends_ms(identity)));
	return true;
}

static bool load(struct identity *identity, const struct identity_files *files, TALLOC_CTX *tmp,
		 struct err *e)
{
	size_t len;
	char *phrase = NULL;
	char *bytes = secret_bytes(&len, files->key, "key file", SECRET_FILE_MOST, tmp, e);

	if (!bytes)
		return false;
	if (files->pass_phrase &&
	    !(phrase = secret_line(files->pass_phrase, "password file", SECRET_BYTES_MOST, tmp, e)))
		return false;
	return (*bytes == PKCS12_BEGIN ? from_pkcs12 : from_pem)(identity, files, bytes, len,
								 phrase, e);
}

struct identity *identity_load(const struct identity_files *files, int64_t now_ms, TALLOC_CTX *mem,
			       struct err *e)
{
	struct identity *identity = talloc_zero(mem, struct identity);
	TALLOC_CTX *tmp = talloc_new(NULL);
	bool ok;

	identity->chain = sk_X509_new_null();
	talloc_set_destructor(identity, identity_close);
	ok = load(identity, files, tmp, e) && fits(identity, files->key, now_ms, e);
	talloc_free(tmp);
	ERR_clear_error();
	if (ok)
		return identity;
	talloc_free(identity);
	return NULL;
}

int64_t identity_ends_ms(const struct identity *identity)
{
	struct tm end;

	if (ASN1_TIME_to_tm(X509_get0_notAfter(identity->certificate), &end) != 1)
		return 0;
	return (int64_t)timegm(&end) * 1000;
}
