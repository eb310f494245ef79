/*
 * postcodes.c -- which postcodes lie in which Land: ranges, ascending, without a gap between two rows of one Land.
 *
 * Source: the map of postal regions as it has stood since the reform of 1993 and as the public lists of postcodes
 * give it. What lies in two Laender (the post goes by roads, not by borders) and what those lists do not agree about
 * is in no row: it counts as unknown, and then only the holidays of all Laender are certain. The sixteen Laender change
 * no postcodes among themselves, so this is data that may be compiled in.
 */
#include <stddef.h>
#include <string.h>

#include "events/calendar.h"

struct range {
	int first, last;
	enum land land;
};

/* clang-format off */
static const struct range ranges[] = {
	{ 1067, 1936, LAND_SN }, { 1945, 1998, LAND_BB }, { 2625, 2959, LAND_SN }, { 2977, 2999, LAND_SN },
	{ 3042, 3249, LAND_BB }, { 4103, 4579, LAND_SN }, { 4600, 4639, LAND_TH }, { 4643, 4889, LAND_SN },
	{ 4895, 4938, LAND_BB }, { 6108, 6548, LAND_ST }, { 6556, 6578, LAND_TH }, { 6618, 6928, LAND_ST },
	{ 7318, 7907, LAND_TH }, { 7922, 7950, LAND_TH }, { 7953, 7980, LAND_TH }, { 7987, 7989, LAND_TH },
	{ 8056, 9669, LAND_SN },
	{ 10115, 14199, LAND_BE }, { 14401, 14712, LAND_BB }, { 14727, 16949, LAND_BB }, { 17033, 17256, LAND_MV },
	{ 17261, 17291, LAND_BB }, { 17328, 17331, LAND_MV }, { 17348, 19260, LAND_MV }, { 19288, 19306, LAND_MV },
	{ 19309, 19356, LAND_BB }, { 19361, 19417, LAND_MV },
	{ 20095, 21035, LAND_HH }, { 21073, 21149, LAND_HH }, { 21217, 21449, LAND_NI }, { 21465, 21521, LAND_SH },
	{ 21522, 21522, LAND_NI }, { 21524, 21529, LAND_SH }, { 21614, 21789, LAND_NI }, { 22041, 22111, LAND_HH },
	{ 22117, 22143, LAND_HH }, { 22147, 22769, LAND_HH }, { 22844, 23919, LAND_SH }, { 23936, 23999, LAND_MV },
	{ 24103, 25999, LAND_SH }, { 26121, 27478, LAND_NI }, { 27498, 27498, LAND_SH }, { 27499, 27499, LAND_HH },
	{ 27568, 27580, LAND_HB }, { 27607, 27809, LAND_NI }, { 28195, 28779, LAND_HB }, { 28790, 29399, LAND_NI },
	{ 29410, 29416, LAND_ST }, { 29439, 29699, LAND_NI }, { 30159, 31868, LAND_NI },
	{ 32049, 33829, LAND_NW }, { 34117, 34329, LAND_HE }, { 34346, 34346, LAND_NI }, { 34356, 34399, LAND_HE },
	{ 34414, 34439, LAND_NW }, { 34454, 36399, LAND_HE }, { 36404, 36469, LAND_TH }, { 37073, 37191, LAND_NI },
	{ 37197, 37199, LAND_NI }, { 37213, 37299, LAND_HE }, { 37308, 37359, LAND_TH }, { 37412, 37647, LAND_NI },
	{ 37671, 37688, LAND_NW }, { 37690, 37691, LAND_NI }, { 37696, 37696, LAND_NW }, { 37697, 38479, LAND_NI },
	{ 38486, 38489, LAND_ST }, { 38518, 38729, LAND_NI }, { 38820, 39649, LAND_ST },
	{ 40210, 48432, LAND_NW }, { 48455, 48465, LAND_NI }, { 48477, 48477, LAND_NW }, { 48480, 48480, LAND_NI },
	{ 48485, 48485, LAND_NW }, { 48488, 48488, LAND_NI }, { 48493, 48496, LAND_NW }, { 48499, 48531, LAND_NI },
	{ 48565, 48739, LAND_NW }, { 49074, 49459, LAND_NI }, { 49477, 49549, LAND_NW }, { 49565, 49849, LAND_NI },
	{ 50126, 51597, LAND_NW }, { 51598, 51598, LAND_RP }, { 51643, 53359, LAND_NW }, { 53424, 53579, LAND_RP },
	{ 53604, 53604, LAND_NW }, { 53619, 53619, LAND_RP }, { 53639, 53949, LAND_NW }, { 54290, 55234, LAND_RP },
	{ 55246, 55252, LAND_HE }, { 55257, 56869, LAND_RP }, { 57072, 57489, LAND_NW }, { 57518, 57648, LAND_RP },
	{ 58089, 59966, LAND_NW },
	{ 60306, 63699, LAND_HE }, { 63739, 63774, LAND_BY }, { 63785, 63927, LAND_BY }, { 63931, 63939, LAND_BY },
	{ 64283, 64753, LAND_HE }, { 64807, 65325, LAND_HE }, { 65329, 65388, LAND_HE }, { 65394, 65556, LAND_HE },
	{ 65558, 65582, LAND_RP }, { 65589, 65620, LAND_HE }, { 65623, 65626, LAND_RP }, { 65629, 65629, LAND_RP },
	{ 65719, 65936, LAND_HE }, { 66111, 66459, LAND_SL }, { 66482, 66509, LAND_RP }, { 66538, 66839, LAND_SL },
	{ 66849, 67829, LAND_RP }, { 68159, 68309, LAND_BW }, { 68519, 68519, LAND_HE }, { 68526, 68549, LAND_BW },
	{ 68623, 68649, LAND_HE }, { 68723, 69231, LAND_BW }, { 69239, 69239, LAND_HE }, { 69242, 69429, LAND_BW },
	{ 69437, 69469, LAND_BW }, { 69483, 69488, LAND_HE }, { 69493, 69502, LAND_BW }, { 69509, 69509, LAND_HE },
	{ 69514, 69514, LAND_BW }, { 69517, 69518, LAND_HE },
	{ 70173, 74592, LAND_BW }, { 74613, 76709, LAND_BW }, { 76726, 76891, LAND_RP }, { 77652, 79879, LAND_BW },
	{ 80331, 87490, LAND_BY }, { 87494, 87561, LAND_BY }, { 87600, 87789, LAND_BY }, { 88045, 88099, LAND_BW },
	{ 88131, 88145, LAND_BY }, { 88149, 88179, LAND_BY }, { 88212, 89079, LAND_BW }, { 89087, 89087, LAND_BY },
	{ 89129, 89198, LAND_BW }, { 89231, 89449, LAND_BY }, { 89518, 89619, LAND_BW },
	{ 90402, 96489, LAND_BY }, { 96515, 96529, LAND_TH }, { 97070, 97859, LAND_BY }, { 97877, 97877, LAND_BW },
	{ 97892, 97892, LAND_BY }, { 97900, 97900, LAND_BW }, { 97903, 97909, LAND_BY }, { 97922, 97999, LAND_BW },
	{ 98527, 99998, LAND_TH },
};
/* clang-format on */

enum land land_of_postcode(const char *postcode)
{
	int code = 0;

	if (!postcode || strlen(postcode) != 5 || strspn(postcode, "0123456789") != 5)
		return LAND_UNKNOWN;
	for (int i = 0; i < 5; i++)
		code = code * 10 + (postcode[i] - '0');
	for (size_t i = 0; i < sizeof ranges / sizeof *ranges && ranges[i].first <= code; i++)
		if (code <= ranges[i].last)
			return ranges[i].land;
	return LAND_UNKNOWN;
}

const char *land_text(enum land land)
{
	static const char *const names[LANDS] = { NULL, "BB", "BE", "BW", "BY", "HB",
						  "HE", "HH", "MV", "NI", "NW", "RP",
						  "SH", "SL", "SN", "ST", "TH" };

	return land >= 0 && land < LANDS ? names[land] : NULL;
}
