/* insurer_folder.h -- what the tests of insurer files share: for each case a folder of its own. */
#ifndef TESTS_NORMALIZERS_INSURER_FOLDER_H
#define TESTS_NORMALIZERS_INSURER_FOLDER_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <talloc.h>

static TALLOC_CTX *mem;
static char *folder;

static inline void setup(void)
{
	char name[] = "/tmp/vorpost-insurers-XXXXXX";

	mem = talloc_new(NULL);
	folder = talloc_strdup(mem, mkdtemp(name));
}

static inline void teardown(void)
{
	char *command = talloc_asprintf(mem, "rm -r '%s'", folder);

	ck_assert_int_eq(system(command), 0);
	talloc_free(mem);
}

/* name: with its ending. */
static inline void put(const char *name, const char *text)
{
	FILE *out = fopen(talloc_asprintf(mem, "%s/%s", folder, name), "w");

	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

#endif
