/* answer_finish.c -- what only the whole answer can tell: refusals, counts, references, checksums. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "ingest/answer.h"
#include "ingest/mime.h"
#include "ingest/refusal.h"
#include "ingest/status.h"

/* --- NOK and faults --- */

static const char *telling_code(const struct builder *b)
{
	const char *best = NULL;

	for (size_t i = 0; i < b->answer->message_count; i++) {
		const char *code = b->answer->messages[i].code;

		if (status_is_code(code) && status_outranks(code, best))
			best = code;
	}
	return best ? best : status_of_faultcode(b->faultcode);
}

static bool has_code(const struct builder *b, const char *code)
{
	for (size_t i = 0; i < b->answer->message_count; i++)
		if (text_equal(b->answer->messages[i].code, code))
			return true;
	return false;
}

/* "00960, 00962" */
static char *codes_in_words(const struct builder *b, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "");

	for (size_t i = 0; i < b->answer->message_count; i++) {
		const char *code = b->answer->messages[i].code;

		if (status_is_code(code))
			text = talloc_asprintf_append_buffer(text, "%s%s", *text ? ", " : "", code);
	}
	return text;
}

static bool server_fault(const struct builder *b)
{
	const char *colon = b->faultcode ? strrchr(b->faultcode, ':') : NULL;

	return b->faultcode && strncmp(colon ? colon + 1 : b->faultcode, "Server", 6) == 0;
}

static bool refused(struct builder *b, struct err *e)
{
	const char *code = telling_code(b);
	const struct status_code *row = status_lookup(code);
	const char *codes = codes_in_words(b, b);
	const char *what = b->fault ? "a fault" : "NOK";

	b->fault = true;
	if (code && !*codes)
		codes = code;
	if (!*codes && server_fault(b))
		return err_set(e, ERR_RETRY,
			       "insurer answers with %s of the server and no MeldungID", what);
	if (!*codes)
		return refusal_set(e, REFUSAL_INSURER, "insurer answers with %s and no MeldungID",
				   what);
	err_set_code(e, row->route, code, "insurer answers with %s: %s (%s)", what, codes,
		     row->says);
	return refusal_mark(e, REFUSAL_INSURER);
}

/* --- list --- */

static bool shipment_id_fits(const struct shipment *shipment, struct err *e)
{
	if (text_empty(shipment->id))
		return refusal_set(e, REFUSAL_SHIPMENT_ID, "Lieferung has no ID");
	if (strlen(shipment->id) > SHIPMENT_ID_LEN_MOST)
		return refusal_set(e, REFUSAL_SHIPMENT_ID,
				   "ID of a Lieferung has more than %d bytes",
				   SHIPMENT_ID_LEN_MOST);
	return true;
}

static int by_id(const void *left, const void *right)
{
	const struct shipment *const *a = left, *const *b = right;
	int order = strcmp((*a)->id, (*b)->id);

	return order ? order : (*a > *b) - (*a < *b);
}

/* The same shipment twice in a list is one shipment. */
static void drop_repeated(struct shipment_list *list)
{
	const struct shipment **sorted = talloc_array(NULL, const struct shipment *, list->count);
	bool *drop = talloc_zero_array(sorted, bool, list->count);
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		sorted[i] = &list->items[i];
	qsort(sorted, list->count, sizeof *sorted, by_id);
	for (size_t i = 1; i < list->count; i++)
		drop[sorted[i] - list->items] = strcmp(sorted[i]->id, sorted[i - 1]->id) == 0;
	for (size_t i = 0; i < list->count; i++)
		if (!drop[i])
			list->items[kept++] = list->items[i];
	list->count = kept;
	talloc_free(sorted);
}

/* What has no usable ID cannot be asked for; the others wait behind it all the same. */
static void pass_over(struct shipment_list *list)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->count; i++)
		if (shipment_id_fits(&list->items[i], NULL))
			list->items[kept++] = list->items[i];
	list->passed_over = list->count - kept;
	list->count = kept;
}

static void finish_list(struct shipment_list *list)
{
	pass_over(list);
	if (list->count > 1)
		drop_repeated(list);
}

/* --- parts --- */

/* A reference as it is written, and percent-decoded. */
struct reference {
	const char *written, *decoded;
};

typedef bool matches(const struct part *part, const struct reference *reference);

static bool same_decoded(const struct part *part, const struct reference *reference)
{
	return strcmp(part->id, reference->decoded) == 0;
}

static bool same_written(const struct part *part, const struct reference *reference)
{
	return strcmp(part->id, reference->written) == 0;
}

static bool same_but_encoded(const struct part *part, const struct reference *reference)
{
	return strcmp(part->id_decoded, reference->decoded) == 0;
}

static bool same_but_case(const struct part *part, const struct reference *reference)
{
	return strcasecmp(part->id_decoded, reference->decoded) == 0;
}

/* The part a reference means: the strictest way of comparing that finds one decides. *found NULL if none does. */
static bool find_part(struct part **found, struct builder *b, const char *written, struct err *e)
{
	static matches *const ways[] = { same_decoded, same_written, same_but_encoded,
					 same_but_case };
	const struct reference reference = { written, mime_percent_decoded(written, b) };
	size_t hits = 0;

	*found = NULL;
	for (size_t w = 0; w < sizeof ways / sizeof ways[0] && !hits; w++)
		for (size_t i = 0; i < b->part_count; i++)
			if (b->parts[i].id && ways[w](&b->parts[i], &reference)) {
				*found = &b->parts[i];
				hits++;
			}
	if (hits > 1)
		return refusal_set(e, REFUSAL_CONTENT_ID_AMBIGUOUS,
				   "xop:Include fits more than one part");
	return true;
}

static int by_part_id(const void *left, const void *right)
{
	return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static bool parts_unique(const struct builder *b, struct err *e)
{
	const char **ids = talloc_array(NULL, const char *, b->part_count);
	size_t count = 0;
	bool unique = true;

	for (size_t i = 0; i < b->part_count; i++)
		if (b->parts[i].id)
			ids[count++] = b->parts[i].id;
	if (count)
		qsort(ids, count, sizeof *ids, by_part_id);
	for (size_t i = 1; i < count && unique; i++)
		unique = strcmp(ids[i], ids[i - 1]) != 0;
	talloc_free(ids);
	return unique ||
	       refusal_set(e, REFUSAL_CONTENT_ID_TWICE, "two parts have the same Content-ID");
}

static void take_over(struct document *document, const struct taken *taken)
{
	document->size = taken->size;
	memcpy(document->sha256, taken->sha256, sizeof document->sha256);
	document->media_type = (char *)(uintptr_t)taken->media_type;
}

static bool resolve(struct builder *b, struct open_end *open_end, struct document *document,
		    struct err *e)
{
	struct part *part;

	if (!find_part(&part, b, open_end->reference, e))
		return false;
	if (!part)
		return refusal_set(e, REFUSAL_PART_MISSING,
				   "xop:Include refers to a part that is not there");
	if (part->used)
		return refusal_set(e, REFUSAL_PART_SHARED, "two documents refer to the same part");
	part->used = true;
	if (!document->declared_type)
		document->declared_type = part->content_type;
	open_end->taken = part->taken;
	take_over(document, &part->taken);
	return true;
}

static bool verify(struct builder *b, const struct open_end *open_end,
		   const struct document *document, struct err *e)
{
	bool known;

	if (!document->checksum || text_empty(document->checksum))
		return true;
	if (!intake_check(&known, b->intake, &open_end->taken,
			  document->checksum_kind ? document->checksum_kind : "",
			  document->checksum, e))
		return false;
	if (!known)
		answer_warn(b, "checksum of a document is of a kind that is not verified");
	return true;
}

static bool settle_open_ends(struct builder *b, struct err *e)
{
	for (size_t i = 0; i < b->open_end_count; i++) {
		struct open_end *open_end = &b->open_ends[i];
		struct document *document = &b->answer->delivery->transfers[open_end->transfer]
						     .documents[open_end->document];

		if (open_end->reference && !resolve(b, open_end, document, e))
			return false;
		if (!verify(b, open_end, document, e))
			return false;
	}
	return true;
}

/* Parts that nothing refers to are documents all the same: in a transfer of their own, for a person to look at. */
static void adopt_orphans(struct builder *b)
{
	struct delivery *delivery = b->answer->delivery;
	struct transfer *transfer = NULL;

	for (size_t i = 0; i < b->part_count; i++) {
		struct document *document;

		if (b->parts[i].used)
			continue;
		if (!transfer)
			transfer = append(&delivery->transfers, &delivery->transfer_count,
					  sizeof *transfer, delivery);
		document = append(&transfer->documents, &transfer->document_count, sizeof *document,
				  delivery);
		document->orphan = true;
		document->declared_type = b->parts[i].content_type;
		take_over(document, &b->parts[i].taken);
	}
	if (transfer)
		answer_warn(b, "%zu parts are referred to by nothing", transfer->document_count);
}

/* --- delivery --- */

/* It counts as success all the same. The texts may name persons: the code and our own words for it. */
static void pass_warnings_on(struct builder *b)
{
	for (size_t i = 0; i < b->answer->message_count; i++) {
		const struct message_entry *message = &b->answer->messages[i];

		if (status_warns(message->kind, message->code))
			answer_warn(b, "the insurer warns: %s (%s)",
				    status_is_code(message->code) ? message->code : "no code",
				    status_lookup(message->code)->says);
	}
}

static bool counts_agree(const struct delivery *delivery, struct err *e)
{
	if (delivery->transfer_count == 0)
		return refusal_set(e, REFUSAL_NO_TRANSFER, "Lieferung has no Transfer");
	if (delivery->head.transfer_count >= 0 &&
	    (size_t)delivery->head.transfer_count != delivery->transfer_count)
		return refusal_set(e, REFUSAL_TRANSFER_COUNT,
				   "Lieferung has %zu transfers, AnzahlTransfers says %d",
				   delivery->transfer_count, delivery->head.transfer_count);
	return true;
}

static bool finish_delivery(struct builder *b, struct err *e)
{
	struct delivery *delivery = b->answer->delivery;

	if (!b->shipment)
		return refusal_set(e, REFUSAL_NO_SHIPMENT,
				   "answer to getShipment has no Lieferung");
	if (!shipment_id_fits(&delivery->head, e))
		return false;
	if (b->expected_id && strcmp(b->expected_id, delivery->head.id) != 0)
		return refusal_set(e, REFUSAL_OTHER_SHIPMENT,
				   "answer brings another shipment than the one asked for");
	if (!counts_agree(delivery, e) || !parts_unique(b, e) || !settle_open_ends(b, e))
		return false;
	adopt_orphans(b);
	pass_warnings_on(b);
	delivery->signature = talloc_strdup(delivery, b->answer->is_signed ? "present" : "absent");
	return true;
}

/* --- token --- */

static bool session_token_type(const char *type)
{
	return strcmp(type, "http://schemas.xmlsoap.org/ws/2005/02/sc/sct") == 0 ||
	       strcmp(type, "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512/sct") ==
		       0;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

static bool finish_token(struct builder *b, struct err *e)
{
	struct answer *answer = b->answer;

	if (answer->status && !status_good(answer->status))
		return refused(b, e);
	if (b->token_status && ends_with(b->token_status, "/status/invalid"))
		return refusal_set(e, REFUSAL_TOKEN_INVALID,
				   "security token response says that the token is invalid");
	if (b->cancelled) {
		answer->kind = ANSWER_CANCELLED;
		return true;
	}
	if (b->token_type && !session_token_type(b->token_type))
		return refusal_set(
			e, REFUSAL_TOKEN_TYPE,
			"security token response brings another TokenType than asked for");
	if (text_empty(answer->token))
		return refusal_set(e, REFUSAL_TOKEN_MISSING,
				   "security token response has no Identifier");
	return true;
}

/* --- all --- */

static bool good_status(struct builder *b, struct err *e)
{
	if (!b->response)
		return refusal_set(e, REFUSAL_NO_RESPONSE, "answer has no Response");
	if (text_empty(b->answer->status))
		return refusal_set(e, REFUSAL_NO_STATUS, "answer has no Status");
	if (status_good(b->answer->status))
		return true;
	if (b->answer->kind == ANSWER_LIST && text_equal(telling_code(b), CODE_NO_SHIPMENTS) &&
	    has_code(b, CODE_NO_SHIPMENTS))
		return true;
	return refused(b, e);
}

bool answer_finish(struct builder *b, struct err *e)
{
	if (b->fault)
		return refused(b, e);
	if (!b->body)
		return refusal_set(e, REFUSAL_NO_BODY, "answer has no soap:Body");
	if (b->answer->kind == ANSWER_NONE)
		return refusal_set(e, REFUSAL_NO_BODY, "soap:Body is empty");
	if (b->part_count && b->answer->kind != ANSWER_DELIVERY)
		return refusal_set(e, REFUSAL_PART_UNEXPECTED,
				   "answer brings attachments where none are expected");
	if (b->answer->kind == ANSWER_TOKEN)
		return finish_token(b, e);
	if (!good_status(b, e))
		return false;
	if (b->answer->kind == ANSWER_LIST)
		finish_list(&b->answer->list);
	return b->answer->kind != ANSWER_DELIVERY || finish_delivery(b, e);
}
