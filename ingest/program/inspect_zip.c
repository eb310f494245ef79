/* inspect_zip.c -- the entries of an archive: name, type by its bytes, size as unpacked. Nothing is kept of what is in them. */
#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cage.h"
#include "ingest/inspect_parts.h"
#include "ingest/limits.h"
#include "ingest/sniff.h"

struct zip {
	struct talk *talk;
	uint64_t size;     /* of the archive */
	int64_t at;        /* where the library reads */
	uint64_t unpacked; /* of all entries */
	size_t entries;
	char **names; /* to see one twice */
	char piece[65536];
};

static la_ssize_t on_read(struct archive *archive, void *self, const void **bytes)
{
	struct zip *zip = self;
	ssize_t n = pread(CAGE_FD_FILE, zip->piece, sizeof zip->piece, zip->at);

	(void)archive;
	if (n > 0)
		zip->at += n;
	*bytes = zip->piece;
	return n;
}

static la_int64_t on_seek(struct archive *archive, void *self, la_int64_t offset, int whence)
{
	struct zip *zip = self;
	int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? zip->at : (int64_t)zip->size;

	(void)archive;
	if (offset < -from || from + offset > (int64_t)zip->size)
		return ARCHIVE_FATAL;
	return zip->at = from + offset;
}

/* What would be wrong with a file of that name; NULL: nothing. */
static const char *odd_name(struct zip *zip, const char *name)
{
	size_t len = strlen(name);

	if (!len)
		return "no name";
	if (len > ZIP_NAME_LEN_MOST)
		return "name too long";
	if (*name == '/' || *name == '\\' || (len > 1 && name[1] == ':'))
		return "absolute";
	for (const char *p = name; p; p = strpbrk(p, "/\\")) {
		p += *p == '/' || *p == '\\';
		if (strncmp(p, "..", 2) == 0 && (!p[2] || p[2] == '/' || p[2] == '\\'))
			return "leaves its folder";
	}
	for (const char *p = name; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return "control characters";
	for (size_t i = 0; i < zip->entries; i++)
		if (strcmp(zip->names[i], name) == 0)
			return "twice";
	return NULL;
}

static struct inspect_end ended(enum inspect_state state, const char *sentence)
{
	return (struct inspect_end){ state, sentence, -1 };
}

/* All of an entry's bytes, counted: what it says of its size may be a lie. */
static bool unpack(uint64_t *size, const char **type, struct zip *zip, struct archive *archive,
		   struct inspect_end *end)
{
	static char head[SNIFF_BYTES];
	char bytes[16384];
	size_t head_len = 0;
	la_ssize_t n;

	*size = 0;
	while ((n = archive_read_data(archive, bytes, sizeof bytes)) > 0) {
		size_t more = sizeof head - head_len;

		more = more < (size_t)n ? more : (size_t)n;
		memcpy(head + head_len, bytes, more);
		head_len += more;
		*size += (uint64_t)n;
		zip->unpacked += (uint64_t)n;
		if (zip->unpacked > ZIP_UNPACKED_MOST)
			*end = ended(INSPECT_REFUSED, "unpacked it has more than 1 GiB");
		else if (zip->unpacked > ZIP_RATIO_MOST * zip->size)
			*end = ended(INSPECT_REFUSED, "unpacked it is more than 100 times as long");
		else
			continue;
		return false;
	}
	*type = sniff(head, head_len, NULL);
	if (n < 0)
		*end = ended(INSPECT_BROKEN, "an entry cannot be unpacked");
	return n == 0;
}

/* False: no further entry. */
static bool one_entry(struct zip *zip, struct archive *archive, struct archive_entry *entry,
		      struct inspect_end *end)
{
	const char *name = archive_entry_pathname_utf8(entry);
	const char *type, *odd;
	char *kept;
	uint64_t size;

	if (zip->entries == ZIP_ENTRIES_MOST) {
		*end = ended(INSPECT_REFUSED, "it has more than 1000 entries");
		return false;
	}
	if (archive_entry_is_data_encrypted(entry) || archive_entry_is_metadata_encrypted(entry)) {
		*end = ended(INSPECT_LOCKED, "a password is needed");
		return false;
	}
	name = name ? name : archive_entry_pathname(entry);
	kept = strndup(name ? name : "", 2 * ZIP_NAME_LEN_MOST);
	odd = odd_name(zip, kept);
	zip->names[zip->entries++] = kept;
	if (!unpack(&size, &type, zip, archive, end))
		return false;
	talk_entry(zip->talk, kept, type, odd, size);
	return true;
}

static struct inspect_end all_entries(struct zip *zip, struct archive *archive)
{
	struct archive_entry *entry;
	struct inspect_end end = ended(INSPECT_READ, NULL);
	int got = ARCHIVE_EOF;

	archive_read_support_format_zip_seekable(archive);
	archive_read_set_seek_callback(archive, on_seek);
	if (archive_read_open2(archive, zip, NULL, on_read, NULL, NULL) != ARCHIVE_OK)
		return ended(INSPECT_BROKEN, "it cannot be read as an archive");
	while (end.state == INSPECT_READ &&
	       (got = archive_read_next_header(archive, &entry)) == ARCHIVE_OK)
		if (!one_entry(zip, archive, entry, &end))
			return end;
	if (got != ARCHIVE_EOF && got != ARCHIVE_OK)
		return ended(INSPECT_BROKEN, "it cannot be read as an archive");
	return zip->entries ? end : ended(INSPECT_EMPTY, "it has no entries");
}

struct inspect_end zip_inspect(struct talk *talk, uint64_t size)
{
	struct zip *zip = calloc(1, sizeof *zip);
	struct archive *archive = archive_read_new();
	struct inspect_end end;

	zip->talk = talk;
	zip->size = size;
	zip->names = calloc(ZIP_ENTRIES_MOST, sizeof *zip->names);
	end = all_entries(zip, archive);
	archive_read_free(archive);
	for (size_t i = 0; i < zip->entries; i++)
		free(zip->names[i]);
	free(zip->names);
	free(zip);
	return end;
}
