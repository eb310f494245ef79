/*
 * picture.c -- lines of text: a drawing, what it becomes (blank: it stays), then spellings. A drawing is refused in words or
 * reads spellings; what it reads as one number it also allows as that number, and it reads several only
 * if it overlaps with itself.
 */
#include <talloc.h>

#include "base/text.h"
#include "fuzz/fuzz.h"
#include "normalizers/picture.h"

static bool sound_number(const char *text)
{
	size_t len = strlen(text);

	return len && len <= KEY_MOST &&
	       strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == len;
}

static void read_spelling(const struct picture *p, const char *spelling, bool several,
			  TALLOC_CTX *mem)
{
	char canonical[KEY_MOST + 1] = "", again[KEY_MOST + 1] = "";
	struct cleaned clean;
	char *why;

	clean_number(&clean, spelling, strlen(spelling));
	must((clean.state == CLEAN_OK) == (clean.text[0] != '\0'));
	must(clean.state != CLEAN_MALFORMED || clean.why_not);
	if (clean.state != CLEAN_OK)
		return;
	must(sound_number(clean.text) && clean.len == strlen(clean.text));
	switch (picture_read(p, &clean, canonical)) {
	case READS_ONE:
		must(sound_number(canonical));
		must(picture_allows(p, &clean, canonical));
		must(picture_read(p, &clean, again) == READS_ONE && !strcmp(canonical, again));
		break;
	case READS_NOT:
		why = picture_refusal(p, &clean, mem);
		must(why && text_valid_utf8(why, strlen(why)));
		break;
	case READS_SEVERAL:
		must(several);
		break;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *text = talloc_strndup(mem, (const char *)data, size), *spelling, *next;
	struct picture p = { .name = "fuzz", .drawing = strsep(&text, "\n") };
	char *becomes = text ? strsep(&text, "\n") : NULL;
	struct err e = { 0 };

	p.drops_zeros = size % 2;
	p.becomes = becomes && *becomes ? becomes : NULL;
	if (picture_compile(&p, mem, &e)) {
		char example[KEY_MOST + 1];
		bool several = picture_overlap(&p, &p, example);

		for (next = text; (spelling = next ? strsep(&next, "\n") : NULL);)
			read_spelling(&p, spelling, several, mem);
	} else {
		must(e.kind == ERR_SETUP && *e.text);
	}
	talloc_free(mem);
	return 0;
}
