/*
 * reading_parts.h -- within reading: reading_here.c reads in this process, whichever that is; reading_caged.c has it done
 * by vorpost-reader; reading_inside.c is what that program does.
 */
#ifndef INGEST_READING_PARTS_H
#define INGEST_READING_PARTS_H

#include "base/cage_wire.h"
#include "ingest/reading.h"

/* ---- reading_here.c ---- */

struct reading_here;

struct reading_here *here_begin(const struct reading_task *task, TALLOC_CTX *mem);
/* Called before the second reading: the documents so far do not count. */
void here_forgets(struct reading_here *here, void (*forget)(void *self), void *self);
bool here_feed(struct reading_here *here, const void *bytes, size_t len, struct err *e);
bool here_end(struct reading_here *here, struct answer **answer, struct err *e);
bool here_refused(const struct reading_here *here);
bool here_lacks_end(const struct reading_here *here);

/* ---- the conversation ---- */

enum reading_frame {
	/* to the reader */
	FRAME_TASK = 1, /* pieces of the task */
	FRAME_BYTES,    /* of the answer */
	FRAME_END,      /* of the answer */
	/* from the reader */
	FRAME_HELLO,  /* the first: locked in; u64 version of Landlock, err */
	FRAME_OPEN,   /* a document begins */
	FRAME_WRITE,  /* its bytes */
	FRAME_CLOSE,  /* it is complete */
	FRAME_FORGET, /* the documents so far: those that were signed follow; at most once */
	FRAME_AGAIN, /* u64 offset, u64 len: these bytes of the answer once more, by the other socket */
	FRAME_FACTS,  /* pieces of them */
	FRAME_DONE,   /* they are complete: the answer is read */
	FRAME_FAILED, /* u64 refused, u64 lacks end, err */
};

#define AGAIN_MOST 32768 /* bytes asked for at once */

#endif
