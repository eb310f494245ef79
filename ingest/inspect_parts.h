/*
 * inspect_parts.h -- within inspect: what vorpost-inspect says. First FRAME hello, then findings, then the end.
 */
#ifndef INGEST_INSPECT_PARTS_H
#define INGEST_INSPECT_PARTS_H

#include "base/cage_wire.h"
#include "ingest/inspect.h"

enum inspect_frame {
	INSPECT_HELLO =
		1, /* u64 version of Landlock, text: why it could not lock itself in, NULL: it is */
	INSPECT_TASK,  /* to it: text media type, u64 size */
	INSPECT_PAGE,  /* u64 page, width, height in hundredths of a point */
	INSPECT_WORD,  /* text; u64 x0, y0, x1, y1 in hundredths of a point, of the last page */
	INSPECT_ENTRY, /* text name, type, odd or NULL; u64 size */
	INSPECT_END,   /* u64 state, text sentence or NULL, u64 pages + 1 */
};

/* ---- the program's halves (ingest/program) ---- */

struct talk; /* what goes out */

void talk_page(struct talk *talk, unsigned page, double width, double height);
void talk_word(struct talk *talk, const char *text, const double box[4]);
void talk_entry(struct talk *talk, const char *name, const char *type, const char *odd,
		uint64_t size);

struct inspect_end {
	enum inspect_state state;
	const char *sentence;
	int page_count;
};

/* Look into what CAGE_FD_FILE holds. */
struct inspect_end pdf_inspect(struct talk *talk);
struct inspect_end zip_inspect(struct talk *talk, uint64_t size);

#endif
