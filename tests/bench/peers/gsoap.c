/* gsoap.c BASE CA SECONDS LIST: gSOAP, decoded and hashed. Prints "READ SECONDS WRONG" as bench_read does. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "soapH.h"
#include "transfer.nsmap"

#define ENTRIES_MOST 64

static struct entry {
	char path[64], sha256[65];
} entries[ENTRIES_MOST];

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int entries_read(const char *path)
{
	FILE *file = fopen(path, "r");
	int n = 0;

	while (file && n < ENTRIES_MOST &&
	       fscanf(file, "%63s %64s", entries[n].path, entries[n].sha256) == 2)
		n++;
	if (file)
		fclose(file);
	return n;
}

static int is_right(const struct xsd__base64Binary *bytes, const char *sha256)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char text[65];

	EVP_Digest(bytes->__ptr, (size_t)bytes->__size, digest, NULL, EVP_sha256(), NULL);
	for (int i = 0; i < 32; i++)
		snprintf(text + 2 * i, 3, "%02x", digest[i]);
	return strcmp(text, sha256) == 0;
}

int main(int argc, char **argv)
{
	struct soap *soap = soap_new1(SOAP_IO_KEEPALIVE | SOAP_ENC_MTOM);
	double began = 0, at = 0, seconds;
	int count, read = 0, wrong = 0;
	char url[256];

	if (argc != 5 || !(count = entries_read(argv[4])))
		return 64;
	seconds = strtod(argv[3], NULL);
	soap_ssl_init();
	if (soap_ssl_client_context(soap, SOAP_SSL_DEFAULT, NULL, NULL, argv[2], NULL, NULL)) {
		soap_print_fault(soap, stderr);
		return 1;
	}
	for (int i = 0;; i++) {
		const struct entry *entry = &entries[i % count];
		struct tran__getShipmentResponse answer;

		snprintf(url, sizeof url, "%s%s", argv[1], entry->path);
		if (soap_call_tran__getShipment(soap, url, "urn:getShipment", "SE00000001",
						&answer)) {
			soap_print_fault(soap, stderr);
			return 1;
		}
		wrong += !is_right(&answer.tran__Response.tran__Lieferung.tran__Transfer.gevo__Datei
					    .allg__Daten,
				   entry->sha256);
		soap_destroy(soap);
		soap_end(soap);
		at = now();
		if (i + 1 == count)
			began = at;
		else if (began > 0)
			read++;
		if (began > 0 && at - began >= seconds)
			break;
	}
	printf("%d %.3f %d\n", read, at - began, wrong);
	return 0;
}
