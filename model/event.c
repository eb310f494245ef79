#include "model/event.h"

#include "base/uuid7.h"

json_t *event_row(const char *type, const char *aggregatetype, const char *aggregateid,
		  json_t *data)
{
	char id[UUID_TEXT_SIZE];

	return json_pack("{s:s, s:s, s:s, s:s, s:o}", "event_id", uuid7_text(id), "type", type,
			 "aggregatetype", aggregatetype, "aggregateid", aggregateid, "payload",
			 data);
}
