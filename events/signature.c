#include "events/signature.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>

#include "events/secret_file.h"

#define SECRET_LEAST 24
#define SECRET_MOST  64

struct secret {
	unsigned char key[SECRET_MOST];
	size_t len;
};

struct secrets {
	struct secret secret[SECRETS_MAX];
	int count;
};

static int secrets_wipe(struct secrets *secrets)
{
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

static bool secret_decode(struct secret *secret, const char *line, size_t len, struct err *e)
{
	unsigned char bytes[SECRET_MOST + 3];
	int size;

	if (len < strlen(SECRET_PREFIX) || memcmp(line, SECRET_PREFIX, strlen(SECRET_PREFIX)))
		return err_set(e, ERR_SETUP, "the secret does not begin with " SECRET_PREFIX);
	line += strlen(SECRET_PREFIX);
	len -= strlen(SECRET_PREFIX);
	size = base64_size(line, len);
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

struct secrets *secrets_parse(const char *text, TALLOC_CTX *mem, struct err *e)
{
	struct secrets *secrets = talloc_zero(mem, struct secrets);
	struct secret_lines lines;

	talloc_set_destructor(secrets, secrets_wipe);
	if (!secret_lines_split(&lines, text, e))
		goto refused;
	for (; secrets->count < lines.count; secrets->count++)
		if (!secret_decode(&secrets->secret[secrets->count], lines.line[secrets->count],
				   lines.len[secrets->count], e))
			goto refused;
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

static void sign(char out[EVP_MAX_MD_SIZE], const struct secret *secret, const char *text,
		 size_t len)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned int digest_len = 0;

	HMAC(EVP_sha256(), secret->key, (int)secret->len, (const unsigned char *)text, len, digest,
	     &digest_len);
	EVP_EncodeBlock((unsigned char *)out, digest, (int)digest_len);
}

char *signature_of(const struct secrets *secrets, const char *id, int64_t timestamp_s,
		   const char *body, size_t len, TALLOC_CTX *mem)
{
	char *text = talloc_asprintf(NULL, "%s.%lld.", id, (long long)timestamp_s);
	size_t head = strlen(text);
	char *header = talloc_strdup(mem, "");
	char signature[EVP_MAX_MD_SIZE];

	text = talloc_realloc(NULL, text, char, head + len + 1);
	memcpy(text + head, body, len);
	for (int i = 0; i < secrets->count; i++) {
		sign(signature, &secrets->secret[i], text, head + len);
		header = talloc_asprintf_append(header, "%sv1,%s", i ? " " : "", signature);
	}
	talloc_free(text);
	return header;
}
