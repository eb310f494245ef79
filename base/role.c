#include "base/role.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <systemd/sd-daemon.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

#define WAIT_LEAST_MS 1000
#define WAIT_MOST_MS  60000
#define SETTLED_MS    60000

static volatile sig_atomic_t stopping;

static void on_stop(int signal_number)
{
	(void)signal_number;
	stopping = 1;
}

void role_signals(void)
{
	struct sigaction act = { .sa_handler = on_stop };

	sigemptyset(&act.sa_mask);
	sigaction(SIGTERM, &act, NULL);
	sigaction(SIGINT, &act, NULL);
}

bool role_stopping(void)
{
	return stopping;
}

bool role_socket(int *fd, struct err *e)
{
	int count = sd_listen_fds(1);

	*fd = -1;
	if (count < 0)
		return err_set(e, ERR_SETUP, "the sockets of systemd: %s", strerror(-count));
	if (count > 1)
		return err_set(e, ERR_SETUP, "systemd hands over %d sockets, expected one", count);
	if (count && sd_is_socket(SD_LISTEN_FDS_START, AF_UNSPEC, SOCK_STREAM, 1) <= 0)
		return err_set(e, ERR_SETUP,
			       "what systemd hands over is no socket that listens for streams: "
			       "ListenStream= is expected");
	if (count)
		*fd = SD_LISTEN_FDS_START;
	return true;
}

/* In short steps, so that a signal which lands just before the sleep costs a moment only. */
bool role_sleep_ms(int ms)
{
	int64_t until = clock_monotonic_ms() + ms;
	int64_t left;

	while (!stopping && (left = until - clock_monotonic_ms()) > 0) {
		int step = left > 200 ? 200 : (int)left;
		struct timespec t = { step / 1000, step % 1000 * 1000000L };

		nanosleep(&t, NULL);
	}
	return !stopping;
}

bool role_follows(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	return getppid() == parent; /* it may have ended before we asked */
}

struct running {
	const struct role *role;
	pid_t pid;        /* 0: not running */
	int64_t started;  /* monotonic */
	int64_t start_at; /* when to start it next */
	int wait_ms;
};

static void role_start(struct running *r, pid_t supervisor)
{
	pid_t pid = fork();

	if (pid < 0) {
		log_error("cannot start role", "role=%s reason=\"%s\"", r->role->name,
			  strerror(errno));
		r->start_at = clock_monotonic_ms() + WAIT_MOST_MS;
		return;
	}
	if (pid == 0) {
		if (!role_follows(supervisor))
			_exit(EX_TEMPFAIL);
		exit(r->role->run(r->role->arg));
	}
	r->pid = pid;
	r->started = clock_monotonic_ms();
	log_info("role started", "role=%s pid=%d", r->role->name, (int)pid);
}

static void role_ended(struct running *r, int status)
{
	int64_t now = clock_monotonic_ms();

	if (now - r->started >= SETTLED_MS)
		r->wait_ms = WAIT_LEAST_MS;
	r->pid = 0;
	r->start_at = now + r->wait_ms;
	if (!stopping)
		log_warn("role ended", "role=%s %s=%d again_in_ms=%d", r->role->name,
			 WIFSIGNALED(status) ? "signal" : "exit",
			 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), r->wait_ms);
	r->wait_ms = r->wait_ms * 2 > WAIT_MOST_MS ? WAIT_MOST_MS : r->wait_ms * 2;
}

static size_t roles_reap(struct running *all, size_t count)
{
	size_t alive = 0;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		for (size_t i = 0; i < count; i++)
			if (all[i].pid == pid)
				role_ended(&all[i], status);
	for (size_t i = 0; i < count; i++)
		alive += all[i].pid != 0;
	return alive;
}

static void roles_signal(const struct running *all, size_t count, int signal_number)
{
	for (size_t i = 0; i < count; i++)
		if (all[i].pid)
			kill(all[i].pid, signal_number);
}

static int roles_drain(struct running *all, size_t count)
{
	int64_t until = clock_monotonic_ms() + ROLE_DRAIN_S * 1000;
	struct timespec moment = { 0, 50 * 1000000L };

	sd_notify(0, "STOPPING=1\nSTATUS=draining");
	log_info("draining", NULL);
	roles_signal(all, count, SIGTERM);
	while (roles_reap(all, count) && clock_monotonic_ms() < until)
		nanosleep(&moment, NULL);
	if (!roles_reap(all, count))
		return EX_OK;
	log_error("roles did not drain in time, killing them", "seconds=%d", ROLE_DRAIN_S);
	roles_signal(all, count, SIGKILL);
	while (roles_reap(all, count))
		nanosleep(&moment, NULL);
	return EX_SOFTWARE;
}

static void roles_start_due(struct running *all, size_t count, pid_t supervisor)
{
	for (size_t i = 0; i < count; i++)
		if (!all[i].pid && clock_monotonic_ms() >= all[i].start_at)
			role_start(&all[i], supervisor);
}

int roles_supervise(const struct role *roles, size_t count, const char *(*tick)(void *arg),
		    void *tick_arg)
{
	struct running *all = calloc(count, sizeof *all);
	int code;

	for (size_t i = 0; i < count; i++)
		all[i] = (struct running){ .role = &roles[i], .wait_ms = WAIT_LEAST_MS };
	role_signals();
	roles_start_due(all, count, getpid());
	sd_notify(0, "READY=1");
	while (role_sleep_ms(1000)) {
		const char *status = tick ? tick(tick_arg) : NULL;

		roles_reap(all, count);
		roles_start_due(all, count, getpid());
		sd_notifyf(0, "WATCHDOG=1%s%s", status ? "\nSTATUS=" : "", status ? status : "");
	}
	code = roles_drain(all, count);
	free(all);
	return code;
}
