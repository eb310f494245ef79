/*
 * learned.h -- pictures that a person accepted: FOLDER/ISSUER.yaml with `adds: pictures`, in the language of the insurer files and
 * read by their loader. Files are replaced as a whole (a new one is renamed over the old), so that a reader sees the one or the
 * other.
 */
#ifndef NORMALIZERS_LEARNED_H
#define NORMALIZERS_LEARNED_H

#include <stdbool.h>
#include <stdio.h>
#include <talloc.h>

#include "base/err.h"
#include "normalizers/insurer.h"
#include "normalizers/picture.h"

/*
 * Add a compiled picture to FOLDER/ISSUER.yaml with examples made up from its shape. folders: what the configuration loads
 * before the folder; all examples of the issuer are proved with the new file first, and it is put in place only if they come
 * out. dry_run: only prove. Fails ERR_SETUP: what does not come out, or what the file system says; ERR_CONFLICT if it is
 * there already.
 */
bool learned_add(char *const *folders, size_t count, const char *folder, const char *issuer,
		 const struct picture *picture, bool dry_run, struct err *e);

/* Take the picture with this drawing out, all for NULL; the file goes with the last. Fails ERR_MISSING, ERR_SETUP. */
bool learned_remove(char *const *folders, size_t count, const char *folder, const char *issuer,
		    const char *drawing, struct err *e);

/* Only in memory: what would be if the issuer had this picture too. The picture must outlive all. False: no such issuer. */
bool insurers_try_picture(struct insurers *all, const char *issuer, const struct picture *picture);

/* The whole file: issuer, adds, and those of the pictures that are learned, with examples made up from their shapes, never a
 * number of a contract. Examples that would not come out among all pictures of `beside` are left out (NULL: none is). Returns
 * how many pictures. */
size_t learned_write(FILE *out, const struct insurer *beside, const char *issuer,
		     const struct picture *pictures, size_t count);

#endif
