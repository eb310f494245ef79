#include "ingest/times.h"

#include "base/text.h"
#include "base/zone.h"

static void settle(char **text, const char *zone, struct answer *answer)
{
	char *written = *text ? zone_written(*text, zone, answer) : NULL;

	if (written)
		*text = written;
}

static void settle_head(struct shipment *head, const char *zone, struct answer *answer)
{
	settle(&head->posted, zone, answer);
	settle(&head->available_until, zone, answer);
}

static void settle_delivery(struct delivery *delivery, const char *zone, struct answer *answer)
{
	settle_head(&delivery->head, zone, answer);
	for (size_t i = 0; i < delivery->transfer_count; i++) {
		struct transfer *transfer = &delivery->transfers[i];

		settle(&transfer->created, zone, answer);
		for (size_t k = 0; k < transfer->document_count; k++)
			settle(&transfer->documents[k].created, zone, answer);
	}
}

void times_settle(struct answer *answer, const struct profile *profile)
{
	const char *zone = profile->time_zone;

	if (text_equal(zone, profile_default.time_zone))
		return;
	for (size_t i = 0; i < answer->list.count; i++)
		settle_head(&answer->list.items[i], zone, answer);
	if (answer->delivery)
		settle_delivery(answer->delivery, zone, answer);
}
