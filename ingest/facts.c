#include "ingest/facts.h"

#include <string.h>

#include "base/text.h"
#include "ingest/refusal.h"

/* ---- shapes ---- */

enum field_kind {
	FIELD_TEXT,   /* char * */
	FIELD_DIGEST, /* char [SHA256_TEXT_SIZE] */
	FIELD_BOOL,
	FIELD_INT,  /* int or enum, least to most */
	FIELD_SIZE, /* size_t */
	FIELD_U64,
	FIELD_INSIDE, /* a struct in the struct */
	FIELD_ONE,    /* pointer to a struct, NULL if absent */
	FIELD_MANY,   /* pointer to an array, its count in another field */
	FIELD_TEXTS,  /* same, of char * */
};

struct field {
	enum field_kind kind;
	size_t at, count_at;
	const struct shape *of;
	int least, most;
};

struct shape {
	const struct field *fields;
	size_t count, size;
};

#define TEXT(type, name)                                                                           \
	{                                                                                          \
		.kind = FIELD_TEXT, .at = offsetof(type, name)                                     \
	}
#define DIGEST(type, name)                                                                         \
	{                                                                                          \
		.kind = FIELD_DIGEST, .at = offsetof(type, name)                                   \
	}
#define BOOL(type, name)                                                                           \
	{                                                                                          \
		.kind = FIELD_BOOL, .at = offsetof(type, name)                                     \
	}
#define SIZE(type, name)                                                                           \
	{                                                                                          \
		.kind = FIELD_SIZE, .at = offsetof(type, name)                                     \
	}
#define U64(type, name)                                                                            \
	{                                                                                          \
		.kind = FIELD_U64, .at = offsetof(type, name)                                      \
	}
#define INT(type, name, least_, most_)                                                             \
	{                                                                                          \
		.kind = FIELD_INT, .at = offsetof(type, name), .least = least_, .most = most_      \
	}
#define INSIDE(type, name, shape)                                                                  \
	{                                                                                          \
		.kind = FIELD_INSIDE, .at = offsetof(type, name), .of = &shape##_shape             \
	}
#define ONE(type, name, shape)                                                                     \
	{                                                                                          \
		.kind = FIELD_ONE, .at = offsetof(type, name), .of = &shape##_shape                \
	}
#define MANY(type, name, counter, shape)                                                           \
	{                                                                                          \
		.kind = FIELD_MANY, .at = offsetof(type, name),                                    \
		.count_at = offsetof(type, counter), .of = &shape##_shape                          \
	}
#define TEXTS(type, name, counter)                                                                 \
	{                                                                                          \
		.kind = FIELD_TEXTS, .at = offsetof(type, name),                                   \
		.count_at = offsetof(type, counter)                                                \
	}

/* bytes: what the struct had when its row was last looked at; whoever adds a field adds it here, too. */
#define SHAPE(name, bytes)                                                                         \
	_Static_assert(sizeof(struct name) == (bytes), "struct " #name " changed: see facts.c");   \
	static const struct shape name##_shape = { name##_fields,                                  \
						   sizeof name##_fields / sizeof *name##_fields,   \
						   sizeof(struct name) }

static const struct field message_entry_fields[] = {
	TEXT(struct message_entry, kind),
	TEXT(struct message_entry, code),
	TEXT(struct message_entry, text),
};
SHAPE(message_entry, 24);

static const struct field shipment_fields[] = {
	TEXT(struct shipment, id),
	TEXT(struct shipment, category),
	TEXT(struct shipment, kind),
	TEXT(struct shipment, line),
	TEXT(struct shipment, posted),
	TEXT(struct shipment, available_until),
	BOOL(struct shipment, data_only),
	BOOL(struct shipment, periodic),
	INT(struct shipment, transfer_count, -1, INT32_MAX),
};
SHAPE(shipment, 56);

static const struct field shipment_list_fields[] = {
	MANY(struct shipment_list, items, count, shipment),
	SIZE(struct shipment_list, passed_over),
};
SHAPE(shipment_list, 24);

static const struct field document_fields[] = {
	TEXT(struct document, name),          TEXT(struct document, declared_type),
	TEXT(struct document, media_type),    TEXT(struct document, file_kind),
	TEXT(struct document, document_kind), TEXT(struct document, description),
	TEXT(struct document, compression),   TEXT(struct document, created),
	TEXT(struct document, link),          TEXT(struct document, checksum_kind),
	TEXT(struct document, checksum),      BOOL(struct document, orphan),
	BOOL(struct document, data),          U64(struct document, size),
	DIGEST(struct document, sha256),
};
SHAPE(document, 176);

static const struct field number_fields[] = {
	INT(struct number, kind, 0, NUMBER_KINDS - 1),
	TEXT(struct number, value),
	TEXT(struct number, path),
};
SHAPE(number, 24);

static const struct field party_fields[] = {
	TEXT(struct party, surname),    TEXT(struct party, first_name),
	TEXT(struct party, birth_date), TEXT(struct party, postcode),
	TEXT(struct party, city),       TEXT(struct party, street),
};
SHAPE(party, 48);

static const struct field transfer_fields[] = {
	TEXT(struct transfer, business_case),
	TEXT(struct transfer, line),
	TEXT(struct transfer, insurer_vu),
	TEXT(struct transfer, insurer_name),
	TEXT(struct transfer, broker_number),
	TEXT(struct transfer, plate),
	TEXT(struct transfer, created),
	TEXT(struct transfer, text),
	INSIDE(struct transfer, party, party),
	MANY(struct transfer, numbers, number_count, number),
	MANY(struct transfer, documents, document_count, document),
};
SHAPE(transfer, 144);

static const struct field delivery_fields[] = {
	INSIDE(struct delivery, head, shipment),
	MANY(struct delivery, transfers, transfer_count, transfer),
	TEXTS(struct delivery, warnings, warning_count),
	TEXT(struct delivery, signature),
	TEXT(struct delivery, signer),
};
SHAPE(delivery, 104);

static const struct field answer_fields[] = {
	INT(struct answer, kind, ANSWER_NONE, ANSWER_CANCELLED),
	TEXT(struct answer, version),
	TEXT(struct answer, status),
	MANY(struct answer, messages, message_count, message_entry),
	INSIDE(struct answer, list, shipment_list),
	ONE(struct answer, delivery, delivery),
	TEXT(struct answer, token),
	TEXT(struct answer, token_expires),
	BOOL(struct answer, is_signed),
};
SHAPE(answer, 96);

/* ---- single values ---- */

void facts_add(struct facts_bytes *to, const void *bytes, size_t len, TALLOC_CTX *mem)
{
	if (to->len + len > to->room) {
		to->room = (to->len + len) * 2;
		to->bytes = talloc_realloc_size(mem, to->bytes, to->room);
	}
	if (len)
		memcpy(to->bytes + to->len, bytes, len);
	to->len += len;
}

void facts_put_u64(struct facts_bytes *to, uint64_t value, TALLOC_CTX *mem)
{
	facts_add(to, &value, sizeof value, mem);
}

void facts_put_bytes(struct facts_bytes *to, const void *bytes, size_t len, TALLOC_CTX *mem)
{
	uint32_t stored = bytes ? (uint32_t)len + 1 : 0;

	facts_add(to, &stored, sizeof stored, mem);
	if (bytes)
		facts_add(to, bytes, len, mem);
}

void facts_put_text(struct facts_bytes *to, const char *text, TALLOC_CTX *mem)
{
	facts_put_bytes(to, text, text ? strlen(text) : 0, mem);
}

static bool get(void *value, struct facts_cursor *from, size_t len)
{
	if (from->broken || (size_t)(from->end - from->at) < len) {
		from->broken = true;
		return false;
	}
	memcpy(value, from->at, len);
	from->at += len;
	return true;
}

uint64_t facts_get_u64(struct facts_cursor *from)
{
	uint64_t value = 0;

	return get(&value, from, sizeof value) ? value : 0;
}

char *facts_get_bytes(size_t *len, struct facts_cursor *from, TALLOC_CTX *mem)
{
	uint32_t stored = 0;
	char *bytes;

	*len = 0;
	if (!get(&stored, from, sizeof stored) || stored == 0)
		return NULL;
	if ((size_t)(from->end - from->at) < stored - 1) {
		from->broken = true;
		return NULL;
	}
	*len = stored - 1;
	bytes = talloc_size(mem, stored);
	memcpy(bytes, from->at, *len);
	bytes[*len] = '\0';
	from->at += *len;
	return bytes;
}

char *facts_get_text(struct facts_cursor *from, TALLOC_CTX *mem)
{
	size_t len;
	char *text = facts_get_bytes(&len, from, mem);

	if (text && strlen(text) != len)
		from->broken = true;
	if (from->broken || !text)
		return NULL;
	if (!text_valid_utf8(text, len))
		text_mend(text);
	return text;
}

/* ---- out ---- */

static void write_shape(struct facts_bytes *to, const struct shape *shape, const char *from,
			TALLOC_CTX *mem);

static void write_many(struct facts_bytes *to, const struct field *f, const char *items,
		       size_t count, TALLOC_CTX *mem)
{
	facts_put_u64(to, count, mem);
	for (size_t i = 0; i < count; i++)
		if (f->kind == FIELD_TEXTS)
			facts_put_text(to, ((char *const *)(const void *)items)[i], mem);
		else
			write_shape(to, f->of, items + i * f->of->size, mem);
}

static void write_field(struct facts_bytes *to, const struct field *f, const char *from,
			TALLOC_CTX *mem)
{
	const void *at = from + f->at;

	switch (f->kind) {
	case FIELD_TEXT:
		facts_put_text(to, *(char *const *)at, mem);
		break;
	case FIELD_DIGEST:
		facts_put_text(to, at, mem);
		break;
	case FIELD_BOOL:
		facts_put_u64(to, *(const bool *)at, mem);
		break;
	case FIELD_INT:
		facts_put_u64(to, (uint64_t)(int64_t) * (const int *)at, mem);
		break;
	case FIELD_SIZE:
		facts_put_u64(to, *(const size_t *)at, mem);
		break;
	case FIELD_U64:
		facts_put_u64(to, *(const uint64_t *)at, mem);
		break;
	case FIELD_INSIDE:
		write_shape(to, f->of, at, mem);
		break;
	case FIELD_ONE:
		facts_put_u64(to, *(const char *const *)at != NULL, mem);
		if (*(const char *const *)at)
			write_shape(to, f->of, *(const char *const *)at, mem);
		break;
	case FIELD_MANY:
	case FIELD_TEXTS:
		write_many(to, f, *(const char *const *)at,
			   *(const size_t *)(const void *)(from + f->count_at), mem);
	}
}

static void write_shape(struct facts_bytes *to, const struct shape *shape, const char *from,
			TALLOC_CTX *mem)
{
	for (size_t i = 0; i < shape->count; i++)
		write_field(to, &shape->fields[i], from, mem);
}

void facts_write(struct facts_bytes *to, const struct answer *answer, TALLOC_CTX *mem)
{
	write_shape(to, &answer_shape, (const char *)answer, mem);
}

/* ---- in ---- */

static void read_shape(char *to, const struct shape *shape, struct facts_cursor *from,
		       TALLOC_CTX *mem);

/* The fewest bytes that one of them takes: so a count cannot ask for more memory than its bytes are worth. */
static size_t least_bytes(const struct shape *shape)
{
	size_t least = 0;

	for (size_t i = 0; i < shape->count; i++) {
		const struct field *f = &shape->fields[i];

		if (f->kind == FIELD_INSIDE)
			least += least_bytes(f->of);
		else
			least += f->kind == FIELD_TEXT || f->kind == FIELD_DIGEST ? 4 : 8;
	}
	return least;
}

static void *read_many(size_t *count, const struct field *f, struct facts_cursor *from,
		       TALLOC_CTX *mem)
{
	uint64_t said = facts_get_u64(from);
	size_t least = f->kind == FIELD_TEXTS ? 4 : least_bytes(f->of);
	size_t size = f->kind == FIELD_TEXTS ? sizeof(char *) : f->of->size;
	char *items;

	*count = 0;
	if (said > (uint64_t)(from->end - from->at) / least)
		from->broken = true;
	if (from->broken || !said)
		return NULL;
	items = talloc_zero_size(mem, (size_t)said * size);
	for (size_t i = 0; i < said && !from->broken; i++)
		if (f->kind == FIELD_TEXTS)
			((char **)(void *)items)[i] = facts_get_text(from, mem);
		else
			read_shape(items + i * size, f->of, from, mem);
	*count = (size_t)said;
	return items;
}

static void *read_one(const struct shape *shape, struct facts_cursor *from, TALLOC_CTX *mem)
{
	void *item;

	if (!facts_get_u64(from))
		return NULL;
	item = talloc_zero_size(mem, shape->size);
	read_shape(item, shape, from, item);
	return item;
}

static void read_digest(char *to, struct facts_cursor *from, TALLOC_CTX *mem)
{
	char *text = facts_get_text(from, mem);

	if (!text || strlen(text) >= SHA256_TEXT_SIZE)
		from->broken = true;
	else
		strcpy(to, text);
	talloc_free(text);
}

static void read_int(int *to, const struct field *f, struct facts_cursor *from)
{
	int64_t value = (int64_t)facts_get_u64(from);

	if (value < f->least || value > f->most)
		from->broken = true;
	else
		*to = (int)value;
}

static void read_field(char *to, const struct field *f, struct facts_cursor *from, TALLOC_CTX *mem)
{
	void *at = to + f->at;

	switch (f->kind) {
	case FIELD_TEXT:
		*(char **)at = facts_get_text(from, mem);
		break;
	case FIELD_DIGEST:
		read_digest(at, from, mem);
		break;
	case FIELD_BOOL:
		*(bool *)at = facts_get_u64(from) != 0;
		break;
	case FIELD_INT:
		read_int(at, f, from);
		break;
	case FIELD_SIZE:
		*(size_t *)at = (size_t)facts_get_u64(from);
		break;
	case FIELD_U64:
		*(uint64_t *)at = facts_get_u64(from);
		break;
	case FIELD_INSIDE:
		read_shape(at, f->of, from, mem);
		break;
	case FIELD_ONE:
		*(void **)at = read_one(f->of, from, mem);
		break;
	case FIELD_MANY:
	case FIELD_TEXTS:
		*(void **)at = read_many((size_t *)(void *)(to + f->count_at), f, from, mem);
	}
}

static void read_shape(char *to, const struct shape *shape, struct facts_cursor *from,
		       TALLOC_CTX *mem)
{
	for (size_t i = 0; i < shape->count && !from->broken; i++)
		read_field(to, &shape->fields[i], from, mem);
}

bool facts_read(struct answer **answer, struct facts_cursor *from, TALLOC_CTX *mem, struct err *e)
{
	struct answer *read = talloc_zero(mem, struct answer);

	read_shape((char *)read, &answer_shape, from, read);
	if (!from->broken) {
		*answer = read;
		return true;
	}
	talloc_free(read);
	return refusal_set(e, REFUSAL_READER_LIES, "the reader's facts are none");
}
