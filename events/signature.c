#include "events/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "events/secret_file.h"

#define SECRET_LEAST 24
#define SECRET_MOST  64
#define SIGN_BYTES   32 /* of an Ed25519 seed, and of a public key */
#define SIGNED_BYTES 64

struct secret {
	unsigned char key[SECRET_MOST];
	size_t len;
	EVP_PKEY *sign; /* NULL: key is a secret for v1 */
};

struct secrets {
	struct secret secret[SECRETS_MAX];
	int count;
};

static int secrets_wipe(struct secrets *secrets)
{
	for (int i = 0; i < SECRETS_MAX; i++)
		EVP_PKEY_free(secrets->secret[i].sign);
	OPENSSL_cleanse(secrets, sizeof *secrets);
	return 0;
}

/* How many bytes `len` characters of padded base64 stand for; -1 if they are not that. */
static int base64_size(const char *text, size_t len)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	size_t letters = strspn(text, alphabet);
	size_t pads = len - letters;

	if (letters > len || len % 4 || pads > 2 || strncmp(text + letters, "==", pads))
		return -1;
	return (int)(len / 4 * 3 - pads);
}

/* The bytes behind the prefix into secret->key. */
static bool key_decode(struct secret *secret, const char *line, size_t len, struct err *e)
{
	unsigned char bytes[SECRET_MOST + 3];
	int size = base64_size(line, len);

	if (size < SECRET_LEAST || size > SECRET_MOST)
		return err_set(e, ERR_SETUP, "the secret is not base64 of %d to %d bytes",
			       SECRET_LEAST, SECRET_MOST);
	if (EVP_DecodeBlock(bytes, (const unsigned char *)line, (int)len) < size)
		return err_set(e, ERR_SETUP, "the secret is not base64");
	memcpy(secret->key, bytes, (size_t)size);
	secret->len = (size_t)size;
	OPENSSL_cleanse(bytes, sizeof bytes);
	return true;
}

static bool sign_decode(struct secret *secret, struct err *e)
{
	unsigned char open[SIGN_BYTES];
	size_t len = sizeof open;

	if (secret->len != SIGN_BYTES && secret->len != 2 * SIGN_BYTES)
		return err_set(e, ERR_SETUP, "the signing key has %zu bytes, expected %d or %d",
			       secret->len, SIGN_BYTES, 2 * SIGN_BYTES);
	secret->sign =
		EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, secret->key, SIGN_BYTES);
	if (!secret->sign || EVP_PKEY_get_raw_public_key(secret->sign, open, &len) != 1)
		return err_set(e, ERR_SETUP, "the signing key cannot be used");
	return secret->len == SIGN_BYTES || !memcmp(open, secret->key + SIGN_BYTES, SIGN_BYTES) ||
	       err_set(e, ERR_SETUP, "the two halves of the signing key do not belong together");
}

static bool secret_decode(struct secret *secret, const struct secret_lines *lines, int i,
			  struct err *e)
{
	int kind = secret_line_kind(lines, i);
	size_t prefix = strlen(kind == SECRET_V1 ? SECRET_PREFIX : SECRET_PREFIX_SIGN);

	if (!kind || lines->len[i] < prefix)
		return err_set(e, ERR_SETUP,
			       "the secret begins neither with " SECRET_PREFIX
			       " nor with " SECRET_PREFIX_SIGN);
	return key_decode(secret, lines->line[i] + prefix, lines->len[i] - prefix, e) &&
	       (kind == SECRET_V1 || sign_decode(secret, e));
}

struct secrets *secrets_parse(const char *text, TALLOC_CTX *mem, struct err *e)
{
	struct secrets *secrets = talloc_zero(mem, struct secrets);
	struct secret_lines lines;
	int count[SECRET_V1A + 1] = { 0 };

	talloc_set_destructor(secrets, secrets_wipe);
	if (!secret_lines_split(&lines, text, e))
		goto refused;
	for (; secrets->count < lines.count; secrets->count++) {
		if (++count[secret_line_kind(&lines, secrets->count)] > SECRETS_EACH) {
			err_set(e, ERR_SETUP, "more than %d secrets of a kind in one file",
				SECRETS_EACH);
			goto refused;
		}
		if (!secret_decode(&secrets->secret[secrets->count], &lines, secrets->count, e))
			goto refused;
	}
	return secrets;
refused:
	talloc_free(secrets);
	return NULL;
}

struct secrets *secrets_read(const char *path, TALLOC_CTX *mem, struct err *e)
{
	char *text = secret_file_read(path, mem, e);
	struct secrets *secrets;

	if (!text)
		return NULL;
	secrets = secrets_parse(text, mem, e);
	if (!secrets)
		err_prefix(e, "%s", path);
	talloc_free(text);
	return secrets;
}

int secrets_count(const struct secrets *secrets)
{
	return secrets->count;
}

static void sign_v1(char *out, const struct secret *secret, const char *text, size_t len)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int digest_len = 0;

	HMAC(EVP_sha256(), secret->key, (int)secret->len, (const unsigned char *)text, len, digest,
	     &digest_len);
	EVP_EncodeBlock((unsigned char *)out, digest, (int)digest_len);
}

/* Empty if it fails: no receiver takes that for a signature. */
static void sign_v1a(char *out, const struct secret *secret, const char *text, size_t len)
{
	unsigned char bytes[SIGNED_BYTES];
	size_t size = sizeof bytes;
	EVP_MD_CTX *context = EVP_MD_CTX_new();

	*out = '\0';
	if (context && EVP_DigestSignInit(context, NULL, NULL, NULL, secret->sign) == 1 &&
	    EVP_DigestSign(context, bytes, &size, (const unsigned char *)text, len) == 1)
		EVP_EncodeBlock((unsigned char *)out, bytes, (int)size);
	EVP_MD_CTX_free(context);
}

char *secrets_public(const struct secrets *secrets, TALLOC_CTX *mem)
{
	unsigned char open[SIGN_BYTES];
	char text[2 * SIGN_BYTES];
	char *lines = talloc_strdup(mem, "");

	for (int i = 0; i < secrets->count; i++) {
		size_t len = sizeof open;

		if (!secrets->secret[i].sign ||
		    EVP_PKEY_get_raw_public_key(secrets->secret[i].sign, open, &len) != 1)
			continue;
		EVP_EncodeBlock((unsigned char *)text, open, (int)len);
		lines = talloc_asprintf_append(lines, SECRET_PREFIX_OPEN "%s\n", text);
	}
	return lines;
}

char *signature_of(const struct secrets *secrets, const char *id, int64_t timestamp_s,
		   const char *body, size_t len, TALLOC_CTX *mem)
{
	char *text = talloc_asprintf(NULL, "%s.%lld.", id, (long long)timestamp_s);
	size_t head = strlen(text);
	char *header = talloc_strdup(mem, "");
	char signature[2 * SIGNED_BYTES];

	text = talloc_realloc(NULL, text, char, head + len + 1);
	memcpy(text + head, body, len);
	for (int i = 0; i < secrets->count; i++) {
		const struct secret *secret = &secrets->secret[i];

		(secret->sign ? sign_v1a : sign_v1)(signature, secret, text, head + len);
		header = talloc_asprintf_append(header, "%s%s,%s", i ? " " : "",
						secret->sign ? "v1a" : "v1", signature);
	}
	talloc_free(text);
	return header;
}
