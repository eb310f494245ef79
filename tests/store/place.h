/* place.h -- a folder of a test's own, gone with it. A system user can pass through it. */
#ifndef TESTS_STORE_PLACE_H
#define TESTS_STORE_PLACE_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static inline int place_remove_one(const char *path, const struct stat *st, int kind,
				   struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

static inline void place_remove(const char *path)
{
	nftw(path, place_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* path: "/tmp/vorpost-test-XXXXXX". Runs outside of the cases too, where Check's assertions do not work. */
static inline void place_make(char *path)
{
	if (!mkdtemp(path) || chmod(path, 0711) < 0) {
		perror(path);
		exit(1);
	}
}

/* The first line of a file as a number, 0 if there is none. */
static inline int place_number(const char *path)
{
	FILE *file = fopen(path, "re");
	int number = 0;

	if (file && fscanf(file, "%d", &number) != 1)
		number = 0;
	if (file)
		fclose(file);
	return number;
}

#endif
