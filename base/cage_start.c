/* cage_start.c -- the outside of a cage: start it, watch it, end it, say what became of it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cage.h"

/* Beside the program that runs, as installed; else where the build put it (tests). */
static char *program_path(const char *program, TALLOC_CTX *mem)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	char *slash, *path;

	if (len > 0) {
		self[len] = '\0';
		slash = strrchr(self, '/');
		path = talloc_asprintf(mem, "%.*s/%s", (int)(slash - self), self, program);
		if (access(path, X_OK) == 0)
			return path;
		talloc_free(path);
	}
	return talloc_asprintf(mem, "%s/%s", VORPOST_PROGRAMS_DIR, program);
}

/* The environment may hold secrets. Sanitizers are told by it what they may do. */
static char **environment(void)
{
	static char *const told[] = { "ASAN_OPTIONS", "UBSAN_OPTIONS" };
	char **list = calloc(3, sizeof *list);

	for (size_t i = 0, n = 0; CAGE_SANITIZED && list && i < 2; i++) {
		const char *value = getenv(told[i]);
		char *entry = NULL;

		if (value && asprintf(&entry, "%s=%s", told[i], value) > 0)
			list[n++] = entry;
	}
	return list;
}

static void environment_free(char **list)
{
	for (char **entry = list; entry && *entry; entry++)
		free(*entry);
	free(list);
}

/* dup2 onto itself would leave the descriptor to be closed on exec: lift them out of the way first. */
static int out_of_the_way(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 10);
}

static int spawn(pid_t *pid, const char *path, int wire, int file, int memory_mib)
{
	posix_spawn_file_actions_t actions;
	char memory[16];
	char *words[] = { (char *)(uintptr_t)path, memory, NULL };
	char **environ_list = environment();
	int failed;

	snprintf(memory, sizeof memory, "%d", memory_mib);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	if (!CAGE_SANITIZED) /* what a library has to say could be the insurer's words */
		posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, wire, CAGE_FD_WIRE);
	if (file >= 0)
		posix_spawn_file_actions_adddup2(&actions, file, CAGE_FD_FILE);
	else
		posix_spawn_file_actions_addopen(&actions, CAGE_FD_FILE, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addclosefrom_np(&actions, CAGE_FD_FILE + 1);
	failed = posix_spawn(pid, path, &actions, NULL, words, environ_list);
	posix_spawn_file_actions_destroy(&actions);
	environment_free(environ_list);
	return failed;
}

static void close_if(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* Errors of spawning: what passes, and what does not. */
static bool cannot_start(int failed, const char *path, struct err *e)
{
	bool passes = failed == EAGAIN || failed == ENOMEM || failed == EMFILE || failed == ENFILE;

	return err_set(e, passes ? ERR_RETRY : ERR_SETUP, "%.200s cannot be started: %s", path,
		       strerror(failed));
}

bool cage_start(struct cage_child *child, const char *program, int file, int memory_mib,
		struct err *e)
{
	char *path = program_path(program, NULL);
	int wire[2] = { -1, -1 }, theirs[2] = { -1, -1 };
	int failed = 0;

	*child = (struct cage_child){ .wire = -1, .memory_mib = memory_mib };
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, wire) != 0 ||
	    (theirs[0] = out_of_the_way(wire[1])) < 0 ||
	    (file >= 0 && (theirs[1] = out_of_the_way(file)) < 0))
		failed = errno;
	if (!failed)
		failed = spawn(&child->pid, path, theirs[0], theirs[1], memory_mib);
	close_if(wire[1]);
	close_if(theirs[0]);
	close_if(theirs[1]);
	if (failed) {
		close_if(wire[0]);
		child->pid = 0;
		cannot_start(failed, path, e);
	} else {
		child->wire = wire[0];
	}
	talloc_free(path);
	return !failed;
}

void cage_stop(struct cage_child *child, int *how)
{
	int status = 0;

	if (!child->pid)
		return;
	close_if(child->wire);
	kill(child->pid, SIGKILL); /* no harm to one that has ended: it is not reaped yet */
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	if (how)
		*how = status;
	*child = (struct cage_child){ .wire = -1 };
}

int64_t cage_cpu_ms(const struct cage_child *child)
{
	struct timespec used;
	clockid_t clock;

	if (!child->pid || clock_getcpuclockid(child->pid, &clock) != 0 ||
	    clock_gettime(clock, &used) != 0)
		return 0;
	return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

uint64_t cage_resident(const struct cage_child *child)
{
	char path[64];
	unsigned long long size, resident = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/statm", (int)child->pid);
	file = child->pid ? fopen(path, "re") : NULL;
	if (!file)
		return 0;
	if (fscanf(file, "%llu %llu", &size, &resident) != 2)
		resident = 0;
	fclose(file);
	return (uint64_t)resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static bool ended_by_signal(int number, const char *what, struct err *e)
{
	switch (number) {
	case SIGSYS:
		return err_set(e, ERR_DELIVERY, "%s tried what is forbidden to it", what);
	case SIGXCPU:
		return err_set(e, ERR_DELIVERY, "%s came to no end", what);
	case SIGKILL:
	case SIGTERM:
		return err_set(e, ERR_RETRY, "%s was ended from outside", what);
	default:
		return err_set(e, ERR_DELIVERY, "%s crashed (signal %d)", what, number);
	}
}

bool cage_ended(int how, const char *what, struct err *e)
{
	if (WIFSIGNALED(how))
		return ended_by_signal(WTERMSIG(how), what, e);
	if (WEXITSTATUS(how) == CAGE_EXIT_MEMORY)
		return err_set(e, ERR_DELIVERY, "%s ran out of memory", what);
	if (WEXITSTATUS(how) == CAGE_EXIT_LOCK)
		return err_set(e, ERR_SETUP, "%s cannot lock itself in", what);
	if (WEXITSTATUS(how) == 127)
		return err_set(e, ERR_SETUP, "%s cannot be started", what);
	return err_set(e, ERR_DELIVERY, "%s ended in the middle (exit %d)", what, WEXITSTATUS(how));
}
