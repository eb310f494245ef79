/* main.c -- vorpost: the one program. What it can do stands in the tables that table.c names. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cmd/table.h"

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && (!strcmp(argv[1], "--version") || !strcmp(argv[1], "version"))) {
		printf("vorpost %s\n", VORPOST_VERSION);
		return 0;
	}
	return command_main(argc, argv, command_tables);
}
