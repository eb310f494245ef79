/*
 * reader.h -- from the bytes of one HTTP answer to facts. No network, no database, no secrets, no path: a function
 * from bytes to facts, which may run in a child process and offline (`vorpost delivery read`).
 *
 * The answer is pushed in pieces of any size, as they come from the wire; memory does not grow with the documents,
 * whose decoded bytes go to the sink at once, inline base64 and MTOM parts alike.
 */
#ifndef INGEST_READER_H
#define INGEST_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "base/err.h"
#include "model/delivery.h"
#include "model/document_sink.h"

enum answer_kind {
	ANSWER_NONE,        /* not known yet */
	ANSWER_LIST,        /* listShipmentsResponse */
	ANSWER_DELIVERY,    /* getShipmentResponse */
	ANSWER_ACKNOWLEDGE, /* acknowledgeShipmentResponse */
	ANSWER_TOKEN,       /* RequestSecurityTokenResponse */
	ANSWER_CANCELLED,   /* RequestedTokenCancelled */
};

struct message_entry { /* Meldung */
	char *kind;    /* ArtID */
	char *code;    /* MeldungID, NULL if absent */
	char *text;    /* may name persons: shown to the operator, never logged */
};

struct answer {
	enum answer_kind kind;
	char *version; /* BiPROVersion */
	char *status;  /* StatusID as delivered */
	struct message_entry *messages;
	size_t message_count;
	struct shipment_list list;   /* ANSWER_LIST */
	struct delivery *delivery;   /* ANSWER_DELIVERY */
	char *token, *token_expires; /* ANSWER_TOKEN */
	bool is_signed;              /* a ds:Signature stands in it; not verified here */
};

struct reader_limits {
	uint64_t answer_bytes_most; /* whole answer */
	int list_most;
};

struct reader;

/*
 * content_type: the header as received, NULL if none. expected_id: the shipment that was asked for, NULL: any.
 * sink: gets the documents; may be NULL where no delivery is expected (a document is then an error).
 * The answer and everything in it is a child of mem.
 */
struct reader *reader_new(const char *content_type, const char *expected_id,
			  const struct reader_limits *limits, struct document_sink *sink,
			  TALLOC_CTX *mem);

/* Where the answer's bytes can be had a second time, by their offset in it (the spool). */
struct answer_source {
	void *self;
	bool (*read)(void *self, void *to, size_t len, uint64_t offset,
		     struct err *e); /* exactly len bytes */
};

/*
 * Optional, before the first reader_feed: bytes that were fed can be read again from source, latest when the call of
 * reader_feed that brought them is under way. Used only to verify the Pruefsumme of inline documents; without it MD5 and
 * SHA-1 are computed for every inline document on the way, which costs about three times the SHA-256.
 */
void reader_rereads(struct reader *reader, const struct answer_source *source);

/* The next bytes. After a failure every further call fails with the same error. */
bool reader_feed(struct reader *reader, const void *bytes, size_t len, struct err *e);

/*
 * The end of the answer. *answer is valid only if true is returned: structure complete, status good.
 * An answer that stops in the middle is ERR_DELIVERY: that the transport was cut is for the HTTP layer to see.
 * Fails
 *   ERR_DELIVERY unreadable or refused; the sentence says what was found, what was expected, and where (byte)
 *   ERR_DELIVERY with code: NOK or a fault whose MeldungID is final (answer_route in status.h)
 *   ERR_RETRY    codes 00932, 0094x, 04004, and a server fault without any code
 *   ERR_LOGIN    00960, 00961, 00963..00966;  ERR_RETRY with code "00962": session expired, log in again once
 *   ERR_SETUP    00007, 00008, 00009, 009xx, 04005: the profile does not fit
 * 04001 (no shipments) is an empty list and success.
 */
bool reader_end(struct reader *reader, struct answer **answer, struct err *e);

/* After reader_end failed: was it the insurer who refused (a fault or a status NOK)? */
bool reader_refused(const struct reader *reader);

/* Is it the answer to what was asked? Fails ERR_DELIVERY: it is that of another operation. */
bool answer_fits(const struct answer *answer, enum answer_kind asked, struct err *e);

#endif
