/* schema_sets.c -- which folder of schemas holds for whom. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ingest/schema_parts.h"

static bool is_folder(const char *path)
{
	struct stat about;

	return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static DIR *open_folder(const char *schemas, struct err *e)
{
	DIR *dir = opendir(schemas);

	if (!dir)
		err_set(e, ERR_SETUP, "the schemas' folder %.200s cannot be read: %s", schemas,
			strerror(errno));
	return dir;
}

/* Do XSD files lie directly in it? */
static bool is_set(bool *yes, const char *schemas, struct err *e)
{
	DIR *dir = open_folder(schemas, e);
	struct dirent *entry;
	bool end = false;

	*yes = false;
	while (dir && !*yes && (entry = schema_entry(&end, dir, schemas, e)))
		*yes = schema_file_name(entry->d_name);
	if (dir)
		closedir(dir);
	return *yes || end;
}

/* A name from an insurer's file is no path. */
static char *set_named(const char *schemas, const char *name, TALLOC_CTX *mem)
{
	char *path;

	if (!name || !*name || *name == '.' || strchr(name, '/'))
		return NULL;
	path = talloc_asprintf(mem, "%s/%s", schemas, name);
	return is_folder(path) ? path : NULL;
}

bool schema_set_find(char **set, const char *schemas, const char *issuer, const char *release,
		     TALLOC_CTX *mem, struct err *e)
{
	bool itself;

	if (!is_set(&itself, schemas, e))
		return false;
	*set = itself ? talloc_strdup(mem, schemas) : set_named(schemas, issuer, mem);
	if (!*set)
		*set = set_named(schemas, release, mem);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool schema_set_names(char ***names, size_t *count, const char *schemas, TALLOC_CTX *mem,
		      struct err *e)
{
	struct dirent *entry;
	bool itself, end = false;
	DIR *dir;

	*names = NULL;
	*count = 0;
	if (!is_set(&itself, schemas, e))
		return false;
	if (itself)
		return true;
	if (!(dir = open_folder(schemas, e)))
		return false;
	while (*count <= SCHEMA_SETS_MOST && (entry = schema_entry(&end, dir, schemas, e))) {
		if (!set_named(schemas, entry->d_name, mem))
			continue;
		*names = talloc_realloc(mem, *names, char *, *count + 1);
		(*names)[(*count)++] = talloc_strdup(mem, entry->d_name);
	}
	closedir(dir);
	if (!end && *count <= SCHEMA_SETS_MOST)
		return false;
	if (*count > SCHEMA_SETS_MOST)
		return err_set(e, ERR_SETUP, "the schemas' folder %.200s has more than %d folders",
			       schemas, SCHEMA_SETS_MOST);
	if (!*count)
		return err_set(
			e, ERR_SETUP,
			"the schemas' folder %.200s has neither XSD files nor folders of them",
			schemas);
	qsort(*names, *count, sizeof **names, by_name);
	return true;
}
