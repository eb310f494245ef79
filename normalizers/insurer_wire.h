/*
 * insurer_wire.h -- inside the room: the `wire:` part of an insurer's file, by its schema, into a profile.
 */
#ifndef NORMALIZERS_INSURER_WIRE_H
#define NORMALIZERS_INSURER_WIRE_H

#include <stdint.h>

#include "base/yaml.h"
#include "normalizers/insurer_file.h"

/* The part as it stands; NULL: the key is absent. */
struct wire_row {
	char *transfer_version, *sts_version, *soap_action, *sts_soap_action;
	char *category, *source, *time_zone;
	char **windows;
	unsigned windows_count;
	int *wrappers, *messages, *sts_messages, *sts_dialect, *flag, *consumer_id;
	int *signature, *login, *acknowledge;
	unsigned *connect_timeout_s, *sts_timeout_s, *list_timeout_s, *get_timeout_s;
	unsigned *poll_interval_s, *list_most, *acknowledge_after_h, *parallel, *calls_per_minute;
	uint64_t *answer_bytes_most;
};

extern const cyaml_schema_field_t insurer_wire_fields[];

/* row: NULL if the file has no such part. Texts become children of in. Fails ERR_SETUP with file and key. */
bool insurer_wire_take(struct insurer *in, const struct wire_row *row, struct err *e);

#endif
