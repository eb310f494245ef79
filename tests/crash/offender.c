/* offender.c -- does without memory what its argument says, so that rehearsals (nth.c) are seen to notice it. */
#include <fcntl.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

void *__libc_malloc(size_t size);

int main(int argc, char **argv)
{
	static const char sentence[] = "out of memory\n";
	const char *what = argc > 1 ? argv[1] : "";
	char *memory = __libc_malloc(100);

	if (memory)
		return 0;
	if (!strcmp(what, "crashes"))
		return *(volatile char *)memory;
	if (!strcmp(what, "files"))
		return (int)write(open("/tmp", O_TMPFILE | O_RDWR, 0600), "x", 1) - 1;
	if (strcmp(what, "silent") != 0)
		write(STDERR_FILENO, sentence, sizeof sentence - 1) < 0 ? _exit(EX_OSERR) : (void)0;
	_exit(!strcmp(what, "lies") ? EX_OK : EX_TEMPFAIL);
}
