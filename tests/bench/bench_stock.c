/*
 * bench_stock -- a GDV delivery of any size on standard output, as a stream: contracts of the sandbox's insurers with
 * holders, printed numbers, a plate for one in six, an old number for one in twelve. Same count, same bytes.
 * usage: bench_stock CONTRACTS
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORD 256

static const char *const vus[] = { "5992", "5991", "5993", "9999" };
static const char *const surnames[] = { "Ahrens",  "Brandt", "Clausen", "Dittmer",
					"Eggers",  "Friese", "Gerdes",  "Hansen",
					"Iversen", "Jansen", "Kruse",   "Lorenz",
					"Martens", "Nissen", "Ohlsen",  "Petersen" };
static const char *const first_names[] = { "Anna", "Bodo",  "Carla", "Dirk", "Elke",  "Finn",
					   "Gesa", "Hanno", "Ida",   "Jens", "Karin", "Lars" };
static const char *const lines[] = { "010", "030", "040", "050", "070", "130" };

/* Every number once, without order: a bijection of 32 bits. */
static uint32_t scramble(uint32_t n)
{
	n = n * 2654435761u + 40503u;
	n ^= n >> 15;
	return n * 2246822519u;
}

static void put(char *record, int at, const char *text)
{
	memcpy(record + at - 1, text, strlen(text));
}

static void begin(char *record, const char *type, const char *part, const char *vu,
		  const char *line, const char *number)
{
	char right[18];

	memset(record, ' ', RECORD);
	record[RECORD] = '\n';
	put(record, 1, type);
	put(record, 5, vu);
	put(record, 11, line);
	snprintf(right, sizeof(right), "%17s", number);
	put(record, 14, right);
	put(record, 31, "01");
	put(record, 33, "4711000815");
	put(record, 256, part);
}

static void out(const char *record)
{
	if (fwrite(record, RECORD + 1, 1, stdout) != 1)
		exit(74);
}

static void person(char *record, const char *vu, const char *line, const char *number,
		   uint32_t dice)
{
	char text[24];

	begin(record, "0100", "1", vu, line, number);
	put(record, 43, "1");
	put(record, 44, surnames[dice % 16]);
	put(record, 104, first_names[dice / 16 % 12]);
	snprintf(text, sizeof(text), "%05u", 10000 + dice % 89999);
	put(record, 157, text);
	snprintf(text, sizeof(text), "%02u%02u%04u", 1 + dice % 28, 1 + dice / 28 % 12,
		 1930 + dice / 336 % 75);
	put(record, 226, text);
	put(record, 237, "01");
	out(record);
}

static unsigned contract(char *record, uint32_t i, const char *vu)
{
	uint32_t dice = scramble(i ^ 0x5bd1e995u);
	const char *line = lines[dice % 6];
	char number[24], text[40];

	snprintf(number, sizeof(number), "%010" PRIu32, scramble(i));
	person(record, vu, line, number, dice);
	begin(record, "0200", "1", vu, line, number);
	put(record, 44, "0105200401052031");
	put(record, 69, "1");
	put(record, 116, "000000001250");
	snprintf(text, sizeof(text), "K%09" PRIu32, i / 2);
	put(record, 176, text);
	if (i % 12 == 0) {
		snprintf(text, sizeof(text), "      A%010" PRIu32, i);
		put(record, 209, text);
		put(record, 226, "1");
	}
	out(record);
	begin(record, "0200", "2", vu, line, number);
	snprintf(text, sizeof(text), "%.4s/%.6s-%.2s", number, number + 4, line + 1);
	put(record, 84, text);
	out(record);
	if (strcmp(line, "050") != 0)
		return 3;
	begin(record, "0210", "1", vu, line, number);
	snprintf(text, sizeof(text), "XA-%c%c %u", 'A' + (int)(dice % 26),
		 'A' + (int)(dice / 26 % 26), 1 + dice % 9999);
	put(record, 114, text);
	out(record);
	return 4;
}

int main(int argc, char **argv)
{
	uint32_t count = argc == 2 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
	char record[RECORD + 1], text[24];

	for (uint32_t insurer = 0; insurer < 4; insurer++) {
		const char *vu = vus[insurer];
		uint64_t records = 0, premium = 0;

		begin(record, "0001", "1", vu, "   ", "");
		put(record, 70, "0102202501022025");
		out(record);
		for (uint32_t i = insurer; i < count; i += 4, premium += 1250)
			records += contract(record, i, vu);
		begin(record, "9999", " ", "", "", "");
		memset(record + 4, ' ', RECORD - 4);
		snprintf(text, sizeof(text), "%010" PRIu64, records);
		put(record, 5, text);
		snprintf(text, sizeof(text), "%015" PRIu64, premium);
		put(record, 25, text);
		out(record);
	}
	return fflush(stdout) == 0 ? 0 : 74;
}
