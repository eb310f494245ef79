#include "base/cage_wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int cage_in_next(struct cage_frame *frame, struct cage_in *in)
{
	struct cage_head head;

	if (in->to - in->from < sizeof head)
		return 0;
	memcpy(&head, in->room + in->from, sizeof head);
	if (head.len > CAGE_FRAME_MOST)
		return -1;
	if (in->to - in->from - sizeof head < head.len)
		return 0;
	*frame = (struct cage_frame){ head.kind, head.len, in->room + in->from + sizeof head };
	in->from += sizeof head + head.len;
	return 1;
}

long cage_in_fill(struct cage_in *in, int fd, bool wait)
{
	ssize_t n;

	if (in->from == in->to) {
		in->from = in->to = 0;
	} else if (in->from) {
		memmove(in->room, in->room + in->from, in->to - in->from);
		in->to -= in->from;
		in->from = 0;
	}
	do { /* from inside, read is all that is allowed */
		n = wait ? read(fd, in->room + in->to, sizeof in->room - in->to)
			 : recv(fd, in->room + in->to, sizeof in->room - in->to, MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	if (n > 0)
		in->to += (size_t)n;
	return n;
}

bool cage_out_flush(struct cage_out *out)
{
	for (size_t at = 0; at < out->len;) {
		ssize_t n = write(out->fd, out->room + at, out->len - at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += (size_t)n;
	}
	out->len = 0;
	return true;
}

bool cage_out_put(struct cage_out *out, uint32_t kind, const void *bytes, size_t len)
{
	const char *p = bytes;

	do {
		struct cage_head head = { kind, 0 };
		size_t space = sizeof out->room - out->len;

		if (space < sizeof head + (len ? 1 : 0)) {
			if (!cage_out_flush(out))
				return false;
			continue;
		}
		space -= sizeof head;
		head.len = (uint32_t)(len < space ? len : space);
		memcpy(out->room + out->len, &head, sizeof head);
		if (head.len)
			memcpy(out->room + out->len + sizeof head, p, head.len);
		out->len += sizeof head + head.len;
		p += head.len;
		len -= head.len;
		if (!len)
			return true;
	} while (true);
}
