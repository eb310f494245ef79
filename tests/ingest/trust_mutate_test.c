/*
 * Wrapping by machine: nodes of signed messages are moved, copied, renamed and given other ids, at random but
 * repeatably, together with a body that nobody signed. Whatever comes of it: what verifies is the signed Body.
 */
#include <libxml/hash.h>
#include <libxml/parser.h>
#include <libxml/tree.h>

#include "ingest/trust_parts.h"
#include "ingest/xml.h"
#include "tests/hostile/compose.h"
#include "tests/ingest/read_helpers.h"
#include "tests/ingest/trust_helpers.h"

#define SAMPLES         5
#define MESSAGES        (SAMPLES + 1) /* the first one in parts, too */
#define VARIANTS_EACH   1000          /* different ones; VORPOST_VARIANTS says otherwise */
#define DRAWS_EACH      3 /* for one of them, at most: some change nothing, some come again */
#define OPERATIONS_MOST 4
#define NODES_MOST      200

/* xorshift: the same variants on every machine */
static uint64_t state;

static unsigned pick(unsigned below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state % below);
}

/* --- operations --- */

static size_t elements_of(xmlNode **out, xmlDocPtr doc)
{
	xmlNode *root = xmlDocGetRootElement(doc);
	size_t count = 0;

	for (xmlNode *n = root; n && count < NODES_MOST; n = trust_next(n, root))
		if (n->type == XML_ELEMENT_NODE)
			out[count++] = n;
	return count;
}

static xmlNode *any_element(xmlDocPtr doc)
{
	xmlNode *all[NODES_MOST];

	return all[pick((unsigned)elements_of(all, doc))];
}

/* Rather one of those that matter. */
static xmlNode *telling_element(xmlDocPtr doc)
{
	static const char *const names[] = { "Body",      "Body",       "Body",
					     "Header",    "Security",   "Timestamp",
					     "Signature", "SignedInfo", "Reference",
					     "KeyInfo",   "Envelope",   "BinarySecurityToken" };
	const char *name = names[pick(sizeof names / sizeof *names)];
	xmlNode *all[NODES_MOST];
	size_t count = elements_of(all, doc), from = pick((unsigned)count);

	for (size_t i = 0; i < count; i++)
		if (strcmp((const char *)all[(from + i) % count]->name, name) == 0)
			return all[(from + i) % count];
	return all[from];
}

static bool is_above(const xmlNode *above, const xmlNode *node)
{
	while (node && node != above)
		node = node->parent;
	return node != NULL;
}

static void put(xmlNode *node, xmlNode *place)
{
	bool at_root = place == xmlDocGetRootElement(place->doc);

	switch (at_root ? 0 : pick(3)) {
	case 0:
		xmlAddChild(place, node);
		break;
	case 1:
		xmlAddNextSibling(place, node);
		break;
	default:
		xmlAddPrevSibling(place, node);
	}
}

static void move(xmlDocPtr doc)
{
	xmlNode *node = telling_element(doc), *place = any_element(doc);

	if (is_above(node, place))
		return;
	xmlUnlinkNode(node);
	put(node, place);
	xmlReconciliateNs(doc, node);
}

static void copy(xmlDocPtr doc)
{
	xmlNode *node = xmlDocCopyNode(telling_element(doc), doc, 1), *place = any_element(doc);

	put(node, place);
	xmlReconciliateNs(doc, node);
}

static void wrap(xmlDocPtr doc)
{
	static const char *const names[] = { "Body", "Header", "Envelope", "Object", "Wrapper" };
	xmlNode *node = telling_element(doc), *wrapper;

	if (node == xmlDocGetRootElement(doc))
		return;
	wrapper = xmlNewDocNode(doc, pick(2) ? node->ns : NULL, (const xmlChar *)names[pick(5)],
				NULL);
	xmlReplaceNode(node, wrapper);
	xmlAddChild(wrapper, node);
	xmlReconciliateNs(doc, wrapper);
}

static void rename_it(xmlDocPtr doc)
{
	static const char *const names[] = {
		"Body", "body", "Header", "Envelope", "Security", "X"
	};

	xmlNodeSetName(telling_element(doc), (const xmlChar *)names[pick(6)]);
}

/* An id gets another value, another name, or both. */
static void rename_id(xmlDocPtr doc)
{
	static const char *const values[] = { "body", "time", "token", "evil", "Body" };
	static const char *const names[] = { "Id", "ID", "id", "AssertionID", "i" };
	xmlNode *node = pick(2) ? telling_element(doc) : any_element(doc);
	const xmlChar *value = (const xmlChar *)values[pick(5)];
	const xmlChar *name = (const xmlChar *)names[pick(5)];
	xmlNs *wsu = xmlSearchNsByHref(doc, node, (const xmlChar *)WSU_NS);

	switch (pick(4)) {
	case 0:
		xmlUnsetNsProp(node, wsu, (const xmlChar *)"Id");
		break;
	case 1:
		xmlNewProp(node, name, value);
		break;
	case 2:
		xmlSetNsProp(node, wsu, (const xmlChar *)"Id", value);
		break;
	default:
		xmlSetNsProp(node, xmlSearchNsByHref(doc, node, XML_XML_NAMESPACE),
			     (const xmlChar *)"id", value);
	}
}

/* A body of the attacker's: with the signed one's id, another or none. */
static void add_evil(xmlDocPtr doc)
{
	static const char *const bodies[] = { BODY_TEXT("body", EVIL), BODY_TEXT("evil", EVIL),
					      "<soap:Body xmlns:soap=\"" SOAP_NS "\">" EVIL
					      "</soap:Body>",
					      EVIL };
	const char *text = bodies[pick(4)];
	xmlDocPtr other = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
	xmlNode *node = xmlDocCopyNode(xmlDocGetRootElement(other), doc, 1);

	xmlFreeDoc(other);
	put(node, pick(2) ? telling_element(doc) : any_element(doc));
}

/* The same namespace by another prefix, or another one by the same. */
static void change_prefix(xmlDocPtr doc)
{
	static const char *const uris[] = { SOAP_NS, WSU_NS, DS_NS, "urn:evil" };
	static const char *const prefixes[] = { "soap", "wsu", "ds", "p" };
	xmlNode *node = telling_element(doc);
	const xmlChar *uri = pick(2) && node->ns ? node->ns->href : (const xmlChar *)uris[pick(4)];
	xmlNs *ns = xmlNewNs(node, uri, (const xmlChar *)prefixes[pick(4)]);

	if (ns)
		xmlSetNs(node, ns);
}

/* A reference to an entity, perhaps with a DOCTYPE that defines it as a body. */
static void add_entity(xmlDocPtr doc)
{
	static const char *const names[] = { "amp", "lt", "evil" };
	xmlNode *node = pick(2) ? telling_element(doc) : any_element(doc);

	if (pick(2)) {
		xmlDtdPtr dtd = xmlGetIntSubset(doc);

		if (!dtd)
			xmlCreateIntSubset(doc, (const xmlChar *)"soap:Envelope", NULL, NULL);
		xmlAddDocEntity(doc, (const xmlChar *)"evil", XML_INTERNAL_GENERAL_ENTITY, NULL,
				NULL, (const xmlChar *)EVIL);
	}
	xmlAddChild(node, xmlNewReference(doc, (const xmlChar *)names[pick(3)]));
}

static void change_uri(xmlDocPtr doc)
{
	static const char *const uris[] = { "#body", "#evil", "#time", "", "#xpointer(/)" };
	xmlNode *all[NODES_MOST];
	size_t count = elements_of(all, doc), from = pick((unsigned)count);

	for (size_t i = 0; i < count; i++) {
		xmlNode *node = all[(from + i) % count];

		if (xmlHasProp(node, (const xmlChar *)"URI")) {
			xmlSetProp(node, (const xmlChar *)"URI", (const xmlChar *)uris[pick(5)]);
			return;
		}
	}
}

/* --- variants --- */

/* What is mutated: a whole message, or the root of one in parts. */
struct message {
	const char *root, *body;
	bool in_parts;
};

static char *written(xmlDocPtr doc, TALLOC_CTX *mem)
{
	xmlChar *out;
	char *text;
	int len;

	xmlDocDumpMemoryEnc(doc, &out, &len, "UTF-8");
	text = talloc_strndup(mem, (const char *)out, (size_t)len);
	xmlFree(out);
	return text;
}

static char *variant(const char *text, unsigned count, TALLOC_CTX *mem)
{
	static void (*const operations[])(
		xmlDocPtr) = { move,     copy, wrap,      rename_it,  rename_id,     add_evil,
			       add_evil, move, rename_id, change_uri, change_prefix, add_entity };
	xmlDocPtr doc = xmlReadMemory(text, (int)strlen(text), NULL, NULL, XML_PARSE_NONET);
	char *out;

	ck_assert_ptr_nonnull(doc);
	for (unsigned i = 0; i < count; i++)
		operations[pick(sizeof operations / sizeof *operations)](doc);
	out = written(doc, mem);
	xmlFreeDoc(doc);
	return out;
}

struct tally {
	size_t drawn, variants, accepted;
};

static struct verdict verdict_of(const struct message *m, const struct trust *trust,
				 const char *root, TALLOC_CTX *mem)
{
	const char *text = m->in_parts ? talloc_asprintf(mem, XOP_BEGIN "%s%s" XOP_END, root,
							 XOP_PART("pdf@vu", DOCUMENT))
				       : root;

	return verified_as(trust, m->in_parts ? RELATED : "text/xml", text, strlen(text), mem);
}

static void try_variant(struct tally *tally, const struct message *m, const struct trust *trust,
			const char *root, uint64_t seed, TALLOC_CTX *mem)
{
	struct verdict v = verdict_of(m, trust, root, mem);

	if (v.ok)
		ck_assert_msg(gives(&v, m->body), "seed %llu gives another body:\n%s",
			      (unsigned long long)seed, root);
	tally->variants++;
	tally->accepted += v.ok;
}

/* So many that differ from the message and from each other. */
static void try_variants(struct tally *tally, const struct message *m, const struct trust *trust,
			 size_t count)
{
	xmlHashTablePtr seen = xmlHashCreate(1024);
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t until = tally->variants + count, most = tally->drawn + count * DRAWS_EACH;

	xmlHashAddEntry(seen, (xmlChar *)variant(m->root, 0, mem), mem);
	ck_assert(verdict_of(m, trust, variant(m->root, 0, mem), mem).ok);
	for (; tally->variants < until && tally->drawn < most; tally->drawn++) {
		uint64_t seed = state;
		char *root = variant(m->root, 1 + pick(OPERATIONS_MOST), mem);

		if (xmlHashAddEntry(seen, (xmlChar *)root, mem) == 0)
			try_variant(tally, m, trust, root, seed, mem);
		talloc_free_children(mem);
	}
	xmlHashFree(seen, NULL);
	talloc_free(mem);
}

static struct message in_parts(const struct sample *s, TALLOC_CTX *mem)
{
	return (struct message){ replaced(s->text, DOCUMENT_TEXT, XOP_INCLUDE("pdf@vu"), mem),
				 s->body, true };
}

START_TEST(no_variant_gives_another_body)
{
	const char *each = getenv("VORPOST_VARIANTS");
	size_t count = each ? strtoul(each, NULL, 10) : VARIANTS_EACH;
	const char *header =
		"<w:To xmlns:w=\"urn:w\" xmlns:wsu=\"" WSU_NS "\" wsu:Id=\"to\">us</w:To>";
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct recipe recipes[SAMPLES] = {
		{ 0 },
		{ .method = MORE "rsa-sha512", .signature_md = EVP_sha512() },
		{ .body = BODY_TEXT("body", "<t:x xmlns:t=\"urn:t\"><t:y></t:y></t:x>") },
		{ .more_header = header,
		  .more_references = reference_text(
			  "URI=\"#to\"", "<ds:Transforms>" TRANSFORM(EXC) "</ds:Transforms>",
			  ENC "sha256", EVP_sha256(), header, mem) },
		{ .more_header = "<w:Wrapper xmlns:w=\"urn:w\"><w:Inner></w:Inner></w:Wrapper>" },
	};
	struct trust *trust = trust_pinned(mem);
	struct tally tally = { 0 };

	xml_prepare();
	state = 0x9e3779b97f4a7c15;
	for (size_t i = 0; i < SAMPLES; i++) {
		struct sample s = sign(&recipes[i], mem);
		struct message whole = { s.text, s.body, false }, parts;

		ck_assert(verified(trust, s.text, mem).ok);
		try_variants(&tally, &whole, trust, count);
		if (i == 0) {
			parts = in_parts(&s, mem);
			try_variants(&tally, &parts, trust, count);
		}
	}
	printf("%zu wrapping variants of %d signed messages (%zu drawn; different ones alone count): %zu accepted, each with the "
	       "signed body\n",
	       tally.variants, MESSAGES, tally.drawn, tally.accepted);
	ck_assert_uint_ge(tally.variants, MESSAGES * (each ? count : VARIANTS_EACH));
	/* harmless changes must pass, or the rest of this test says nothing */
	ck_assert_uint_ge(tally.accepted, tally.variants / 1000);
	ck_assert_uint_le(tally.accepted, tally.variants / 2);
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("variants");

	tcase_add_test(tests, no_variant_gives_another_body);
	return run_cases("trust_mutate", tests);
}
