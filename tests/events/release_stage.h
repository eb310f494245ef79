/*
 * release_stage.h -- documents, contracts and what happens to them, for the tests of the releaser. One document d at a time is
 * attached and detached; the contracts C1 and C2 are customer K1's, C3 is K2's, C0 is nobody's.
 */
#ifndef TESTS_EVENTS_RELEASE_STAGE_H
#define TESTS_EVENTS_RELEASE_STAGE_H

#include <stdarg.h>

#include "events/release.h"
#include "events/releases.h"
#include "events/sequence.h"
#include "tests/events/stage.h"

#define DOCUMENT "01920000-0000-7000-8000-00000000000d"

static inline void sql_do(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline void sql_do(const char *format, ...)
{
	va_list args;
	char *sql;

	va_start(args, format);
	sql = talloc_vasprintf(NULL, format, args);
	va_end(args);
	raw_do(stage.raw, sql);
	talloc_free(sql);
}

/* A document as it lies in the queue; the line may be "". */
static inline void document_put(const char *id, const char *line, int no)
{
	sql_do("insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no, media_type,"
	       " size, sha256, issuer, line, numbers, facts, state, tier, reason, evidence, candidates)"
	       " values ('" BROKER
	       "', '%s', 'nord', 's1', %d, 1, 'application/pdf', 1, '00', 'nordstern',"
	       " nullif('%s', ''), '[]', '{}', 'queued', 'none', 'no_number', '[]', '[]')",
	       id, no, line);
}

static inline void releases_open(void)
{
	stage_open();
	sql_do("insert into connection (broker, connection, issuer, sts_url, transfer_url)"
	       " values ('" BROKER "', 'nord', 'nordstern', 'x', 'x')");
	sql_do("insert into shipment (broker, connection, shipment_id) values ('" BROKER
	       "', 'nord', 's1')");
	sql_do("insert into contract (broker, contract_id, issuer, line, customer_id) values"
	       " ('" BROKER "', 'C0', 'nordstern', '050', null), ('" BROKER
	       "', 'C1', 'nordstern', '050', 'K1'),"
	       " ('" BROKER "', 'C2', 'nordstern', '130', 'K1'), ('" BROKER
	       "', 'C3', 'nordstern', '050', 'K2')");
	document_put(DOCUMENT, "", 1);
}

/* NULL: nobody. */
static inline const char *customer_of(const char *contract)
{
	char *sql = talloc_asprintf(stage.mem,
				    "select customer_id from contract where broker = '" BROKER
				    "' and contract_id = '%s'",
				    contract);
	const char *customer = raw_value(stage.raw, sql);

	return *customer ? customer : NULL;
}

/* What the matcher writes about a document. */
static inline void moved(const char *type, const char *document, const char *contract,
			 const char *tier, const char *category)
{
	bool collective = *contract == '&';
	char id[UUID_TEXT_SIZE];
	const char *customer = customer_of(contract += collective);

	sql_do("insert into event (broker, id, aggregatetype, aggregateid, type, payload) values ('" BROKER
	       "', '%s', 'customer', '%s', '%s', '{\"document_id\": \"%s\", \"contract_id\": \"%s\","
	       "%s%s%s%s \"insurer\": \"nordstern\", \"category\": \"%s\", \"tier\": \"%s\","
	       " \"media_type\": \"application/pdf\", \"shipment\": {\"connection\": \"nord\", \"id\": \"s1\"}}')",
	       uuid7_text(id), customer ? customer : contract, type, document, contract,
	       customer ? "\"customer_id\": \"" : "", customer ? customer : "",
	       customer ? "\"," : "", collective ? "\"collective\": true," : "", category, tier);
}

/* One turn of the sequencer; how many events it numbered. */
static inline int64_t turn(void)
{
	struct err e = { 0 };
	int64_t numbered = 0;

	ck_assert_msg(sequence_run(stage.db, BROKER, &numbered, &e), "%s", e.text);
	return numbered;
}

/* "document.released:C1 ..." of everything for customers, in the order of position. */
__attribute__((unused)) static inline const char *told(void)
{
	return raw_value(
		stage.raw,
		"select coalesce(string_agg(replace(type, 'document.', '') || ':' ||"
		" coalesce(payload ->> 'from_contract_id' || '>', '') || (payload ->> 'contract_id'), ' '"
		" order by position), '') from event where broker = '" BROKER
		"' and type not in ('document.attached', 'document.detached')");
}

/* "C1:released ..." of all attachments of the document, oldest first. */
static inline const char *states(void)
{
	return raw_value(
		stage.raw,
		"select coalesce(string_agg(contract_id || ':' || state, ' ' order by attached_at), '')"
		" from release where broker = '" BROKER "' and document_id = '" DOCUMENT "'");
}

/* The hold-backs that run are over now. */
static inline void time_passes(void)
{
	raw_do(stage.raw,
	       "update release set due_at = now() - interval '1 second' where due_at is not null");
}

#endif
