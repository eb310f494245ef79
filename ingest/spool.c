#include "ingest/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct spool {
	int fd, view_fd;
	off_t len;
	off_t most; /* how far the file was ever written */
};

static int spool_destroy(struct spool *spool)
{
	close(spool->fd);
	close(spool->view_fd);
	return 0;
}

/* Not every file system knows O_TMPFILE. */
static int open_named(int *view_fd, const char *folder)
{
	char *name = talloc_asprintf(NULL, "%s/spool-XXXXXX", folder);
	int fd = mkostemp(name, O_CLOEXEC);

	if (fd >= 0) {
		*view_fd = open(name, O_RDONLY | O_CLOEXEC);
		unlink(name);
	}
	talloc_free(name);
	return fd;
}

static int open_unlinked(int *view_fd, const char *folder)
{
	int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	char path[32];

	*view_fd = -1;
	if (fd < 0)
		return errno == EOPNOTSUPP || errno == EISDIR ? open_named(view_fd, folder) : fd;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd); /* it has no other name */
	*view_fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd;
}

struct spool *spool_open(const char *folder, TALLOC_CTX *mem, struct err *e)
{
	struct spool *spool;
	int view_fd, fd = open_unlinked(&view_fd, folder);

	if (view_fd < 0) {
		err_set(e,
			errno == EMFILE || errno == ENFILE || errno == ENOSPC ? ERR_RETRY
									      : ERR_SETUP,
			"no spool file can be made in %s: %m", folder);
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	spool = talloc_zero(mem, struct spool);
	spool->fd = fd;
	spool->view_fd = view_fd;
	talloc_set_destructor(spool, spool_destroy);
	return spool;
}

void spool_rewind(struct spool *spool)
{
	if (spool->most > SPOOL_KEEP_BYTES && !ftruncate(spool->fd, 0))
		spool->most = 0;
	spool->len = 0;
}

bool spool_clear(struct spool *spool, struct err *e)
{
	spool->len = spool->most = 0;
	return !ftruncate(spool->fd, 0) || err_set(e, ERR_RETRY, "the spool cannot be cleared: %m");
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

int spool_fd(const struct spool *spool)
{
	return spool->fd;
}

const int *spool_view(const struct spool *spool)
{
	return spool ? &spool->view_fd : NULL;
}

uint64_t spool_len(const struct spool *spool)
{
	return (uint64_t)spool->len;
}
