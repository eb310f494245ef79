/*
 * nth.c -- stands in front of a program's calls (LD_PRELOAD) and makes the n-th of a kind fail, or bends what it sees.
 *
 *   VORPOST_NTH       "KIND N" the N-th call of KIND fails, once; "KIND N+" all from the N-th on; "count" only counts, and
 *                     notes the places that call; "rehearse 0" does so, too, and "rehearse 1": see below
 *   VORPOST_NTH_FILE  a file of NTH_BYTES zero bytes, shared by all processes of the run (struct shared)
 *   VORPOST_NTH_CAGE  also into the programs that are started with an environment of their own
 *
 * Kinds: malloc, caged (the same in a caged program), write and short (regular files; short also sockets), fsync, rename,
 * connect, send, recv (sockets), query (a statement that does not reach the server), answer (a statement whose answer is
 * lost), space (N is a byte: of what is written to regular files together, what lies beyond finds no room). The wall clock is
 * shifted by the seconds that stand in the shared file. Nothing here is part of the product.
 *
 * A rehearsal lets a copy of the process go on in which the allocation has failed, at every place (0) or at every call (1),
 * while the process itself waits and its clock stands still. The copy must say that there is no memory, and end at once: whatever else it does that can
 * be seen outside is counted as an offence. So each of a hundred thousand calls fails within one run. A caged program can make
 * copies until it locks itself in; noted are its places behind that.
 */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/cage.h"
#include "tests/crash/nth.h"

static const char *const names[] = { "malloc", "caged",   "write", "short",   "fsync",
				     "rename", "connect", "send",  "recv",    "query",
				     "answer", "space",   "count", "rehearse" };

struct shared *shared;
static enum kind armed = NONE;
static uint64_t at;
static bool all_from;
static bool caged, locked;
static bool rehearsing; /* this is the copy */
static bool told;       /* it said that there is no memory */
static __thread bool inside;

static void armed_read(const char *text)
{
	char word[16] = "";
	char plus = 0;
	unsigned long n = 0;

	sscanf(text, "%15s %lu%c", word, &n, &plus);
	for (int i = 0; i <= REHEARSE; i++)
		if (!strcmp(word, names[i]))
			armed = (enum kind)i;
	at = n;
	all_from = plus == '+';
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("VORPOST_NTH_FILE"), *text = getenv("VORPOST_NTH");
	void *chain[CHAIN];
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *at_file = MAP_FAILED;

	if (fd >= 0)
		at_file = mmap(NULL, NTH_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (at_file == MAP_FAILED)
		return;
	backtrace(chain, CHAIN); /* it loads a library when it is first asked */
	if (text)
		armed_read(text);
	caged = getenv("VORPOST_NTH_CAGED") != NULL;
	shared = at_file;
}

/* ---- which call is it ---- */

/* The same in every process, wherever its libraries lie. */
static uint64_t place_of(void *address)
{
	struct dl_find_object found;

	if (_dl_find_object(address, &found) != 0)
		return (uint64_t)(uintptr_t)address;
	return (uint64_t)((char *)address - (char *)found.dlfo_map_start) ^
	       (uint64_t)((char *)found.dlfo_map_end - (char *)found.dlfo_map_start) << 32;
}

static uint64_t chain_of(enum kind kind)
{
	void *chain[CHAIN];
	int depth = backtrace(chain, CHAIN);
	uint64_t hash = 0xcbf29ce484222325u;

	for (int i = 2; i < depth; i++)
		hash = (hash ^ place_of(chain[i])) * 0x100000001b3u;
	return (hash & ~(uint64_t)15) | ((uint64_t)kind + 1);
}

/* Note the place of this call; true: nobody came by before. */
static bool place_is_new(enum kind kind, uint64_t n)
{
	uint64_t chain = chain_of(kind);

	for (unsigned i = 0; i < SEEN_MOST; i++) {
		struct place *place = &shared->places[(chain + i) % SEEN_MOST];
		uint64_t free_one = 0;

		if (atomic_load(&place->chain) == chain)
			return false;
		if (atomic_compare_exchange_strong(&place->chain, &free_one, chain)) {
			atomic_store(&place->first, n);
			return true;
		}
	}
	return false;
}

/* ---- rehearsals ---- */

_Noreturn static void end_at_once(int code)
{
	syscall(SYS_exit_group, code);
	abort();
}

static int64_t monotonic_ns(void)
{
	struct timespec now;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Let a copy go on in which this call failed; true: this is the copy. */
static bool rehearse(uint64_t n)
{
	int before = errno, how = 0;
	int64_t from = monotonic_ns();
	pid_t copy = (pid_t)syscall(SYS_clone, 0, 0, 0, 0, 0); /* its end is no signal */

	if (copy == 0) {
		rehearsing = true;
		return true;
	}
	while (copy > 0 && waitpid(copy, &how, __WALL) < 0 && errno == EINTR)
		continue;
	atomic_fetch_add(&shared->stood_ns, monotonic_ns() - from);
	atomic_fetch_add(&shared->rehearsed, 1);
	if (copy < 0 || how != 0) {
		atomic_fetch_add(&shared->offences, 1);
		atomic_store(&shared->offender, n);
		atomic_store(&shared->offence, (uint64_t)how);
	}
	errno = before;
	return false;
}

/* How a copy ends that does anything but ending. */
#define OFFENCE_CALL 100 /* and the kind of the call */
#define OFFENCE_WORD 90  /* an end without the sentence, or with another code */

/* An allocation that is noted, and rehearsed; true: this is the copy, in which it fails. */
static bool met(enum kind kind, uint64_t n)
{
	bool copies = kind == MALLOC || !locked;
	bool is_new = place_is_new(kind == CAGED && copies ? BEFORE_LOCK : kind, n);

	return armed == REHEARSE && copies && (is_new || (at && !caged)) && rehearse(n);
}

/* Count this call; true: it is to fail. */
static bool hit(enum kind kind)
{
	uint64_t n;
	bool fails;

	if (!shared || inside)
		return false;
	if (rehearsing)
		end_at_once(OFFENCE_CALL + (int)kind);
	inside = true;
	n = atomic_fetch_add(&shared->calls[kind], 1) + 1;
	if ((armed == COUNT || armed == REHEARSE) && kind <= CAGED && met(kind, n)) {
		inside = false;
		return true;
	}
	if (armed == COUNT && kind > CAGED)
		place_is_new(kind, n);
	fails = armed == kind && (n == at || (all_from && n > at));
	if (fails)
		atomic_fetch_add(&shared->failed, 1);
	inside = false;
	return fails;
}

static mode_t type_of(int fd)
{
	struct stat st;
	int before = errno;
	mode_t type = fstat(fd, &st) == 0 ? st.st_mode & S_IFMT : 0;

	errno = before;
	return type;
}

static bool is_file(int fd)
{
	return shared && !inside && fd > 2 && type_of(fd) == S_IFREG;
}

static bool is_socket(int fd)
{
	return shared && !inside && type_of(fd) == S_IFSOCK;
}

static ssize_t refuse(int number)
{
	errno = number;
	return -1;
}

/* A line that was reset is dead for whoever looks next, too. */
static ssize_t reset(int fd)
{
	shutdown(fd, SHUT_RDWR);
	return refuse(ECONNRESET);
}

/* ---- memory ---- */

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

static bool no_room(void)
{
	return hit(caged ? CAGED : MALLOC);
}

/* The product allocates by these names (base/program/memory.c). */
void *__libc_malloc(size_t size)
{
	NEXT(void *, "__libc_malloc", size_t);
	return size && no_room() ? no_memory() : next(size);
}

void *__libc_calloc(size_t count, size_t size)
{
	NEXT(void *, "__libc_calloc", size_t, size_t);
	return count && size && no_room() ? no_memory() : next(count, size);
}

void *__libc_realloc(void *old, size_t size)
{
	NEXT(void *, "__libc_realloc", void *, size_t);
	return size && no_room() ? no_memory() : next(old, size);
}

/* ---- files and sockets ---- */

/* How many of these bytes find room. */
static size_t room_for(size_t len)
{
	uint64_t before;

	if (!shared)
		return len;
	before = atomic_fetch_add(&shared->calls[SPACE], len);
	if (armed != SPACE || before + len <= at)
		return len;
	atomic_fetch_add(&shared->failed, 1);
	return before >= at ? 0 : (size_t)(at - before);
}

/* What becomes of a write of len bytes: how many may go, or -1 with errno. */
static ssize_t write_allowed(int fd, size_t len)
{
	if (is_file(fd)) {
		size_t room;

		if (hit(WRITE))
			return refuse(ENOSPC);
		room = room_for(len);
		if (!room && len)
			return refuse(ENOSPC);
		return hit(SHORT) && room > 1 ? (ssize_t)(room / 2) : (ssize_t)room;
	}
	if (is_socket(fd)) {
		if (hit(SEND))
			return reset(fd);
		return hit(SHORT) && len > 1 ? (ssize_t)(len / 2) : (ssize_t)len;
	}
	return (ssize_t)len;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	ssize_t allowed;

	if (rehearsing && fd == STDERR_FILENO) {
		told = told || memmem(bytes, len, "out of memory", 13);
		return (ssize_t)len;
	}
	allowed = write_allowed(fd, len);
	NEXT(ssize_t, "write", int, const void *, size_t);
	return allowed < 0 ? -1 : next(fd, bytes, (size_t)allowed);
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
	ssize_t allowed = write_allowed(fd, len);

	NEXT(ssize_t, "pwrite", int, const void *, size_t, off_t);
	return allowed < 0 ? -1 : next(fd, bytes, (size_t)allowed, offset);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t offset)
{
	ssize_t allowed = write_allowed(fd, len);

	NEXT(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
	return allowed < 0 ? -1 : next(fd, bytes, (size_t)allowed, offset);
}

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
	ssize_t allowed = write_allowed(fd, len);

	NEXT(ssize_t, "send", int, const void *, size_t, int);
	return allowed < 0 ? -1 : next(fd, bytes, (size_t)allowed, flags);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	NEXT(ssize_t, "sendmsg", int, const struct msghdr *, int);
	return is_socket(fd) && hit(SEND) ? reset(fd) : next(fd, message, flags);
}

ssize_t read(int fd, void *bytes, size_t len)
{
	NEXT(ssize_t, "read", int, void *, size_t);
	return is_socket(fd) && hit(RECV) ? reset(fd) : next(fd, bytes, len);
}

ssize_t recv(int fd, void *bytes, size_t len, int flags)
{
	NEXT(ssize_t, "recv", int, void *, size_t, int);
	return is_socket(fd) && hit(RECV) ? reset(fd) : next(fd, bytes, len, flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags)
{
	NEXT(ssize_t, "recvmsg", int, struct msghdr *, int);
	return is_socket(fd) && hit(RECV) ? reset(fd) : next(fd, message, flags);
}

int connect(int fd, const struct sockaddr *to, socklen_t len)
{
	NEXT(int, "connect", int, const struct sockaddr *, socklen_t);
	return hit(CONNECT) ? (int)refuse(ECONNREFUSED) : next(fd, to, len);
}

int fsync(int fd)
{
	NEXT(int, "fsync", int);
	return hit(FSYNC) ? (int)refuse(EIO) : next(fd);
}

int fdatasync(int fd)
{
	NEXT(int, "fdatasync", int);
	return hit(FSYNC) ? (int)refuse(EIO) : next(fd);
}

int rename(const char *from, const char *to)
{
	NEXT(int, "rename", const char *, const char *);
	return hit(RENAME) ? (int)refuse(ENOSPC) : next(from, to);
}

int renameat(int from_folder, const char *from, int to_folder, const char *to)
{
	NEXT(int, "renameat", int, const char *, int, const char *);
	return hit(RENAME) ? (int)refuse(ENOSPC) : next(from_folder, from, to_folder, to);
}

/* ---- the database ---- */

#define ANSWER_WAIT_MS 30000 /* it may wait for a lock of somebody else's */

static __thread bool losing; /* the answer of a statement that waits in a pipeline */

/* So many bytes of what the server says; false: it says no more. */
static bool taken(int fd, void *bytes, size_t len)
{
	struct pollfd line = { fd, POLLIN, 0 };
	char *to = bytes;

	while (len) {
		int ready = poll(&line, 1, ANSWER_WAIT_MS);
		ssize_t n = ready > 0 ? recv(fd, to, len, 0) : ready;

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		to += n;
		len -= (size_t)n;
	}
	return true;
}

/*
 * Each message is a letter and its length, which counts itself. true: the server said that a statement was done ('C') or why not
 * ('E'), and is ready for the next ('Z'): outside of a transaction it has committed by then. Left where it is the answer would still be read from a line that is cut.
 */
static bool answer_eaten(int fd)
{
	unsigned char head[5], rest[4096];
	bool answered = false;

	while (taken(fd, head, sizeof head)) {
		size_t len = ((size_t)head[1] << 24 | (size_t)head[2] << 16 | (size_t)head[3] << 8 |
			      head[4]) -
			     4;

		answered = answered || head[0] == 'C' || head[0] == 'E';
		for (size_t some; len; len -= some) {
			some = len < sizeof rest ? len : sizeof rest;
			if (!taken(fd, rest, some))
				return false;
		}
		if (head[0] == 'Z')
			return answered;
	}
	return false;
}

static int line_of(PGconn *conn)
{
	NEXT(int, "PQsocket", const PGconn *);
	return conn ? next(conn) : -1;
}

static void line_cut(PGconn *conn)
{
	if (line_of(conn) >= 0)
		shutdown(line_of(conn), SHUT_RDWR);
}

/* What was sent is done, and nobody hears of it. */
static void answer_lose(PGconn *conn)
{
	inside = true;
	if (line_of(conn) >= 0 && answer_eaten(line_of(conn)))
		atomic_fetch_add(&shared->answers_lost, 1);
	inside = false;
	line_cut(conn);
}

PGresult *PQexec(PGconn *conn, const char *text)
{
	NEXT(PGresult *, "PQexec", PGconn *, const char *);
	if (hit(QUERY))
		line_cut(conn);
	if (hit(ANSWER)) {
		static int (*send_only)(PGconn *, const char *);

		if (!send_only)
			*(void **)&send_only = dlsym(RTLD_NEXT, "PQsendQuery");
		if (send_only(conn, text))
			answer_lose(conn);
	}
	return next(conn, text);
}

/* What is sent in a pipeline goes out at its end only. */
static bool in_pipeline(const PGconn *conn)
{
	NEXT(PGpipelineStatus, "PQpipelineStatus", const PGconn *);
	return next(conn) != PQ_PIPELINE_OFF;
}

int PQsendQueryPrepared(PGconn *conn, const char *name, int count, const char *const *values,
			const int *lengths, const int *formats, int format)
{
	int sent;

	NEXT(int, "PQsendQueryPrepared", PGconn *, const char *, int, const char *const *,
	     const int *, const int *, int);
	if (hit(QUERY))
		line_cut(conn);
	sent = next(conn, name, count, values, lengths, formats, format);
	if (!hit(ANSWER) || !sent)
		return sent;
	if (in_pipeline(conn))
		losing = true;
	else
		answer_lose(conn);
	return sent;
}

int PQpipelineSync(PGconn *conn)
{
	int sent;

	NEXT(int, "PQpipelineSync", PGconn *);
	sent = next(conn);
	if (losing && sent)
		answer_lose(conn);
	losing = false;
	return sent;
}

/* ---- the end: workers leave without the sanitizer's look for leaks, which comes with exit() ---- */

void __lsan_do_leak_check(void) __attribute__((weak));

void _exit(int code)
{
	NEXT(void, "_exit", int);
	if (rehearsing)
		end_at_once((caged ? code == CAGE_EXIT_MEMORY : told && code == EX_TEMPFAIL)
				    ? 0
				    : OFFENCE_WORD);
	if (shared && __lsan_do_leak_check && armed != MALLOC)
		__lsan_do_leak_check();
	next(code);
	abort();
}

/* ---- into the cage ---- */

int seccomp_load(void *filter);
int seccomp_load(void *filter)
{
	NEXT(int, "seccomp_load", void *);
	if (rehearsing)
		end_at_once(OFFENCE_CALL + KINDS);
	locked = true;
	return next(filter);
}

int posix_spawn(pid_t *restrict pid, const char *restrict path,
		const posix_spawn_file_actions_t *actions,
		const posix_spawnattr_t *restrict attributes, char *const *restrict words,
		char *const *restrict environment)
{
	static const char *const along[] = { "LD_PRELOAD", "VORPOST_NTH", "VORPOST_NTH_FILE" };
	static char marked[] = "VORPOST_NTH_CAGED=yes";
	char lines[3][512];
	char *both[32];
	int count = 0;

	NEXT(int, "posix_spawn", pid_t *, const char *, const posix_spawn_file_actions_t *,
	     const posix_spawnattr_t *, char *const *, char *const *);
	if (!getenv("VORPOST_NTH_CAGE"))
		return next(pid, path, actions, attributes, words, environment);
	while (environment[count] && count < 27) {
		both[count] = environment[count];
		count++;
	}
	for (int i = 0; i < 3; i++) {
		snprintf(lines[i], sizeof lines[i], "%s=%s", along[i], getenv(along[i]));
		both[count++] = lines[i];
	}
	both[count++] = marked;
	both[count] = NULL;
	return next(pid, path, actions, attributes, words, both);
}
