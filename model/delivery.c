#include "model/delivery.h"

static const char *const kinds[NUMBER_KINDS] = {
	[NUMBER_POLICY] = "policy", [NUMBER_PRINTED] = "printed",
	[NUMBER_OLD] = "old",       [NUMBER_APPLICATION] = "application",
	[NUMBER_CLAIM] = "claim",   [NUMBER_BROKER] = "broker",
	[NUMBER_LINK] = "link",     [NUMBER_CASE] = "case",
};

const char *number_kind_name(enum number_kind kind)
{
	return kinds[kind];
}
