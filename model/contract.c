#include "model/contract.h"

#include <string.h>

static const char *const origins[NAME_ORIGINS] = {
	[NAME_SYSTEM] = "system",           [NAME_PRINTED] = "printed", [NAME_OTHER] = "other",
	[NAME_APPLICATION] = "application", [NAME_PERSON] = "person",   [NAME_FORMER] = "former",
	[NAME_BROKER] = "broker",           [NAME_CLAIM] = "claim",
};

const char *name_origin_text(enum name_origin origin)
{
	return origins[origin];
}

bool name_origin_parse(enum name_origin *origin, const char *text)
{
	for (int i = 0; i < NAME_ORIGINS; i++) {
		if (strcmp(origins[i], text) != 0)
			continue;
		*origin = (enum name_origin)i;
		return true;
	}
	return false;
}
