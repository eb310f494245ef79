/* schema_files.c -- a folder of XSD files: plain files in it and in its subfolders, and nothing that leads out of it. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "ingest/schema_parts.h"

bool schema_file_name(const char *name)
{
	size_t len = strlen(name);

	return *name != '.' && len > 4 && strcasecmp(name + len - 4, ".xsd") == 0;
}

static bool read_all(struct schema_file *file, int fd, uint64_t size, TALLOC_CTX *mem,
		     struct err *e)
{
	file->text = talloc_size(mem, size + 1);
	while (file->len < size) {
		ssize_t n = read(fd, file->text + file->len, size - file->len);

		if (n <= 0)
			return err_set(e, ERR_SETUP, "%.200s cannot be read: %s", file->path,
				       n ? strerror(errno) : "it changed meanwhile");
		file->len += (size_t)n;
	}
	file->text[size] = '\0';
	return true;
}

static bool take_file(struct schema_files *files, int folder, const char *name, char *path,
		      TALLOC_CTX *mem, struct err *e)
{
	struct schema_file *file;
	struct stat about;
	bool ok;
	int fd;

	if (files->count == SCHEMA_FILES_MOST)
		return err_set(e, ERR_SETUP, "there are more than %d XSD files", SCHEMA_FILES_MOST);
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return err_set(e, ERR_SETUP, "%.200s: %s", path, strerror(errno));
	files->items = talloc_realloc(mem, files->items, struct schema_file, files->count + 1);
	file = &files->items[files->count++];
	*file = (struct schema_file){ .path = path };
	ok = (fstat(fd, &about) == 0 && S_ISREG(about.st_mode)) ||
	     err_set(e, ERR_SETUP, "%.200s is not a plain file", path);
	if (ok)
		files->bytes += (uint64_t)about.st_size;
	if (ok && files->bytes > SCHEMA_BYTES_MOST)
		ok = err_set(e, ERR_SETUP, "the XSD files have more than %d bytes together",
			     SCHEMA_BYTES_MOST);
	ok = ok && read_all(file, fd, (uint64_t)about.st_size, mem, e);
	close(fd);
	return ok;
}

static bool scan(struct schema_files *files, int folder, const char *path, int depth,
		 TALLOC_CTX *mem, struct err *e);

static bool take_folder(struct schema_files *files, int folder, const char *name, const char *path,
			int depth, TALLOC_CTX *mem, struct err *e)
{
	int fd;

	if (depth == SCHEMA_DEPTH_MOST)
		return err_set(e, ERR_SETUP, "%.200s: folders are nested more than %d deep", path,
			       SCHEMA_DEPTH_MOST);
	fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? err_set(e, ERR_SETUP, "%.200s: %s", path, strerror(errno))
		      : scan(files, fd, path, depth + 1, mem, e);
}

static bool take_entry(struct schema_files *files, int folder, const char *name, const char *path,
		       int depth, TALLOC_CTX *mem, struct err *e)
{
	char *here = talloc_asprintf(mem, "%s%s%s", path, *path ? "/" : "", name);
	struct stat about;

	if (!text_valid_utf8(here, strlen(here)))
		return err_set(e, ERR_SETUP, "the name of a file is not UTF-8");
	if (fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) != 0)
		return err_set(e, ERR_SETUP, "%.200s: %s", here, strerror(errno));
	if (S_ISDIR(about.st_mode))
		return take_folder(files, folder, name, here, depth, mem, e);
	if (!schema_file_name(name))
		return true;
	if (S_ISLNK(about.st_mode))
		return err_set(e, ERR_SETUP,
			       "%.200s is a symbolic link, expected a plain file in the folder",
			       here);
	return take_file(files, folder, name, here, mem, e);
}

struct dirent *schema_entry(bool *end, DIR *dir, const char *path, struct err *e)
{
	struct dirent *entry;

	errno = 0;
	entry = readdir(dir);
	*end = !entry && errno == 0;
	if (!entry && !*end)
		err_set(e, ERR_SETUP, "%.200s cannot be listed to its end: %s", *path ? path : ".",
			strerror(errno));
	return entry;
}

/* Closes the folder. */
static bool scan(struct schema_files *files, int folder, const char *path, int depth,
		 TALLOC_CTX *mem, struct err *e)
{
	DIR *dir = fdopendir(folder);
	struct dirent *entry;
	bool ok = true, end = false;

	if (!dir) {
		close(folder);
		return err_set(e, ERR_SETUP, "%.200s cannot be listed: %s", *path ? path : ".",
			       strerror(errno));
	}
	while (ok && (entry = schema_entry(&end, dir, path, e)))
		if (*entry->d_name != '.')
			ok = take_entry(files, dirfd(dir), entry->d_name, path, depth, mem, e);
	closedir(dir);
	return ok && end;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct schema_file *)a)->path, ((const struct schema_file *)b)->path);
}

bool schema_files_read(struct schema_files *files, int folder, TALLOC_CTX *mem, struct err *e)
{
	*files = (struct schema_files){ 0 };
	if (!scan(files, folder, "", 0, mem, e))
		return false;
	if (!files->count)
		return err_set(e, ERR_SETUP, "there is no XSD file in it");
	qsort(files->items, files->count, sizeof *files->items, by_path);
	return true;
}
