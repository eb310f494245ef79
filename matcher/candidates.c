#include "matcher/candidates.h"

#include <stdlib.h>
#include <string.h>

#include "matcher/twins.h"

char *text_array(const char *const *items, size_t count, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "{");

	for (size_t i = 0; i < count; i++) {
		const char *from = items[i];

		if (!from) {
			text = talloc_strdup_append_buffer(text, i ? ",NULL" : "NULL");
			continue;
		}
		text = talloc_strdup_append_buffer(text, i ? ",\"" : "\"");
		while (*from) {
			size_t plain = strcspn(from, "\"\\");

			text = talloc_strndup_append_buffer(text, from, plain);
			from += plain;
			if (*from)
				text = talloc_asprintf_append_buffer(text, "\\%c", *from++);
		}
		text = talloc_strdup_append_buffer(text, "\"");
	}
	return talloc_strdup_append_buffer(text, "}");
}

static int compare_name(const struct found *a, const char *issuer, const char *key,
			enum wanted_by by)
{
	int order = strcmp(a->issuer, issuer);

	if (!order)
		order = strcmp(a->key, key);
	return order ? order : (int)a->by - (int)by;
}

static int compare_found(const void *left, const void *right)
{
	const struct found *a = left, *b = right;
	int order = compare_name(a, b->issuer, b->key, b->by);

	return order ? order : strcmp(a->contract.contract_id, b->contract.contract_id);
}

void candidates_sort(struct candidates *all)
{
	if (all->count)
		qsort(all->rows, all->count, sizeof *all->rows, compare_found);
}

const struct found *candidates_of(const struct candidates *all, const char *issuer, const char *key,
				  enum wanted_by by, size_t *count)
{
	size_t low = 0, high = all->count;

	*count = 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_name(&all->rows[middle], issuer, key, by) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	while (low + *count < all->count &&
	       !compare_name(&all->rows[low + *count], issuer, key, by))
		(*count)++;
	return *count ? &all->rows[low] : NULL;
}

enum claim_word claim_word_of(enum tier tier)
{
	if (tier == TIER_EXACT || tier == TIER_PERSON)
		return CLAIM_VOUCHED;
	return tier == TIER_CLAIM ? CLAIM_BY_CLAIM : CLAIM_BY_READING;
}

struct arrays {
	char *issuers, *keys;
};

static struct arrays arrays_of(const struct wanted *wanted, enum wanted_by by, bool any_issuer,
			       TALLOC_CTX *mem)
{
	const char **issuers = talloc_array(mem, const char *, wanted->count);
	const char **keys = talloc_array(mem, const char *, wanted->count);
	size_t count = 0;

	for (size_t i = 0; i < wanted->count; i++) {
		if (wanted->items[i].by != by ||
		    !strcmp(wanted->items[i].issuer, ANY_ISSUER) != any_issuer)
			continue;
		issuers[count] = wanted->items[i].issuer;
		keys[count++] = wanted->items[i].key;
	}
	return (struct arrays){ text_array(issuers, count, mem), text_array(keys, count, mem) };
}

static char *copy(const struct rows *rows, int row, const char *column, TALLOC_CTX *mem)
{
	return talloc_strdup(mem, rows_text(rows, row, column));
}

/* By what a row was found, as the statements say it. */
static bool found_by(struct found *found, const char *origin, struct err *e)
{
	static const char *const holder[] = {
		[BY_BIRTH_DATE] = "birth_date",
		[BY_PLATE] = "plate",
		[BY_POSTCODE] = "postcode",
		[BY_PREFIX] = "prefix",
		[BY_HOLDER] = "holder",
		[BY_CUSTOMER] = "customer",
		[BY_TWIN] = "twin",
		[BY_BYTES] = "taken_back",
	};

	found->by = BY_NAME;
	if (!strncmp(origin, "claim:", 6)) {
		found->by = BY_CLAIM;
		found->word = (enum claim_word)(origin[6] - '0');
		return true;
	}
	for (int by = BY_BIRTH_DATE; by <= BY_BYTES; by++)
		if (!strcmp(origin, holder[by])) {
			found->by = (enum wanted_by)by;
			return true;
		}
	return name_origin_parse(&found->origin, origin) ||
	       err_set(e, ERR_BUG, "a contract's name has the unknown origin %s", origin);
}

static bool found_read(struct found *found, const struct rows *rows, int row, TALLOC_CTX *mem,
		       struct err *e)
{
	*found = (struct found){ 0 };
	if (!found_by(found, rows_text(rows, row, "origin"), e))
		return false;
	found->issuer = copy(rows, row, "issuer", mem);
	found->key = copy(rows, row, "key", mem);
	found->contract = (struct contract){
		.contract_id = copy(rows, row, "contract_id", mem),
		.vu = copy(rows, row, "vu", mem),
		.number = copy(rows, row, "number", mem),
		.line = copy(rows, row, "line", mem),
		.start = copy(rows, row, "starts_on", mem),
		.end = copy(rows, row, "ends_on", mem),
		.cancelled = rows_bool(rows, row, "cancelled"),
		.customer_id = copy(rows, row, "customer_id", mem),
		.name = copy(rows, row, "name", mem),
		.first_name = copy(rows, row, "first_name", mem),
		.birth_date = copy(rows, row, "birth_date", mem),
		.postcode = copy(rows, row, "postcode", mem),
		.plate = copy(rows, row, "plate", mem),
		.revision = (int)rows_int(rows, row, "revision"),
	};
	return true;
}

static bool found_take(struct candidates *all, const struct rows *rows, TALLOC_CTX *mem,
		       struct err *e)
{
	bool ok = true;

	const size_t before = all->count;

	all->count += (size_t)rows_count(rows);
	all->rows = talloc_realloc(mem, all->rows, struct found, all->count + 1);
	for (size_t i = before; ok && i < all->count; i++)
		ok = found_read(&all->rows[i], rows, (int)(i - before), mem, e);
	candidates_sort(all);
	return ok;
}

bool candidates_find(struct candidates *all, struct db *db, const char *broker,
		     const struct facts *const *facts, size_t facts_count, TALLOC_CTX *mem,
		     struct err *e)
{
	TALLOC_CTX *scratch = talloc_new(mem);
	struct wanted *wanted = wanted_by_facts(facts, facts_count, scratch);
	struct arrays names = arrays_of(wanted, BY_NAME, false, scratch);
	struct arrays claims = arrays_of(wanted, BY_CLAIM, false, scratch);
	struct arrays plates = arrays_of(wanted, BY_PLATE, false, scratch);
	struct arrays bytes = arrays_of(wanted, BY_BYTES, false, scratch);
	struct rows *rows;
	bool ok = true;

	*all = (struct candidates){ 0 };
	if (wanted->count)
		ok = db_call(db, SQL_name_find, &rows, scratch, e, broker, names.issuers,
			     names.keys, claims.issuers, claims.keys, plates.issuers, plates.keys,
			     bytes.keys) &&
		     found_take(all, rows, mem, e);
	talloc_free(scratch);
	return ok;
}

/* Anything that only beyond_find.sql knows? */
static bool wants_beyond(const struct wanted *wanted)
{
	for (size_t i = 0; i < wanted->count; i++)
		if (wanted->items[i].by >= BY_PREFIX ||
		    !strcmp(wanted->items[i].issuer, ANY_ISSUER))
			return true;
	return false;
}

static bool find_beyond(struct candidates *all, struct db *db, const char *broker,
			const struct wanted *wanted, TALLOC_CTX *mem, struct err *e)
{
	TALLOC_CTX *scratch = talloc_new(mem);
	struct arrays names = arrays_of(wanted, BY_NAME, true, scratch);
	struct arrays prefixes = arrays_of(wanted, BY_PREFIX, false, scratch);
	struct arrays holders = arrays_of(wanted, BY_HOLDER, false, scratch);
	struct arrays customers = arrays_of(wanted, BY_CUSTOMER, false, scratch);
	struct arrays dates = arrays_of(wanted, BY_BIRTH_DATE, true, scratch);
	struct arrays plates = arrays_of(wanted, BY_PLATE, true, scratch);
	struct rows *rows;
	bool ok = db_call(db, SQL_beyond_find, &rows, scratch, e, broker, names.keys,
			  prefixes.issuers, prefixes.keys, holders.issuers, holders.keys,
			  dates.keys, plates.keys, customers.issuers, customers.keys) &&
		  found_take(all, rows, mem, e);

	talloc_free(scratch);
	return ok;
}

bool candidates_find_nearby(struct candidates *all, struct db *db, const char *broker,
			    const struct wanted *wanted, TALLOC_CTX *mem, struct err *e)
{
	TALLOC_CTX *scratch = talloc_new(mem);
	struct arrays names = arrays_of(wanted, BY_NAME, false, scratch);
	struct arrays dates = arrays_of(wanted, BY_BIRTH_DATE, false, scratch);
	struct arrays plates = arrays_of(wanted, BY_PLATE, false, scratch);
	struct arrays postcodes = arrays_of(wanted, BY_POSTCODE, false, scratch);
	struct rows *rows;
	bool ok = true;

	*all = (struct candidates){ 0 };
	if (wanted->count)
		ok = db_call(db, SQL_nearby_find, &rows, scratch, e, broker, names.issuers,
			     names.keys, dates.issuers, dates.keys, plates.issuers, plates.keys,
			     postcodes.issuers, postcodes.keys) &&
		     found_take(all, rows, mem, e) &&
		     (!wants_beyond(wanted) || find_beyond(all, db, broker, wanted, mem, e));
	talloc_free(scratch);
	return ok;
}

/* Three arrays side by side. */
struct parts {
	const char *issuer;
	const char **issuers, **keys, **parts;
	unsigned count;
	TALLOC_CTX *mem;
};

static void take_part(void *self, const char *key, const char *part)
{
	struct parts *p = self;

	if ((p->count & (p->count - 1)) == 0) {
		unsigned room = p->count ? 2 * p->count : 1;

		p->issuers = talloc_realloc(p->mem, p->issuers, const char *, room);
		p->keys = talloc_realloc(p->mem, p->keys, const char *, room);
		p->parts = talloc_realloc(p->mem, p->parts, const char *, room);
	}
	p->issuers[p->count] = p->issuer;
	p->keys[p->count] = key;
	p->parts[p->count++] = talloc_strdup(p->mem, part);
}

bool candidates_find_twins(struct candidates *all, struct db *db, const char *broker,
			   const struct wanted *wanted, TALLOC_CTX *mem, struct err *e)
{
	TALLOC_CTX *scratch = talloc_new(mem);
	struct arrays whole = arrays_of(wanted, BY_TWIN, false, scratch);
	struct parts parts = { .mem = scratch };
	struct rows *rows;
	bool ok;

	for (size_t i = 0; i < wanted->count; i++) {
		parts.issuer = wanted->items[i].issuer;
		twin_parts(wanted->items[i].key, take_part, &parts);
	}
	ok = db_call(db, SQL_twin_find, &rows, scratch, e, broker,
		     text_array(parts.issuers, parts.count, scratch),
		     text_array(parts.keys, parts.count, scratch),
		     text_array(parts.parts, parts.count, scratch), whole.issuers, whole.keys) &&
	     found_take(all, rows, mem, e);
	talloc_free(scratch);
	return ok;
}
