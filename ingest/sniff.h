/*
 * sniff.h -- what a document is, told by its first bytes. What insurers declare is often wrong ("application/pdf"
 * for everything, GDV files named .pdf), so the bytes decide.
 */
#ifndef INGEST_SNIFF_H
#define INGEST_SNIFF_H

#include <stddef.h>
#include <talloc.h>

/* Load libmagic's database for the whole process, once; sniff does it by itself when its own table does not know. */
void sniff_prepare(void);

/*
 * The media type of a document that starts with head[len] (at most SNIFF_BYTES are looked at). "" for an empty one,
 * "application/octet-stream" if nothing is known. The text lives as long as mem.
 */
const char *sniff(const void *head, size_t len, TALLOC_CTX *mem);

#endif
