/*
 * without_landlock.c -- run a program as on a kernel without Landlock: its calls are not there (ENOSYS), as in kernels
 * before 5.13 and in containers whose profile does not know them.
 *
 *   without_landlock PROGRAM [ARGUMENT...]
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	/* the three calls have neighbouring numbers: create_ruleset, add_rule, restrict_self */
	struct sock_filter steps[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, SYS_landlock_create_ruleset, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, SYS_landlock_restrict_self, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog filter = { sizeof steps / sizeof *steps, steps };

	if (argc < 2) {
		fprintf(stderr, "usage: without_landlock PROGRAM [ARGUMENT...]\n");
		return EX_USAGE;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0) {
		perror("without_landlock");
		return EX_OSERR;
	}
	execvp(argv[1], argv + 1);
	perror(argv[1]);
	return EX_UNAVAILABLE;
}
