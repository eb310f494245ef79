/*
 * reading_inside.h -- the program vorpost-reader, all but its main.
 */
#ifndef INGEST_READING_INSIDE_H
#define INGEST_READING_INSIDE_H

/* The whole life of the program, from behind cage_enter on; the exit code. */
int reading_inside(void);

/*
 * In test builds an answer can ask the reader to misbehave, as one that was taken over might: a Content-Type with
 * "x-plant=WORD" (reading_plant.c has the words). Elsewhere this does nothing.
 */
#ifdef VORPOST_CRASH_POINTS
void inside_plant(const char *content_type);
#else
static inline void inside_plant(const char *content_type)
{
	(void)content_type;
}
#endif

#endif
