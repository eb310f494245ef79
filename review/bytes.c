/*
 * bytes.c -- the document itself, for eyes that trust nobody: of the closed list of types that a browser may show, with a
 * policy that lets nothing in it run; all others as a download. The type is what the bytes are, never what an insurer says.
 */
#include <string.h>
#include <unistd.h>

#include "api/audit.h"
#include "api/problem.h"
#include "base/text.h"
#include "review/document.h"

#define SANDBOX                                                                                    \
	"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; object-src 'none'; " \
	"frame-ancestors 'self'; sandbox"
#define NAME_MOST 120

static const struct {
	const char *sniffed, *served;
	bool shown;
} types[] = {
	{ "application/pdf", "application/pdf", true },
	{ "image/png", "image/png", true },
	{ "image/jpeg", "image/jpeg", true },
	{ "image/tiff", "image/tiff", true },
	{ "text/plain", "text/plain; charset=utf-8", true },
	{ "application/zip", "application/zip", false },
	{ "text/csv", "text/csv; charset=utf-8", false },
};

static const char *type_of(const struct document *d, bool *shown)
{
	*shown = false;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (text_equal(types[i].sniffed, d->media_type)) {
			*shown = types[i].shown;
			return types[i].served;
		}
	return "application/octet-stream";
}

/* RFC 6266 and 8187: letters and digits as they are, everything else as %XX; nothing an insurer writes can leave the header. */
static const char *disposition(const struct document *d, bool shown, TALLOC_CTX *mem)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
	const char *name = text_empty(d->name) ? "document" : d->name;
	char *out = talloc_asprintf(mem, "%s; filename*=UTF-8''", shown ? "inline" : "attachment");

	for (int i = 0; i < NAME_MOST && name[i]; i++)
		out = strchr(plain, name[i])
			      ? talloc_asprintf_append(out, "%c", name[i])
			      : talloc_asprintf_append(out, "%%%02X", (unsigned char)name[i]);
	return out;
}

/* ---- ranges (RFC 9110, section 14) ---- */

struct part {
	uint64_t from, length;
	bool whole;
};

static bool digits(uint64_t *value, const char *from, size_t len)
{
	char text[24];

	if (!len || len >= sizeof text)
		return false;
	memcpy(text, from, len);
	text[len] = '\0';
	return text_to_u64(value, text, 0, INT64_MAX, "range", NULL);
}

/* One range; several of them, or what is none, is answered with the whole as the norm allows. False: it lies outside. */
static bool part_read(struct part *part, const char *range, uint64_t size)
{
	const char *at = range && !strncmp(range, "bytes=", 6) ? range + 6 : "";
	const char *dash = strchr(at, '-');
	uint64_t first, last;

	*part = (struct part){ 0, size, true };
	if (!dash || strchr(at, ','))
		return true;
	if (dash == at) {
		if (!digits(&last, dash + 1, strlen(dash + 1)))
			return true;
		first = last < size ? size - last : 0;
		last = last ? size - 1 : 0;
		if (!size || first > last || first == size)
			return false;
	} else {
		if (!digits(&first, at, (size_t)(dash - at)))
			return true;
		last = size - 1;
		if (dash[1] && !digits(&last, dash + 1, strlen(dash + 1)))
			return true;
		if (dash[1] && last < first)
			return true;
		if (first >= size)
			return false;
		if (last >= size)
			last = size - 1;
	}
	*part = (struct part){ first, last - first + 1, false };
	return true;
}

static void heads_put(struct request *request, const struct document *d, const char *etag)
{
	bool shown;

	type_of(d, &shown);
	reply_head(request, "ETag", etag);
	reply_head(request, "Accept-Ranges", "bytes");
	reply_head(request, "Cache-Control", "private, no-cache");
	reply_head(request, "Content-Disposition", disposition(d, shown, request));
	reply_head(request, "Content-Security-Policy", SANDBOX);
}

static void send_part(struct request *request, const struct document *d, const char *etag, int fd)
{
	const char *if_range = request_header(request, "If-Range");
	const char *range = request_header(request, "Range");
	struct part part;
	bool shown;

	if (if_range && strcmp(if_range, etag) != 0)
		range = NULL;
	if (!part_read(&part, range, d->size)) {
		close(fd);
		reply_head(request, "Content-Range",
			   talloc_asprintf(request, "bytes */%llu", (unsigned long long)d->size));
		problem(request, PROBLEM_RANGE, "the document has %llu bytes",
			(unsigned long long)d->size);
		return;
	}
	if (!part.whole)
		reply_head(request, "Content-Range",
			   talloc_asprintf(request, "bytes %llu-%llu/%llu",
					   (unsigned long long)part.from,
					   (unsigned long long)(part.from + part.length - 1),
					   (unsigned long long)d->size));
	heads_put(request, d, etag);
	reply_file(request, part.whole ? 200 : 206, type_of(d, &shown), fd, part.from, part.length);
}

static enum handled bytes_show(struct request *request)
{
	const struct review *review = request->api->conf.review;
	struct opened opened;
	const struct document *d;
	struct err e = { 0 };
	const char *etag;
	int fd;

	if (!document_open(&opened, request))
		return HANDLED;
	d = opened.document->transfer.documents;
	etag = talloc_asprintf(request, "\"%s\"", d->sha256);
	if (!audit_note(request, "document.read", opened.document->document_id))
		return HANDLED;
	if (text_equal(request_header(request, "If-None-Match"), etag)) {
		heads_put(request, d, etag);
		reply_text(request, 304, d->media_type, "");
		return HANDLED;
	}
	fd = blob_open(review->blobs, d->sha256, &e);
	if (fd < 0)
		problem_german(request, PROBLEM_MISSING, NULL,
			       "Zu diesem Dokument liegen keine Bytes vor.",
			       "there are no bytes of this document");
	else
		send_part(request, d, etag, fd);
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/documents/{document}/bytes", SCOPE_DOCUMENTS, "", 0, bytes_show },
};

const struct route_table route_bytes = { routes, sizeof routes / sizeof *routes };
