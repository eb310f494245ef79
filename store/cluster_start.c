#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/cluster_inside.h"

#define READY_MS    60000 /* recovery after a crash included */
#define SILENT_MS   10000 /* a server process that does not answer at our socket */
#define ORPHANS_MS  20000 /* backends whose server was killed end by themselves */
#define SHUTDOWN_MS 60000
#define LOOK_MS     20

/* What the server writes into its postmaster.pid. */
struct pid_file {
	pid_t pid; /* 0: there is no file */
	char socket_folder[256];
	unsigned long shm_key, shm_id;
};

static void pause_ms(int ms)
{
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };

	nanosleep(&t, NULL);
}

static void pid_file_line(struct pid_file *f, int number, const char *line)
{
	switch (number) {
	case 1:
		f->pid = abs(atoi(line)); /* negative: a single-user server */
		break;
	case 5:
		snprintf(f->socket_folder, sizeof f->socket_folder, "%.*s",
			 (int)strcspn(line, "\n"), line);
		break;
	case 7:
		if (sscanf(line, "%lu %lu", &f->shm_key, &f->shm_id) != 2)
			f->shm_key = f->shm_id = 0;
		break;
	}
}

static void pid_file_read(struct pid_file *f, const struct cluster *c)
{
	char *path = talloc_asprintf(NULL, "%s/postmaster.pid", c->data);
	FILE *file = fopen(path, "re");
	char line[1100];

	*f = (struct pid_file){ 0 };
	for (int i = 1; file && fgets(line, sizeof line, file); i++)
		pid_file_line(f, i, line);
	if (file)
		fclose(file);
	talloc_free(path);
}

static bool process_exists(pid_t pid)
{
	return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM);
}

/* The pid may have gone to another program since (in a container it soon does), or wait to be reaped. */
static bool process_is_server(pid_t pid)
{
	char path[32], name[32] = "", state = 'Z';
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	file = pid > 0 ? fopen(path, "re") : NULL;
	if (!file)
		return false;
	if (fscanf(file, "%*d (%31[^)]) %c", name, &state) != 2)
		state = 'Z';
	fclose(file);
	return state != 'Z' && (!strcmp(name, "postgres") || !strcmp(name, "postmaster"));
}

/* A server or backend of these data: it stands in their folder. Where the kernel does not say, it counts as one. */
static bool process_holds(const struct cluster *c, pid_t pid)
{
	struct stat data, cwd;
	char path[32];

	if (!process_is_server(pid))
		return false;
	snprintf(path, sizeof path, "/proc/%d/cwd", (int)pid);
	if (stat(path, &cwd) < 0 || stat(c->data, &data) < 0)
		return true;
	return cwd.st_dev == data.st_dev && cwd.st_ino == data.st_ino;
}

/* Backends of a server that was killed still hold its shared memory; it must not be started beside them. */
static bool orphans_left(const struct pid_file *f)
{
	struct shmid_ds segment;

	return f->shm_id && shmctl((int)f->shm_id, IPC_STAT, &segment) == 0 &&
	       (unsigned long)segment.shm_perm.__key == f->shm_key && segment.shm_nattch > 0;
}

/* PostgreSQL believes a lock file whose pid is alive, be it another program's or that of a process not yet reaped; and it
 * stops at an empty one, which a power cut leaves behind. We hold the lock for starting, so nobody is writing it now. */
static void stale_lock_remove(const struct cluster *c, const char *folder, const char *name)
{
	char *path = talloc_asprintf(NULL, "%s/%s", folder, name);
	FILE *file = fopen(path, "re");
	int pid = 0;

	if (file && (fscanf(file, "%d", &pid) != 1 ||
		     (process_exists(abs(pid)) && !process_holds(c, abs(pid)))))
		unlink(path);
	if (file)
		fclose(file);
	talloc_free(path);
}

static bool foreign_fail(const struct cluster *c, const struct pid_file *f, struct err *e)
{
	return err_set(e, ERR_SETUP,
		       "%s is held by process %d, a PostgreSQL server that does not listen at %s: "
		       "stop it (kill -INT %d), or choose another `state:`",
		       c->data, (int)f->pid, c->socket_folder, (int)f->pid);
}

/* In double quotes, because the setting is a list with commas. */
static char *quoted_folder(const char *folder, TALLOC_CTX *mem)
{
	char *out = talloc_strdup(mem, "unix_socket_directories=\"");

	for (; *folder; folder++)
		out = talloc_asprintf_append_buffer(out, *folder == '"' ? "\"%c" : "%c", *folder);
	return talloc_strdup_append_buffer(out, "\"");
}

/* What makes it private stands on the command line, so that no file can undo it. */
static int server_start(const struct cluster *c, struct err *e)
{
	char *server = talloc_asprintf(NULL, "%s/postgres", c->programs);
	char *sockets = quoted_folder(c->socket_folder, server);
	char *const argv[] = { server,
			       "-D",
			       c->data,
			       "-p",
			       "5432",
			       "-c",
			       "listen_addresses=",
			       "-c",
			       "unix_socket_permissions=0700",
			       "-c",
			       sockets,
			       NULL };
	int pidfd = cluster_daemon(c, argv, e);

	talloc_free(server);
	return pidfd;
}

static bool has_ended(int pidfd, int wait_ms)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	int64_t until = clock_monotonic_ms() + wait_ms;
	int n;

	do
		n = poll(&p, 1, wait_ms);
	while (n < 0 && errno == EINTR && clock_monotonic_ms() < until);
	return n > 0;
}

/* A start that failed because a server of these data came up meanwhile (its starter was killed) is none: *again. */
static bool ended_fail(const struct cluster *c, bool *again, struct err *e)
{
	struct pid_file f;

	pid_file_read(&f, c);
	*again = process_holds(c, f.pid);
	return *again || err_set(e, ERR_SETUP, "the private database did not start: %s",
				 cluster_last_words(c));
}

static bool server_start_wait(const struct cluster *c, bool *again, struct err *e)
{
	int64_t until = clock_monotonic_ms() + READY_MS;
	int pidfd = server_start(c, e);
	bool ready = false, ended = false;

	*again = false;
	if (pidfd < 0)
		return false;
	while (!ready && !ended && clock_monotonic_ms() < until) {
		ended = has_ended(pidfd, LOOK_MS);
		ready = !ended && PQping(c->conninfo) == PQPING_OK;
	}
	close(pidfd);
	if (ended)
		return ended_fail(c, again, e);
	return ready || err_set(e, ERR_RETRY, "the private database is not ready after %d s: %s",
				READY_MS / 1000, cluster_last_words(c));
}

/* Nothing answers: may a server be started? *wait if the question must be put again. */
static bool may_start(const struct cluster *c, int64_t since, bool *wait, struct err *e)
{
	int64_t waited = clock_monotonic_ms() - since;
	struct pid_file f;

	pid_file_read(&f, c);
	*wait = true;
	if (process_holds(c, f.pid)) {
		if ((f.socket_folder[0] && strcmp(f.socket_folder, c->socket_folder)) ||
		    waited > SILENT_MS)
			return foreign_fail(c, &f, e);
		return true;
	}
	if (orphans_left(&f)) {
		if (waited > ORPHANS_MS)
			return err_set(e, ERR_SETUP,
				       "%s is still in use by processes of a server that was "
				       "killed: end them",
				       c->data);
		return true;
	}
	stale_lock_remove(c, c->data, "postmaster.pid");
	stale_lock_remove(c, c->socket_folder, ".s.PGSQL.5432.lock");
	*wait = false;
	return true;
}

bool cluster_ensure(struct cluster *c, struct err *e)
{
	int64_t since = clock_monotonic_ms();
	bool again;

	for (;;) {
		switch (PQping(c->conninfo)) {
		case PQPING_OK:
			return true;
		case PQPING_REJECT: /* on its way up or down */
			if (clock_monotonic_ms() - since > READY_MS)
				return err_set(e, ERR_RETRY,
					       "the private database is not ready: %s",
					       cluster_last_words(c));
			break;
		default:
			if (!may_start(c, since, &again, e))
				return false;
			if (!again && !server_start_wait(c, &again, e))
				return false;
			if (!again)
				return true;
		}
		pause_ms(LOOK_MS);
	}
}

/* Who listens at our socket: the kernel knows, whatever a pid file says. */
static pid_t listener(const struct cluster *c)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct ucred who = { 0 };
	socklen_t len = sizeof who;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(at.sun_path, sizeof at.sun_path, "%s/.s.PGSQL.5432", c->socket_folder);
	if (fd < 0)
		return 0;
	if (connect(fd, (const struct sockaddr *)&at, sizeof at) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) < 0)
		who.pid = 0;
	close(fd);
	return who.pid;
}

/* SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything is written. */
void cluster_stop(const struct cluster *c)
{
	pid_t pid = listener(c);
	int pidfd = pid > 0 ? pidfd_open(pid, 0) : -1;

	if (pidfd < 0)
		return;
	if (process_holds(c, pid) && pidfd_send_signal(pidfd, SIGINT, NULL, 0) == 0)
		has_ended(pidfd, SHUTDOWN_MS);
	close(pidfd);
}
