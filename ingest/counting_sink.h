/*
 * counting_sink.h -- a document sink that keeps nothing: it counts and hashes, for reading offline.
 */
#ifndef INGEST_COUNTING_SINK_H
#define INGEST_COUNTING_SINK_H

#include <talloc.h>

#include "model/document_sink.h"

struct document_sink *counting_sink_new(TALLOC_CTX *mem);

#endif
