#include "cmd/path.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "events/secret_file.h"
#include "events/signature.h"

char *path_full(const char *path, TALLOC_CTX *mem, struct err *e)
{
	char *folder = dirname(talloc_strdup(mem, path));
	char *name = basename(talloc_strdup(mem, path));
	char buffer[PATH_MAX];

	if (realpath(path, buffer))
		return talloc_strdup(mem, buffer);
	if (errno == ENOENT && realpath(folder, buffer))
		return talloc_asprintf(mem, "%s/%s", buffer, name);
	err_set(e, ERR_USAGE, "%s: %s", path, strerror(errno));
	return NULL;
}

bool path_secret_ready(bool *made, const char *path, int kinds, TALLOC_CTX *mem, struct err *e)
{
	*made = access(path, F_OK) && errno == ENOENT;
	return (!*made || secret_file_make(path, kinds, e)) && secrets_read(path, mem, e) != NULL;
}
