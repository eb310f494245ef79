#include "store/blob.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/text.h"
#include "base/uuid7.h"

#define INCOMING       "incoming" /* where files grow; no digest is called like that */
#define INCOMING_LIFE  3600
#define BUFFER_SIZE    (64 * 1024) /* most documents are written by one call */
#define BLOB_PATH_SIZE (sizeof "ab/" + SHA256_TEXT_SIZE)
#define PART_PATH_SIZE (sizeof INCOMING "/" + UUID_TEXT_SIZE)

struct blob_store {
	int root;
	struct document_sink sink;
	EVP_MD_CTX *digest;

	/* the open document */
	int fd;    /* -1: none */
	bool torn; /* a write failed: the file is not what the digest says */
	char part[PART_PATH_SIZE];
	uint64_t size;
	size_t used;
	unsigned char buffer[BUFFER_SIZE];
};

/* Whatever the disk says passes, or a person makes room; meanwhile nothing is acknowledged. */
static bool disk_fail(const char *doing, struct err *e)
{
	return err_set(e, ERR_RETRY, "document store: cannot %s: %s", doing, strerror(errno));
}

static bool write_whole(int fd, const unsigned char *bytes, size_t len, struct err *e)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return disk_fail("write", e);
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static bool buffer_flush(struct blob_store *s, struct err *e)
{
	bool ok = write_whole(s->fd, s->buffer, s->used, e);

	s->used = 0;
	return ok;
}

static void part_drop(struct blob_store *s)
{
	close(s->fd);
	s->fd = -1;
	unlinkat(s->root, s->part, 0);
}

static bool part_open(void *self, struct err *e)
{
	struct blob_store *s = self;
	char id[UUID_TEXT_SIZE];

	if (s->fd >= 0)
		return err_set(e, ERR_BUG, "document store: a document is already open");
	if (!EVP_DigestInit_ex(s->digest, EVP_sha256(), NULL))
		return err_set(e, ERR_BUG, "SHA-256 is not available");
	snprintf(s->part, sizeof s->part, INCOMING "/%s", uuid7_text(id));
	s->fd = openat(s->root, s->part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
		       0440);
	if (s->fd < 0)
		return disk_fail("make a file", e);
	s->size = 0;
	s->used = 0;
	s->torn = false;
	CRASH_POINT("blob.created");
	return true;
}

static bool part_put(struct blob_store *s, const void *bytes, size_t len, struct err *e)
{
	if (s->used + len > sizeof s->buffer) {
		if (!buffer_flush(s, e))
			return false;
		CRASH_POINT("blob.partial");
	}
	if (len >= sizeof s->buffer)
		return write_whole(s->fd, bytes, len, e);
	memcpy(s->buffer + s->used, bytes, len);
	s->used += len;
	return true;
}

static bool part_write(void *self, const void *bytes, size_t len, struct err *e)
{
	struct blob_store *s = self;

	if (s->fd < 0)
		return err_set(e, ERR_BUG, "document store: no document is open");
	if (len == 0)
		return true;
	EVP_DigestUpdate(s->digest, bytes, len);
	s->size += len;
	if (!part_put(s, bytes, len, e))
		s->torn = true;
	return !s->torn;
}

static void part_abandon(void *self)
{
	struct blob_store *s = self;

	if (s->fd >= 0)
		part_drop(s);
}

static bool folder_sync(struct blob_store *s, const char *path, struct err *e)
{
	int fd = openat(s->root, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (!ok)
		disk_fail("sync a folder", e);
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool folder_make(struct blob_store *s, const char *path, struct err *e)
{
	if (mkdirat(s->root, path, 0750) == 0 || errno == EEXIST)
		return true;
	return disk_fail("make a folder", e);
}

static void blob_path(char path[BLOB_PATH_SIZE], const char *sha256)
{
	snprintf(path, BLOB_PATH_SIZE, "%.2s/%.64s", sha256, sha256);
}

/* What lies there with the right size needs no second copy; a torn file would be replaced. */
static bool already_there(const struct blob_store *s, const char *path)
{
	struct stat st;

	return fstatat(s->root, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	       (uint64_t)st.st_size == s->size;
}

/* The name becomes durable, even when it was there: he who put it there may not have lived to do it. */
static bool name_sync(struct blob_store *s, const char *path, struct err *e)
{
	char folder[sizeof "ab"];

	snprintf(folder, sizeof folder, "%.2s", path);
	return folder_sync(s, folder, e);
}

/* The same bytes from two writers at once are the same file: a plain rename over each other is right. */
static bool part_publish(struct blob_store *s, const char *path, struct err *e)
{
	if (already_there(s, path)) {
		part_drop(s);
		return true;
	}
	if (fdatasync(s->fd) < 0)
		return disk_fail("sync", e);
	CRASH_POINT("blob.synced");
	if (renameat(s->root, s->part, s->root, path) < 0)
		return disk_fail("rename", e);
	close(s->fd);
	s->fd = -1;
	CRASH_POINT("blob.renamed");
	return true;
}

static bool part_finish(struct blob_store *s, char sha256[SHA256_TEXT_SIZE], struct err *e)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char path[BLOB_PATH_SIZE];

	if (s->torn)
		return err_set(e, ERR_RETRY, "document store: a write of this document failed");
	if (!buffer_flush(s, e))
		return false;
	CRASH_POINT("blob.written");
	if (!EVP_DigestFinal_ex(s->digest, digest, NULL))
		return err_set(e, ERR_BUG, "SHA-256 failed");
	text_hex(sha256, digest, 32);
	blob_path(path, sha256);
	return part_publish(s, path, e) && name_sync(s, path, e);
}

static bool part_close(void *self, uint64_t *size, char sha256[SHA256_TEXT_SIZE], struct err *e)
{
	struct blob_store *s = self;

	if (s->fd < 0)
		return err_set(e, ERR_BUG, "document store: no document is open");
	if (!part_finish(s, sha256, e)) {
		part_abandon(s);
		return false;
	}
	*size = s->size;
	CRASH_POINT("blob.done");
	return true;
}

/* Left behind by a process that was killed. */
static void incoming_sweep(struct blob_store *s)
{
	int fd = openat(s->root, INCOMING, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	time_t now = time(NULL);
	struct dirent *entry;
	struct stat st;

	while (folder && (entry = readdir(folder)))
		if (fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode) && now - st.st_mtime > INCOMING_LIFE)
			unlinkat(fd, entry->d_name, 0);
	if (folder)
		closedir(folder);
}

/* All folders at once, so that a document's way to the disk is the same for the first and the millionth. */
static bool folders_make(struct blob_store *s, struct err *e)
{
	char name[sizeof "ab"];

	if (!folder_make(s, INCOMING, e))
		return false;
	for (unsigned i = 0; i < 256; i++) {
		snprintf(name, sizeof name, "%02x", i);
		if (!folder_make(s, name, e))
			return false;
	}
	return folder_sync(s, ".", e);
}

/* path was just made: its name in the folder above becomes durable. */
static bool parent_sync(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash ? talloc_strndup(NULL, path, (size_t)(slash - path) + 1)
			     : talloc_strdup(NULL, ".");
	int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	talloc_free(parent);
	return ok;
}

/* mkdir -p */
static bool root_make(const char *folder)
{
	char *path = talloc_strdup(NULL, folder);
	bool ok = true;

	for (char *slash = path; ok && slash;) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = '\0';
		if (mkdir(path, 0750) == 0)
			ok = parent_sync(path);
		else
			ok = errno == EEXIST;
		if (slash)
			*slash = '/';
	}
	talloc_free(path);
	return ok;
}

static int store_destroy(struct blob_store *s)
{
	part_abandon(s);
	EVP_MD_CTX_free(s->digest);
	if (s->root >= 0)
		close(s->root);
	return 0;
}

struct blob_store *blob_store_open(const char *folder, TALLOC_CTX *mem, struct err *e)
{
	struct blob_store *s = talloc_zero(mem, struct blob_store);
	struct err why = { 0 };

	s->fd = -1;
	s->digest = EVP_MD_CTX_new();
	s->sink = (struct document_sink){ s, part_open, part_write, part_close, part_abandon };
	s->root = root_make(folder) ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	talloc_set_destructor(s, store_destroy);
	if (s->root < 0)
		err_set(&why, ERR_SETUP, "%s", strerror(errno));
	else if (folders_make(s, &why))
		incoming_sweep(s);
	if (why.kind != ERR_NONE) {
		err_set(e, ERR_SETUP, "document store %s: %s", folder, why.text);
		TALLOC_FREE(s);
	}
	return s;
}

struct document_sink *blob_sink(struct blob_store *store)
{
	return &store->sink;
}

static bool copy_in(struct blob_store *s, int fd, uint64_t len, struct err *e)
{
	unsigned char piece[BUFFER_SIZE];
	uint64_t at = 0;

	while (at < len) {
		size_t want = len - at < sizeof piece ? (size_t)(len - at) : sizeof piece;
		ssize_t n = pread(fd, piece, want, (off_t)at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return disk_fail("read the answer", e);
		if (n == 0)
			return err_set(e, ERR_BUG,
				       "document store: the answer ends before its length");
		if (!part_write(s, piece, (size_t)n, e))
			return false;
		at += (uint64_t)n;
	}
	return true;
}

bool blob_keep(struct blob_store *store, int fd, uint64_t len, char sha256[SHA256_TEXT_SIZE],
	       struct err *e)
{
	uint64_t size;

	if (!part_open(store, e))
		return false;
	if (!copy_in(store, fd, len, e)) {
		part_abandon(store);
		return false;
	}
	return part_close(store, &size, sha256, e);
}

/* The digest may come from a command line: only what is one becomes a path. */
int blob_open(struct blob_store *store, const char *sha256, struct err *e)
{
	char path[BLOB_PATH_SIZE];
	int fd;

	if (strlen(sha256) != SHA256_TEXT_SIZE - 1 ||
	    strspn(sha256, "0123456789abcdef") != SHA256_TEXT_SIZE - 1) {
		err_set(e, ERR_MISSING, "document store: not a SHA-256 in lower-case hexadecimal");
		return -1;
	}
	blob_path(path, sha256);
	fd = openat(store->root, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		err_set(e, ERR_MISSING, "document %s is not in the store", sha256);
	else if (fd < 0)
		disk_fail("open a document", e);
	return fd;
}
