/*
 * record.h -- the recorder (model/recorder.h): match a delivery and make it durable. Two round trips a shipment:
 * one look-up for all its numbers, one statement that records everything; a third one only if documents would wait.
 */
#ifndef MATCHER_RECORD_H
#define MATCHER_RECORD_H

#include <talloc.h>

#include "matcher/matcher.h"
#include "model/recorder.h"

/* A recorder over the matcher, which must outlive it. Child of mem. */
struct recorder *recorder_new(const struct matcher *matcher, TALLOC_CTX *mem);

#endif
