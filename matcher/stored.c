#include "matcher/stored.h"

#include <string.h>

#include "base/text.h"
#include "matcher/notice.h"
#include "matcher/suggest.h"

/* How the evidence begins that delivery_record.sql and document_change.sql add. */
#define DUPLICATE_SAYS "the same bytes came before as document "

/* Members of a shape that are text, for writing and reading alike. */
struct member {
	const char *name;
	size_t offset;
};
#define MEMBER(type, field)                                                                        \
	{                                                                                          \
#field, offsetof(struct type, field)                                               \
	}

static const struct member document_members[] = {
	MEMBER(document, file_kind),
	MEMBER(document, document_kind),
	MEMBER(document, description),
	MEMBER(document, compression),
	MEMBER(document, created),
	MEMBER(document, link),
	MEMBER(document, checksum_kind),
	MEMBER(document, checksum),
	{ NULL, 0 },
};

static const struct member transfer_members[] = {
	MEMBER(transfer, insurer_name), MEMBER(transfer, broker_number), MEMBER(transfer, plate),
	MEMBER(transfer, created),      MEMBER(transfer, text),          { NULL, 0 },
};

static const struct member party_members[] = {
	MEMBER(party, surname),
	MEMBER(party, first_name),
	MEMBER(party, birth_date),
	MEMBER(party, postcode),
	MEMBER(party, city),
	MEMBER(party, street),
	{ NULL, 0 },
};

static const struct member shipment_members[] = {
	MEMBER(shipment, category),
	MEMBER(shipment, kind),
	MEMBER(shipment, line),
	MEMBER(shipment, posted),
	MEMBER(shipment, available_until),
	{ NULL, 0 },
};

/* Absent members are left out. */
static json_t *write_members(const struct member *members, const void *shape)
{
	json_t *object = json_object();

	for (; members->name; members++) {
		const char *text = *(char *const *)((const char *)shape + members->offset);

		if (text)
			json_object_set_new(object, members->name, json_outside(text));
	}
	return object;
}

static void read_members(const struct member *members, void *shape, const json_t *object,
			 TALLOC_CTX *mem)
{
	for (; members->name; members++)
		*(char **)((char *)shape + members->offset) = talloc_strdup(
			mem, json_string_value(json_object_get(object, members->name)));
}

json_t *stored_shipment(const struct shipment *shipment)
{
	return write_members(shipment_members, shipment);
}

static json_t *numbers_write(const struct transfer *transfer)
{
	json_t *numbers = json_array();

	for (size_t i = 0; i < transfer->number_count; i++) {
		const struct number *n = &transfer->numbers[i];

		json_array_append_new(numbers, json_pack("{s:s, s:o, s:o}", "kind",
							 number_kind_name(n->kind), "value",
							 json_outside(n->value), "path",
							 json_outside(n->path)));
	}
	return numbers;
}

static json_t *transfer_facts(const struct transfer *transfer)
{
	json_t *object = write_members(transfer_members, transfer);

	json_object_set_new(object, "party", write_members(party_members, &transfer->party));
	return object;
}

json_t *stored_transfer(const struct transfer *transfer)
{
	json_t *object = transfer_facts(transfer);

	json_object_set_new(object, "business_case", json_outside(transfer->business_case));
	json_object_set_new(object, "line", json_outside(transfer->line));
	json_object_set_new(object, "insurer_vu", json_outside(transfer->insurer_vu));
	json_object_set_new(object, "numbers", numbers_write(transfer));
	return object;
}

/* The key of the first claim number: later documents of the claim find the contract by it. */
static const char *claim_key(const struct facts *facts)
{
	for (size_t i = 0; i < facts->asked_count; i++)
		if (facts->asked[i].use == USE_CLAIM && key_usable(facts->asked[i].key))
			return facts->asked[i].key->plain;
	return NULL;
}

static json_t *facts_write(const struct facts *facts)
{
	json_t *document = write_members(document_members, facts->document);
	json_t *object = json_object();
	const char *claim = claim_key(facts);

	if (facts->document->orphan)
		json_object_set_new(document, "orphan", json_true());
	if (facts->document->data)
		json_object_set_new(document, "data", json_true());
	json_object_set_new(object, "shipment", stored_shipment(facts->shipment));
	json_object_set_new(object, "transfer", transfer_facts(facts->transfer));
	json_object_set_new(object, "document", document);
	if (claim)
		json_object_set_new(object, "claim", json_string(claim));
	return object;
}

/* Under which keys its numbers are looked up, each once. */
static json_t *keys_write(const struct facts *facts)
{
	json_t *seen = json_object(), *keys = json_array();
	const char *key;
	json_t *value;

	for (size_t i = 0; i < facts->asked_count; i++) {
		const struct key *k = facts->asked[i].key;

		if (facts->asked[i].use == USE_NONE || !key_usable(k))
			continue;
		json_object_set_new(seen, k->plain, json_true());
		if (k->canonical)
			json_object_set_new(seen, k->canonical, json_true());
	}
	json_object_foreach(seen, key, value) json_array_append_new(keys, json_string(key));
	json_decref(seen);
	return keys;
}

json_t *stored_row(const struct facts *facts, const char *document_id, int transfer_no, int file_no)
{
	const struct document *document = facts->document;
	const struct transfer *transfer = facts->transfer;
	const char *type = document->media_type;

	return json_pack(
		"{s:s, s:i, s:i, s:o, s:o, s:s, s:I, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o}",
		"document_id", document_id, "transfer_no", transfer_no, "file_no", file_no, "name",
		json_outside(document->name), "declared_type",
		json_outside(document->declared_type), "media_type",
		type ? type : "application/octet-stream", "size", (json_int_t)document->size,
		"sha256", document->sha256, "issuer", facts->issuer ? facts->issuer : "unknown",
		"vu", json_outside(transfer->insurer_vu), "business_case",
		json_outside(transfer->business_case), "line", json_outside(transfer->line),
		"numbers", numbers_write(transfer), "facts", facts_write(facts), "keys",
		keys_write(facts));
}

void verdict_put(json_t *row, const struct verdict *verdict)
{
	json_t *evidence = json_array(), *candidates = json_array(), *more = json_array();

	for (size_t i = 0; i < verdict->evidence_count; i++)
		json_array_append_new(evidence,
				      json_pack("{s:s, s:b}", "says", verdict->evidence[i].says,
						"against", verdict->evidence[i].against));
	for (size_t i = 0; i < verdict->candidate_count; i++)
		json_array_append_new(candidates, json_outside(verdict->candidates[i]));
	for (size_t i = 0; i < verdict->more_count; i++)
		json_array_append_new(more, json_pack("{s:o, s:o, s:i}", "contract_id",
						      json_outside(verdict->more[i].contract_id),
						      "customer_id",
						      json_outside(verdict->more[i].customer_id),
						      "revision", verdict->more[i].revision));
	json_object_set_new(row, "state", json_string(verdict->filed ? "filed" : "queued"));
	json_object_set_new(row, "contract_id", json_outside(verdict->contract_id));
	json_object_set_new(row, "customer_id", json_outside(verdict->customer_id));
	json_object_set_new(row, "revision", json_integer(verdict->revision));
	json_object_set_new(row, "more", more);
	json_object_set_new(row, "tier", json_string(tier_text(verdict->tier)));
	json_object_set_new(row, "reason", json_string(reason_text(verdict->reason)));
	json_object_set_new(row, "evidence", evidence);
	json_object_set_new(row, "candidates", candidates);
}

/* ---- in shadow ---- */

static void candidate_move(json_t *candidates, const char *id)
{
	for (size_t i = json_array_size(candidates); i-- > 0;)
		if (text_equal(json_string_value(json_array_get(candidates, i)), id))
			json_array_remove(candidates, i);
	json_array_insert_new(candidates, 0, json_outside(id));
}

/* The contracts where it would lie, then what else was found; at most VERDICT_CANDIDATES_MOST. */
static void shadow_candidates(json_t *candidates, const struct verdict *verdict)
{
	for (size_t i = verdict->more_count; i-- > 0;)
		candidate_move(candidates, verdict->more[i].contract_id);
	candidate_move(candidates, verdict->contract_id);
	while (json_array_size(candidates) > VERDICT_CANDIDATES_MOST)
		json_array_remove(candidates, json_array_size(candidates) - 1);
}

void verdict_put_shadow(json_t *row, const struct verdict *verdict)
{
	json_t *shadow = json_object();

	verdict_put(row, verdict);
	json_object_set(shadow, "tier", json_object_get(row, "tier"));
	json_object_set_new(row, "shadow", shadow);
	if (!verdict->filed)
		return;
	json_object_set(shadow, "contract_id", json_object_get(row, "contract_id"));
	json_object_set(shadow, "customer_id", json_object_get(row, "customer_id"));
	json_object_set(shadow, "more", json_object_get(row, "more"));
	for (size_t i = 0; i < verdict->more_count; i++)
		json_object_del(json_array_get(json_object_get(shadow, "more"), i), "revision");
	shadow_candidates(json_object_get(row, "candidates"), verdict);
	json_object_set_new(row, "state", json_string("queued"));
	json_object_set_new(row, "contract_id", json_null());
	json_object_set_new(row, "customer_id", json_null());
	json_object_set_new(row, "more", json_array());
	json_object_set_new(row, "tier", json_string(tier_text(TIER_NONE)));
	json_object_set_new(row, "reason", json_string(reason_text(REASON_SHADOW)));
}

static bool kind_parse(enum number_kind *kind, const char *text)
{
	for (int i = 0; text && i < NUMBER_KINDS; i++)
		if (!strcmp(number_kind_name((enum number_kind)i), text)) {
			*kind = (enum number_kind)i;
			return true;
		}
	return false;
}

static bool numbers_read(struct stored *s, const char *text, struct err *e)
{
	json_t *array = json_loads(text, 0, NULL);
	bool ok = json_is_array(array);

	s->transfer.number_count = json_array_size(array);
	s->transfer.numbers = talloc_zero_array(s, struct number, s->transfer.number_count);
	for (size_t i = 0; ok && i < s->transfer.number_count; i++) {
		struct number *n = &s->transfer.numbers[i];
		const json_t *item = json_array_get(array, i);

		ok = kind_parse(&n->kind, json_string_value(json_object_get(item, "kind")));
		n->value = talloc_strdup(s, json_string_value(json_object_get(item, "value")));
		n->path = talloc_strdup(s, json_string_value(json_object_get(item, "path")));
	}
	json_decref(array);
	return ok ||
	       err_set(e, ERR_BUG, "the numbers of document %s cannot be read", s->document_id);
}

static bool facts_read(struct stored *s, const char *text, struct err *e)
{
	json_t *facts = json_loads(text, 0, NULL);
	const json_t *transfer = json_object_get(facts, "transfer");
	const json_t *document = json_object_get(facts, "document");
	struct document *d = s->transfer.documents;

	if (!json_is_object(facts))
		return err_set(e, ERR_BUG, "the facts of document %s cannot be read",
			       s->document_id);
	read_members(shipment_members, &s->shipment, json_object_get(facts, "shipment"), s);
	read_members(transfer_members, &s->transfer, transfer, s);
	read_members(party_members, &s->transfer.party, json_object_get(transfer, "party"), s);
	read_members(document_members, d, document, s);
	d->orphan = json_is_true(json_object_get(document, "orphan"));
	d->data = json_is_true(json_object_get(document, "data"));
	json_decref(facts);
	return true;
}

/* The columns that are texts of their own. */
static void columns_read(struct stored *s, const struct rows *rows, int row)
{
	const struct {
		const char *column;
		char **to;
	} texts[] = {
		{ "document_id", &s->document_id },
		{ "connection", &s->connection },
		{ "connection_issuer", &s->connection_issuer },
		{ "shipment_id", &s->shipment_id },
		{ "issuer", &s->issuer },
		{ "state", &s->state },
		{ "contract_id", &s->contract_id },
		{ "customer_id", &s->customer_id },
		{ "tier", &s->tier },
		{ "reason", &s->reason },
		{ "received_at", &s->received_at },
		{ "decided_at", &s->decided_at },
		{ "decided_by", &s->decided_by },
		{ "evidence", &s->evidence },
		{ "candidates", &s->candidates },
		{ "more", &s->more },
		{ "shadow", &s->shadow },
		{ "taken_back", &s->taken_back },
		{ "duplicate_of", &s->duplicate_of },
		{ "shipment_id", &s->shipment.id },
		{ "vu", &s->transfer.insurer_vu },
		{ "business_case", &s->transfer.business_case },
		{ "line", &s->transfer.line },
		{ "name", &s->transfer.documents->name },
		{ "declared_type", &s->transfer.documents->declared_type },
		{ "media_type", &s->transfer.documents->media_type },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i].to = talloc_strdup(s, rows_text(rows, row, texts[i].column));
	s->transfer_no = (int)rows_int(rows, row, "transfer_no");
	s->file_no = (int)rows_int(rows, row, "file_no");
	s->version = (int)rows_int(rows, row, "version");
	s->remembered = rows_bool(rows, row, "remembered");
}

struct stored *stored_read(const struct rows *rows, int row, TALLOC_CTX *mem, struct err *e)
{
	struct stored *s = talloc_zero(mem, struct stored);
	struct document *d = talloc_zero(s, struct document);

	s->transfer.documents = d;
	s->transfer.document_count = 1;
	columns_read(s, rows, row);
	d->size = (uint64_t)rows_int(rows, row, "size");
	strncpy(d->sha256, rows_text(rows, row, "sha256"), sizeof d->sha256 - 1);
	if (!numbers_read(s, rows_text(rows, row, "numbers"), e) ||
	    !facts_read(s, rows_text(rows, row, "facts"), e))
		TALLOC_FREE(s);
	return s;
}

/* As facts have it: the ids, ended by NULL. */
static const char *const *taken_back_read(struct stored *s)
{
	json_t *ids = s->taken_back ? json_loads(s->taken_back, 0, NULL) : NULL;
	const char **list = talloc_zero_array(s, const char *, json_array_size(ids) + 1);

	for (size_t i = 0; i < json_array_size(ids); i++)
		list[i] = talloc_strdup(list, json_string_value(json_array_get(ids, i)));
	json_decref(ids);
	return list;
}

const struct facts *stored_facts(struct stored *stored, const struct matcher *matcher)
{
	const struct facts_setting setting = {
		.insurers = matcher->insurers,
		.issuer = stored->connection_issuer,
		.received = stored->received_at,
		.strict_lines = matcher->strict_lines,
		.weighing = matcher->weighing,
	};

	if (!stored->facts)
		stored->facts =
			facts_of_transfer(&setting, &stored->shipment, &stored->transfer, stored);
	stored->facts->taken_back = taken_back_read(stored);
	return stored->facts;
}

/* JSON that the database gave; null if it gave none. */
static json_t *json_kept(const char *text)
{
	json_t *json = text ? json_loads(text, 0, NULL) : NULL;

	return json ? json : json_null();
}

/* Without the sentence that whoever writes a duplicate adds. */
static json_t *evidence_kept(const char *text)
{
	json_t *evidence = json_kept(text);

	for (size_t i = json_array_size(evidence); i-- > 0;) {
		const char *says =
			json_string_value(json_object_get(json_array_get(evidence, i), "says"));

		if (says && !strncmp(says, DUPLICATE_SAYS, strlen(DUPLICATE_SAYS)))
			json_array_remove(evidence, i);
	}
	return evidence;
}

json_t *stored_verdict(const struct stored *s)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:b}", "state", s->state,
			 "contract_id", json_outside(s->contract_id), "customer_id",
			 json_outside(s->customer_id), "more", json_kept(s->more), "tier", s->tier,
			 "reason", s->reason, "evidence", evidence_kept(s->evidence), "candidates",
			 json_kept(s->candidates), "decided_by", json_outside(s->decided_by),
			 "remembered", s->remembered);
}

char *stored_contracts(const struct stored *s, TALLOC_CTX *mem)
{
	json_t *more = s->more ? json_loads(s->more, 0, NULL) : NULL, *place;
	char *all = talloc_strdup(mem, s->contract_id);
	size_t i;

	json_array_foreach(more, i, place)
	{
		all = talloc_asprintf_append(
			all, ", %s", json_string_value(json_object_get(place, "contract_id")));
	}
	json_decref(more);
	return all;
}
