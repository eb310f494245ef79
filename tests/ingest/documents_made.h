/* documents_made.h -- small documents made by hand: a PDF of one page, a form in XFA, a ZIP archive of stored entries. */
#ifndef TESTS_INGEST_DOCUMENTS_MADE_H
#define TESTS_INGEST_DOCUMENTS_MADE_H

#include <stdint.h>
#include <string.h>
#include <talloc.h>

/* One page with this content stream. */
static inline char *pdf_of(TALLOC_CTX *mem, const char *content)
{
	return talloc_asprintf(
		mem,
		"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
		"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
		"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
		"/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
		"4 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
		"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
		"trailer<</Root 1 0 R>>\n%%%%EOF\n",
		strlen(content), content);
}

/* A form in XFA: what it is and what was filled in stands in XML of its own; the one page is for who cannot read that. */
static inline char *xfa_of(TALLOC_CTX *mem, const char *datasets)
{
	const char *form = "<template xmlns=\"http://www.xfa.org/schema/xfa-template/3.3/\">"
			   "<subform name=\"Antrag\"><field name=\"Nummer\"><ui><textEdit/></ui>"
			   "</field></subform></template>";
	char *page = pdf_of(mem, "BT /F1 12 Tf 100 700 Td (Please wait...) Tj ET");
	char *catalog = strstr(page, "/Pages"), *trailer = strstr(page, "trailer");

	return talloc_asprintf(mem,
			       "%.*s/AcroForm 6 0 R/NeedsRendering true%.*s"
			       "6 0 obj<</Fields[]/XFA[(template)7 0 R(datasets)8 0 R]>>endobj\n"
			       "7 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n"
			       "8 0 obj<</Length %zu>>stream\n%s\nendstream endobj\n%s",
			       (int)(catalog - page), page, (int)(trailer - catalog), catalog,
			       strlen(form), form, strlen(datasets), datasets, trailer);
}

#define XFA_FILLED                                                                                 \
	"<xfa:datasets xmlns:xfa=\"http://www.xfa.org/schema/xfa-data/1.0/\"><xfa:data><Antrag>"   \
	"<Nummer>AS-12 3456789</Nummer></Antrag></xfa:data></xfa:datasets>"
#define PDF_LOCKED                                                                                 \
	"<</Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -44"                       \
	"/O<0000000000000000000000000000000000000000000000000000000000000000>"                     \
	"/U<1111111111111111111111111111111111111111111111111111111111111111>>>>>"

/* --- ZIP --- */

struct zip {
	uint8_t bytes[1 << 21];
	size_t len;
	uint32_t base; /* where in the file it begins; nothing but a hole in front of it */
	uint8_t directory[1 << 19];
	size_t directory_len;
	int entries;
};

static inline uint32_t crc_of(const uint8_t *bytes, size_t len)
{
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < len; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static inline void add16(uint8_t *to, size_t *len, unsigned value)
{
	to[(*len)++] = (uint8_t)value;
	to[(*len)++] = (uint8_t)(value >> 8);
}

static inline void add32(uint8_t *to, size_t *len, uint32_t value)
{
	add16(to, len, value & 0xffff);
	add16(to, len, value >> 16);
}

static inline void add_head(uint8_t *to, size_t *len, unsigned flags, const char *name,
			    const void *data, size_t size)
{
	add16(to, len, 20);
	add16(to, len, flags);
	add16(to, len, 0);
	add32(to, len, 0);
	add32(to, len, crc_of(data, size));
	add32(to, len, (uint32_t)size);
	add32(to, len, (uint32_t)size);
	add16(to, len, (unsigned)strlen(name));
	add16(to, len, 0);
}

static inline void zip_bytes(struct zip *z, unsigned flags, const char *name, const void *data,
			     size_t size)
{
	uint32_t at = z->base + (uint32_t)z->len;

	add32(z->bytes, &z->len, 0x04034b50);
	add_head(z->bytes, &z->len, flags, name, data, size);
	z->len = (size_t)((uint8_t *)mempcpy(z->bytes + z->len, name, strlen(name)) - z->bytes);
	z->len = (size_t)((uint8_t *)mempcpy(z->bytes + z->len, data, size) - z->bytes);
	add32(z->directory, &z->directory_len, 0x02014b50);
	add16(z->directory, &z->directory_len, 20);
	add_head(z->directory, &z->directory_len, flags, name, data, size);
	add16(z->directory, &z->directory_len, 0);
	add16(z->directory, &z->directory_len, 0);
	add16(z->directory, &z->directory_len, 0);
	add32(z->directory, &z->directory_len, 0);
	add32(z->directory, &z->directory_len, at);
	memcpy(z->directory + z->directory_len, name, strlen(name));
	z->directory_len += strlen(name);
	z->entries++;
}

static inline void zip_entry(struct zip *z, unsigned flags, const char *name, const char *data)
{
	zip_bytes(z, flags, name, data, strlen(data));
}

/* The directory and its end. */
static inline void zip_close(struct zip *z)
{
	uint32_t at = z->base + (uint32_t)z->len;

	memcpy(z->bytes + z->len, z->directory, z->directory_len);
	z->len += z->directory_len;
	add32(z->bytes, &z->len, 0x06054b50);
	add32(z->bytes, &z->len, 0);
	add16(z->bytes, &z->len, (unsigned)z->entries);
	add16(z->bytes, &z->len, (unsigned)z->entries);
	add32(z->bytes, &z->len, (uint32_t)z->directory_len);
	add32(z->bytes, &z->len, at);
	add16(z->bytes, &z->len, 0);
}

#endif
