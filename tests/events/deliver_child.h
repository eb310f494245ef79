/*
 * deliver_child.h -- a process beside us that delivers what is due and may die of it. It is this program anew and no fork of it:
 * the receiver's threads may hold the memory's locks at the moment of a fork, and a child that asks for memory then waits for ever.
 */
#ifndef TESTS_EVENTS_DELIVER_CHILD_H
#define TESTS_EVENTS_DELIVER_CHILD_H

#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/events/deliver_stage.h"

#define CHILD_WORD "deliver-child"

static inline pid_t deliver_in_child(void)
{
	char *arguments[] = { (char[]){ CHILD_WORD }, (char[]){ CHILD_WORD },
			      (char *)(uintptr_t)stage.conninfo, NULL };
	pid_t child;

	ck_assert_int_eq(posix_spawn(&child, "/proc/self/exe", NULL, NULL, arguments, environ), 0);
	return child;
}

/* First of all in main(): does not return in such a process. */
static inline void deliver_child_main(int count, char **arguments)
{
	struct err e = { 0 };
	struct delivered counts = { 0 };
	struct db *db;

	if (count != 3 || strcmp(arguments[1], CHILD_WORD) != 0)
		return;
	db = db_open(arguments[2], NULL, &e);
	_exit(db && deliver_due(db, courier_new(&courier_conf, NULL), &counts, &e) ? 0 : 1);
}

#ifdef VORPOST_CRASH_POINTS
/* From now on children die at this passage of the point; once. */
static inline void crash_arm(const char *point, int passage)
{
	char *crash = talloc_asprintf(stage.mem, "%s/crash", stage.folder);
	FILE *file = fopen(crash, "w");

	fprintf(file, "%s %d\n", point, passage);
	fclose(file);
	setenv("VORPOST_CRASH_FILE", crash, 1);
}

static inline bool dies_in_child(void)
{
	int status;
	pid_t child = deliver_in_child();

	ck_assert_int_eq(waitpid(child, &status, 0), child);
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}
#endif

#endif
