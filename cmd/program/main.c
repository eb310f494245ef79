/* main.c -- vorpost: the one program. What it can do stands in the tables that table.c names. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/memory.h"
#include "cmd/table.h"

void memory_out(void)
{
	static const char sentence[] = "vorpost: out of memory\n";

	_exit(write(STDERR_FILENO, sentence, sizeof sentence - 1) < 0 ? EX_OSERR : EX_TEMPFAIL);
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && (!strcmp(argv[1], "--version") || !strcmp(argv[1], "version"))) {
		printf("vorpost %s\n", VORPOST_VERSION);
		return 0;
	}
	return command_main(argc, argv, command_tables);
}
