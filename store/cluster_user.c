#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/cluster_inside.h"

#define LOG_MOST (4 * 1024 * 1024)

static bool user_set(struct cluster *c, const struct passwd *who)
{
	c->user = talloc_strdup(c, who->pw_name);
	c->uid = who->pw_uid;
	c->gid = who->pw_gid;
	return true;
}

static bool user_is_self(struct cluster *c, struct err *e)
{
	const struct passwd *self = getpwuid(geteuid());
	struct stat data;

	if (!self)
		return err_set(e, ERR_SETUP,
			       "user id %u has no name, but the private database needs one",
			       (unsigned)geteuid());
	if (stat(c->data, &data) == 0 && data.st_uid != self->pw_uid)
		return err_set(e, ERR_SETUP, "%s belongs to user id %u: run as that user", c->data,
			       (unsigned)data.st_uid);
	return user_set(c, self);
}

/* The data that are there decide; a name that says otherwise is a mistake to be told. */
static bool user_is_owner(struct cluster *c, uid_t owner, const char *as_user, struct err *e)
{
	const struct passwd *who = owner ? getpwuid(owner) : NULL;

	if (!who)
		return err_set(e, ERR_SETUP,
			       "%s belongs to user id %u, which cannot run PostgreSQL: give it to "
			       "a system user",
			       c->data, (unsigned)owner);
	if (as_user && strcmp(who->pw_name, as_user))
		return err_set(e, ERR_SETUP, "%s belongs to %s, but system_user is %s", c->data,
			       who->pw_name, as_user);
	return user_set(c, who);
}

bool cluster_user_choose(struct cluster *c, const char *as_user, struct err *e)
{
	const struct passwd *who;
	struct stat data;

	if (as_user && !*as_user)
		as_user = NULL;
	if (geteuid() != 0)
		return user_is_self(c, e);
	if (stat(c->data, &data) == 0)
		return user_is_owner(c, data.st_uid, as_user, e);
	who = getpwnam(as_user ? as_user : "vorpost");
	if (!who && !as_user)
		who = getpwnam("postgres");
	if (!who || who->pw_uid == 0)
		return err_set(e, ERR_SETUP,
			       "PostgreSQL does not run as root, and there is no system user %s: "
			       "create one or set `system_user:`",
			       as_user ? as_user : "vorpost or postgres");
	return user_set(c, who);
}

/* In a child only. */
static void step_down(const struct cluster *c)
{
	if (geteuid() != 0)
		return;
	if (initgroups(c->user, c->gid) < 0 || setgid(c->gid) < 0 || setuid(c->uid) < 0)
		_exit(126);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Length of the path's first n components, 0 if it has no more. */
static size_t path_head(const char *path, int n)
{
	size_t len = 0;

	for (int i = 0; i < n; i++) {
		if (!path[len])
			return 0;
		len += 1 + strcspn(path + len + 1, "/");
	}
	return len;
}

/* Asked as that user, so that groups and access lists count; the answer is the exit code. */
bool cluster_user_reaches(const struct cluster *c, struct err *e)
{
	pid_t child;
	int barred;
	size_t len;

	if (geteuid() != 0)
		return true;
	child = fork();
	if (child == 0) {
		step_down(c);
		for (int i = 1; i < 120 && (len = path_head(c->state, i)); i++) {
			char *head = talloc_strndup(NULL, c->state, len);

			if (access(head, X_OK) < 0)
				_exit(i);
			talloc_free(head);
		}
		_exit(0);
	}
	barred = child < 0 ? -1 : wait_for(child);
	if (barred == 0)
		return true;
	if (barred < 0 || barred >= 120)
		return err_set(e, ERR_SETUP, "cannot become system user %s", c->user);
	return err_set(e, ERR_SETUP,
		       "system user %s, who runs the private database, may not enter %.*s: "
		       "chmod a+x that folder or choose another `state:`",
		       c->user, (int)path_head(c->state, barred), c->state);
}

/* Nothing of ours goes along: no descriptor (our locks!), no signal disposition, no environment. */
static void become_program(const struct cluster *c, int input, int log, char *const *argv)
{
	static char *const environment[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", "TZ=UTC", NULL };
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(input, 0) < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0 || close_range(3, ~0U, 0))
		_exit(126);
	step_down(c);
	umask(077);
	if (chdir("/") == 0)
		execve(argv[0], argv, environment);
	_exit(127);
}

static int log_open(const struct cluster *c, struct err *e)
{
	struct stat st;

	if (stat(c->log, &st) == 0 && st.st_size > LOG_MOST) {
		char *old = talloc_asprintf(NULL, "%s.old", c->log);

		rename(c->log, old);
		talloc_free(old);
	}
	return cluster_file(c, c->log, O_WRONLY | O_APPEND, e);
}

/* A short text as a readable descriptor: it fits into the pipe. */
static int input_open(const char *input)
{
	int ends[2];
	size_t len = input ? strlen(input) : 0;

	if (!input)
		return open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	if (write(ends[1], input, len) != (ssize_t)len) {
		close(ends[0]);
		ends[0] = -1;
	}
	close(ends[1]);
	return ends[0];
}

bool cluster_program(const struct cluster *c, char *const *argv, const char *input, struct err *e)
{
	int log = log_open(c, e);
	int in = input_open(input);
	pid_t child = -1;
	int code = -1;

	if (log >= 0 && in >= 0)
		child = fork();
	if (child == 0)
		become_program(c, in, log, argv);
	if (child > 0)
		code = wait_for(child);
	if (log >= 0)
		close(log);
	if (in >= 0)
		close(in);
	if (code == 0)
		return true;
	return err_set(e, ERR_SETUP, "%s failed: %s", argv[0], cluster_last_words(c));
}

/* The child in between ends at once, so that the server is nobody's child and no supervisor wonders. */
static void daemon_fork(const struct cluster *c, int in, int log, int answer, char *const *argv)
{
	pid_t pid;

	setsid();
	pid = fork();
	if (pid == 0)
		become_program(c, in, log, argv);
	_exit(pid > 0 && write(answer, &pid, sizeof pid) == sizeof pid ? 0 : 1);
}

int cluster_daemon(const struct cluster *c, char *const *argv, struct err *e)
{
	int log = log_open(c, e);
	int in = input_open(NULL);
	int answer[2] = { -1, -1 };
	int pidfd = -1;
	pid_t child = -1, pid = 0;

	if (log >= 0 && in >= 0 && pipe2(answer, O_CLOEXEC) == 0)
		child = fork();
	if (child == 0)
		daemon_fork(c, in, log, answer[1], argv);
	if (child > 0 && wait_for(child) == 0 && read(answer[0], &pid, sizeof pid) == sizeof pid)
		pidfd = pidfd_open(pid, 0);
	for (int i = 0; i < 2; i++)
		if (answer[i] >= 0)
			close(answer[i]);
	if (log >= 0)
		close(log);
	if (in >= 0)
		close(in);
	if (pidfd < 0)
		err_set(e, ERR_SETUP, "%s did not start: %s", argv[0], cluster_last_words(c));
	return pidfd;
}

/* The last line that tells of a failure, else the last one. */
static const char *telling_line(char *tail)
{
	const char *last = "no word in the log", *failure = NULL;
	char *rest = tail;
	char *line;

	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		last = line;
		if (strstr(line, "FATAL") || strstr(line, "error: "))
			failure = line;
	}
	return failure ? failure : last;
}

const char *cluster_last_words(const struct cluster *c)
{
	char tail[4096];
	int fd = open(c->log, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	off_t size = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
	ssize_t n = 0;

	if (fd >= 0) {
		off_t from = size > (off_t)sizeof tail - 1 ? size - (off_t)sizeof tail + 1 : 0;

		n = pread(fd, tail, sizeof tail - 1, from);
		close(fd);
	}
	tail[n > 0 ? n : 0] = '\0';
	return talloc_asprintf(c, "%.200s (%s)", telling_line(tail), c->log);
}
