/*
 * role.h -- processes with one duty each, kept alive by a supervisor that does nothing else.
 *
 * Every role is a forked child with blocking code. One that ends is started again, after 1 s, 2 s,
 * 4 s ... 60 s; a minute of life sets the wait back. SIGTERM or SIGINT to the supervisor drains:
 * the roles are told, given time to finish what they have in hand, then killed. systemd hears
 * READY, STATUS, STOPPING and the watchdog.
 */
#ifndef BASE_ROLE_H
#define BASE_ROLE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct role {
	const char *name; /* "ingest-1" */
	/* Works until role_stopping(). The return value is the exit code of the process. */
	int (*run)(void *arg);
	void *arg;
};

#define ROLE_DRAIN_S 25 /* below systemd's TimeoutStopSec=30 */

/* Runs until asked to stop; returns EX_OK, or EX_SOFTWARE if roles had to be killed. tick (may be
 * NULL) is called about once a second in the supervisor and returns the status line for systemd,
 * NULL to keep the last. */
int roles_supervise(const struct role *roles, size_t count, const char *(*tick)(void *arg),
		    void *tick_arg);

/* In a role: was it told to stop? Also right in a process without supervisor after role_signals().
 */
bool role_stopping(void);

/* Let SIGTERM and SIGINT set role_stopping() in this process. */
void role_signals(void);

/* In a child: tell it to stop, as by SIGTERM, when its parent ends, however that ends: nobody else would. false: it has ended. */
bool role_follows(pid_t parent);

/*
 * The listening socket that systemd handed over to this process (sd_listen_fds(3)); -1: none. To be called once and first of all,
 * in the supervisor: systemd names that process, roles inherit the descriptor, and from here on no program that is started does.
 * Fails ERR_SETUP: there are several, or it is no stream that listens.
 */
bool role_socket(int *fd, struct err *e);

/* Sleep, but wake at once when told to stop. Returns false if stopping. */
bool role_sleep_ms(int ms);

#endif
