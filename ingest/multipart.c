#include "ingest/multipart.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ingest/limits.h"
#include "ingest/mime.h"
#include "ingest/refusal.h"

enum state {
	RECOVER,  /* the boundary is not known: read it from the first line */
	PREAMBLE, /* before the first delimiter */
	HEAD,     /* header lines of a part */
	BODY,
	EPILOGUE, /* behind the closing delimiter */
};

/* Longest thing that may have to wait for more bytes: CRLF "--" boundary "--" blanks CRLF. */
#define HOLD_MOST (BOUNDARY_LEN_MOST + DELIMITER_BLANKS_MOST + 16)

struct multipart {
	struct part_receiver to;
	enum state state;
	bool line_start; /* nothing of this preamble or part body was passed on yet: a delimiter may stand here */
	bool bare_lf; /* the message's line end, told by the first delimiter */
	bool last;    /* no more bytes will come */
	char needle[BOUNDARY_LEN_MOST + 8]; /* "\r\n--boundary" */
	size_t needle_len;
	char carry[2 * HOLD_MOST]; /* bytes that could not be judged yet */
	size_t carry_len;
	char line[HEADER_LINE_MOST + 1]; /* header line under way, unfolded */
	size_t line_len;
	bool line_done; /* complete, unless the next one folds into it */
	size_t headers, parts;
	struct part_head head;
	uint64_t offset; /* of the next byte to judge */
};

static void set_boundary(struct multipart *x, const char *boundary, size_t len)
{
	memcpy(x->needle, "\r\n--", 4);
	memcpy(x->needle + 4, boundary, len);
	x->needle_len = len + 4;
}

struct multipart *multipart_new(const char *boundary, const struct part_receiver *receiver,
				TALLOC_CTX *mem)
{
	struct multipart *x = talloc_zero(mem, struct multipart);

	x->to = *receiver;
	x->state = boundary ? PREAMBLE : RECOVER;
	x->line_start = true;
	if (boundary)
		set_boundary(x, boundary, strlen(boundary));
	return x;
}

/* The delimiter with its line end in front; where the line end is still unknown, LF matches both. */
static const char *needle(const struct multipart *x, size_t *len)
{
	size_t skip = x->bare_lf || x->state == PREAMBLE ? 1 : 0;

	*len = x->needle_len - skip;
	return x->needle + skip;
}

/* --- heads --- */

static bool head_field(struct multipart *x, char **field, const char *value, const char *name,
		       struct err *e)
{
	if (*field)
		return refusal_set(e, REFUSAL_PART_HEADER_TWICE, "part %zu has the header %s twice",
				   x->parts, name);
	*field = text_trimmed(value, x);
	return true;
}

static bool header_line(struct multipart *x, struct err *e)
{
	char *colon = memchr(x->line, ':', x->line_len);
	char *end;

	x->line[x->line_len] = '\0';
	if (!colon || colon == x->line || strlen(x->line) != x->line_len)
		return refusal_set(e, REFUSAL_PART_HEADER,
				   "part %zu has a header line that is none", x->parts);
	if (++x->headers > PART_HEADERS_MOST)
		return refusal_set(e, REFUSAL_PART_HEADERS_MANY,
				   "part %zu has more than %d headers", x->parts,
				   PART_HEADERS_MOST);
	for (end = colon; end > x->line && (end[-1] == ' ' || end[-1] == '\t'); end--)
		;
	*end = '\0';
	if (strcasecmp(x->line, "Content-Type") == 0)
		return head_field(x, &x->head.content_type, colon + 1, "Content-Type", e);
	if (strcasecmp(x->line, "Content-Transfer-Encoding") == 0)
		return head_field(x, &x->head.transfer_encoding, colon + 1,
				  "Content-Transfer-Encoding", e);
	if (strcasecmp(x->line, "Content-ID") == 0)
		return head_field(x, &x->head.content_id, mime_content_id(colon + 1, x),
				  "Content-ID", e);
	return true;
}

static bool begin_part(struct multipart *x, struct err *e)
{
	x->state = BODY;
	x->line_start = true;
	return x->to.begin(x->to.self, &x->head, e);
}

/* One character of the head. A line is looked at when the next one is known not to continue it. */
static bool head_char(struct multipart *x, char c, struct err *e)
{
	if (x->line_done) {
		x->line_done = false;
		if (c != ' ' && c != '\t') {
			if (!header_line(x, e))
				return false;
			x->line_len = 0;
		}
	}
	if (c == '\n') {
		if (x->line_len && x->line[x->line_len - 1] == '\r')
			x->line_len--;
		if (x->line_len == 0)
			return begin_part(x, e);
		x->line_done = true;
		return true;
	}
	if (x->line_len == HEADER_LINE_MOST)
		return refusal_set(e, REFUSAL_PART_HEADER_LONG,
				   "part %zu has a header line of more than %d bytes", x->parts,
				   HEADER_LINE_MOST);
	x->line[x->line_len++] = c;
	return true;
}

static bool scan_head(size_t *used, struct multipart *x, const char *p, size_t len, struct err *e)
{
	for (*used = 0; *used < len && x->state == HEAD; (*used)++)
		if (!head_char(x, p[*used], e))
			return false;
	return true;
}

/* --- delimiters --- */

enum judged { NO_DELIMITER, DELIMITER, CLOSING, UNDECIDED };

/* What stands behind "--boundary"? *rest: length up to and with the line end. */
static enum judged judge(struct multipart *x, const char *p, size_t len, size_t *rest)
{
	size_t i = 0;
	bool closing, lf;

	if (len < 2 && !x->last)
		return UNDECIDED;
	closing = len >= 2 && p[0] == '-' && p[1] == '-';
	i = closing ? 2 : 0;
	while (i < len && (p[i] == ' ' || p[i] == '\t') && i < DELIMITER_BLANKS_MOST)
		i++;
	if (i == len || (p[i] == '\r' && i + 1 == len)) {
		*rest = len;
		return !x->last ? UNDECIDED : closing ? CLOSING : NO_DELIMITER;
	}
	lf = p[i] == '\n';
	if (!lf && !(p[i] == '\r' && p[i + 1] == '\n'))
		return NO_DELIMITER;
	if (x->state == PREAMBLE)
		x->bare_lf = lf;
	else if (lf && !x->bare_lf)
		return NO_DELIMITER; /* in a CRLF message this is the document's own line */
	*rest = i + (lf ? 1 : 2);
	return closing ? CLOSING : DELIMITER;
}

static bool next_part(struct multipart *x, bool closing, struct err *e)
{
	bool in_body = x->state == BODY;

	if (in_body && !x->to.end(x->to.self, e))
		return false;
	if (closing && x->parts == 0)
		return refusal_set(e, REFUSAL_NO_PART, "multipart answer has no part");
	x->state = closing ? EPILOGUE : HEAD;
	if (!closing && ++x->parts > PARTS_MOST)
		return refusal_set(e, REFUSAL_PARTS_MANY, "multipart answer has more than %d parts",
				   PARTS_MOST);
	x->head = (struct part_head){ 0 };
	x->headers = x->line_len = 0;
	x->line_done = false;
	return true;
}

/* How many bytes at the end could be the start of a delimiter. */
static size_t undecided_tail(const struct multipart *x, const char *p, size_t len)
{
	size_t need, from;
	const char *sign = needle(x, &need);

	for (from = len < need ? 0 : len - need + 1; from < len; from++) {
		const char *hit = memchr(p + from, sign[0], len - from);

		if (!hit)
			return 0;
		from = (size_t)(hit - p);
		if (memcmp(hit, sign, len - from) == 0)
			return len - from;
	}
	return 0;
}

static bool pass(struct multipart *x, const char *p, size_t len, uint64_t offset, struct err *e)
{
	if (len == 0)
		return true;
	x->line_start = false;
	if (x->state == BODY)
		return x->to.bytes(x->to.self, p, len, offset, e);
	if (offset + len > PREAMBLE_MOST)
		return refusal_set(e, REFUSAL_NO_DELIMITER,
				   "multipart answer has no delimiter in its first %d bytes",
				   PREAMBLE_MOST);
	return true;
}

/* A delimiter at p[at], whose own text (without line end in front) is sign[skip..]. */
static bool at_delimiter(enum judged *what, size_t *used, struct multipart *x, const char *p,
			 size_t len, size_t at, size_t sign_len, struct err *e)
{
	size_t rest = 0;

	*what = judge(x, p + at + sign_len, len - at - sign_len, &rest);
	*used = at;
	if (*what == NO_DELIMITER || *what == UNDECIDED)
		return true;
	if (!pass(x, p, at, x->offset, e))
		return false;
	*used = at + sign_len + rest;
	return next_part(x, *what == CLOSING, e);
}

/* Does the preamble or the body begin with the delimiter, without a line end of its own in front? */
static bool scan_line_start(bool *go_on, size_t *used, struct multipart *x, const char *p,
			    size_t len, struct err *e)
{
	const char *sign = x->needle + 2;
	size_t sign_len = x->needle_len - 2;
	enum judged what;

	*go_on = false;
	if (len < sign_len && !x->last && memcmp(p, sign, len) == 0)
		return true;
	if (len >= sign_len && memcmp(p, sign, sign_len) == 0) {
		if (!at_delimiter(&what, used, x, p, len, 0, sign_len, e))
			return false;
		if (what != NO_DELIMITER)
			return true;
	}
	x->line_start = false;
	*go_on = true;
	return true;
}

/* Preamble and bodies: pass on what is certain, stop at a delimiter. */
static bool scan_bytes(size_t *used, struct multipart *x, const char *p, size_t len, struct err *e)
{
	size_t sign_len, from = 0;
	const char *sign = needle(x, &sign_len);
	bool go_on = true;
	const char *hit;

	*used = 0;
	if (x->line_start && !scan_line_start(&go_on, used, x, p, len, e))
		return false;
	if (!go_on)
		return true;
	while ((hit = memmem(p + from, len - from, sign, sign_len))) {
		enum judged what;
		size_t at = (size_t)(hit - p);

		if (!at_delimiter(&what, used, x, p, len, at, sign_len, e))
			return false;
		if (what == UNDECIDED)
			return pass(x, p, at, x->offset, e);
		if (what != NO_DELIMITER)
			return true;
		from = at + 1;
	}
	*used = x->last ? len : len - undecided_tail(x, p, len);
	return pass(x, p, *used, x->offset, e);
}

/* --- the rest --- */

/* "--boundary" stands in the first line; *used 0 until the line is complete. */
static bool recover(size_t *used, struct multipart *x, const char *p, size_t len, struct err *e)
{
	const char *end = memchr(p, '\n', len < HOLD_MOST ? len : HOLD_MOST);
	size_t line = end ? (size_t)(end - p) : len;
	char boundary[BOUNDARY_LEN_MOST + 1];

	*used = 0;
	if (len && (*p == '\r' || *p == '\n')) {
		*used = 1;
		return true;
	}
	if (!end && !x->last && len < HOLD_MOST)
		return true;
	while (line && memchr(" \t\r", p[line - 1], 3))
		line--;
	if ((!end && len >= HOLD_MOST) || line < 3 || line > BOUNDARY_LEN_MOST + 2 ||
	    memcmp(p, "--", 2) != 0)
		return refusal_set(e, REFUSAL_NO_DELIMITER,
				   "multipart answer does not begin with a delimiter line");
	memcpy(boundary, p + 2, line - 2);
	boundary[line - 2] = '\0';
	if (!mime_boundary_valid(boundary))
		return refusal_set(e, REFUSAL_BOUNDARY,
				   "first delimiter has characters that MIME does not allow");
	set_boundary(x, boundary, line - 2);
	x->state = PREAMBLE;
	return true;
}

static bool scan_epilogue(size_t *used, const char *p, size_t len, struct err *e)
{
	for (*used = 0; *used < len; (*used)++)
		if (!strchr(" \t\r\n", p[*used]) || !p[*used])
			return refusal_set(e, REFUSAL_EPILOGUE,
					   "bytes follow the closing delimiter");
	return true;
}

/* Judge as much as possible from the front. */
static bool scan(size_t *used, struct multipart *x, const char *p, size_t len, struct err *e)
{
	size_t n = 0;

	for (*used = 0; *used < len; *used += n) {
		enum state before = x->state;
		bool ok = before == HEAD       ? scan_head(&n, x, p + *used, len - *used, e)
			  : before == EPILOGUE ? scan_epilogue(&n, p + *used, len - *used, e)
			  : before == RECOVER  ? recover(&n, x, p + *used, len - *used, e)
					       : scan_bytes(&n, x, p + *used, len - *used, e);

		if (!ok)
			return false;
		x->offset += n;
		if (n == 0 && x->state == before)
			break;
	}
	return true;
}

/* Undecided bytes of the last call, completed from the new ones until they are decided. */
static bool feed_carry(const char **p, size_t *len, struct multipart *x, struct err *e)
{
	size_t held = x->carry_len, used;
	size_t more = *len < sizeof x->carry - held ? *len : sizeof x->carry - held;

	memcpy(x->carry + held, *p, more);
	x->carry_len += more;
	if (!scan(&used, x, x->carry, x->carry_len, e))
		return false;
	if (used < held) { /* still undecided: all of the new bytes are in the carry */
		memmove(x->carry, x->carry + used, x->carry_len -= used);
		*len -= more;
		*p += more;
		return true;
	}
	*p += used - held;
	*len -= used - held;
	x->carry_len = 0;
	return true;
}

bool multipart_feed(struct multipart *x, const void *bytes, size_t len, struct err *e)
{
	const char *p = bytes;
	size_t used;

	while (x->carry_len && len)
		if (!feed_carry(&p, &len, x, e))
			return false;
	if (len == 0)
		return true;
	if (!scan(&used, x, p, len, e))
		return false;
	x->carry_len = len - used;
	memcpy(x->carry, p + used, x->carry_len);
	return true;
}

bool multipart_end(struct multipart *x, struct err *e)
{
	size_t used;

	x->last = true;
	if (!scan(&used, x, x->carry, x->carry_len, e))
		return false;
	if (x->state == EPILOGUE)
		return true;
	if (x->state == HEAD)
		return refusal_set(e, REFUSAL_PART_CUT,
				   "answer ends in the middle of the head of part %zu", x->parts);
	if (x->state == BODY)
		return refusal_set(e, REFUSAL_PART_CUT,
				   "answer ends in the middle of part %zu: no closing delimiter",
				   x->parts);
	return refusal_set(e, REFUSAL_NO_DELIMITER, "multipart answer has no delimiter");
}
