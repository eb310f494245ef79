#include "normalizers/fold.h"

#include <string.h>

#ifdef __SSE2__
#include <immintrin.h>
#endif

/* clang-format off */
#define UP(c) [c] = c, [c + ('a' - 'A')] = c
#define AS(c) [c] = c
#define OUT(c) [c] = FOLD_SEPARATOR
const unsigned char fold_table[256] = {
	OUT(' '), OUT('-'), OUT('.'), OUT(':'), OUT(';'), OUT(','), OUT('*'), OUT('_'), OUT('/'), OUT('('), OUT(')'),
	AS('0'), AS('1'), AS('2'), AS('3'), AS('4'), AS('5'), AS('6'), AS('7'), AS('8'), AS('9'),
	UP('A'), UP('B'), UP('C'), UP('D'), UP('E'), UP('F'), UP('G'), UP('H'), UP('I'), UP('J'), UP('K'), UP('L'), UP('M'),
	UP('N'), UP('O'), UP('P'), UP('Q'), UP('R'), UP('S'), UP('T'), UP('U'), UP('V'), UP('W'), UP('X'), UP('Y'), UP('Z'),
};
/* clang-format on */

/* Separators come at random, so there is no branch on them: each character is put down, and stays if the count moves on. */
bool fold_simple(struct folded *out, const char *text, size_t len)
{
	unsigned kept = 0, gap = 0, first = 0;
	uint64_t gaps = 0;
	bool refused = false;

	if (len > FOLD_MOST)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = fold_byte(text[i]);
		unsigned keep = c > FOLD_SEPARATOR;

		refused |= c == FOLD_REFUSED;
		out->text[kept] = (char)c;
		gaps |= (uint64_t)(gap & keep) << kept;
		gap = !keep;
		kept += keep;
		first += !kept;
	}
	out->text[kept] = '\0';
	out->len = kept;
	out->first = first;
	out->gaps = gaps & ~UINT64_C(1);
	return !refused;
}

#ifdef __SSE2__

/* What the bytes of a spelling are; bit i stands for byte i. */
struct spread {
	uint64_t kept, separators;
};

static inline __m128i between(__m128i c, char first, char last)
{
	__m128i above = _mm_sub_epi8(c, _mm_set1_epi8(first));

	return _mm_cmpeq_epi8(_mm_min_epu8(above, _mm_set1_epi8((char)(last - first))), above);
}

static inline __m128i is(__m128i c, char one)
{
	return _mm_cmpeq_epi8(c, _mm_set1_epi8(one));
}

/* fold_table for sixteen bytes: the bits of those to keep, and above them those of the separators. */
static inline unsigned classify(__m128i c)
{
	__m128i letters = between(_mm_or_si128(c, _mm_set1_epi8(0x20)), 'a', 'z');
	__m128i signs = _mm_andnot_si128(is(c, '+'), between(c, '(', '/'));
	__m128i keep = _mm_or_si128(letters, between(c, '0', '9'));

	signs = _mm_or_si128(_mm_or_si128(signs, between(c, ':', ';')),
			     _mm_or_si128(is(c, ' '), is(c, '_')));
	return (unsigned)_mm_movemask_epi8(keep) | (unsigned)_mm_movemask_epi8(signs) << 16;
}

static inline void spread_sixteen(struct spread *s, const char *text, size_t at)
{
	unsigned bits = classify(_mm_loadu_si128((const __m128i *)(text + at)));

	s->kept |= (uint64_t)(bits & 0xffff) << at;
	s->separators |= (uint64_t)(bits >> 16) << at;
}

/* Eight to fifteen bytes: the first eight and the last eight, which overlap. */
static inline void spread_eight(struct spread *s, const char *text, size_t len)
{
	const size_t at = len - 8;
	unsigned bits = classify(_mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)text),
						    _mm_loadl_epi64((const __m128i *)(text + at))));

	s->kept = (bits & 0xff) | (uint64_t)(bits >> 8 & 0xff) << at;
	s->separators = (bits >> 16 & 0xff) | (uint64_t)(bits >> 24) << at;
}

/* Eight bytes from there on, as far as the text goes; the first one stands lowest (x86). */
static inline uint64_t eight_from(const char *text, size_t len, size_t at)
{
	size_t from = at <= len - 8 ? at : len - 8;
	uint64_t bytes;

	memcpy(&bytes, text + from, sizeof(bytes));
	return bytes >> 8 * (at - from);
}

/* Of digits and letters, letters alone have the bit 0x40, and 0x20 in lower case. */
static inline void eight_put(char *to, uint64_t bytes)
{
	bytes &= ~((bytes & UINT64_C(0x4040404040404040)) >> 1);
	memcpy(to, &bytes, sizeof(bytes));
}

static inline void end(struct folded *out, size_t count, uint64_t gaps)
{
	out->text[count] = '\0';
	out->len = (unsigned)count;
	out->gaps = gaps & ~UINT64_C(1);
}

/* What stands between separators, moved together: eight bytes each time, of which the next ones write over what is too many. */
static inline void gather_runs(struct folded *out, uint64_t kept, const char *text, size_t len)
{
	uint64_t gaps = 0;
	size_t count = 0;

	while (kept) {
		size_t at = (size_t)__builtin_ctzll(kept);
		size_t run = (size_t)__builtin_ctzll(~(kept >> at));

		gaps |= UINT64_C(1) << count;
		for (size_t i = 0; i < run; i += 8)
			eight_put(out->text + count + i, eight_from(text, len, at + i));
		count += run;
		kept &= ~UINT64_C(0) << (at + run);
	}
	end(out, count, gaps);
}

/* The same by the instructions made for it: the bytes of eight that a mask keeps, without a branch on how separators fall. */
__attribute__((target("bmi2,popcnt"))) static void
gather_extracted(struct folded *out, uint64_t kept, const char *text, size_t len)
{
	size_t count = 0;

	for (size_t at = 0; at < len; at += 8) {
		uint64_t bits = kept >> at & 0xff;
		uint64_t bytes = _pdep_u64(bits, UINT64_C(0x0101010101010101)) * 0xff;

		eight_put(out->text + count, _pext_u64(eight_from(text, len, at), bytes));
		count += (size_t)__builtin_popcountll(bits);
	}
	end(out, count, _pext_u64(kept & ~(kept << 1), kept));
}

/* AMD's first two generations of Zen have the instructions, but take hundreds of cycles for one. */
static inline bool extracts(void)
{
	return __builtin_cpu_supports("bmi2") && !__builtin_cpu_is("amdfam17h");
}

/* What is kept; false if a character is refused. Of at least eight bytes and at most FOLD_MOST. */
static inline bool kept_bytes(uint64_t *kept, const char *text, size_t len)
{
	struct spread s = { 0, 0 };

	if (len < 16) {
		spread_eight(&s, text, len);
	} else {
		spread_sixteen(&s, text, 0);
		if (len > 32)
			spread_sixteen(&s, text, 16);
		spread_sixteen(&s, text, len - 16);
	}
	*kept = s.kept;
	return (s.kept | s.separators) == (UINT64_C(1) << len) - 1;
}

bool fold_runs(struct folded *out, const char *text, size_t len)
{
	uint64_t kept;

	if (len < 8 || len > FOLD_MOST)
		return fold_simple(out, text, len);
	if (!kept_bytes(&kept, text, len))
		return false;
	out->first = kept ? (unsigned)__builtin_ctzll(kept) : (unsigned)len;
	gather_runs(out, kept, text, len);
	return true;
}

bool fold_quick(struct folded *out, const char *text, size_t len)
{
	uint64_t kept;

	if (len < 8 || len > FOLD_MOST || !extracts())
		return fold_runs(out, text, len);
	if (!kept_bytes(&kept, text, len))
		return false;
	out->first = kept ? (unsigned)__builtin_ctzll(kept) : (unsigned)len;
	gather_extracted(out, kept, text, len);
	return true;
}

#else

bool fold_runs(struct folded *out, const char *text, size_t len)
{
	return fold_simple(out, text, len);
}

bool fold_quick(struct folded *out, const char *text, size_t len)
{
	return fold_simple(out, text, len);
}

#endif
