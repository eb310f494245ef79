/* inspect_pdf.c -- the words of a PDF, with page and box. */
#include <poppler.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cage.h"
#include "ingest/inspect_parts.h"
#include "ingest/limits.h"

struct pdf {
	struct talk *talk;
	size_t words;
};

static struct inspect_end ended(enum inspect_state state, const char *sentence, int pages)
{
	return (struct inspect_end){ state, sentence, pages };
}

static void grow(double box[4], const PopplerRectangle *letter, bool first)
{
	if (first || letter->x1 < box[0])
		box[0] = letter->x1;
	if (first || letter->y1 < box[1])
		box[1] = letter->y1;
	if (first || letter->x2 > box[2])
		box[2] = letter->x2;
	if (first || letter->y2 > box[3])
		box[3] = letter->y2;
}

/* The text's letters and their boxes run side by side; a word ends at white space or where it is too long. False: no
 * further word. */
static bool page_words(struct pdf *pdf, const char *text, const PopplerRectangle *letters,
		       guint count)
{
	char word[PDF_WORD_LEN_MOST + 1];
	size_t len = 0;
	double box[4] = { 0 };
	guint i = 0;

	for (const char *p = text;; p = g_utf8_next_char(p), i++) {
		gunichar letter = g_utf8_get_char(p);
		bool space = !*p || g_unichar_isspace(letter) || i >= count;
		size_t size = (size_t)g_unichar_to_utf8(letter, NULL);

		if (len && (space || len + size > PDF_WORD_LEN_MOST)) {
			word[len] = '\0';
			len = 0;
			if (pdf->words++ == PDF_WORDS_MOST)
				return false;
			talk_word(pdf->talk, word, box);
		}
		if (!*p || i >= count)
			return true;
		if (space)
			continue;
		grow(box, &letters[i], len == 0);
		len += (size_t)g_unichar_to_utf8(letter, word + len);
	}
}

static bool one_page(struct pdf *pdf, PopplerDocument *document, int number)
{
	PopplerPage *page = poppler_document_get_page(document, number);
	PopplerRectangle *letters = NULL;
	double width, height;
	guint count = 0;
	char *text;
	bool more = true;

	if (!page)
		return true;
	poppler_page_get_size(page, &width, &height);
	talk_page(pdf->talk, (unsigned)number + 1, width, height);
	text = poppler_page_get_text(page);
	if (text && poppler_page_get_text_layout(page, &letters, &count) &&
	    g_utf8_validate(text, -1, NULL))
		more = page_words(pdf, text, letters, count);
	g_free(letters);
	g_free(text);
	g_object_unref(page);
	return more;
}

struct inspect_end pdf_inspect(struct talk *talk)
{
	struct pdf pdf = { .talk = talk };
	GError *why = NULL;
	PopplerDocument *document = poppler_document_new_from_fd(CAGE_FD_FILE, NULL, &why);
	int pages, read;

	if (!document && g_error_matches(why, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED))
		return ended(INSPECT_LOCKED, "a password is needed", -1);
	if (!document)
		return ended(INSPECT_BROKEN, "it cannot be read as a PDF", -1);
	pages = poppler_document_get_n_pages(document);
	read = pages < PDF_PAGES_MOST ? pages : PDF_PAGES_MOST;
	for (int i = 0; i < read; i++)
		if (!one_page(&pdf, document, i))
			return ended(INSPECT_READ, "only its first 100000 words are here", pages);
	if (!pdf.words)
		return ended(INSPECT_EMPTY, "there are no words in it: perhaps it is a scan",
			     pages);
	return ended(INSPECT_READ, pages > read ? "only its first 500 pages are here" : NULL,
		     pages);
}
