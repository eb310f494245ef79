/* cage_lock.c -- the inside of a cage: limits, Landlock, and the list of system calls that are left. */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cage.h"

/* ---- limits ---- */

static void limit(int resource, rlim_t most)
{
	const struct rlimit both = { most, most };

	setrlimit(resource, &both);
}

/* Out of memory shows elsewhere too: as a stack that cannot grow, or in libraries that allocate by other ways. */
static void on_fault(int number)
{
	if (errno == ENOMEM)
		_exit(CAGE_EXIT_MEMORY);
	signal(number, SIG_DFL);
	raise(number);
}

static void faults_tell(void)
{
	const struct sigaction fault = { .sa_handler = on_fault, .sa_flags = SA_NODEFER };

	if (CAGE_SANITIZED) /* they tell more by themselves */
		return;
	sigaction(SIGSEGV, &fault, NULL);
	sigaction(SIGABRT, &fault, NULL);
}

void cage_enter(int argc, char **argv)
{
	long memory_mib = argc > 1 ? strtol(argv[1], NULL, 10) : 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	faults_tell();
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_FSIZE, 0);
	limit(RLIMIT_CPU, 600); /* a backstop: the watchman ends it much earlier */
	if (memory_mib > 0 && !CAGE_SANITIZED)
		limit(RLIMIT_DATA, (rlim_t)memory_mib << 20);
}

/* ---- Landlock ---- */

int cage_landlock_version(void)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0,
			       LANDLOCK_CREATE_RULESET_VERSION);

	return version < 0 ? 0 : (int)version;
}

/* All that the version knows is handled, and no rule allows anything. */
static bool landlock_lock(int version)
{
	/* version 1 knows 13 rights; 2 adds REFER, 3 TRUNCATE, 5 IOCTL_DEV */
	const __u64 rights = version >= 5   ? (1u << 16) - 1
			     : version >= 3 ? (1u << 15) - 1
			     : version == 2 ? (1u << 14) - 1
					    : (1u << 13) - 1;
	const struct landlock_ruleset_attr attr = { .handled_access_fs = rights };
	int fd = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0u);
	bool ok = fd >= 0 && syscall(SYS_landlock_restrict_self, fd, 0u) == 0;

	if (fd >= 0)
		close(fd);
	return ok;
}

/* ---- seccomp ---- */

/* Computing, memory, the end. */
static const int allowed[] = {
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(brk),
	SCMP_SYS(madvise),
	SCMP_SYS(futex),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	SCMP_SYS(clock_gettime),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	SCMP_SYS(getrandom),
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(tgkill),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(sched_yield),
	SCMP_SYS(getrusage),
	SCMP_SYS(sysinfo), /* qsort asks how much memory there is */
};

/* What AddressSanitizer does while it runs and while it reports; such builds are never installed. */
static const int allowed_sanitized[] = {
	SCMP_SYS(sigaltstack),
	SCMP_SYS(mprotect),
	SCMP_SYS(mmap),
	SCMP_SYS(prctl),
	SCMP_SYS(getrlimit),
	SCMP_SYS(prlimit64),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(getppid),
};

/* What only asks is answered "no": a library may ask, and lives with it. */
static const int refused[] = {
	SCMP_SYS(fstat), SCMP_SYS(newfstatat), SCMP_SYS(lseek), SCMP_SYS(fcntl), SCMP_SYS(ioctl),
};

/* Libraries that look for a file of theirs do without it; for what reads no file, opening one is an attack. */
static const int refused_beside_file[] = {
	SCMP_SYS(openat),   SCMP_SYS(open),      SCMP_SYS(access), SCMP_SYS(stat),
	SCMP_SYS(readlink), SCMP_SYS(faccessat), SCMP_SYS(getcwd), SCMP_SYS(uname),
	SCMP_SYS(getuid),   SCMP_SYS(geteuid),
};

static bool allow(scmp_filter_ctx filter, const int *calls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) != 0)
			return false;
	return true;
}

static bool allow_on(scmp_filter_ctx filter, int call, int fd)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
				SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)fd)) == 0;
}

/* Memory that holds no code and belongs to no file. */
static bool allow_memory(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2,
				SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0),
				SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS)) == 0 &&
	       seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
				SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

/* How it was opened: poppler wants to know. */
static bool allow_flags(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 2,
				SCMP_A0(SCMP_CMP_EQ, CAGE_FD_FILE),
				SCMP_A1(SCMP_CMP_EQ, F_GETFL)) == 0;
}

static bool allow_descriptors(scmp_filter_ctx filter, enum cage_file_use use)
{
	static const int of_file[] = { SCMP_SYS(read), SCMP_SYS(lseek), SCMP_SYS(fstat),
				       SCMP_SYS(newfstatat), SCMP_SYS(close) };

	if (!allow_on(filter, SCMP_SYS(read), CAGE_FD_WIRE) ||
	    !allow_on(filter, SCMP_SYS(write), CAGE_FD_WIRE) ||
	    !allow_on(filter, SCMP_SYS(write), 2) || !allow_on(filter, SCMP_SYS(writev), 2) ||
	    !allow_on(filter, SCMP_SYS(pread64), CAGE_FD_FILE))
		return false;
	if (use == CAGE_READS_FILE && !allow_flags(filter))
		return false;
	for (size_t i = 0; use == CAGE_READS_FILE && i < sizeof of_file / sizeof *of_file; i++)
		if (!allow_on(filter, of_file[i], CAGE_FD_FILE))
			return false;
	for (size_t i = 0;
	     use == CAGE_READS_FILE && i < sizeof refused_beside_file / sizeof *refused_beside_file;
	     i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused_beside_file[i], 0) !=
		    0)
			return false;
	for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
		if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 1,
				     SCMP_A0(SCMP_CMP_NE, CAGE_FD_FILE)) != 0)
			return false;
	return true;
}

static bool seccomp_lock(enum cage_file_use use)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
	bool ok = filter && allow(filter, allowed, sizeof allowed / sizeof *allowed) &&
		  (CAGE_SANITIZED ? allow(filter, allowed_sanitized,
					  sizeof allowed_sanitized / sizeof *allowed_sanitized)
				  : allow_memory(filter)) &&
		  allow_descriptors(filter, use) && seccomp_load(filter) == 0;

	seccomp_release(filter);
	return ok;
}

bool cage_seccomp_known(void)
{
	const unsigned action = SECCOMP_RET_KILL_PROCESS;

	return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0u, &action) == 0;
}

bool cage_lock(int *landlock, enum cage_file_use use, struct err *e)
{
	*landlock = cage_landlock_version();
	limit(RLIMIT_NOFILE, CAGE_FD_FILE + 2); /* Landlock's own, while it is made */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return err_set(e, ERR_SETUP, "no_new_privs cannot be set: %m");
	if (*landlock && !landlock_lock(*landlock))
		return err_set(e, ERR_SETUP, "Landlock is there but cannot be used: %m");
	limit(RLIMIT_NOFILE, 0);
	if (!seccomp_lock(use))
		return err_set(e, ERR_SETUP, "the kernel takes no seccomp filter");
	return true;
}
