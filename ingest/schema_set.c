/*
 * schema_set.c -- the files of a set as one schema.
 *
 * What a file imports or includes is settled here, before libxml2 compiles: an import by its namespace, an include by its place
 * in the folder. Every schemaLocation is replaced by a name of ours ("set:/f/3", "set:/n/1"), and libxml2 is given texts for
 * these names and for no others: there is no way to the network or to a file. All files of one namespace are one, whatever
 * release or part they call themselves; a release is a set of its own (docs/operations.md).
 */
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/uri.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlschemas.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ingest/schema_parts.h"
#include "ingest/xml.h"

#define XSD         "http://www.w3.org/2001/XMLSchema"
#define FILE_PREFIX "set:/f/"
#define NS_PREFIX   "set:/n/"

/* All files of one targetNamespace, as a schema that includes them. */
struct group {
	char *ns; /* NULL: without one */
	char *text;
};

/* One file brings another one in; both as places in the folder's files. */
struct include {
	size_t by, file;
};

struct schema_set {
	xmlSchemaPtr compiled;
};

/* What is at hand while a set is made. */
struct making {
	struct schema_files *files;
	xmlDocPtr *trees; /* one for each file */
	struct group *groups;
	size_t group_count;
	struct include *includes; /* of files that are parts */
	size_t include_count;
	TALLOC_CTX *mem;
	struct err *e;
	bool failed;
};

static struct making *
	under_way; /* libxml2's loader has no place for it; one set is made in a process, before any answer */

/* ---- one file ---- */

static void on_doctype(void *self, const xmlChar *name, const xmlChar *public_id,
		       const xmlChar *system_id)
{
	xmlParserCtxtPtr parser = self;

	(void)name, (void)public_id, (void)system_id;
	parser->_private = parser; /* told */
	xmlStopParser(parser);
}

/* libxml2's sentences about the operator's own files may be shown; their line ends may not. */
static const char *sentence(const char *message, TALLOC_CTX *mem)
{
	return text_shown(text_trimmed(message ? message : "no reason given", mem), 240, mem);
}

static bool parse_file(struct making *m, size_t i)
{
	struct schema_file *file = &m->files->items[i];
	xmlParserCtxtPtr parser = xmlNewParserCtxt();
	bool doctype;

	parser->sax->internalSubset = on_doctype;
	m->trees[i] = xmlCtxtReadMemory(parser, file->text, (int)file->len, NULL, NULL,
					XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	doctype = parser->_private != NULL;
	if (doctype)
		err_set(m->e, ERR_SETUP,
			"%.200s has a DOCTYPE, which is not read: take it out, schemas do not need it",
			file->path);
	else if (!m->trees[i])
		err_set(m->e, ERR_SETUP, "%.200s, line %d, is no XML: %s", file->path,
			parser->lastError.line, sentence(parser->lastError.message, m->mem));
	xmlFreeParserCtxt(parser);
	return m->trees[i] && !doctype;
}

static bool is_xsd(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && node->ns &&
	       strcmp((const char *)node->ns->href, XSD) == 0 &&
	       (!name || strcmp((const char *)node->name, name) == 0);
}

static char *attribute(xmlNodePtr node, const char *name, TALLOC_CTX *mem)
{
	xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);
	char *copy = value ? text_trimmed((const char *)value, mem) : NULL;

	xmlFree(value);
	return copy;
}

static bool look_at_file(struct making *m, size_t i)
{
	struct schema_file *file = &m->files->items[i];
	xmlNodePtr root = parse_file(m, i) ? xmlDocGetRootElement(m->trees[i]) : NULL;

	if (!root)
		return false;
	if (!is_xsd(root, "schema"))
		return err_set(m->e, ERR_SETUP, "%.200s is no XML Schema: its root is <%.60s>",
			       file->path, (const char *)root->name);
	file->ns = attribute(root, "targetNamespace", m->mem);
	file->built_in = text_equal(file->ns, XSD);
	return true;
}

/* ---- what files ask for ---- */

/* "../b/c.xsd" as asked for by "a/x.xsd": "b/c.xsd"; NULL: no place in the folder. */
static char *place_in_folder(const char *by, const char *location, TALLOC_CTX *mem)
{
	const char *slash = strrchr(by, '/');
	char *path = slash ? talloc_strndup(mem, by, (size_t)(slash - by)) : talloc_strdup(mem, "");
	char *decoded = talloc_strdup(mem, location), *rest = decoded, *step;

	if (strchr(location, '%')) /* at most as long */
		xmlURIUnescapeString(location, 0, decoded);
	if (*decoded == '/' || strchr(decoded, ':') || strchr(decoded, '\\'))
		return NULL;
	while ((step = strtok_r(rest, "/", &rest))) {
		char *last = strrchr(path, '/');

		if (strcmp(step, ".") == 0)
			continue;
		if (strcmp(step, "..") != 0)
			path = talloc_asprintf(mem, "%s%s%s", path, *path ? "/" : "", step);
		else if (!*path)
			return NULL;
		else
			path[last ? last - path : 0] = '\0';
	}
	return path;
}

static struct schema_file *file_at(const struct making *m, const char *path)
{
	for (size_t i = 0; path && i < m->files->count; i++)
		if (strcmp(m->files->items[i].path, path) == 0)
			return &m->files->items[i];
	return NULL;
}

static void relocate(xmlNodePtr node, const char *prefix, size_t number)
{
	char name[32];

	snprintf(name, sizeof name, "%s%zu", prefix, number);
	xmlSetProp(node, BAD_CAST "schemaLocation", BAD_CAST name);
}

static void part_of(struct making *m, const struct schema_file *by, struct schema_file *file)
{
	const struct include one = { (size_t)(by - m->files->items),
				     (size_t)(file - m->files->items) };

	file->is_part = true;
	m->includes = talloc_realloc(m->mem, m->includes, struct include, m->include_count + 1);
	m->includes[m->include_count++] = one;
}

/* Includes and redefines: another file of the folder, by its place. */
static bool settle_include(struct making *m, const struct schema_file *by, xmlNodePtr node)
{
	char *location = attribute(node, "schemaLocation", m->mem);
	struct schema_file *file =
		location ? file_at(m, place_in_folder(by->path, location, m->mem)) : NULL;

	if (!file)
		return err_set(
			m->e, ERR_SETUP,
			"%.120s, line %ld, includes '%.120s', expected the place of a file in the "
			"folder: nothing else is opened or fetched",
			by->path, xmlGetLineNo(node),
			location ? text_shown(location, 120, m->mem) : "");
	if (file == by) { /* says nothing */
		xmlUnlinkNode(node);
		xmlFreeNode(node);
		return true;
	}
	if (!is_xsd(node, "include") || !file->ns)
		part_of(m, by, file);
	relocate(node, FILE_PREFIX, (size_t)(file - m->files->items));
	return true;
}

/* Imports: the files of that namespace, wherever they are said to be. */
static bool settle_import(struct making *m, const struct schema_file *by, xmlNodePtr node)
{
	char *ns = attribute(node, "namespace", m->mem);

	if (text_equal(ns, XSD)) {
		xmlUnlinkNode(node);
		xmlFreeNode(node);
		return true;
	}
	for (size_t i = 0; i < m->group_count; i++)
		if (text_equal(m->groups[i].ns, ns)) {
			relocate(node, NS_PREFIX, i);
			return true;
		}
	return err_set(
		m->e, ERR_SETUP,
		"%.120s, line %ld, imports the namespace %.160s, of which there is no file in the "
		"folder: put it there, nothing is fetched",
		by->path, xmlGetLineNo(node), ns ? text_shown(ns, 160, m->mem) : "(none)");
}

static bool settle_file(struct making *m, size_t i)
{
	const struct schema_file *by = &m->files->items[i];
	xmlNodePtr node = xmlDocGetRootElement(m->trees[i])->children, next;

	for (; node; node = next) {
		next = node->next;
		if (is_xsd(node, "import") && !settle_import(m, by, node))
			return false;
		if (node->parent && (is_xsd(node, "include") || is_xsd(node, "redefine")) &&
		    !settle_include(m, by, node))
			return false;
	}
	return true;
}

/* Mark all that comes in with what is marked. */
static void reach(bool *reached, const struct making *m)
{
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < m->include_count; i++) {
			const struct include *one = &m->includes[i];

			if (!reached[one->by] || reached[one->file])
				continue;
			reached[one->file] = more = true;
		}
	}
}

/* Parts that include each other in a circle come in by nobody: the first of them, by its place, counts as a file of its own. */
static void open_circles(struct making *m)
{
	bool *reached = talloc_zero_array(m->mem, bool, m->files->count);

	for (size_t i = 0; i < m->files->count; i++)
		reached[i] = !m->files->items[i].is_part;
	reach(reached, m);
	for (size_t i = 0; i < m->files->count; i++) {
		if (reached[i])
			continue;
		m->files->items[i].is_part = false;
		reached[i] = true;
		reach(reached, m);
	}
}

/* ---- the texts for libxml2 ---- */

static void group_of(struct making *m, const char *ns)
{
	for (size_t i = 0; i < m->group_count; i++)
		if (text_equal(m->groups[i].ns, ns))
			return;
	m->groups = talloc_realloc(m->mem, m->groups, struct group, m->group_count + 1);
	m->groups[m->group_count++] = (struct group){ talloc_strdup(m->mem, ns), NULL };
}

static char *escaped(const char *text, TALLOC_CTX *mem)
{
	xmlChar *made = xmlEncodeSpecialChars(NULL, BAD_CAST text);
	char *copy = talloc_strdup(mem, (const char *)made);

	xmlFree(made);
	return copy;
}

static char *attribute_text(const char *name, const char *value, TALLOC_CTX *mem)
{
	return value ? talloc_asprintf(mem, " %s=\"%s\"", name, escaped(value, mem))
		     : talloc_strdup(mem, "");
}

static void write_group(struct making *m, struct group *group)
{
	group->text = talloc_asprintf(m->mem, "<schema xmlns=\"" XSD "\"%s>",
				      attribute_text("targetNamespace", group->ns, m->mem));
	for (size_t i = 0; i < m->files->count; i++) {
		const struct schema_file *file = &m->files->items[i];

		if (!file->is_part && !file->built_in && text_equal(file->ns, group->ns))
			group->text = talloc_asprintf_append_buffer(
				group->text, "<include schemaLocation=\"" FILE_PREFIX "%zu\"/>", i);
	}
	group->text = talloc_asprintf_append_buffer(group->text, "</schema>");
}

static char *write_driver(struct making *m)
{
	char *text = talloc_strdup(m->mem, "<schema xmlns=\"" XSD
					   "\" targetNamespace=\"urn:vorpost:set\">");

	for (size_t i = 0; i < m->group_count; i++)
		text = talloc_asprintf_append_buffer(
			text, "<import%s schemaLocation=\"" NS_PREFIX "%zu\"/>",
			attribute_text("namespace", m->groups[i].ns, m->mem), i);
	return talloc_asprintf_append_buffer(text, "</schema>");
}

static void rewrite_file(struct making *m, size_t i)
{
	struct schema_file *file = &m->files->items[i];
	xmlChar *text;
	int len;

	xmlDocDumpMemoryEnc(m->trees[i], &text, &len, "UTF-8");
	talloc_free(file->text);
	file->text = talloc_strndup(m->mem, (const char *)text, (size_t)len);
	file->len = (size_t)len;
	xmlFree(text);
}

/* ---- compiling ---- */

/* The text of one of our names, NULL: there is none of that name. */
static const char *text_of(const struct making *m, const char *name)
{
	bool is_file = name && strncmp(name, FILE_PREFIX, sizeof FILE_PREFIX - 1) == 0;
	size_t number;

	if (!is_file && (!name || strncmp(name, NS_PREFIX, sizeof NS_PREFIX - 1) != 0))
		return NULL;
	number = strtoul(name + sizeof FILE_PREFIX - 1, NULL, 10);
	if (is_file)
		return number < m->files->count ? m->files->items[number].text : NULL;
	return number < m->group_count ? m->groups[number].text : NULL;
}

static xmlParserInputPtr load(const char *url, const char *id, xmlParserCtxtPtr parser)
{
	const char *text = under_way ? text_of(under_way, url) : NULL;
	xmlParserInputPtr input = text ? xmlNewStringInputStream(parser, BAD_CAST text) : NULL;

	(void)id;
	if (input)
		input->filename = (char *)xmlStrdup(BAD_CAST url);
	return input;
}

static void on_error(void *self, xmlErrorPtr error)
{
	struct making *m = self;
	const char *file = error->file;
	size_t number = 0;

	if (error->level < XML_ERR_ERROR || m->failed)
		return;
	m->failed = true;
	if (file && strncmp(file, FILE_PREFIX, sizeof FILE_PREFIX - 1) == 0)
		number = strtoul(file + sizeof FILE_PREFIX - 1, NULL, 10) + 1;
	err_set(m->e, ERR_SETUP, "%.160s: %s",
		number && number <= m->files->count ? m->files->items[number - 1].path
						    : "the files together",
		sentence(error->message, m->mem));
}

static xmlSchemaPtr compile(struct making *m)
{
	xmlExternalEntityLoader before = xmlGetExternalEntityLoader();
	char *driver = write_driver(m);
	xmlSchemaParserCtxtPtr parser = xmlSchemaNewMemParserCtxt(driver, (int)strlen(driver));
	xmlSchemaPtr compiled;

	under_way = m;
	xmlSetExternalEntityLoader(load);
	xmlSchemaSetParserStructuredErrors(parser, on_error, m);
	compiled = xmlSchemaParse(parser);
	xmlSchemaFreeParserCtxt(parser);
	xmlSetExternalEntityLoader(before);
	under_way = NULL;
	if (compiled && !m->failed)
		return compiled;
	if (!m->failed)
		err_set(m->e, ERR_SETUP, "the files cannot be compiled");
	xmlSchemaFree(compiled);
	return NULL;
}

static bool settle(struct making *m)
{
	for (size_t i = 0; i < m->files->count; i++)
		if (!look_at_file(m, i))
			return false;
	for (size_t i = 0; i < m->files->count; i++)
		if (!m->files->items[i].built_in)
			group_of(m, m->files->items[i].ns);
	for (size_t i = 0; i < m->files->count; i++)
		if (!m->files->items[i].built_in && !settle_file(m, i))
			return false;
	open_circles(m);
	for (size_t i = 0; i < m->files->count; i++)
		rewrite_file(m, i);
	for (size_t i = 0; i < m->group_count; i++)
		write_group(m, &m->groups[i]);
	return true;
}

static int set_free(struct schema_set *set)
{
	xmlSchemaFree(set->compiled);
	return 0;
}

struct schema_set *schema_set_compile(struct schema_files *files, TALLOC_CTX *mem, struct err *e)
{
	TALLOC_CTX *work = talloc_new(mem);
	struct making m = { .files = files, .mem = work, .e = e };
	struct schema_set *set = NULL;
	xmlSchemaPtr compiled;

	xml_prepare();
	m.trees = talloc_zero_array(work, xmlDocPtr, files->count);
	compiled = settle(&m) ? compile(&m) : NULL;
	for (size_t i = 0; i < files->count; i++)
		xmlFreeDoc(m.trees[i]);
	if (compiled) {
		set = talloc(mem, struct schema_set);
		set->compiled = compiled;
		talloc_set_destructor(set, set_free);
	}
	talloc_free(work);
	return set;
}

xmlSchemaPtr schema_set_compiled(const struct schema_set *set)
{
	return set->compiled;
}
