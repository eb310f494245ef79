#include "ingest/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct spool {
	int fd;
	off_t len;
	off_t most; /* how far the file was ever written */
};

static int spool_destroy(struct spool *spool)
{
	close(spool->fd);
	return 0;
}

/* Not every file system knows O_TMPFILE. */
static int open_unlinked(const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char *name;

	if (fd >= 0 || (errno != EOPNOTSUPP && errno != EISDIR))
		return fd;
	name = talloc_asprintf(NULL, "%s/spool-XXXXXX", folder);
	fd = mkostemp(name, O_CLOEXEC);
	if (fd >= 0)
		unlink(name);
	talloc_free(name);
	return fd;
}

struct spool *spool_open(const char *folder, TALLOC_CTX *mem, struct err *e)
{
	struct spool *spool;
	int fd = open_unlinked(folder);

	if (fd < 0) {
		err_set(e,
			errno == EMFILE || errno == ENFILE || errno == ENOSPC ? ERR_RETRY
									      : ERR_SETUP,
			"no spool file can be made in %s: %m", folder);
		return NULL;
	}
	spool = talloc_zero(mem, struct spool);
	spool->fd = fd;
	talloc_set_destructor(spool, spool_destroy);
	return spool;
}

void spool_rewind(struct spool *spool)
{
	if (spool->most > SPOOL_KEEP_BYTES && !ftruncate(spool->fd, 0))
		spool->most = 0;
	spool->len = 0;
}

bool spool_write(struct spool *spool, const void *bytes, size_t len, struct err *e)
{
	const char *at = bytes;

	while (len) {
		ssize_t n = pwrite(spool->fd, at, len, spool->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_RETRY, "the answer cannot be spooled: %m");
		at += n;
		len -= (size_t)n;
		spool->len += n;
	}
	if (spool->most < spool->len)
		spool->most = spool->len;
	return true;
}

bool spool_read(struct spool *spool, void *to, size_t len, uint64_t offset, struct err *e)
{
	char *at = to;

	if (offset > spool_len(spool) || len > spool_len(spool) - offset)
		return err_set(e, ERR_BUG, "read beyond the end of the spool");
	while (len) {
		ssize_t n = pread(spool->fd, at, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(e, ERR_RETRY, "the spooled answer cannot be read: %m");
		at += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return true;
}

int spool_fd(const struct spool *spool)
{
	return spool->fd;
}

uint64_t spool_len(const struct spool *spool)
{
	return (uint64_t)spool->len;
}
