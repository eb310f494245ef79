#include "api/site.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "api/problem.h"
#include "base/text.h"

#define DEPTH_MOST 6
#define HASH_LEAST 8
#define SHOWN_MOST 80
#define CSP                                                                                        \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "    \
	"connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; "            \
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

struct bytes {
	char *data; /* NULL: there is none */
	size_t len;
};

struct site_file {
	char *path; /* "/assets/app-5XKQ2H3A.js" */
	const char *type;
	struct bytes plain, br, gz;
	char etag[36]; /* of the plain bytes, quoted */
	bool for_ever;
};

struct site {
	struct site_file *file;
	int count;
	size_t bytes;
	const struct site_file *index;
};

/* ---- loading ---- */

/* What a file may be sent as; other files are not sent. */
static const char *type_of(const char *path)
{
	static const struct {
		const char *ending, *type;
	} types[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".mjs", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".webmanifest", "application/manifest+json" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".ico", "image/vnd.microsoft.icon" },
		{ ".woff2", "font/woff2" },
		{ ".wasm", "application/wasm" },
		{ ".bcmap", "application/octet-stream" },
		{ ".pfb", "application/octet-stream" },
		{ ".ttf", "font/ttf" },
		{ ".txt", "text/plain; charset=utf-8" },
	};
	const char *ending = strrchr(path, '.');

	for (size_t i = 0; ending && i < sizeof types / sizeof *types; i++)
		if (!strcmp(ending, types[i].ending))
			return types[i].type;
	return NULL;
}

/* "app-5XKQ2H3A.js": eight or more digits and capitals, or hexadecimal digits, before the ending. */
static bool is_hashed(const char *path)
{
	const char *dash = strrchr(path, '-');
	size_t capitals = dash ? strspn(dash + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") : 0;
	size_t hex = dash ? strspn(dash + 1, "0123456789abcdef") : 0;
	size_t len = capitals > hex ? capitals : hex;

	return len >= HASH_LEAST && dash[1 + len] == '.' && !strchr(dash + 2 + len, '/');
}

static bool bytes_read(struct bytes *bytes, int fd, size_t size, TALLOC_CTX *mem)
{
	bytes->data = talloc_size(mem, size + 1);
	bytes->len = 0;
	for (ssize_t n; bytes->len < size; bytes->len += (size_t)n)
		if ((n = read(fd, bytes->data + bytes->len, size - bytes->len)) <= 0)
			return false;
	return true;
}

/* A regular file; missing is fine where it may be. */
static bool file_read(struct bytes *bytes, struct site *site, const char *path, bool may_miss,
		      struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat about;
	bool ok;

	if (fd < 0)
		return (may_miss && errno == ENOENT) ||
		       err_set(e, ERR_SETUP, "cannot read %s: %s", path, strerror(errno));
	ok = fstat(fd, &about) == 0 && S_ISREG(about.st_mode) &&
	     site->bytes + (size_t)about.st_size <= SITE_BYTES_MOST &&
	     bytes_read(bytes, fd, (size_t)about.st_size, site);
	close(fd);
	site->bytes += ok ? bytes->len : 0;
	return ok || err_set(e, ERR_SETUP,
			     "cannot take %s: no regular file, or the page is larger than %d bytes",
			     path, SITE_BYTES_MOST);
}

static void etag_make(struct site_file *file)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	EVP_Digest(file->plain.data, file->plain.len, digest, NULL, EVP_sha256(), NULL);
	file->etag[0] = '"';
	text_hex(file->etag + 1, digest, 16);
	strcat(file->etag, "\"");
}

static bool file_add(struct site *site, const char *folder, const char *path, struct err *e)
{
	char *full = talloc_asprintf(site, "%s%s", folder, path);
	struct site_file *file;

	if (site->count == SITE_FILES_MOST)
		return err_set(e, ERR_SETUP, "%s has more than %d files", folder, SITE_FILES_MOST);
	site->file = talloc_realloc(site, site->file, struct site_file, (size_t)site->count + 1);
	file = &site->file[site->count++];
	*file = (struct site_file){ .path = talloc_strdup(site, path),
				    .type = type_of(path),
				    .for_ever = is_hashed(path) };
	if (!file_read(&file->plain, site, full, false, e) ||
	    !file_read(&file->br, site, talloc_asprintf(full, "%s.br", full), true, e) ||
	    !file_read(&file->gz, site, talloc_asprintf(full, "%s.gz", full), true, e))
		return false;
	etag_make(file);
	talloc_free(full);
	return true;
}

static bool folder_load(struct site *site, const char *folder, const char *below, int depth,
			struct err *e)
{
	char *full = talloc_asprintf(site, "%s%s", folder, below);
	DIR *dir = opendir(full);
	struct dirent *entry;
	bool ok = dir || err_set(e, ERR_SETUP, "cannot read %s: %s", full, strerror(errno));

	while (ok && dir && (entry = readdir(dir))) {
		char *path = talloc_asprintf(full, "%s/%s", below, entry->d_name);

		if (entry->d_name[0] == '.')
			continue;
		if (entry->d_type == DT_DIR && depth < DEPTH_MOST)
			ok = folder_load(site, folder, path, depth + 1, e);
		else if (entry->d_type == DT_REG && type_of(path))
			ok = file_add(site, folder, path, e);
	}
	if (dir)
		closedir(dir);
	talloc_free(full);
	return ok;
}

static const struct site_file *file_find(const struct site *site, const char *path)
{
	for (int i = 0; i < site->count; i++)
		if (!strcmp(site->file[i].path, path))
			return &site->file[i];
	return NULL;
}

struct site *site_load(const char *folder, TALLOC_CTX *mem, struct err *e)
{
	struct site *site = talloc_zero(mem, struct site);

	if (folder_load(site, folder, "", 0, e)) {
		site->index = file_find(site, "/index.html");
		if (site->index)
			return site;
		err_set(e, ERR_SETUP,
			"web: %s has no index.html; the page is built with `./run demo`", folder);
	}
	talloc_free(site);
	return NULL;
}

/* ---- serving ---- */

/* "gzip, br;q=0" takes br not at all. */
static bool takes(const char *accepted, const char *coding)
{
	size_t len = strlen(coding);

	for (const char *at = accepted; at && *at; at = strchr(at, ',')) {
		const char *weight;

		at += strspn(at, ", \t");
		if (strncasecmp(at, coding, len) != 0 || !strchr(",; \t", at[len]))
			continue;
		weight = at + len + strspn(at + len, " \t;");
		return strncasecmp(weight, "q=0", 3) != 0 ||
		       strspn(weight + 3, ".0") < strcspn(weight + 3, ", \t");
	}
	return false;
}

static const struct bytes *best_of(const struct site_file *file, struct request *request)
{
	const char *accepted = request_header(request, "Accept-Encoding");

	if (file->br.data && takes(accepted, "br"))
		return reply_head(request, "Content-Encoding", "br"), &file->br;
	if (file->gz.data && takes(accepted, "gzip"))
		return reply_head(request, "Content-Encoding", "gzip"), &file->gz;
	return &file->plain;
}

/* A list of tags, or "*"; weak ones are the same to us. */
static bool has_it(const struct request *request, const struct site_file *file)
{
	const char *tags = request_header(request, "If-None-Match");

	return tags && (!strcmp(tags, "*") || strstr(tags, file->etag));
}

static void file_reply(struct request *request, const struct site_file *file)
{
	struct reply *reply = &request->reply;

	reply_head(request, "ETag", file->etag);
	reply_head(request, "Vary", "Accept-Encoding");
	reply_head(request, "Content-Security-Policy", CSP);
	reply_head(request, "Cache-Control",
		   file->for_ever ? "public, max-age=31536000, immutable" : "no-cache");
	reply->content_type = file->type;
	reply->lasting = true;
	if (has_it(request, file)) {
		reply->status = 304;
		reply->body = "";
	} else {
		const struct bytes *bytes = best_of(file, request);

		reply->status = 200;
		reply->body = bytes->data;
		reply->len = bytes->len;
	}
}

/* A path without an ending in its last part is the page's own. */
static enum handled site_serve(struct request *request)
{
	const struct site *site = request->api->conf.web.site;
	const struct site_file *file = file_find(site, request->path);

	if (!file && !strchr(strrchr(request->path, '/'), '.'))
		file = site->index;
	if (file)
		file_reply(request, file);
	else
		problem(request, PROBLEM_PATH, "there is nothing at %s",
			text_shown(request->path, SHOWN_MOST, request));
	return HANDLED;
}

bool site_route(struct request *request)
{
	static const struct route any = { "GET", "/", SCOPE_OPEN, "*", 0, site_serve };

	if (!request->api->conf.web.site || request->path[0] != '/' ||
	    !strncmp(request->path, "/api", 4) ||
	    (strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0))
		return false;
	request->route = &any;
	return true;
}
