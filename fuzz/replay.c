/*
 * replay.c -- the main of a fuzzer in the tests, where there is no libFuzzer: every file of the folder it is given, once. The
 * last line is that of a Check program.
 */
#include <dirent.h>

#include "fuzz/fuzz.h"

static uint8_t *file_bytes(size_t *size, const char *folder, const char *name)
{
	char path[4096];
	uint8_t *bytes;
	long len;
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (!file || fseek(file, 0, SEEK_END) != 0 || (len = ftell(file)) < 0) {
		fprintf(stderr, "%s cannot be read\n", path);
		exit(EXIT_FAILURE);
	}
	rewind(file);
	bytes = malloc((size_t)len ? (size_t)len : 1);
	*size = fread(bytes, 1, (size_t)len, file);
	fclose(file);
	if (*size != (size_t)len) {
		fprintf(stderr, "%s cannot be read\n", path);
		exit(EXIT_FAILURE);
	}
	return bytes;
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	struct dirent **names;
	int count = argc == 2 ? scandir(argv[1], &names, visible, alphasort) : -1;

	if (count < 1) {
		fprintf(stderr, "usage: %s FOLDER, which is not empty\n", argv[0]);
		return EXIT_FAILURE;
	}
	for (int i = 0; i < count; i++) {
		size_t size;
		uint8_t *bytes = file_bytes(&size, argv[1], names[i]->d_name);

		fprintf(stderr, "%s\n",
			names[i]->d_name); /* the last one is the one that broke it */
		LLVMFuzzerTestOneInput(bytes, size);
		free(bytes);
		free(names[i]);
	}
	free(names);
	printf("100%%: Checks: %d, Failures: 0, Errors: 0\n", count);
	return EXIT_SUCCESS;
}
