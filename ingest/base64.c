#include "ingest/base64.h"

#include <string.h>

#include "ingest/refusal.h"

/* 0 is no sign of base64; V marks a value, so that four of them are checked with one AND. */
#define V(value) (0x40 | (value))
enum { BAD = 0, BLANK = 0x80, PAD = 0x81 };

static const uint8_t signs[256] = {
	['\t'] = BLANK, ['\n'] = BLANK, ['\r'] = BLANK, [' '] = BLANK, ['='] = PAD,   ['A'] = V(0),
	['B'] = V(1),   ['C'] = V(2),   ['D'] = V(3),   ['E'] = V(4),  ['F'] = V(5),  ['G'] = V(6),
	['H'] = V(7),   ['I'] = V(8),   ['J'] = V(9),   ['K'] = V(10), ['L'] = V(11), ['M'] = V(12),
	['N'] = V(13),  ['O'] = V(14),  ['P'] = V(15),  ['Q'] = V(16), ['R'] = V(17), ['S'] = V(18),
	['T'] = V(19),  ['U'] = V(20),  ['V'] = V(21),  ['W'] = V(22), ['X'] = V(23), ['Y'] = V(24),
	['Z'] = V(25),  ['a'] = V(26),  ['b'] = V(27),  ['c'] = V(28), ['d'] = V(29), ['e'] = V(30),
	['f'] = V(31),  ['g'] = V(32),  ['h'] = V(33),  ['i'] = V(34), ['j'] = V(35), ['k'] = V(36),
	['l'] = V(37),  ['m'] = V(38),  ['n'] = V(39),  ['o'] = V(40), ['p'] = V(41), ['q'] = V(42),
	['r'] = V(43),  ['s'] = V(44),  ['t'] = V(45),  ['u'] = V(46), ['v'] = V(47), ['w'] = V(48),
	['x'] = V(49),  ['y'] = V(50),  ['z'] = V(51),  ['0'] = V(52), ['1'] = V(53), ['2'] = V(54),
	['3'] = V(55),  ['4'] = V(56),  ['5'] = V(57),  ['6'] = V(58), ['7'] = V(59), ['8'] = V(60),
	['9'] = V(61),  ['+'] = V(62),  ['/'] = V(63),
};

size_t base64_groups_plain(uint8_t *out, const char *in, size_t len)
{
	const uint8_t *p = (const uint8_t *)in;
	size_t done;

	for (done = 0; len - done >= 4; done += 4, p += 4, out += 3) {
		uint32_t a = signs[p[0]], b = signs[p[1]], c = signs[p[2]], d = signs[p[3]];
		uint32_t bits = (a ^ V(0)) << 18 | (b ^ V(0)) << 12 | (c ^ V(0)) << 6 | (d ^ V(0));

		if (!(a & b & c & d & V(0)))
			break;
		out[0] = (uint8_t)(bits >> 16);
		out[1] = (uint8_t)(bits >> 8);
		out[2] = (uint8_t)bits;
	}
	return done;
}

/* As many whole groups as possible, by the fastest loop this processor has. */
static size_t groups(uint8_t *out, const char *in, size_t len)
{
	size_t done = 0;

	if (len >= 64 && base64_has_avx2())
		done = base64_groups_avx2(out, in, len);
	return done + base64_groups_plain(out + done / 4 * 3, in + done, len - done);
}

/* One sign of the alphabet or a pad, by the book. */
static bool take(uint8_t **out, struct base64 *state, uint8_t value, struct err *e)
{
	if (state->pads && value != PAD)
		return refusal_set(e, REFUSAL_BASE64_PADDING,
				   "base64 goes on behind its padding at character %llu",
				   (unsigned long long)state->offset);
	if (value == PAD) {
		if (state->held + state->pads < 2 || state->held + state->pads > 3)
			return refusal_set(e, REFUSAL_BASE64_PADDING,
					   "base64 has '=' out of place at character %llu",
					   (unsigned long long)state->offset);
		state->pads++;
		return true;
	}
	state->bits = state->bits << 6 | (value & 0x3fu);
	if (++state->held < 4)
		return true;
	*(*out)++ = (uint8_t)(state->bits >> 16);
	*(*out)++ = (uint8_t)(state->bits >> 8);
	*(*out)++ = (uint8_t)state->bits;
	state->bits = state->held = 0;
	return true;
}

/* The bytes of a padded last group come out when its last '=' was seen. */
static bool finish_group(uint8_t **out, struct base64 *state, struct err *e)
{
	unsigned spare = state->held == 2 ? 4 : 2;

	if (state->bits & ((1u << spare) - 1))
		return refusal_set(e, REFUSAL_BASE64_BITS,
				   "base64 has non-zero bits under its padding at character %llu",
				   (unsigned long long)state->offset);
	state->bits >>= spare;
	if (state->held == 3)
		*(*out)++ = (uint8_t)(state->bits >> 8);
	*(*out)++ = (uint8_t)state->bits;
	state->bits = 0;
	return true;
}

static bool step(uint8_t **out, struct base64 *state, uint8_t sign, struct err *e)
{
	uint8_t value = signs[sign];

	if (value == BAD)
		return refusal_set(e, REFUSAL_BASE64_BYTE,
				   "base64 has byte 0x%02x at character %llu", sign,
				   (unsigned long long)state->offset);
	if (value != BLANK && !take(out, state, value, e))
		return false;
	if (value == PAD && state->held + state->pads == 4 && !finish_group(out, state, e))
		return false;
	state->offset++;
	return true;
}

static size_t blanks(const char *in, size_t len)
{
	size_t n = 0;

	while (n < len && signs[(uint8_t)in[n]] == BLANK)
		n++;
	return n;
}

bool base64_decode(uint8_t *out, size_t *out_len, struct base64 *state, const char *in, size_t len,
		   struct err *e)
{
	uint8_t *start = out;
	size_t i = 0;

	while (i < len) {
		if (state->held == 0 && state->pads == 0) {
			size_t done = groups(out, in + i, len - i);
			size_t skipped = blanks(in + i + done, len - i - done);

			out += done / 4 * 3;
			i += done + skipped;
			state->offset += done + skipped;
			if (done + skipped)
				continue;
		}
		if (!step(&out, state, (uint8_t)in[i++], e))
			return false;
	}
	*out_len = (size_t)(out - start);
	return true;
}

bool base64_end(const struct base64 *state, struct err *e)
{
	if (state->held == 0 || state->held + state->pads == 4)
		return true;
	return refusal_set(e, REFUSAL_BASE64_CUT,
			   "base64 ends in the middle of a group at character %llu",
			   (unsigned long long)state->offset);
}
