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

/* Bytes of an answer that is kept, exactly len. Fails ERR_RETRY. */
bool kept_bytes(int fd, void *to, size_t len, uint64_t offset, struct err *e);

/* ---- the conversation ---- */

enum reading_frame {
	/* to the reader */
	FRAME_TASK = 1, /* pieces of the task */
	FRAME_BYTES,    /* of the answer */
	FRAME_KEPT,     /* u64: so many of its bytes stand in the file by now */
	FRAME_END,      /* of the answer; u64 as above, where it is kept */
	/* from the reader */
	FRAME_HELLO,  /* the first: locked in; u64 version of Landlock, err */
	FRAME_OPEN,   /* a document begins */
	FRAME_WRITE,  /* its bytes */
	FRAME_PLACE,  /* u64 offset, u64 len: its bytes stand there in the file */
	FRAME_CLOSE,  /* it is complete */
	FRAME_FORGET, /* the documents so far: those that were signed follow; at most once */
	FRAME_FACTS,  /* pieces of them */
	FRAME_DONE,   /* they are complete: the answer is read */
	FRAME_FAILED, /* u64 refused, u64 lacks end, err */
};

#define KEPT_STEP 262144 /* bytes of an answer after which the reader is told of them */

#endif
