#include "model/delivery.h"

#include "base/text.h"

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

static bool only_link(const struct document *document)
{
	return !text_empty(document->link) && !document->size;
}

bool delivery_links(const struct delivery *delivery)
{
	for (size_t i = 0; i < delivery->transfer_count; i++)
		for (size_t k = 0; k < delivery->transfers[i].document_count; k++)
			if (only_link(&delivery->transfers[i].documents[k]))
				return true;
	return false;
}
