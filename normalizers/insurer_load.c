/*
 * insurer_load.c -- all files of all folders; a later folder's issuer replaces an earlier one's.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "normalizers/insurer_file.h"

static int is_yaml(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && strcmp(entry->d_name + len - 5, ".yaml") == 0;
}

static void insurers_put(struct insurers *all, struct insurer *insurer)
{
	for (size_t i = 0; i < all->count; i++) {
		if (!text_equal(all->list[i]->issuer, insurer->issuer))
			continue;
		talloc_free(all->list[i]);
		all->list[i] = insurer;
		return;
	}
	all->list = talloc_realloc(all, all->list, struct insurer *, (unsigned)all->count + 1);
	all->list[all->count++] = insurer;
}

static bool load_file(struct insurers *all, const char *path, struct err *e)
{
	struct examples *examples = NULL;
	struct insurer *insurer = insurer_read(path, &examples, all, e);

	if (insurer && insurer->overlay)
		return insurer_add_pictures(all, insurer, e);
	if (!insurer || !insurer_prove(insurer, examples, e) ||
	    !insurer_examples_agree(insurer, examples, e) ||
	    !insurer_joins_nobody(insurer, examples, e))
		return false;
	insurers_put(all, insurer);
	return true;
}

static bool load_folder(struct insurers *all, const char *folder, struct err *e)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_yaml, alphasort);
	bool ok = count >= 0;

	if (!ok)
		err_set(e, ERR_SETUP, "cannot read the folder %s: %s", folder, strerror(errno));
	for (int i = 0; i < count; i++) {
		char *path = talloc_asprintf(all, "%s/%s", folder, entries[i]->d_name);

		ok = ok && load_file(all, path, e);
		talloc_free(path);
		free(entries[i]);
	}
	free(entries);
	return ok;
}

static int by_issuer(const void *a, const void *b)
{
	const struct insurer *const *left = a, *const *right = b;

	return strcmp((*left)->issuer, (*right)->issuer);
}

struct insurers *insurers_load(char *const *folders, size_t count, TALLOC_CTX *mem, struct err *e)
{
	struct insurers *all = talloc_zero(mem, struct insurers);
	bool ok = true;

	for (size_t i = 0; ok && i < count; i++)
		ok = load_folder(all, folders[i], e);
	if (ok && all->count)
		qsort(all->list, all->count, sizeof(all->list[0]), by_issuer);
	if (ok && insurers_index(all, e))
		return all;
	talloc_free(all);
	return NULL;
}
