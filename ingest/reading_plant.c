/* reading_plant.c -- misbehaviour on demand, in test builds: what a reader that was taken over would try. */
#ifdef VORPOST_CRASH_POINTS

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cage.h"
#include "ingest/limits.h"
#include "ingest/reading_inside.h"
#include "ingest/reading_parts.h"

/* ---- faults ---- */

static void plant_crash(void)
{
	volatile uintptr_t nowhere = 64;

	*(volatile int *)nowhere = 1;
}

static void plant_abort(void)
{
	abort();
}

static void plant_loop(void)
{
	for (volatile unsigned turns = 0;; turns++)
		;
}

static void plant_silence(void)
{
	char byte;

	while (read(CAGE_FD_WIRE, &byte, 1) == 1)
		;
}

static void plant_bomb(void)
{
	for (;;) {
		char *volatile piece = malloc(1 << 20);

		memset(piece, 1, 1 << 20); /* as the reader does: nobody asks whether it came */
	}
}

static void plant_exit(void)
{
	_exit(3);
}

/* ---- what is forbidden ---- */

static void plant_open(void)
{
	open("/etc/passwd", O_RDONLY);
}

static void plant_create(void)
{
	open("/tmp/vorpost-planted", O_CREAT | O_WRONLY, 0600);
}

static void plant_unlink(void)
{
	unlink("/tmp/vorpost-planted");
}

static void plant_socket(void)
{
	socket(AF_INET, SOCK_STREAM, 0);
}

static void plant_connect(void)
{
	connect(CAGE_FD_WIRE, NULL, 0);
}

static void plant_execute(void)
{
	char *const words[] = { (char *)(uintptr_t) "sh", NULL };

	execve("/bin/sh", words, words);
}

static void plant_fork(void)
{
	fork();
}

static void plant_kill(void)
{
	kill(getppid(), SIGTERM);
}

static void plant_parent(void)
{
	ptrace(PTRACE_ATTACH, getppid(), NULL, NULL);
}

static void plant_memory(void)
{
	char byte;
	struct iovec to = { &byte, 1 }, from = { &byte, 1 };

	syscall(SYS_process_vm_readv, getppid(), &to, 1ul, &from, 1ul, 0ul);
}

static void plant_passing(void)
{
	struct msghdr message = { 0 };

	recvmsg(CAGE_FD_WIRE, &message, 0);
}

static void plant_ring(void)
{
	syscall(SYS_io_uring_setup, 1u, NULL);
}

static void plant_other(void)
{
	char byte;

	(void)!read(0, &byte, 1);
}

static void plant_terminal(void)
{
	ioctl(2, TIOCSTI, "x");
	abort(); /* refused, not killed: the word says that it did not work */
}

static void plant_code(void)
{
	syscall(SYS_mmap, NULL, 4096ul, PROT_READ | PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0l);
	if (CAGE_SANITIZED)
		raise(SIGSYS); /* such builds must map */
}

/* ---- lies ---- */

static void say(uint32_t kind, const void *bytes, uint32_t len)
{
	const struct cage_head head = { kind, len };

	(void)!write(CAGE_FD_WIRE, &head, sizeof head);
	(void)!write(CAGE_FD_WIRE, bytes, len);
}

static void plant_babble(void)
{
	say(4711, "words", 5);
}

static void plant_long(void)
{
	const struct cage_head head = { FRAME_OPEN, 0xffffffff };

	(void)!write(CAGE_FD_WIRE, &head, sizeof head);
}

static void plant_facts(void)
{
	say(FRAME_FACTS, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
	say(FRAME_DONE, "", 0);
}

/* Facts that are none, as many as may be; and one byte more. */
static void plant_most(void)
{
	static const char piece[4096];

	for (size_t said = 0; said < FACTS_MOST; said += sizeof piece)
		say(FRAME_FACTS, piece, sizeof piece);
}

static void plant_brim(void)
{
	plant_most();
	say(FRAME_DONE, "", 0);
}

static void plant_spill(void)
{
	plant_most();
	say(FRAME_FACTS, "", 1);
	say(FRAME_DONE, "", 0);
}

static void plant_flood(void)
{
	static const char piece[4096];

	say(FRAME_OPEN, "", 0);
	for (;;)
		say(FRAME_WRITE, piece, sizeof piece);
}

/* A document that stands where nothing of the answer stands. */
static void plant_beyond(void)
{
	const uint64_t where[] = { 1u << 30, 4096 };

	say(FRAME_OPEN, "", 0);
	say(FRAME_PLACE, where, sizeof where);
}

/* So long that its end is small again. */
static void plant_across(void)
{
	const uint64_t where[] = { 2, UINT64_MAX };

	say(FRAME_OPEN, "", 0);
	say(FRAME_PLACE, where, sizeof where);
}

/* More than was given, by handing back the same byte again and again. */
static void plant_again(void)
{
	const uint64_t where[] = { 0, 1 };

	say(FRAME_OPEN, "", 0);
	for (;;)
		say(FRAME_PLACE, where, sizeof where);
}

/* No byte of a document, for ever. */
static void plant_nothing(void)
{
	const uint64_t where[] = { 0, 0 };

	say(FRAME_OPEN, "", 0);
	for (;;)
		say(FRAME_PLACE, where, sizeof where);
}

/* No fact, for ever: not a word of it is wrong. */
static void plant_mumble(void)
{
	for (;;)
		say(FRAME_FACTS, "", 0);
}

static const struct plant {
	const char *word;
	void (*run)(void);
} plants[] = {
	{ "crash", plant_crash },     { "abort", plant_abort },       { "loop", plant_loop },
	{ "silence", plant_silence }, { "bomb", plant_bomb },         { "exit", plant_exit },
	{ "open", plant_open },       { "create", plant_create },     { "unlink", plant_unlink },
	{ "socket", plant_socket },   { "connect", plant_connect },   { "execute", plant_execute },
	{ "fork", plant_fork },       { "kill", plant_kill },         { "parent", plant_parent },
	{ "memory", plant_memory },   { "passing", plant_passing },   { "ring", plant_ring },
	{ "other", plant_other },     { "terminal", plant_terminal }, { "code", plant_code },
	{ "babble", plant_babble },   { "long", plant_long },         { "facts", plant_facts },
	{ "flood", plant_flood },     { "beyond", plant_beyond },     { "brim", plant_brim },
	{ "spill", plant_spill },     { "across", plant_across },     { "again", plant_again },
	{ "nothing", plant_nothing }, { "mumble", plant_mumble },
};

void inside_plant(const char *content_type)
{
	const char *found = content_type ? strstr(content_type, "x-plant=") : NULL;

	for (size_t i = 0; found && i < sizeof plants / sizeof *plants; i++)
		if (strcmp(found + strlen("x-plant="), plants[i].word) == 0)
			plants[i].run();
}

#endif
