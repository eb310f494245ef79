#include "events/secret_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define FRESH_BYTES 32
#define FILE_MAX    1024

bool secret_lines_split(struct secret_lines *lines, const char *text, struct err *e)
{
	*lines = (struct secret_lines){ 0 };
	for (;;) {
		text += strspn(text, " \t\r\n");
		if (!*text)
			break;
		if (lines->count == SECRETS_MAX)
			return err_set(e, ERR_SETUP, "more than %d secrets in one file",
				       SECRETS_MAX);
		lines->line[lines->count] = text;
		lines->len[lines->count] = strcspn(text, " \t\r\n");
		text += lines->len[lines->count++];
	}
	return lines->count > 0 || err_set(e, ERR_SETUP, "there is no secret in the file");
}

static int text_wipe(char *text)
{
	OPENSSL_cleanse(text, talloc_get_size(text));
	return 0;
}

static char *wiped_text(TALLOC_CTX *mem)
{
	char *text = talloc_zero_array(mem, char, FILE_MAX + 1);

	talloc_set_destructor(text, text_wipe);
	return text;
}

static bool mode_closed(const char *path, int fd, struct stat *st, struct err *e)
{
	if (fstat(fd, st))
		return err_set(e, ERR_SETUP, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st->st_mode))
		return err_set(e, ERR_SETUP, "%s is not a regular file", path);
	if (st->st_mode & (S_IROTH | S_IWOTH))
		return err_set(e, ERR_SETUP, "%s is open to everybody (mode %04o, expected 0600)",
			       path, st->st_mode & 07777);
	return true;
}

static char *file_read(const char *path, struct stat *st, TALLOC_CTX *mem, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char *text;
	ssize_t n;

	if (fd < 0) {
		err_set(e, ERR_SETUP, "%s: %s", path, strerror(errno));
		return NULL;
	}
	text = wiped_text(mem);
	n = mode_closed(path, fd, st, e) ? read(fd, text, FILE_MAX) : -1;
	close(fd);
	if (n >= 0 && n < FILE_MAX)
		return text;
	err_set(e, ERR_SETUP, "%s cannot be read as a secret of less than %d bytes", path,
		FILE_MAX);
	talloc_free(text);
	return NULL;
}

char *secret_file_read(const char *path, TALLOC_CTX *mem, struct err *e)
{
	struct stat st;

	return file_read(path, &st, mem, e);
}

/* The public key behind the seed, as NaCl keeps an Ed25519 key. */
static bool sign_key_complete(unsigned char bytes[2 * FRESH_BYTES])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, bytes, FRESH_BYTES);
	size_t len = FRESH_BYTES;
	bool ok = key && EVP_PKEY_get_raw_public_key(key, bytes + FRESH_BYTES, &len) == 1;

	EVP_PKEY_free(key);
	return ok;
}

/* Appends one line to text, which has room. */
static bool fresh_append(char *text, int kind, struct err *e)
{
	unsigned char bytes[2 * FRESH_BYTES];
	bool sign = kind == SECRET_V1A;
	bool ok = getrandom(bytes, FRESH_BYTES, 0) == FRESH_BYTES &&
		  (!sign || sign_key_complete(bytes));
	size_t len;

	if (!ok)
		return err_set(e, ERR_SETUP, "a secret cannot be made: %s", strerror(errno));
	strcat(text, sign ? SECRET_PREFIX_SIGN : SECRET_PREFIX);
	len = strlen(text);
	EVP_EncodeBlock((unsigned char *)text + len, bytes, sign ? 2 * FRESH_BYTES : FRESH_BYTES);
	strcat(text, "\n");
	OPENSSL_cleanse(bytes, sizeof bytes);
	return true;
}

static bool fresh_all(char *text, int kinds, struct err *e)
{
	return (!(kinds & SECRET_V1) || fresh_append(text, SECRET_V1, e)) &&
	       (!(kinds & SECRET_V1A) || fresh_append(text, SECRET_V1A, e));
}

int secret_line_kind(const struct secret_lines *lines, int line)
{
	if (!strncmp(lines->line[line], SECRET_PREFIX, strlen(SECRET_PREFIX)))
		return SECRET_V1;
	return strncmp(lines->line[line], SECRET_PREFIX_SIGN, strlen(SECRET_PREFIX_SIGN))
		       ? 0
		       : SECRET_V1A;
}

static bool folder_sync(const char *path)
{
	char *copy = talloc_strdup(NULL, path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	talloc_free(copy);
	return ok;
}

/* A write that is cut short leaves no errno: the next one says why. */
static bool all_write(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		text += n;
		len -= (size_t)n;
	}
	return true;
}

/* A file of that name must not be there. */
static bool file_write(const char *path, const char *text, const struct stat *like, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0)
		return err_set(e, errno == EEXIST ? ERR_REFUSED : ERR_SETUP, "%s: %s", path,
			       strerror(errno));
	ok = (!like || fchown(fd, like->st_uid, like->st_gid) == 0) && all_write(fd, text) &&
	     fsync(fd) == 0;
	if (!ok) {
		err_set(e, ERR_SETUP, "%s cannot be written: %s", path, strerror(errno));
		unlink(path);
	}
	close(fd);
	return ok;
}

bool secret_file_make(const char *path, int kinds, struct err *e)
{
	char *text = wiped_text(NULL);
	bool ok = fresh_all(text, kinds, e) && file_write(path, text, NULL, e);

	talloc_free(text);
	if (ok && !folder_sync(path))
		return err_set(e, ERR_SETUP, "the folder of %s cannot be synced", path);
	return ok;
}

static bool file_replace(const char *path, const char *text, const struct stat *like, struct err *e)
{
	char *fresh = talloc_asprintf(NULL, "%s.new", path);
	bool ok;

	unlink(fresh); /* left by a process that died here; it never was in use */
	ok = file_write(fresh, text, like, e);
	if (ok && (rename(fresh, path) || !folder_sync(path))) {
		ok = err_set(e, ERR_SETUP, "%s cannot be replaced: %s", path, strerror(errno));
		unlink(fresh);
	}
	talloc_free(fresh);
	return ok;
}

/* Every kind that is there must be there `expected` times; the first of each goes to text. */
static bool newest_append(char *text, const struct secret_lines *lines, int expected, struct err *e)
{
	int count[SECRET_V1A + 1] = { 0 };

	for (int i = 0; i < lines->count; i++)
		if (count[secret_line_kind(lines, i)]++ == 0) {
			strncat(text, lines->line[i], lines->len[i]);
			strcat(text, "\n");
		}
	for (int kind = 0; kind <= SECRET_V1A; kind++)
		if (count[kind] && count[kind] != expected)
			return err_set(e, ERR_REFUSED, "it holds %d secrets of a kind, expected %d",
				       count[kind], expected);
	return true;
}

static int kinds_of(const struct secret_lines *lines)
{
	int kinds = 0;

	for (int i = 0; i < lines->count; i++)
		kinds |= secret_line_kind(lines, i);
	return kinds;
}

/* Replace what is in the file: fresh secrets before the first ones, or the first ones alone. */
static bool file_change(const char *path, int expected, bool fresh, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct secret_lines lines;
	struct stat st;
	char *old = file_read(path, &st, mem, e);
	char *text = wiped_text(mem);
	bool ok = old && secret_lines_split(&lines, old, e) &&
		  (!fresh || fresh_all(text, kinds_of(&lines), e)) &&
		  newest_append(text, &lines, expected, e) && file_replace(path, text, &st, e);

	if (old && !ok)
		err_prefix(e, "%s", path);
	talloc_free(mem);
	return ok;
}

bool secret_file_rotate(const char *path, struct err *e)
{
	return file_change(path, 1, true, e);
}

bool secret_file_retire(const char *path, struct err *e)
{
	return file_change(path, SECRETS_EACH, false, e);
}
