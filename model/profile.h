/*
 * profile.h -- how one insurer speaks BiPRO: the `wire:` part of insurers/ISSUER.yaml.
 * What varies by insurer is data; there is no `if (insurer == ...)` anywhere.
 * Source of each deviation: docs/bipro.md.
 */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

enum wrapper_case { WRAPPER_CAMEL, WRAPPER_CAPITAL }; /* listShipments | ListShipments */
enum message_namespace {
	MESSAGE_NACHRICHTEN,
	MESSAGE_ALLGEMEIN
}; /* home of BiPROVersion: R2.4+ | R2.1 */
enum soap_action {
	ACTION_URN,
	ACTION_BARE,
	ACTION_EMPTY
}; /* "urn:getShipment" | "getShipment" | "" */
enum acknowledge_flag {
	FLAG_OMIT,
	FLAG_TRUE,
	FLAG_FALSE
}; /* BestaetigeLieferungen in the list request */

enum signature_policy {
	SIGNATURE_NONE,       /* a signature is noted, not verified */
	SIGNATURE_IF_PRESENT, /* where there is one it must be good */
	SIGNATURE_REQUIRED
};

struct profile {
	char *transfer_version; /* BiPROVersion of the transfer service, "2.6.1.1.0" */
	char *sts_version;      /* of the security token service; NULL: as transfer_version */
	enum wrapper_case wrappers;
	enum message_namespace messages;
	enum soap_action action;
	enum acknowledge_flag flag;
	bool consumer_id_required;
	enum signature_policy signature;
	char *category; /* KategorieDerLieferung, NULL: do not send */
	int connect_timeout_s, sts_timeout_s, list_timeout_s, get_timeout_s;
	int poll_interval_s;
	uint64_t answer_bytes_most; /* a whole answer */
	int list_most;              /* shipments in one list */
};

/* What holds where the file is silent (docs/bipro.md, defaults). */
extern const struct profile profile_default;

#endif
