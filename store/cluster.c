#include "store/cluster.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"
#include "store/cluster_inside.h"

#define SOCKET_NAME "/.s.PGSQL.5432"

int cluster_file(const struct cluster *c, const char *path, int flags, struct err *e)
{
	struct stat folder;
	int fd = open(path, flags | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		err_set(e, ERR_SETUP,
			"%s cannot be opened (%s): run as the owner of the state folder", path,
			strerror(errno));
		return -1;
	}
	if (geteuid() == 0 && stat(c->state, &folder) == 0 && folder.st_uid != 0 &&
	    fchown(fd, folder.st_uid, folder.st_gid) < 0) {
		err_set(e, ERR_SETUP, "%s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

static bool lock_wait(int fd, int how)
{
	int done;

	do
		done = flock(fd, how);
	while (done < 0 && errno == EINTR);
	return done == 0;
}

/* Opens and locks STATE/name; -1 on failure. The lock goes with the descriptor. */
static int lock_take(const struct cluster *c, const char *name, int how, struct err *e)
{
	char *path = talloc_asprintf(NULL, "%s/%s", c->state, name);
	int fd = cluster_file(c, path, O_RDWR, e);

	if (fd >= 0 && !lock_wait(fd, how)) {
		err_set(e, ERR_SETUP, "%s cannot be locked: %s", path, strerror(errno));
		close(fd);
		fd = -1;
	}
	talloc_free(path);
	return fd;
}

/* Whoever gets the lock alone was the last one. It is held while the server stops: who comes now waits. */
static int cluster_leave(struct cluster *c)
{
	if (c->users_fd < 0)
		return 0;
	if (c->owner == getpid() && c->conninfo && flock(c->users_fd, LOCK_EX | LOCK_NB) == 0)
		cluster_stop(c);
	close(c->users_fd);
	return 0;
}

static bool folders_make(const char *path, mode_t mode)
{
	char *copy = talloc_strdup(NULL, path);
	bool ok = true;

	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		ok = mkdir(copy, mode) == 0 || errno == EEXIST;
		*slash = '/';
		if (!ok)
			break;
	}
	ok = ok && (mkdir(copy, mode) == 0 || errno == EEXIST);
	talloc_free(copy);
	return ok;
}

/* Made by root, it must let the system user through to the data. */
static bool state_make(struct cluster *c, const char *state_folder, struct err *e)
{
	char *real;

	if (!folders_make(state_folder, geteuid() == 0 ? 0711 : 0700) ||
	    !(real = realpath(state_folder, NULL)))
		return err_set(e, ERR_SETUP, "state folder %s: %s", state_folder, strerror(errno));
	c->state = talloc_strdup(c, real);
	free(real);
	c->data = talloc_asprintf(c, "%s/postgres", c->state);
	c->log = talloc_asprintf(c, "%s/postgres.log", c->state);
	return true;
}

/* The name is the same for every user of this state folder, and nobody else can prepare it unnoticed. */
static bool short_socket_folder(struct cluster *c, struct err *e)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[17];
	struct stat st;

	if (!EVP_Digest(c->state, strlen(c->state), digest, NULL, EVP_sha256(), NULL))
		return err_set(e, ERR_BUG, "SHA-256 is not available");
	text_hex(hex, digest, 8);
	c->socket_folder = talloc_asprintf(c, "/tmp/vorpost-%u-%s", (unsigned)c->uid, hex);
	if (mkdir(c->socket_folder, 0700) == 0 && geteuid() == 0 &&
	    lchown(c->socket_folder, c->uid, c->gid) < 0)
		return err_set(e, ERR_SETUP, "%s: %s", c->socket_folder, strerror(errno));
	if (lstat(c->socket_folder, &st) < 0 || !S_ISDIR(st.st_mode) || st.st_uid != c->uid ||
	    (st.st_mode & 077))
		return err_set(e, ERR_SETUP,
			       "%s is not a folder of user %s alone: remove it, or choose a "
			       "shorter `state:`",
			       c->socket_folder, c->user);
	return true;
}

/* A socket's name is limited to 107 bytes, and libpq takes a comma for the end of a host. */
static bool socket_choose(struct cluster *c, struct err *e)
{
	if (strlen(c->data) + sizeof SOCKET_NAME <= sizeof((struct sockaddr_un){ 0 }.sun_path) &&
	    !strchr(c->data, ',')) {
		c->socket_folder = talloc_strdup(c, c->data);
		return true;
	}
	return short_socket_folder(c, e);
}

static char *conninfo_quoted(const char *text, TALLOC_CTX *mem)
{
	char *out = talloc_strdup(mem, "'");

	for (; *text; text++)
		out = talloc_asprintf_append_buffer(
			out, *text == '\'' || *text == '\\' ? "\\%c" : "%c", *text);
	return talloc_strdup_append_buffer(out, "'");
}

static void conninfo_make(struct cluster *c)
{
	char *host = conninfo_quoted(c->socket_folder, c);
	char *peer = conninfo_quoted(c->user, c);

	c->conninfo = talloc_asprintf(c,
				      "host=%s port=5432 user=vorpost dbname=vorpost "
				      "sslmode=disable gssencmode=disable requirepeer=%s",
				      host, peer);
	talloc_free(host);
	talloc_free(peer);
}

static bool cluster_prepare(struct cluster *c, const char *as_user, struct err *e)
{
	if (!cluster_user_choose(c, as_user, e) || !cluster_user_reaches(c, e) ||
	    !cluster_programs_find(c, e) || !socket_choose(c, e))
		return false;
	conninfo_make(c);
	return (access(c->data, F_OK) == 0 || cluster_init(c, e)) && cluster_ensure(c, e);
}

struct cluster *cluster_use(const char *state_folder, const char *as_user, TALLOC_CTX *mem,
			    struct err *e)
{
	struct cluster *c = talloc_zero(mem, struct cluster);
	int start_fd = -1;
	bool ok;

	c->users_fd = -1;
	c->owner = getpid();
	talloc_set_destructor(c, cluster_leave);
	ok = state_make(c, state_folder, e) &&
	     (c->users_fd = lock_take(c, "cluster.users", LOCK_SH, e)) >= 0 &&
	     (start_fd = lock_take(c, "cluster.start", LOCK_EX, e)) >= 0 &&
	     cluster_prepare(c, as_user, e);
	if (start_fd >= 0)
		close(start_fd);
	if (!ok)
		TALLOC_FREE(c);
	return c;
}

const char *cluster_conninfo(const struct cluster *c)
{
	return c->conninfo;
}

bool cluster_revive(struct cluster *c, struct err *e)
{
	int start_fd = lock_take(c, "cluster.start", LOCK_EX, e);
	bool ok;

	if (start_fd < 0)
		return false;
	ok = cluster_ensure(c, e);
	close(start_fd);
	return ok;
}
