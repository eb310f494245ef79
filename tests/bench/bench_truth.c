/*
 * bench_truth.c -- "SHIPMENT SHA256" for each line of a sandbox's shipments.jsonl (standard input): what must have been
 * stored. The digests are made from the seeds, on a way that shares nothing with the one that is measured.
 */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "fixtures/content.h"
#include "fixtures/shipment.h"

static bool line_tell(const char *line, size_t len, TALLOC_CTX *mem, struct err *e)
{
	json_t *json = json_loadb(line, len, 0, NULL);
	struct sandbox_shipment shipment = { 0 };
	unsigned char digest[EVP_MAX_MD_SIZE];
	const struct sandbox_file *file;
	struct content *content;
	char text[65];
	uint8_t *bytes;

	if (!json || !shipment_from_json(&shipment, json, mem, e))
		return false;
	json_decref(json);
	if (shipment.transfer_count != 1 || shipment.transfers[0].file_count != 1)
		return err_set(e, ERR_USAGE, "a shipment with other than one document");
	file = &shipment.transfers[0].files[0];
	content = content_made(file->seed, file->size, mem);
	bytes = talloc_size(mem, content->size);
	if (!content_read(content, bytes, content->size, 0, e) ||
	    !EVP_Digest(bytes, content->size, digest, NULL, EVP_sha256(), NULL))
		return false;
	text_hex(text, digest, 32);
	printf("%s %s\n", shipment.id, text);
	return true;
}

int main(void)
{
	struct err e = { 0 };
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	bool ok = true;

	while (ok && (len = getline(&line, &room, stdin)) > 0) {
		TALLOC_CTX *mem = talloc_new(NULL);

		ok = line_tell(line, (size_t)len, mem, &e);
		talloc_free(mem);
	}
	free(line);
	if (!ok)
		fprintf(stderr, "bench_truth: %s\n", e.text);
	return ok ? 0 : 70;
}
