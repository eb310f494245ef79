#include "normalizers/learned.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "normalizers/insurer_file.h"
#include "normalizers/key.h"
#include "normalizers/picture_join.h"

#define WAYS_MOST 6 /* spellings of a picture that are shown as examples */

/* ---- writing ---- */

/* Between double quotes, as YAML has them. */
static void put_quoted(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			fprintf(out, "\\x%02X", c);
		else
			fputc(c, out);
	}
	fputc('"', out);
}

static void put_key(FILE *out, const char *key, const char *text)
{
	fprintf(out, "    %s: ", key);
	put_quoted(out, text ? text : "");
	fputc('\n', out);
}

/* A spelling of this form with digits and letters that mean nothing. */
static void invent(const struct form *form, char *spelling)
{
	static const char digits[] = "27182818284591828182818284591827182";
	static const char letters[] = "HVKWMNPRTXHVKWMNPRTXHVKWMNPRTXHVKWM";
	size_t n = 0;

	for (unsigned i = 0; i < form->len; i++) {
		char cell = form->cell[i];

		if (form->gaps >> i & 1)
			spelling[n++] = '/';
		if (cell == '#' || cell == '+')
			spelling[n++] = digits[i];
		else
			spelling[n++] = cell == '@' ? letters[i] : cell;
	}
	spelling[n] = '\0';
}

static bool read_as(const struct picture *p, const char *spelling, char *canonical)
{
	struct cleaned clean;

	clean_number(&clean, spelling, strlen(spelling));
	return clean.state == CLEAN_OK && picture_read(p, &clean, canonical) == READS_ONE;
}

/* Does the pair come out among all pictures of the insurer? Where another line reads the same spelling in another way, it
 * would not, and proves nothing. */
static bool comes_out(const struct insurer *beside, const char *left, const char *right,
		      enum comparison wanted)
{
	const char *why;

	return !beside || numbers_compare(beside, left, right, &why) == wanted;
}

static void put_pair(FILE *out, bool first, const char *left, const char *right)
{
	fputs(first ? "[ " : ", [ ", out);
	put_quoted(out, left);
	fputs(", ", out);
	put_quoted(out, right);
	fputs(" ]", out);
}

/* What it takes off is read off other contracts' spellings, too: the file must say that it means that. */
static void put_drops(FILE *out, const struct insurer *beside, const struct picture *p, size_t put)
{
	struct picture_join join;

	for (unsigned place = 0; place <= KEY_MOST; place++) {
		if (picture_drops(&join, p, place) &&
		    comes_out(beside, join.left, join.right, COMPARE_SAME))
			put_pair(out, put++ == 0, join.left, join.right);
	}
}

static void put_same(FILE *out, const struct insurer *beside, const struct picture *p)
{
	char spelling[2 * KEY_MOST + 2], canonical[KEY_MOST + 1];
	size_t put = 0;

	fputs("    same: [ ", out);
	for (size_t i = 0; i < p->form_count && put < WAYS_MOST; i++) {
		invent(&p->forms[i], spelling);
		if (read_as(p, spelling, canonical) &&
		    comes_out(beside, canonical, spelling, COMPARE_SAME))
			put_pair(out, put++ == 0, canonical, spelling);
	}
	put_drops(out, beside, p, put);
	fputs(" ]\n", out);
}

/* One spelling with something left out or too much, where there is one, and the number that it stands for. */
static void put_reads(FILE *out, const struct insurer *beside, const struct picture *p)
{
	char spelling[2 * KEY_MOST + 2], canonical[KEY_MOST + 1];
	bool full = true;

	for (size_t i = 0; i < 2 * p->form_count && full; i++) {
		const struct form *form = &p->forms[i % p->form_count];

		if (form->full && i < p->form_count)
			continue; /* the plain ones only if there are no others */
		invent(form, spelling);
		full = !read_as(p, spelling, canonical) ||
		       !comes_out(beside, canonical, spelling, COMPARE_SAME);
	}
	if (full)
		return;
	fputs("    reads: [ ", out);
	put_pair(out, true, spelling, canonical);
	fputs(" ]\n", out);
}

/* The neighbour: numbers are given out in runs. */
static void put_different(FILE *out, const struct insurer *beside, const struct picture *p)
{
	char spelling[2 * KEY_MOST + 2], canonical[KEY_MOST + 1], other[KEY_MOST + 1];

	for (size_t i = 0; i < p->form_count; i++) {
		char *last;

		if (!p->forms[i].full)
			continue;
		invent(&p->forms[i], spelling);
		if (!read_as(p, spelling, canonical))
			continue;
		last = strrchr(p->forms[i].cell, '#');
		if (!last)
			continue;
		strcpy(other, canonical);
		if (p->forms[i].gaps || strcmp(spelling, canonical) != 0)
			continue;
		other[last - p->forms[i].cell] = '6'; /* no digit that was made up is one */
		if (!comes_out(beside, canonical, other, COMPARE_DIFFERENT))
			continue;
		fputs("    different: [ ", out);
		put_pair(out, true, canonical, other);
		fputs(" ]\n", out);
		return;
	}
}

/* A letter where a digit belongs. */
static void put_refused(FILE *out, const struct picture *p)
{
	char spelling[2 * KEY_MOST + 2], canonical[KEY_MOST + 1];
	struct form wrong;
	char *digit;

	for (size_t i = 0; i < p->form_count; i++) {
		wrong = p->forms[i];
		digit = strrchr(wrong.cell, '#');
		if (!digit)
			continue;
		*digit = 'Q';
		invent(&wrong, spelling);
		if (read_as(p, spelling, canonical))
			continue;
		fputs("    refused: [ ", out);
		put_quoted(out, spelling);
		fputs(" ]\n", out);
		return;
	}
}

static void picture_write(FILE *out, const struct insurer *beside, const struct picture *p)
{
	fputs("  - name: ", out);
	put_quoted(out, p->name);
	fputc('\n', out);
	if (p->line_count) {
		fputs("    lines: [", out);
		for (size_t i = 0; i < p->line_count; i++) {
			fputs(i ? ", " : " ", out);
			put_quoted(out, p->lines[i]);
		}
		fputs(" ]\n", out);
	}
	put_key(out, "picture", p->drawing);
	if (p->drops_zeros)
		fputs("    drops: leading-zeros\n", out);
	put_key(out, "source", p->source);
	fprintf(out, "    confidence: %s\n", p->confidence);
	put_same(out, beside, p);
	put_reads(out, beside, p);
	put_different(out, beside, p);
	put_refused(out, p);
}

size_t learned_write(FILE *out, const struct insurer *beside, const char *issuer,
		     const struct picture *pictures, size_t count)
{
	size_t written = 0;

	for (size_t i = 0; i < count; i++) {
		if (!pictures[i].learned)
			continue;
		if (!written++)
			fprintf(out, "issuer: %s\nadds: pictures\nnumbers:\n", issuer);
		picture_write(out, beside, &pictures[i]);
	}
	return written;
}

/* ---- the files ---- */

static bool away(const char *what, const char *path, struct err *e)
{
	return err_set(e, ERR_SETUP, "cannot %s %s: %s", what, path, strerror(errno));
}

/* The pictures of the file as it is; none if there is no file. */
static bool file_read(struct insurer **file, const char *path, TALLOC_CTX *mem, struct err *e)
{
	struct examples *examples;

	*file = NULL;
	if (access(path, F_OK) != 0)
		return true;
	*file = insurer_read(path, &examples, mem, e);
	for (size_t i = 0; *file && i < (*file)->picture_count; i++)
		(*file)->pictures[i].learned = true;
	return *file != NULL;
}

static bool file_write(const char *path, const struct insurer *beside, const char *issuer,
		       const struct picture *pictures, size_t count, struct err *e)
{
	FILE *out = fopen(path, "we");
	bool ok;

	if (!out)
		return away("write", path, e);
	learned_write(out, beside, issuer, pictures, count);
	ok = fflush(out) == 0 && fsync(fileno(out)) == 0;
	ok = fclose(out) == 0 && ok;
	return ok || away("write", path, e);
}

/* The issuer as it would be with these pictures; NULL with e set. */
static const struct insurer *issuer_with(char *const *folders, size_t count, const char *issuer,
					 const struct picture *pictures, size_t picture_count,
					 TALLOC_CTX *mem, struct err *e)
{
	struct insurers *all = insurers_load(folders, count, mem, e);

	for (size_t i = 0; all && i < picture_count; i++) {
		if (pictures[i].learned && !insurers_try_picture(all, issuer, &pictures[i])) {
			err_set(e, ERR_SETUP, "%s has no insurer file", issuer);
			return NULL;
		}
	}
	return all ? insurers_by_issuer(all, issuer) : NULL;
}

/* Load everything as it would be: the new file lies in a folder of its own below, under its future name. */
static bool file_prove(char *const *folders, size_t count, const char *trial, TALLOC_CTX *mem,
		       struct err *e)
{
	char **all = talloc_array(mem, char *, count + 1);

	for (size_t i = 0; i < count; i++)
		all[i] = folders[i];
	all[count] = talloc_strdup(all, trial);
	return insurers_load(all, count + 1, mem, e) != NULL;
}

/* What is put in place, and beside which files of the insurers. */
struct placing {
	char *const *folders;
	size_t folder_count;
	const char *folder, *issuer;
	const struct picture *pictures;
	size_t count;
	bool dry_run;
};

static bool file_place(const struct placing *p, TALLOC_CTX *mem, struct err *e)
{
	const struct insurer *beside =
		issuer_with(p->folders, p->folder_count, p->issuer, p->pictures, p->count, mem, e);
	char *trial = talloc_asprintf(mem, "%s/.trial", p->folder);
	char *from = talloc_asprintf(mem, "%s/%s.yaml", trial, p->issuer);
	char *to = talloc_asprintf(mem, "%s/%s.yaml", p->folder, p->issuer);
	bool ok;

	if (!beside)
		return false;
	if (mkdir(trial, 0700) != 0 && errno != EEXIST)
		return away("make", trial, e);
	ok = file_write(from, beside, p->issuer, p->pictures, p->count, e) &&
	     file_prove(p->folders, p->folder_count, trial, mem, e) &&
	     (p->dry_run || rename(from, to) == 0 || away("put in place", to, e));
	if (!ok || p->dry_run)
		unlink(from);
	rmdir(trial);
	return ok;
}

bool learned_add(char *const *folders, size_t count, const char *folder, const char *issuer,
		 const struct picture *picture, bool dry_run, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct insurer *file;
	struct picture *all;
	size_t had;
	bool ok = file_read(&file, talloc_asprintf(mem, "%s/%s.yaml", folder, issuer), mem, e);

	had = ok && file ? file->picture_count : 0;
	all = talloc_array(mem, struct picture, had + 1);
	for (size_t i = 0; ok && i < had; i++) {
		all[i] = file->pictures[i];
		if (strcmp(all[i].drawing, picture->drawing) == 0)
			ok = err_set(e, ERR_CONFLICT, "%s has the learned picture \"%s\" already",
				     issuer, picture->drawing);
	}
	all[had] = *picture;
	all[had].learned = true;
	ok = ok && file_place(&(const struct placing){ folders, count, folder, issuer, all, had + 1,
						       dry_run },
			      mem, e);
	talloc_free(mem);
	return ok;
}

bool learned_remove(char *const *folders, size_t count, const char *folder, const char *issuer,
		    const char *drawing, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *path = talloc_asprintf(mem, "%s/%s.yaml", folder, issuer);
	struct insurer *file;
	size_t left = 0;
	bool ok = file_read(&file, path, mem, e);

	for (size_t i = 0; file && i < file->picture_count; i++) {
		file->pictures[i].learned = drawing && strcmp(file->pictures[i].drawing, drawing);
		left += file->pictures[i].learned;
	}
	if (ok && (!file || left == file->picture_count))
		ok = err_set(e, ERR_MISSING, "%s has no learned picture%s%s", issuer,
			     drawing ? " " : "", drawing ? drawing : "");
	if (ok && left == 0)
		ok = unlink(path) == 0 || away("remove", path, e);
	else if (ok)
		ok = file_place(&(const struct placing){ folders, count, folder, issuer,
							 file->pictures, file->picture_count,
							 false },
				mem, e);
	talloc_free(mem);
	return ok;
}
