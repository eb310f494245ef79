#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/cluster_inside.h"

#define OLDEST 13

/* Behind them shared_buffers; an administrator may change it there. Messages below LOG stay out of the log because
 * an error may quote a value. */
static const char settings[] = "\n# vorpost's private database\n"
			       "max_connections = 50\n"
			       "jit = off\n"
			       "timezone = 'UTC'\n"
			       "log_timezone = 'UTC'\n"
			       "log_line_prefix = '%m [%p] '\n"
			       "log_min_messages = log\n"
			       "log_min_error_statement = panic\n"
			       "log_error_verbosity = terse\n"
			       "log_checkpoints = off\n";

static const char access_rules[] =
	"# The socket's folder lets in only the owner and root; both are vorpost.\n"
	"local all vorpost peer map=vorpost\n"
	"local all postgres peer map=vorpost\n";

/* vorpost_web: what the API becomes (the migration web_role). */
static const char roles[] = "create role vorpost login\n"
			    "create role vorpost_web nologin\n"
			    "grant vorpost_web to vorpost\n"
			    "create database vorpost owner vorpost template template0\n";

#define BUFFERS_LEAST 128
#define BUFFERS_MOST  1024

/* An eighth of the machine's memory. The names of a million contracts with their indexes are about 400 MB, and what
 * is not in the server's buffers costs a look-up a read of the file. */
static long buffers_mb(void)
{
	long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
	long eighth = pages > 0 && size > 0 ? pages / 8 / (1048576 / size) : 0;

	if (eighth < BUFFERS_LEAST)
		return BUFFERS_LEAST;
	return eighth < BUFFERS_MOST ? eighth : BUFFERS_MOST;
}

static bool has_programs(const char *folder)
{
	char *server = talloc_asprintf(NULL, "%s/postgres", folder);
	char *init = talloc_asprintf(NULL, "%s/initdb", folder);
	bool has = access(server, X_OK) == 0 && access(init, X_OK) == 0;

	talloc_free(server);
	talloc_free(init);
	return has;
}

/* 0 if there are no data yet */
static int data_version(const struct cluster *c)
{
	char *path = talloc_asprintf(NULL, "%s/PG_VERSION", c->data);
	FILE *file = fopen(path, "re");
	int version = 0;

	if (file) {
		if (fscanf(file, "%d", &version) != 1)
			version = 0;
		fclose(file);
	}
	talloc_free(path);
	return version;
}

/* "postgres (PostgreSQL) 15.20 (...)"; what is on the PATH has no version in its folder's name. */
static int program_version(const char *folder)
{
	char *command = talloc_asprintf(NULL, "'%s/postgres' --version 2>/dev/null", folder);
	FILE *out = strchr(folder, '\'') ? NULL : popen(command, "re");
	int version = 0;

	if (out) {
		if (fscanf(out, "postgres (PostgreSQL) %d", &version) != 1)
			version = 0;
		pclose(out);
	}
	talloc_free(command);
	return version;
}

static void programs_consider(struct cluster *c, const char *folder, int version, int wanted,
			      int *best)
{
	if (version < OLDEST || version <= *best || (wanted && version != wanted) ||
	    !has_programs(folder))
		return;
	*best = version;
	talloc_free(c->programs);
	c->programs = talloc_strdup(c, folder);
}

static void programs_packaged(struct cluster *c, int wanted, int *best)
{
	glob_t found;
	int version;

	if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			if (sscanf(found.gl_pathv[i], "/usr/lib/postgresql/%d/bin", &version) == 1)
				programs_consider(c, found.gl_pathv[i], version, wanted, best);
	globfree(&found);
}

static void programs_on_path(struct cluster *c, int wanted, int *best)
{
	const char *path = getenv("PATH");
	char *copy = talloc_strdup(NULL, path ? path : "");
	char *rest = copy;
	char *folder;

	while ((folder = strsep(&rest, ":")))
		if (folder[0] == '/' && has_programs(folder))
			programs_consider(c, folder, program_version(folder), wanted, best);
	talloc_free(copy);
}

bool cluster_programs_find(struct cluster *c, struct err *e)
{
	int wanted = data_version(c);
	int best = 0;

	programs_packaged(c, wanted, &best);
	if (!best)
		programs_on_path(c, wanted, &best);
	if (best)
		return true;
	if (wanted)
		return err_set(e, ERR_SETUP,
			       "%s was made by PostgreSQL %d, whose programs are not installed",
			       c->data, wanted);
	return err_set(e, ERR_SETUP,
		       "no PostgreSQL server (version %d or newer) found: install package "
		       "postgresql, or set `database:`",
		       OLDEST);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)st;
	(void)kind;
	(void)where;
	return remove(path);
}

/* initdb is not repeated in a folder that it left half done: it works beside, and the result is renamed. */
static bool fresh_folder(const struct cluster *c, const char *path, struct err *e)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	if (mkdir(path, 0700) < 0 || (geteuid() == 0 && lchown(path, c->uid, c->gid) < 0))
		return err_set(e, ERR_SETUP, "%s: %s", path, strerror(errno));
	return true;
}

/* O_NOFOLLOW: the folder belongs to somebody with fewer rights than we may have. */
static bool file_write(const char *folder, const char *name, int flags, const char *text,
		       struct err *e)
{
	char *path = talloc_asprintf(NULL, "%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC | flags);
	bool ok =
		fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text) && fsync(fd) == 0;

	if (!ok)
		err_set(e, ERR_SETUP, "%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	talloc_free(path);
	return ok;
}

static bool files_write(const struct cluster *c, const char *folder, struct err *e)
{
	char *map = talloc_asprintf(NULL,
				    "vorpost \"%s\" vorpost\nvorpost \"%s\" postgres\n"
				    "vorpost root vorpost\nvorpost root postgres\n",
				    c->user, c->user);
	char *conf = talloc_asprintf(map, "%sshared_buffers = %ldMB\n", settings, buffers_mb());
	bool ok = file_write(folder, "postgresql.conf", O_APPEND, conf, e) &&
		  file_write(folder, "pg_hba.conf", O_TRUNC, access_rules, e) &&
		  file_write(folder, "pg_ident.conf", O_TRUNC, map, e);

	talloc_free(map);
	return ok;
}

static bool folder_publish(const struct cluster *c, const char *folder, struct err *e)
{
	int fd = open(c->state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && rename(folder, c->data) == 0 && fsync(fd) == 0;

	if (!ok)
		err_set(e, ERR_SETUP, "%s: %s", c->data, strerror(errno));
	if (fd >= 0)
		close(fd);
	return ok;
}

bool cluster_init(struct cluster *c, struct err *e)
{
	char *folder = talloc_asprintf(c, "%s.new", c->data);
	char *initdb = talloc_asprintf(folder, "%s/initdb", c->programs);
	char *server = talloc_asprintf(folder, "%s/postgres", c->programs);
	char *const make[] = { initdb,
			       "-D",
			       folder,
			       "--username=postgres",
			       "--auth=peer",
			       "--encoding=UTF8",
			       "--locale=C.UTF-8",
			       "--lc-messages=C",
			       "--data-checksums",
			       "--no-instructions",
			       NULL };
	char *const single[] = { server, "--single",         "-D",       folder,
				 "-c",   "exit_on_error=on", "postgres", NULL };
	bool ok = fresh_folder(c, folder, e) && cluster_program(c, make, NULL, e) &&
		  files_write(c, folder, e) && cluster_program(c, single, roles, e) &&
		  folder_publish(c, folder, e);

	talloc_free(folder);
	return ok;
}
