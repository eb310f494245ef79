#include "matcher/gdv.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/text.h"
#include "matcher/gdv_delivery.h"
#include "matcher/stock_fields.h"

struct gdv_walk {
	struct gdv_reader reader;
	struct gdv_delivery *delivery; /* NULL between deliveries */
	bool heading;                  /* still in the parts of 0001 */
	const struct stock_sink *sink;
	struct stock_counts *counts;
	TALLOC_CTX *mem;
};

static struct gdv_delivery *delivery_open(struct gdv_walk *walk)
{
	if (!walk->delivery) {
		walk->delivery = gdv_delivery_new(walk->sink, walk->counts, walk->mem);
		walk->counts->deliveries++;
	}
	return walk->delivery;
}

/* What says itself that something is missing is no whole delivery. */
static void incomplete(struct gdv_delivery *delivery, uint64_t record, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void incomplete(struct gdv_delivery *delivery, uint64_t record, const char *format, ...)
{
	va_list args;
	char *sentence;

	va_start(args, format);
	sentence = talloc_vasprintf(delivery, format, args);
	va_end(args);
	delivery->counts->incomplete++;
	gdv_problem(delivery, record, false, "%s", sentence);
	talloc_free(sentence);
}

static bool delivery_close(struct gdv_walk *walk, struct err *e)
{
	bool ok = !walk->delivery || gdv_delivery_contracts(walk->delivery, e);

	talloc_free(walk->delivery);
	walk->delivery = NULL;
	walk->heading = false;
	return ok;
}

/* 0001: a new delivery, unless it is a further part of the same head. */
static bool take_head(struct gdv_walk *walk, const struct gdv_record *record, struct err *e)
{
	struct gdv_delivery *delivery;
	struct gdv_slice name;

	if (walk->heading && gdv_part(record) != 1)
		return true;
	if (walk->delivery) {
		incomplete(walk->delivery, record->number,
			   "a delivery begins before 9999 has ended the one before");
		if (!delivery_close(walk, e))
			return false;
	}
	delivery = delivery_open(walk);
	walk->heading = true;
	delivery->record = record->number;
	gdv_ascii(delivery->vu, record, 5, 5);
	gdv_ascii(delivery->created, record, 78, 8);
	if (stock_blank(delivery->created))
		gdv_ascii(delivery->created, record, 70, 8);
	name = gdv_field(record, 10, 60); /* insurer and addressee */
	byte_weights_add(&delivery->weights, name.bytes, name.len);
	return true;
}

/* What 9999 says must be what came; what it leaves blank is not checked. */
static void check_trailer(struct gdv_delivery *delivery, const struct gdv_record *record)
{
	char count[11], sum[16];
	uint64_t value;

	gdv_ascii(count, record, 5, 10);
	gdv_ascii(sum, record, 25, 15);
	if (!text_to_u64(&value, count, 0, UINT64_MAX, "count", NULL))
		incomplete(delivery, record->number, "9999 holds no count of records");
	else if (value != delivery->records)
		incomplete(delivery, record->number,
			   "9999 counts %" PRIu64 " records, found %" PRIu64, value,
			   delivery->records);
	if (text_to_u64(&value, sum, 0, UINT64_MAX, "sum", NULL) && value != delivery->premium)
		incomplete(delivery, record->number,
			   "9999 sums premiums of %" PRIu64 ".%02u, found %" PRIu64 ".%02u",
			   value / 100, (unsigned)(value % 100), delivery->premium / 100,
			   (unsigned)(delivery->premium % 100));
}

static bool take_tail(struct gdv_walk *walk, const struct gdv_record *record, struct err *e)
{
	struct gdv_delivery *delivery = delivery_open(walk);

	if (!delivery->record && !delivery->records)
		incomplete(delivery, record->number, "9999 without a delivery before it");
	else
		check_trailer(delivery, record);
	return delivery_close(walk, e);
}

static bool take_record(struct gdv_walk *walk, const struct gdv_record *record, struct err *e)
{
	struct gdv_delivery *delivery;

	if (record->type == 1)
		return take_head(walk, record, e);
	if (record->type == 9999)
		return take_tail(walk, record, e);
	walk->heading = false;
	if (!walk->delivery)
		incomplete(delivery_open(walk), record->number,
			   "a record outside of a delivery: 0001 is missing");
	delivery = walk->delivery;
	delivery->records++;
	return gdv_delivery_take(delivery, record, e);
}

static void take_bad(struct gdv_walk *walk, uint64_t number, char *why)
{
	struct gdv_delivery *between = NULL;

	if (walk->delivery)
		walk->delivery->records++;
	else
		between = gdv_delivery_new(walk->sink, walk->counts, walk->mem);
	gdv_problem(between ? between : walk->delivery, number, true, "%s", why);
	talloc_free(between);
	talloc_free(why);
}

/* The end of the file: a delivery that is still open lacks its 9999. */
static bool take_end(struct gdv_walk *walk, struct err *e)
{
	if (walk->delivery)
		incomplete(walk->delivery, 0,
			   "the file ends without 9999: the delivery may be incomplete");
	return delivery_close(walk, e);
}

bool gdv_read(struct stock_input *in, const struct stock_sink *sink, struct stock_counts *counts,
	      struct err *e)
{
	struct gdv_walk walk = { .sink = sink, .counts = counts, .mem = talloc_new(in) };
	struct gdv_record record;
	enum gdv_reading reading;
	bool ok = true;
	char *why;

	gdv_reader_start(&walk.reader, in);
	while (ok &&
	       (reading = gdv_reader_next(&walk.reader, &record, &why, walk.mem)) != GDV_END) {
		counts->records++;
		if (reading == GDV_BAD)
			take_bad(&walk, walk.reader.number, why);
		else
			ok = take_record(&walk, &record, e);
	}
	ok = ok && stock_input_check(in, e) && take_end(&walk, e);
	talloc_free(walk.mem);
	return ok;
}
