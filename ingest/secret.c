#include "ingest/secret.h"

#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

/* One byte: too small for a core file, and the kernel's word for "not to a core handler, either", which 0 is not. Where
 * the hard limit is 0 it stays 0. */
void secret_no_core(void)
{
	const struct rlimit none = { 1, 1 };

	setrlimit(RLIMIT_CORE, &none);
}

static int wipe(char *secret)
{
	explicit_bzero(secret, talloc_get_size(secret));
	return 0;
}

static bool file_check(int fd, const char *path, const char *what, size_t most, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_set(e, ERR_SETUP, "%s %s: %m", what, path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_SETUP, "%s %s is not a regular file", what, path);
	if (st.st_mode & S_IROTH)
		return err_set(e, ERR_SETUP,
			       "%s %s can be read by everybody (mode %03o); chmod 600 it", what,
			       path, (unsigned)st.st_mode & 0777);
	if (st.st_size > (off_t)most)
		return err_set(e, ERR_SETUP, "%s %s has %lld bytes, limit %zu", what, path,
			       (long long)st.st_size, most);
	return st.st_size || err_set(e, ERR_SETUP, "%s %s is empty", what, path);
}

/* room: of bytes; the file may have grown since it was looked at. */
static bool read_all(char *bytes, size_t *len, size_t room, int fd, const char *path,
		     const char *what, struct err *e)
{
	ssize_t n;

	for (*len = 0; *len < room; *len += (size_t)n) {
		n = read(fd, bytes + *len, room - *len);
		if (n < 0)
			return err_set(e, ERR_SETUP, "%s %s: %m", what, path);
		if (n == 0)
			return true;
	}
	return err_set(e, ERR_SETUP, "%s %s changes while it is read", what, path);
}

char *secret_bytes(size_t *len, const char *path, const char *what, size_t most, TALLOC_CTX *mem,
		   struct err *e)
{
	int fd = open(path ? path : "", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *secret = NULL;
	bool ok = false;

	secret_no_core();
	if (fd < 0) {
		err_set(e, ERR_SETUP, "%s %s: %m", what, path ? path : "(none)");
		return NULL;
	}
	if (file_check(fd, path, what, most, e)) {
		secret = talloc_zero_array(mem, char, most + 1);
		talloc_set_destructor(secret, wipe);
		ok = read_all(secret, len, most + 1, fd, path, what, e);
		secret[ok ? *len : 0] = '\0';
	}
	close(fd);
	if (ok)
		return secret;
	talloc_free(secret);
	return NULL;
}

/* One line end may follow; anything else than one line is a wrong file rather than a secret. */
static bool is_line(char *secret, size_t len, const char *path, const char *what, struct err *e)
{
	if (len && secret[len - 1] == '\n')
		secret[--len] = '\0';
	if (len && secret[len - 1] == '\r')
		secret[--len] = '\0';
	if (len == 0)
		return err_set(e, ERR_SETUP, "%s %s is empty", what, path);
	if (memchr(secret, '\n', len) || strlen(secret) != len)
		return err_set(e, ERR_SETUP, "%s %s holds more than one line", what, path);
	return text_valid_utf8(secret, len) ||
	       err_set(e, ERR_SETUP, "%s %s is not UTF-8", what, path);
}

char *secret_line(const char *path, const char *what, size_t most, TALLOC_CTX *mem, struct err *e)
{
	size_t len;
	char *secret = secret_bytes(&len, path, what, most, mem, e);

	if (secret && is_line(secret, len, path, what, e))
		return secret;
	talloc_free(secret);
	return NULL;
}
