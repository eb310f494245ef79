/*
 * profile.h -- how one insurer speaks BiPRO: the `wire:` part of insurers/ISSUER.yaml.
 * What varies by insurer is data; there is no `if (insurer == ...)` anywhere.
 * Source of each deviation: docs/bipro.md.
 */
#ifndef MODEL_PROFILE_H
#define MODEL_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/window.h"

enum wrapper_case { WRAPPER_CAMEL, WRAPPER_CAPITAL }; /* listShipments | ListShipments */
enum message_namespace {
	MESSAGE_NACHRICHTEN,
	MESSAGE_ALLGEMEIN
}; /* home of BiPROVersion: R2.4+ | R2.1 */
enum soap_action {
	ACTION_URN,   /* "urn:getShipment" */
	ACTION_BARE,  /* "getShipment" */
	ACTION_EMPTY, /* "" */
	ACTION_URI    /* the insurer's own, with '*' where the operation stands */
};
/* How the security token service wants to be asked (docs/bipro.md, "Logins"). */
enum sts_dialect {
	STS_STANDARD,
	STS_VEMA /* no prefixes in the Body, a WS-Addressing Action, an empty actor on Security */
};
enum acknowledge_flag {
	FLAG_OMIT,
	FLAG_TRUE,
	FLAG_FALSE
}; /* BestaetigeLieferungen in the list request */

/* How a connection proves who it is (docs/bipro.md, "Logins"). */
enum login_kind {
	LOGIN_PASSWORD,    /* user and password at the security token service */
	LOGIN_CERTIFICATE, /* a signed request to the security token service */
	LOGIN_TLS,         /* a TLS client certificate; the SOAP header is empty */
	LOGIN_SAML,        /* an assertion of somebody else's, passed on as it is */
	LOGIN_BEARER,      /* a token in HTTP's Authorization header */
	LOGIN_KINDS
};

enum signature_policy {
	SIGNATURE_NONE,       /* a signature is noted, not verified */
	SIGNATURE_IF_PRESENT, /* where there is one it must be good */
	SIGNATURE_REQUIRED
};
#define SIGNATURE_POLICIES 3

/* When a stored shipment is acknowledged: the insurer offers it no more from then on. */
enum acknowledge_mode {
	ACKNOWLEDGE_AUTOMATIC, /* as soon as it is stored */
	ACKNOWLEDGE_DELAYED,   /* some hours after it was stored */
	ACKNOWLEDGE_MANUAL,    /* when a person releases it */
	ACKNOWLEDGE_MODES
};

#define PARALLEL_MOST         64
#define CALLS_PER_MINUTE_MOST 6000
#define ACKNOWLEDGE_AFTER_MOST_H                                                                   \
	2160 /* 90 days: insurers keep deliveries for months, not for ever */

struct profile {
	char *transfer_version; /* BiPROVersion of the transfer service, "2.6.1.1.0" */
	char *sts_version; /* of the security token service, often an older one; NULL: left out there */
	enum wrapper_case wrappers;
	enum message_namespace messages, sts_messages; /* of either service */
	enum soap_action action, sts_action;
	char *action_uri,
		*sts_action_uri; /* for ACTION_URI; at the token service '*' is Issue or Cancel */
	enum sts_dialect sts_dialect;
	enum acknowledge_flag flag;
	bool consumer_id_required;
	enum login_kind login; /* where the connection says nothing else */
	enum signature_policy signature;
	enum acknowledge_mode acknowledge;
	int acknowledge_after_h; /* for ACKNOWLEDGE_DELAYED: 0 to ACKNOWLEDGE_AFTER_MOST_H */
	char *category;          /* KategorieDerLieferung, NULL: do not send */
	int connect_timeout_s, sts_timeout_s, list_timeout_s, get_timeout_s;
	int poll_interval_s;
	int parallel; /* rounds at once at this insurer, of all workers: 1 to PARALLEL_MOST */
	int calls_per_minute;   /* of all workers; 0: no limit */
	struct window *windows; /* when it may be asked; none: always */
	size_t window_count;
	char *time_zone;            /* of the windows, "Europe/Berlin" */
	uint64_t answer_bytes_most; /* a whole answer */
	int list_most;              /* shipments in one list */
};

/* What holds where the file is silent (docs/bipro.md, defaults). */
extern const struct profile profile_default;

/*
 * Where a release has its BiPROVersion; version: five numbers. False where nobody knows: releases 1, 2.2, 2.3 and those from 3 on.
 * Source: what clients and servers of 2.1 and of 2.4 to 2.9 were seen to write.
 */
bool message_namespace_of(enum message_namespace *messages, const char *version);

/* The words of files, options and rows: "password", ...; "none", "if-present", "required"; "automatic", ... Unknown and NULL are false. */
extern const char *const login_kind_words[LOGIN_KINDS];
extern const char *const signature_policy_words[SIGNATURE_POLICIES];
extern const char *const acknowledge_mode_words[ACKNOWLEDGE_MODES];
bool login_kind_parse(enum login_kind *kind, const char *word);
bool signature_policy_parse(enum signature_policy *policy, const char *word);
bool acknowledge_mode_parse(enum acknowledge_mode *mode, const char *word);

#endif
