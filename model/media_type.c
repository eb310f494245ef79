#include "model/media_type.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

#define TYPE_LEN_MOST 100

/* What files of a kind are declared as and how they end; their bytes are of one of the types behind "is". */
static const struct kind {
	const char *name;
	const char *declared[10], *endings[8], *is[4];
} kinds[] = {
	{ "PDF", { "application/pdf", "application/x-pdf" }, { "pdf" }, { "application/pdf" } },
	{ "ZIP",
	  { "application/zip", "application/x-zip-compressed", "application/x-zip" },
	  { "zip" },
	  { "application/zip" } },
	{ "Office",
	  { "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	    "application/vnd.oasis.opendocument.text",
	    "application/vnd.oasis.opendocument.spreadsheet" },
	  { "docx", "xlsx", "pptx", "odt", "ods" },
	  { "application/zip" } },
	{ "JPEG",
	  { "image/jpeg", "image/jpg", "image/pjpeg" },
	  { "jpg", "jpeg" },
	  { "image/jpeg" } },
	{ "PNG", { "image/png", "image/x-png" }, { "png" }, { "image/png" } },
	{ "TIFF", { "image/tiff", "image/tif" }, { "tif", "tiff" }, { "image/tiff" } },
};
#define KINDS (sizeof kinds / sizeof *kinds)

static const char *const programs[] = {
	"application/x-dosexec",     "application/vnd.microsoft.portable-executable",
	"application/x-msdownload",  "application/x-executable",
	"application/x-sharedlib",   "application/x-pie-executable",
	"application/x-mach-binary", "application/x-object",
	"application/x-java-applet", "application/x-ms-shortcut",
};

static bool among(const char *const *list, size_t most, const char *text)
{
	for (size_t i = 0; i < most && list[i]; i++)
		if (text_equal_nocase(list[i], text))
			return true;
	return false;
}

#define AMONG(list, text) among(list, sizeof(list) / sizeof *(list), text)

/* "Application/PDF; name=x" as "Application/PDF". */
static char *bare_type(const char *declared, TALLOC_CTX *mem)
{
	size_t len = declared ? strcspn(declared, "; \t\r\n") : 0;

	return len && len < TYPE_LEN_MOST ? talloc_strndup(mem, declared, len) : NULL;
}

static const char *ending_of(const char *name)
{
	const char *dot = name ? strrchr(name, '.') : NULL;

	return dot ? dot + 1 : "";
}

/* What it was said to be; NULL: nothing that shows by its bytes. A declared type of another kind outweighs the ending. */
static const struct kind *kind_said(const char *name, const char *type)
{
	bool says_something = type && !text_equal_nocase(type, "application/octet-stream");

	for (size_t i = 0; i < KINDS; i++)
		if (says_something ? AMONG(kinds[i].declared, type)
				   : AMONG(kinds[i].endings, ending_of(name)))
			return &kinds[i];
	return NULL;
}

static char *warning(const struct kind *said, const char *found, TALLOC_CTX *mem)
{
	char *shown = text_shown(found, TYPE_LEN_MOST, NULL), *text = NULL;

	if (said && !AMONG(said->is, found))
		text = talloc_asprintf(mem, "it is said to be of type %s, but its bytes are %s",
				       said->name, shown);
	else if (AMONG(programs, found))
		text = talloc_asprintf(mem, "it is a program: its bytes are %s", shown);
	talloc_free(shown);
	return text;
}

char *media_type_warning(const char *name, const char *declared, const char *found, TALLOC_CTX *mem)
{
	char *type = bare_type(declared, NULL);
	const struct kind *said = kind_said(name, type);

	talloc_free(type);
	return text_empty(found) ? NULL : warning(said, found, mem);
}
