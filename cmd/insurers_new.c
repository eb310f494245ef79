/* insurers_new.c -- the beginning of an insurer file, with a comment on every line that a person must fill in. */
#include "cmd/insurers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char head[] =
	"# One file is one issuer: the house that gives policy numbers out. docs/insurers.md has every key.\n"
	"issuer: %s                # the file's name: a-z, 0-9 and -\n"
	"name: \"%s\"                # as a person would say it\n"
	"# Only for people; joins no numbers. Leave it out if the house stands alone.\n"
	"#group: { name: \"...\", source: \"...\", confidence: confirmed }\n"
	"carriers:\n"
	"  # confidence: confirmed (read in a source), one-sample (a single specimen), inferred (your conclusion),\n"
	"  # general-knowledge. from: and to: are days like 2024-08-01, both within; left out: open.\n";

static const char with_vu[] = "  - { vu: \"%s\", name: \"%s\",\n"
			      "      source: \"" SOURCE_UNSAID "\", confidence: confirmed }\n";

static const char without_vu[] = "  # No vu: an Assekuradeur, whose numbers stay when the risk "
				 "carrier changes.\n"
				 "  - { name: \"%s\",\n"
				 "      source: \"" SOURCE_UNSAID "\", confidence: confirmed }\n";

static const char foot[] =
	"# The file is complete without a picture: the general rule then holds (separators out, upper case, nothing else).\n"
	"# With a specimen in hand, take the # away, draw the number, and invent digits for the examples:\n"
	"#   # a digit   @ a letter   A-Z 0-9 itself   blank - . / only group\n"
	"#   [AS-] belongs to the number, people leave it out   {/##} stands there, does not belong to the number\n"
	"#numbers:\n"
	"#  - name: \"Kfz\"\n"
	"#    lines: [ \"050\" ]                                       # GDV Sparten; left out: every line\n"
	"#    picture: \"AB-## ######\"\n"
	"#    source: \"" SOURCE_UNSAID "\"\n"
	"#    confidence: one-sample\n"
	"#    reads: [ [ \"ab 27 182818\", \"AB27182818\" ] ]            # a spelling and its system form\n"
	"#    same: [ [ \"AB-27 182818\", \"ab27182818\" ] ]             # one contract, spelled in two ways\n"
	"#    different: [ [ \"AB-27 182818\", \"AB-27 182819\" ],       # two contracts: the neighbour,\n"
	"#                 [ \"AB-27 182818\", \"AH-27 182818\" ] ]      # and the same digits in another line\n"
	"#    refused: [ \"AB-27 18281\" ]                            # what it must not accept\n";

/* The folders that every command reads; NULL if no configuration says so. */
static char **known_folders(const struct invocation *in, size_t *count)
{
	*count = 0;
	return insurers_folders(in, count, NULL);
}

/* Where a file of one's own belongs: the folder that has the last word. What came with the program goes with its next release. */
static const char *folder_choose(const struct invocation *in, struct err *e)
{
	const char *folder = invocation_option(in, "--folder");
	size_t count;
	char **folders;

	if (folder)
		return folder;
	folders = insurers_folders(in, &count, e);
	if (!folders)
		return NULL;
	if (count && strcmp(folders[count - 1], VORPOST_INSURERS_DIR) != 0)
		return folders[count - 1];
	err_set(e, ERR_USAGE,
		"the configuration names no folder of your own; say --folder FOLDER, and name it last "
		"under insurers: in the configuration");
	return NULL;
}

static bool folder_make(const char *folder, struct err *e)
{
	if (mkdir(folder, 0755) == 0 || errno == EEXIST)
		return true;
	return err_set(e, ERR_SETUP, "cannot make the folder %s: %s", folder, strerror(errno));
}

/* Only what `insurers check` reads by itself need not be named. */
static const char *check_folder(const struct invocation *in, const char *folder)
{
	size_t count;
	char **folders = known_folders(in, &count);

	for (size_t i = 0; folders && i < count; i++) {
		if (strcmp(folders[i], folder) == 0)
			return "";
	}
	return talloc_asprintf(in->mem, " %s", folder);
}

/* The file must be loadable as it is written, so what cannot stand in it is refused here. */
static bool words_check(const char *key, const char *vu, const char *name, struct err *e)
{
	if (!key[0] || strlen(key) > 60 ||
	    strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(key))
		return err_set(e, ERR_USAGE, "the key \"%s\" may hold a-z, 0-9 and - only", key);
	if (vu && (strlen(vu) != 4 || strspn(vu, "0123456789") != 4))
		return err_set(e, ERR_USAGE, "--vu is \"%s\", expected four digits", vu);
	if (!name[0] || strlen(name) > 80 || strpbrk(name, "\"\\\n\r\t"))
		return err_set(e, ERR_USAGE,
			       "--name is empty, longer than 80 bytes or holds "
			       "quotation marks or backslashes");
	return true;
}

/* Nobody's file is written over. */
static bool claimed(const struct invocation *in, const char *key, const char *vu, struct err *e)
{
	const struct insurers *all = insurers_open(in, e);
	const struct insurer *other;

	if (!all)
		return true;
	other = insurers_by_issuer(all, key);
	if (!other && vu)
		other = insurers_find(all, vu);
	if (!other)
		return false;
	err_set(e, ERR_USAGE,
		"%s already stands for \"%s\"; edit it, or copy it and name the day (to:) on which "
		"the old owner lost the number",
		other->path, insurers_by_issuer(all, key) ? key : vu);
	return true;
}

static bool write_file(const char *path, const char *key, const char *vu, const char *name,
		       struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
	bool ok;

	if (!out) {
		err_set(e, ERR_SETUP, "cannot write %s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
		return false;
	}
	fprintf(out, head, key, name);
	if (vu)
		fprintf(out, with_vu, vu, name);
	else
		fprintf(out, without_vu, name);
	fputs(foot, out);
	ok = !ferror(out);
	if (fclose(out) != 0 || !ok)
		return err_set(e, ERR_SETUP, "cannot write %s: %s", path, strerror(errno));
	return true;
}

int insurers_new(struct invocation *in, struct err *e)
{
	const char *key = in->word[0], *vu = invocation_option(in, "--vu");
	const char *name = invocation_option(in, "--name"), *folder;
	char *path;

	if (!name)
		name = key;
	if (!words_check(key, vu, name, e) || claimed(in, key, vu, e))
		return 1;
	folder = folder_choose(in, e);
	if (!folder)
		return 1;
	path = talloc_asprintf(in->mem, "%s/%s.yaml", folder, key);
	if (!folder_make(folder, e) || !write_file(path, key, vu, name, e))
		return 1;
	fprintf(in->out,
		"wrote %s\nnext: fill in the source and, with a specimen, the picture; then: vorpost insurers "
		"check%s\n",
		path, check_folder(in, folder));
	return 0;
}
