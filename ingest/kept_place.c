#include "ingest/kept_place.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIECE 65536

static void of_sentence(struct kept_place *place, const char *sentence)
{
	const char *at = sentence ? strstr(sentence, " at byte ") : NULL;

	*place = (struct kept_place){ 0 };
	if (!at)
		return;
	place->byte = strtoull(at + strlen(" at byte "), NULL, 10);
	place->known = true;
}

/* Count lines and columns up to the byte. */
static void count(struct kept_place *place, int fd)
{
	unsigned long long at = 0, line = 1, column = 1;
	char bytes[PIECE];

	while (at < place->byte) {
		size_t want = place->byte - at < PIECE ? (size_t)(place->byte - at) : PIECE;
		ssize_t n = pread(fd, bytes, want, (off_t)at);

		if (n <= 0)
			return;
		for (ssize_t i = 0; i < n; i++) {
			column = bytes[i] == '\n' ? 1 : column + 1;
			line += bytes[i] == '\n';
		}
		at += (unsigned long long)n;
	}
	place->line = line;
	place->column = column;
}

void kept_place_find(struct kept_place *place, struct blob_store *blobs, const char *raw,
		     const char *content_type, const char *sentence, uint64_t most)
{
	int fd;

	of_sentence(place, sentence);
	if (!place->known || place->byte > most || !blobs || !raw ||
	    (content_type && strstr(content_type, "multipart")))
		return;
	fd = blob_open(blobs, raw, NULL);
	if (fd < 0)
		return;
	count(place, fd);
	close(fd);
}
