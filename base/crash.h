/*
 * crash.h -- named places where a test build dies as if by kill -9.
 *
 * CRASH_POINT("record.committed") compiles to nothing unless VORPOST_CRASH_POINTS is defined. In a
 * test build the file named by VORPOST_CRASH_FILE holds one line "NAME N": the N-th passage of that
 * point by any process kills that process with SIGKILL, after the file was removed (so that it dies
 * once). CRASH_POINT_OF kills another process, a child of ours, in its place. Every name is listed in base/crash.c; a name that is not listed aborts, so that the list
 * is complete.
 */
#ifndef BASE_CRASH_H
#define BASE_CRASH_H

#include <sys/types.h>
#include <unistd.h>

#ifdef VORPOST_CRASH_POINTS
void crash_point(const char *name, pid_t victim);
#define CRASH_POINT(name)         crash_point(name, getpid())
#define CRASH_POINT_OF(name, pid) crash_point(name, pid)
#else
#define CRASH_POINT(name)         ((void)0)
#define CRASH_POINT_OF(name, pid) ((void)(pid))
#endif

/* The list of names, ended by NULL; empty in builds without crash points. */
extern const char *const crash_point_names[];

#endif
