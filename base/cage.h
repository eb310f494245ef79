/*
 * cage.h -- a program of ours that touches foreign bytes, started with nothing but one socket, and one file to read, and
 * locked so that it can compute and answer and nothing else: no other file, no network, no other program, no secret (it is
 * a program of its own with an empty environment, not a copy of a process that knows passwords).
 *
 * Whoever starts it is its only correspondent and its watchman: how much it computes, how much memory it holds, how long
 * it keeps silent. base/cage_wire.h is how they talk. What it says is as hostile as what it was given.
 */
#ifndef BASE_CAGE_H
#define BASE_CAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <talloc.h>

#include "base/err.h"

/* Sanitizers need several times the memory and the time; their builds are for tests only. */
#ifdef __SANITIZE_ADDRESS__
#define CAGE_SANITIZED    1
#define CAGE_TIMES_TIME   4
#define CAGE_TIMES_MEMORY 8
#else
#define CAGE_SANITIZED    0
#define CAGE_TIMES_TIME   1
#define CAGE_TIMES_MEMORY 1
#endif

#define CAGE_SILENCE_MS 30000 /* it neither computes nor says a word */

/* Descriptors of a caged program. */
#define CAGE_FD_WIRE 3 /* the conversation */
#define CAGE_FD_FILE 4 /* the one file it was given; else nothing to read */

/* ---- from outside ---- */

struct cage_child {
	pid_t pid; /* 0: none */
	int wire;  /* our end of CAGE_FD_WIRE, non-blocking for reading only by flag */
	int memory_mib;
};

/*
 * Start a program that lies beside this one (else in the build's folder): "vorpost-reader". file: a descriptor to hand
 * over as CAGE_FD_FILE, open for reading only; -1: none. It gets memory_mib of private memory. The process is there when
 * this returns, but not ready: its first word says whether it locked itself in.
 * Fails ERR_SETUP (no such program), ERR_RETRY (no process, no descriptor to be had).
 */
bool cage_start(struct cage_child *child, const char *program, int file, int memory_mib,
		struct err *e);

/* End it, whatever it does, and forget it. how: as waitpid says it, may be NULL. */
void cage_stop(struct cage_child *child, int *how);

/* Its computing time so far in milliseconds, and its resident bytes; 0 if it is gone. */
int64_t cage_cpu_ms(const struct cage_child *child);
uint64_t cage_resident(const struct cage_child *child);

/* The sentence for a program that ended by itself. what: "the reader". Sets ERR_DELIVERY for what the bytes may have
 * caused, ERR_RETRY where somebody else ended it, ERR_SETUP where it could not begin. */
bool cage_ended(int how, const char *what, struct err *e);

/* ---- from inside ---- */

/* What it may do with CAGE_FD_FILE: take pieces by their offset, or all that a library does with a file of its own. */
enum cage_file_use { CAGE_TAKES_PIECES, CAGE_READS_FILE };

/* First of all: limits, no core, no debugger, dies with its parent, deaf to the terminal's signals. words: the program's
 * arguments as cage_start gave them. */
void cage_enter(int argc, char **argv);

/*
 * Then, after everything is loaded that will ever be needed: from here on a system call that is not on the list kills
 * the process. *landlock: the kernel's version of Landlock, 0 if it has none (seccomp alone holds then).
 * Fails ERR_SETUP: the kernel has no seccomp.
 */
bool cage_lock(int *landlock, enum cage_file_use use, struct err *e);

/* What this kernel offers, for the doctor: asked in this process, changing nothing. */
bool cage_seccomp_known(void);
int cage_landlock_version(void);

/* The exit codes by which a caged program says why it ended. */
#define CAGE_EXIT_MEMORY 71
#define CAGE_EXIT_LOCK   78

#endif
