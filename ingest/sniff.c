#include "ingest/sniff.h"

#include <magic.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "ingest/limits.h"

/* The database is for the whole process: 8 MB, and in the cage no file can be opened later. */
static magic_t magic;

static const struct {
	const char *head;
	size_t len;
	const char *media_type;
} heads[] = {
	{ "%PDF-", 5, "application/pdf" },
	{ "PK\x03\x04", 4, "application/zip" },
	{ "PK\x05\x06", 4, "application/zip" },
	{ "\xff\xd8\xff", 3, "image/jpeg" },
	{ "\x89PNG\r\n\x1a\n", 8, "image/png" },
	{ "II*\0", 4, "image/tiff" },
	{ "MM\0*", 4, "image/tiff" },
	{ "<?xml ", 6, "application/xml" },
	{ "\xef\xbb\xbf<?xml ", 9, "application/xml" },
};

/* A GDV file: a 0001 record of 256 characters, with or without line ends behind it. */
static bool looks_like_gdv(const uint8_t *head, size_t len)
{
	if (len < 256 || memcmp(head, "0001", 4) != 0)
		return false;
	for (size_t i = 0; i < 256; i++)
		if (head[i] < 0x20)
			return false;
	return len == 256 || strchr("\r\n0", head[256]);
}

static bool looks_like_text(const uint8_t *head, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (head[i] < 0x20 && !strchr("\t\r\n\f", head[i]))
			return false;
		else if (head[i] == 0 || head[i] == 0x7f)
			return false;
	return true;
}

static size_t count_in_line(const uint8_t *line, size_t len, char sign)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += line[i] == (uint8_t)sign;
	return n;
}

/* Two lines with the same number of one separator. */
static bool looks_like_csv(const uint8_t *head, size_t len)
{
	const uint8_t *end = memchr(head, '\n', len);
	const uint8_t *second = end ? end + 1 : NULL;
	const uint8_t *stop = second ? memchr(second, '\n', len - (size_t)(second - head)) : NULL;

	if (!stop)
		return false;
	for (const char *sign = ";,\t"; *sign; sign++) {
		size_t n = count_in_line(head, (size_t)(end - head), *sign);

		if (n && n == count_in_line(second, (size_t)(stop - second), *sign))
			return true;
	}
	return false;
}

/* Only the compiled database: no look into archives, no text guessing. */
static void load_magic(void)
{
	magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_TAR |
			   MAGIC_NO_CHECK_ELF | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_TOKENS |
			   MAGIC_NO_CHECK_JSON | MAGIC_NO_CHECK_CSV);
	if (magic && magic_load(magic, NULL) != 0) {
		magic_close(magic);
		magic = NULL;
	}
}

void sniff_prepare(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load_magic);
}

static const char *ask_libmagic(const void *head, size_t len)
{
	sniff_prepare();
	return magic ? magic_buffer(magic, head, len) : NULL;
}

const char *sniff(const void *bytes, size_t len, TALLOC_CTX *mem)
{
	const uint8_t *head = bytes;
	const char *found;

	if (len == 0)
		return "";
	if (len > SNIFF_BYTES)
		len = SNIFF_BYTES;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if (len >= heads[i].len && memcmp(head, heads[i].head, heads[i].len) == 0)
			return heads[i].media_type;
	if (looks_like_gdv(head, len))
		return "text/x-gdv";
	if (looks_like_text(head, len))
		return looks_like_csv(head, len) ? "text/csv" : "text/plain";
	found = ask_libmagic(head, len);
	return found ? talloc_strdup(mem, found) : "application/octet-stream";
}
