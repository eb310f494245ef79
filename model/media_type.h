/*
 * media_type.h -- does a document turn out to be what it was said to be? A Police.pdf that is a program is kept and filed as
 * any other, for nothing may be lost; but whoever is about to open it shall know.
 */
#ifndef MODEL_MEDIA_TYPE_H
#define MODEL_MEDIA_TYPE_H

#include <talloc.h>

/*
 * The sentence, child of mem; NULL: nothing contradicts.
 *   name      the file's, whose ending counts where no type is declared; NULL: none
 *   declared  as delivered, with parameters; NULL: none
 *   found     sniffed from the bytes; NULL or "": there are none
 * Only types that every file of theirs shows by its first bytes (PDF, ZIP and what is built on it, JPEG, PNG, TIFF) are held
 * against what was found; a program is told of whatever it is called. The sentence repeats nothing of name and declared.
 */
char *media_type_warning(const char *name, const char *declared, const char *found,
			 TALLOC_CTX *mem);

#endif
