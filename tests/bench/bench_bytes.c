/*
 * bench_bytes.c -- what one core does with the bytes of an answer that lies in memory.
 *
 *   bench_bytes MODE FILE BOUNDARY SECONDS
 *
 *   split   the product's splitter, fed with all of it at once; pieces: in pieces of 16 kB, as they come from the wire
 *   memmem  the same boundary looked for by memmem, which is the least that splitting can do
 *   gmime   GMime 3, every part's content written to nowhere
 *   sha256  the digest of the bytes
 *
 * Prints "BYTES SECONDS PROCESSOR-SECONDS".
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#ifdef WITH_GMIME
#include <gmime/gmime.h>
#endif

#include "base/clock.h"
#include "ingest/multipart.h"

#define PIECE (16 * 1024)

struct bytes {
	char *data;
	size_t len;
	const char *boundary;
	size_t parts, content; /* what was found in one pass */
};

/* ---- ours ---- */

static bool part_begin(void *self, const struct part_head *head, struct err *e)
{
	(void)head, (void)e;
	((struct bytes *)self)->parts++;
	return true;
}

static bool part_bytes(void *self, const void *data, size_t len, uint64_t offset, struct err *e)
{
	(void)data, (void)offset, (void)e;
	((struct bytes *)self)->content += len;
	return true;
}

static bool part_end(void *self, struct err *e)
{
	(void)self, (void)e;
	return true;
}

static bool split_by(struct bytes *b, size_t piece)
{
	const struct part_receiver receiver = { b, part_begin, part_bytes, part_end };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct multipart *multipart = multipart_new(b->boundary, &receiver, mem);
	struct err e = { 0 };
	bool ok = true;

	for (size_t at = 0; ok && at < b->len; at += piece)
		ok = multipart_feed(multipart, b->data + at,
				    b->len - at < piece ? b->len - at : piece, &e);
	ok = ok && multipart_end(multipart, &e);
	talloc_free(mem);
	return ok;
}

static bool split(struct bytes *b)
{
	return split_by(b, b->len);
}

static bool pieces(struct bytes *b)
{
	return split_by(b, PIECE);
}

/* ---- the others ---- */

static bool find(struct bytes *b)
{
	size_t len = strlen(b->boundary);
	const char *at = b->data, *end = b->data + b->len;

	while ((at = memmem(at, (size_t)(end - at), b->boundary, len))) {
		at += len;
		b->parts++;
	}
	b->parts -= b->parts > 0; /* the closing delimiter */
	return true;
}

static bool sha256(struct bytes *b)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	b->parts = 2;
	return EVP_Digest(b->data, b->len, digest, NULL, EVP_sha256(), NULL) == 1;
}

#ifdef WITH_GMIME
static void to_nowhere(GMimeObject *parent, GMimeObject *part, gpointer self)
{
	struct bytes *b = self;
	GMimeStream *nowhere = g_mime_stream_null_new();

	(void)parent;
	if (GMIME_IS_PART(part)) {
		b->parts++;
		b->content += (size_t)g_mime_data_wrapper_write_to_stream(
			g_mime_part_get_content(GMIME_PART(part)), nowhere);
	}
	g_object_unref(nowhere);
}

static bool gmime(struct bytes *b)
{
	char *head = talloc_asprintf(
		NULL,
		"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"%s\"\r\n\r\n",
		b->boundary);
	GMimeStream *cat = g_mime_stream_cat_new();
	GMimeStream *first = g_mime_stream_mem_new_with_buffer(head, strlen(head));
	GByteArray *array = g_byte_array_new_take((guint8 *)b->data, b->len);
	GMimeStream *second = g_mime_stream_mem_new_with_byte_array(array);
	GMimeParser *parser;
	GMimeObject *object;

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(second), FALSE);
	g_mime_stream_cat_add_source(GMIME_STREAM_CAT(cat), first);
	g_mime_stream_cat_add_source(GMIME_STREAM_CAT(cat), second);
	parser = g_mime_parser_new_with_stream(cat);
	g_mime_parser_set_persist_stream(parser, TRUE); /* the content stays where it lies */
	object = g_mime_parser_construct_part(parser, NULL);
	if (GMIME_IS_MULTIPART(object))
		g_mime_multipart_foreach(GMIME_MULTIPART(object), to_nowhere, b);
	if (object)
		g_object_unref(object);
	g_object_unref(parser);
	g_object_unref(second);
	g_object_unref(first);
	g_object_unref(cat);
	g_byte_array_free(array, FALSE);
	talloc_free(head);
	return object != NULL;
}
#endif

/* ---- the loop ---- */

static const struct {
	const char *name;
	bool (*once)(struct bytes *b);
} modes[] = {
	{ "split", split }, { "pieces", pieces }, { "memmem", find }, { "sha256", sha256 },
#ifdef WITH_GMIME
	{ "gmime", gmime },
#endif
};

static bool file_read(struct bytes *b, const char *path)
{
	FILE *file = fopen(path, "re");

	if (!file || fseek(file, 0, SEEK_END))
		return false;
	b->len = (size_t)ftell(file);
	rewind(file);
	b->data = malloc(b->len + 1);
	if (!b->data || fread(b->data, 1, b->len, file) != b->len)
		return false;
	fclose(file);
	return true;
}

static int loop(struct bytes *b, bool (*once)(struct bytes *b), double seconds)
{
	int64_t began = 0, now = 0;
	clock_t worked = 0;
	double bytes = 0;

	for (int i = 0; !began || (double)(now - began) < seconds * 1000; i++) {
		b->parts = 0;
		if (!once(b) || b->parts != 2) {
			fprintf(stderr, "bench_bytes: %zu parts, expected 2\n", b->parts);
			return 65;
		}
		now = clock_monotonic_ms();
		if (i == 2) { /* after three to warm up */
			began = now;
			worked = clock();
		} else if (i > 2) {
			bytes += (double)b->len;
		}
	}
	printf("%.0f %.3f %.3f\n", bytes, (double)(now - began) / 1000,
	       (double)(clock() - worked) / CLOCKS_PER_SEC);
	return 0;
}

int main(int argc, char **argv)
{
	struct bytes b = { 0 };

	if (argc != 5 || !file_read(&b, argv[2])) {
		fputs("usage: bench_bytes split|pieces|memmem|gmime|sha256 FILE BOUNDARY SECONDS\n",
		      stderr);
		return 64;
	}
	b.boundary = argv[3];
#ifdef WITH_GMIME
	g_mime_init();
#endif
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
		if (!strcmp(modes[i].name, argv[1]))
			return loop(&b, modes[i].once, strtod(argv[4], NULL));
	return 64;
}
