#include "normalizers/insurer.h"

#include <string.h>

#include "base/text.h"
#include "normalizers/insurer_file.h"

size_t insurers_count(const struct insurers *all)
{
	return all->count;
}

const struct insurer *insurers_at(const struct insurers *all, size_t i)
{
	return i < all->count ? all->list[i] : NULL;
}

/* The two ASCII letters of an umlaut's second UTF-8 byte (the first is C3), NULL if it is none. */
static const char *umlaut(unsigned char c)
{
	switch (c) {
	case 0xa4:
	case 0x84:
		return "ae";
	case 0xb6:
	case 0x96:
		return "oe";
	case 0xbc:
	case 0x9c:
		return "ue";
	case 0x9f:
		return "ss";
	default:
		return NULL;
	}
}

static bool all_digits(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
	}
	return len > 0;
}

size_t insurer_name_fold(char *out, size_t size, const char *text, size_t len)
{
	size_t n = 0;

	while (len && text[len - 1] == ' ')
		len--;
	while (len && text[0] == ' ')
		text++, len--;
	if (all_digits(text, len)) {
		while (len > 1 && text[0] == '0')
			text++, len--;
	}
	for (size_t i = 0; i < len && n + 2 < size; i++) {
		unsigned char c = (unsigned char)text[i];
		const char *two =
			c == 0xc3 && i + 1 < len ? umlaut((unsigned char)text[i + 1]) : NULL;

		if (two) {
			out[n++] = two[0];
			out[n++] = two[1];
			i++;
		} else {
			out[n++] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
		}
	}
	out[n] = '\0';
	return n;
}

static uint32_t hash(const char *text, size_t len)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * 16777619u;
	return h;
}

/* The slot that holds the name, or the empty one where it belongs. */
static struct name_slot *slot_of(const struct insurers *all, const char *name, size_t len)
{
	size_t i = hash(name, len) & (all->slot_count - 1);

	while (all->slots[i].name &&
	       (all->slots[i].len != len || memcmp(all->slots[i].name, name, len) != 0))
		i = (i + 1) & (all->slot_count - 1);
	return &all->slots[i];
}

const struct insurer *insurers_find_text(const struct insurers *all, const char *vu_or_name,
					 size_t len)
{
	char name[NAME_SIZE];
	size_t n = insurer_name_fold(name, sizeof(name), vu_or_name, len);

	return n ? slot_of(all, name, n)->insurer : NULL;
}

const struct insurer *insurers_find(const struct insurers *all, const char *vu_or_name)
{
	return vu_or_name ? insurers_find_text(all, vu_or_name, strlen(vu_or_name)) : NULL;
}

const char *vu_bare(const char *vu)
{
	return vu ? vu + strspn(vu, "0 ") : "";
}

char *insurers_issuer_of(const struct insurers *all, const char *vu, TALLOC_CTX *mem)
{
	const struct insurer *file = insurers_find(all, vu);

	return file ? talloc_strdup(mem, file->issuer) : talloc_asprintf(mem, "vu:%s", vu_bare(vu));
}

/* Every issuer stands among the names, so that an empty slot says that there is none; one that is taken may be another's. */
const struct insurer *insurers_by_issuer(const struct insurers *all, const char *issuer)
{
	char name[NAME_SIZE];
	const struct name_slot *slot;

	if (!issuer)
		return NULL;
	if (all->slot_count) {
		slot = slot_of(all, name,
			       insurer_name_fold(name, sizeof(name), issuer, strlen(issuer)));
		if (!slot->name || text_equal(slot->insurer->issuer, issuer))
			return slot->insurer;
	}
	for (size_t i = 0; i < all->count; i++)
		if (text_equal(all->list[i]->issuer, issuer))
			return all->list[i];
	return NULL;
}

static bool name_add(struct insurers *all, const struct insurer *insurer, const char *text,
		     struct err *e)
{
	char name[NAME_SIZE];
	struct name_slot *slot;
	size_t len;

	if (!text)
		return true;
	len = insurer_name_fold(name, sizeof(name), text, strlen(text));
	slot = slot_of(all, name, len);
	if (len == 0 || slot->insurer == insurer)
		return true;
	if (slot->name)
		return err_set(e, ERR_SETUP, "%s and %s both claim \"%s\"", slot->insurer->path,
			       insurer->path, text);
	slot->name = talloc_strdup(all, name);
	slot->len = len;
	slot->insurer = insurer;
	return true;
}

static const struct carrier *carrier_of(const struct insurer *insurer, const char *vu)
{
	const struct carrier *last = NULL;

	for (size_t i = 0; i < insurer->carrier_count; i++) {
		const struct carrier *c = &insurer->carriers[i];

		if (text_equal(c->vu, vu) && (!last || c->from))
			last = c;
	}
	return last;
}

/* A register number may have had several owners, one after the other; without a day the last one is meant. That they do not
 * hold it at the same time has been checked. */
static bool vu_add(struct insurers *all, const struct insurer *insurer,
		   const struct carrier *carrier, struct err *e)
{
	char name[NAME_SIZE];
	struct name_slot *slot;
	const struct carrier *other;
	size_t len;

	if (!carrier->vu)
		return true;
	len = insurer_name_fold(name, sizeof(name), carrier->vu, strlen(carrier->vu));
	slot = slot_of(all, name, len);
	other = slot->name ? carrier_of(slot->insurer, carrier->vu) : NULL;
	if (!other || carriers_meet(carrier, other))
		return name_add(all, insurer, carrier->vu, e);
	if (carrier->from && (!other->from || strcmp(carrier->from, other->from) > 0))
		slot->insurer = insurer;
	return true;
}

static bool names_add(struct insurers *all, const struct insurer *insurer, struct err *e)
{
	bool ok = insurer_validity_check(all, insurer, e) &&
		  name_add(all, insurer, insurer->issuer, e) &&
		  name_add(all, insurer, insurer->name, e);

	for (size_t i = 0; ok && i < insurer->carrier_count; i++)
		ok = vu_add(all, insurer, &insurer->carriers[i], e) &&
		     name_add(all, insurer, insurer->carriers[i].name, e);
	return ok;
}

bool insurers_index(struct insurers *all, struct err *e)
{
	size_t names = 0;

	for (size_t i = 0; i < all->count; i++)
		names += 2 + 2 * all->list[i]->carrier_count;
	for (all->slot_count = 16; all->slot_count < 2 * names; all->slot_count *= 2)
		;
	all->slots = talloc_zero_array(all, struct name_slot, (unsigned)all->slot_count);
	for (size_t i = 0; i < all->count; i++) {
		if (!names_add(all, all->list[i], e))
			return false;
	}
	return true;
}

/* What the edges of one file say about going from a to b. */
static enum kinship edges_between(const struct insurers *all, const struct insurer *file,
				  const struct insurer *a, const struct insurer *b)
{
	enum kinship kin = KIN_OTHER;

	for (size_t i = 0; i < file->successor_count; i++) {
		const struct successor *edge = &file->successors[i];
		const struct insurer *from = insurers_find(all, edge->from);
		const struct insurer *to = insurers_find(all, edge->to);

		if (!((from == a && to == b) || (from == b && to == a)))
			continue;
		if (strcmp(edge->number, "kept") == 0)
			return KIN_KEPT;
		if (strcmp(edge->number, "unknown") != 0)
			kin = KIN_RENUMBERED;
		else if (kin == KIN_OTHER)
			kin = KIN_UNSURE;
	}
	return kin;
}

enum kinship insurers_kinship(const struct insurers *all, const struct insurer *a,
			      const struct insurer *b)
{
	enum kinship by_a, by_b;

	if (a == b)
		return KIN_SAME;
	by_a = edges_between(all, a, a, b);
	by_b = edges_between(all, b, a, b);
	if (by_a == KIN_KEPT || by_b == KIN_OTHER)
		return by_a;
	return by_b;
}

size_t insurers_kin(const struct insurers *all, const struct insurer *issuer,
		    const struct insurer **kin, size_t most)
{
	size_t n = 0;

	if (most)
		kin[n++] = issuer;
	for (size_t i = 0; i < all->count && n < most; i++) {
		if (insurers_kinship(all, issuer, all->list[i]) == KIN_KEPT)
			kin[n++] = all->list[i];
	}
	return n;
}
