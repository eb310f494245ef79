/*
 * base64_avx2.c -- the inner loop for processors with AVX2: 32 characters a step.
 *
 * Each character is classified twice, by its high and by its low half byte; a character is of the alphabet exactly
 * if the two classes share no bit. The high half (and the special case '/') then selects what to add to get the value.
 */
#include "ingest/base64.h"

#if defined(__x86_64__)

#include <immintrin.h>

bool base64_has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

/* Six-bit values of 32 characters; false if one is not of the alphabet. */
__attribute__((target("avx2"))) static inline bool values_of(__m256i *values, __m256i chars)
{
	const __m256i by_high = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10,
			      0x10, 0x10, 0x10, 0x10, 0x10));
	const __m256i by_low = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13,
			      0x1A, 0x1B, 0x1B, 0x1B, 0x1A));
	const __m256i shift = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0));
	const __m256i slash = _mm256_set1_epi8('/');
	__m256i high = _mm256_and_si256(_mm256_srli_epi32(chars, 4), _mm256_set1_epi8(0x0f));
	__m256i low = _mm256_and_si256(chars, _mm256_set1_epi8(0x0f));
	__m256i classes = _mm256_and_si256(_mm256_shuffle_epi8(by_high, high),
					   _mm256_shuffle_epi8(by_low, low));
	__m256i row = _mm256_add_epi8(_mm256_cmpeq_epi8(chars, slash), high);

	*values = _mm256_add_epi8(chars, _mm256_shuffle_epi8(shift, row));
	return _mm256_testz_si256(classes, classes);
}

/* Four six-bit values to three bytes, eight times; the 24 bytes stand at the front. */
__attribute__((target("avx2"))) static inline __m256i packed(__m256i values)
{
	const __m256i order = _mm256_broadcastsi128_si256(
		_mm_setr_epi8(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, -1, -1, -1, -1));
	__m256i pairs = _mm256_maddubs_epi16(values, _mm256_set1_epi32(0x01400140));
	__m256i groups = _mm256_madd_epi16(pairs, _mm256_set1_epi32(0x00011000));

	return _mm256_permutevar8x32_epi32(_mm256_shuffle_epi8(groups, order),
					   _mm256_setr_epi32(0, 1, 2, 4, 5, 6, -1, -1));
}

/* A store writes 32 bytes for 24: the loop stops 12 characters before the end, whose room takes the surplus. */
__attribute__((target("avx2"))) size_t base64_groups_avx2(uint8_t *out, const char *in, size_t len)
{
	size_t done = 0;

	while (len - done >= 44) {
		__m256i values;

		if (!values_of(&values,
			       _mm256_loadu_si256((const __m256i *)(const void *)(in + done))))
			break;
		_mm256_storeu_si256((__m256i *)(void *)out, packed(values));
		done += 32;
		out += 24;
	}
	return done;
}

#else

bool base64_has_avx2(void)
{
	return false;
}

size_t base64_groups_avx2(uint8_t *out, const char *in, size_t len)
{
	return base64_groups_plain(out, in, len);
}

#endif
