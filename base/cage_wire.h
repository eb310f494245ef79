/*
 * cage_wire.h -- frames between a caged program and its watchman: kind, length, bytes. Small, of a fixed greatest size,
 * so that neither side needs more memory than one of them, whatever the other one sends.
 */
#ifndef BASE_CAGE_WIRE_H
#define BASE_CAGE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CAGE_FRAME_MOST 65536 /* bytes of one frame, without its head */

struct cage_frame {
	uint32_t kind;
	uint32_t len;
	const char *bytes; /* valid until the next call */
};

struct cage_head {
	uint32_t kind, len;
};

/* ---- incoming ---- */

struct cage_in {
	size_t from, to;
	char room[sizeof(struct cage_head) + CAGE_FRAME_MOST];
};

/* The next frame that has come as a whole: 1; 0: more bytes are needed; -1: this is no frame. */
int cage_in_next(struct cage_frame *frame, struct cage_in *in);

/* Read what is there, waiting for it or not. Returns the bytes, 0 at the end, -1 with errno. */
long cage_in_fill(struct cage_in *in, int fd, bool wait);

/* ---- outgoing, from inside: gathered, and written when the room is full ---- */

struct cage_out {
	int fd;
	size_t len;
	char room[sizeof(struct cage_head) + CAGE_FRAME_MOST];
};

/* One or more frames of this kind. False: nobody listens any more. */
bool cage_out_put(struct cage_out *out, uint32_t kind, const void *bytes, size_t len);
bool cage_out_flush(struct cage_out *out);

#endif
