/* nth.h -- what the files of the shim in front of a program share (nth.c). */
#ifndef TESTS_CRASH_NTH_H
#define TESTS_CRASH_NTH_H

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdint.h>

#define NTH_BYTES 1048576
#define CHAIN     12
#define SEEN_MOST 60000 /* chains of callers, open addressing */

enum kind {
	MALLOC,
	CAGED,
	WRITE,
	SHORT,
	FSYNC,
	RENAME,
	CONNECT,
	SEND,
	RECV,
	QUERY,
	ANSWER,
	SPACE,
	KINDS,
	BEFORE_LOCK = KINDS, /* of places */
	COUNT = KINDS,
	REHEARSE,
	NONE
};

/* Of the places of one kind each is noted once: where it is, and the number of the call that came by first. */
struct place {
	_Atomic uint64_t chain; /* its callers, hashed; kind in four bits; 0: free */
	_Atomic uint64_t first;
};

struct shared {
	_Atomic uint64_t calls[16];    /* by kind; of SPACE the bytes */
	_Atomic uint64_t failed;       /* how often something was made to fail */
	_Atomic int64_t shift_s;       /* of the wall clock */
	_Atomic uint64_t rehearsed;    /* copies that were let go on */
	_Atomic uint64_t offences;     /* of those that did not end as they should */
	_Atomic uint64_t offender;     /* the number of the last such call */
	_Atomic uint64_t offence;      /* and how its copy ended, as of waitpid */
	_Atomic int64_t stood_ns;      /* how long rehearsals took */
	_Atomic uint64_t answers_lost; /* of statements to which the server had answered */
	_Atomic uint64_t shifted;      /* how often the wall clock was looked at that is shifted */
	struct place places[SEEN_MOST];
};

_Static_assert(sizeof(struct shared) <= NTH_BYTES, "the shared file is large enough");

/* NULL outside of a run. Nobody else's symbol of that name. */
extern struct shared *shared __attribute__((visibility("hidden")));

/* The next definition behind this one: libc's, or a sanitizer's in front of it. */
#define NEXT(result, name, ...)                                                                    \
	static result (*next)(__VA_ARGS__);                                                        \
	if (!next)                                                                                 \
	*(void **)&next = dlsym(RTLD_NEXT, name)

#endif
