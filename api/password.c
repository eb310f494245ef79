#include "api/password.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#define PASSES     3
#define MEMORY     (32U * 1024 * 1024)
#define FEW        5 /* different characters are too few */
#define DRAWN      25
#define DRAWN_EACH 5

_Static_assert(PASSWORD_SIZE >= crypto_pwhash_STRBYTES, "argon2id's text fits");

/* Of nobody: what an unknown name is compared with. Its parameters are those of password_make. */
static const char nobody[] = "$argon2id$v=19$m=32768,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA"
			     "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

static int different(const char *text)
{
	bool seen[256] = { false };
	int count = 0;

	for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
		count += !seen[*c];
		seen[*c] = true;
	}
	return count;
}

bool password_check(const char *password, const char *user, struct err *e)
{
	size_t len = strlen(password), characters = 0;

	for (size_t i = 0; i < len; i++)
		characters += ((unsigned char)password[i] & 0xc0) != 0x80;
	if (characters < PASSWORD_LEAST || len > PASSWORD_MOST)
		return err_set(e, ERR_USAGE,
			       "the password has %zu characters, expected %d to %d bytes",
			       characters, PASSWORD_LEAST, PASSWORD_MOST);
	if (different(password) < FEW || (*user && strcasestr(password, user)))
		return err_set(
			e, ERR_USAGE,
			"the password is easily guessed: few different characters, or the user's name");
	return true;
}

bool password_make(char stored[PASSWORD_SIZE], const char *password, struct err *e)
{
	if (sodium_init() >= 0 && crypto_pwhash_str_alg(stored, password, strlen(password), PASSES,
							MEMORY, crypto_pwhash_ALG_ARGON2ID13) == 0)
		return true;
	return err_set(e, ERR_RETRY, "no memory to digest a password: %u bytes", MEMORY);
}

bool password_right(const char *stored, const char *password)
{
	bool known = stored && *stored;

	return sodium_init() >= 0 &&
	       crypto_pwhash_str_verify(known ? stored : nobody, password, strlen(password)) == 0 &&
	       known;
}

void password_draw(char password[PASSWORD_DRAWN_SIZE])
{
	static const char letters[] = "abcdefghijkmnpqrstuvwxyz23456789";
	char *out = password;

	if (sodium_init() < 0)
		sodium_misuse();
	for (int i = 0; i < DRAWN; i++) {
		if (i && i % DRAWN_EACH == 0)
			*out++ = '-';
		*out++ = letters[randombytes_uniform(sizeof letters - 1)];
	}
	*out = '\0';
}

void password_wipe(void *bytes, size_t len)
{
	sodium_memzero(bytes, len);
}
