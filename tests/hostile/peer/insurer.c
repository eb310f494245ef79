/*
 * insurer.c -- an insurer in gSOAP: another's HTTP, MIME, XML and WS-Security answer our requests over loopback.
 *
 * usage: insurer PORT_FILE SHIPMENTS mtom|inline [KEY_AND_CERTIFICATE.pem|- [CLIENT.pem REQUESTS]]
 *
 * The files in SHIPMENTS/ID are the documents of shipment ID; SHIPMENTS/ID.acknowledged is made when it is acknowledged, and
 * it is not listed any more. With a key, what the transfer service answers is signed (wsseapi). Only user "broker" with
 * password "secret" gets in; with CLIENT.pem only who signs his login with the key of this certificate, and every byte that
 * came stands in REQUESTS.
 */
#include <dirent.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "insurer.nsmap"
#include "logging.h"
#include "soapH.h"
#include "wsseapi.h"

#define SESSION     "bipro:7f1c-gsoap"
#define SHIPMENTS   16
#define SIGNED_TIME 600 /* seconds */

struct insurer {
	const char *folder;
	int attach; /* else inline */
	EVP_PKEY *key;
	X509 *certificate, *client; /* client: else a password */
};

static struct insurer *insurer_of(struct soap *soap)
{
	return soap->user;
}

static char *path(struct soap *soap, const char *a, const char *b)
{
	char *text =
		soap_malloc(soap, strlen(insurer_of(soap)->folder) + strlen(a) + strlen(b) + 3);

	sprintf(text, "%s/%s%s", insurer_of(soap)->folder, a, b);
	return text;
}

static int no_dot(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !strchr(entry->d_name, '/');
}

/* --- what every answer has --- */

/* The request's header must not go back; what is signed gets one of its own. */
static int seal(struct soap *soap)
{
	struct insurer *insurer = insurer_of(soap);

	soap_wsse_delete_Security(soap);
	if (!insurer->key)
		return SOAP_OK;
	if (soap_wsse_add_Timestamp(soap, "Time", SIGNED_TIME) ||
	    soap_wsse_add_BinarySecurityTokenX509(soap, "X509Token", insurer->certificate) ||
	    soap_wsse_add_KeyInfo_SecurityTokenReferenceX509(soap, "#X509Token") ||
	    soap_wsse_sign_body(soap, SOAP_SMD_SIGN_RSA_SHA256, insurer->key, 0))
		return soap->error;
	return SOAP_OK;
}

static int answered(struct soap *soap, struct tran__Response *response, const char *status,
		    const char *code)
{
	struct nachr__Meldung *message = soap_malloc(soap, sizeof *message);

	response->nachr__BiPROVersion = "2.6.1.1.0";
	response->nachr__Status.nachr__ProzessID = "p-1";
	response->nachr__Status.nachr__Zeitstempel = "2026-01-05T06:00:00";
	response->nachr__Status.nachr__StatusID = soap_strdup(soap, status);
	message->nachr__ArtID = strcmp(status, "OK") ? "Fehler" : "Hinweis";
	message->nachr__MeldungID = soap_strdup(soap, code);
	message->nachr__Text = NULL;
	response->nachr__Status.nachr__Meldung = message;
	return seal(soap);
}

/* Whoever has the session; and the shipment, where one is asked for. */
static int may(struct soap *soap, const struct tran__Request *request, int with_id)
{
	const struct _wsse__Security *security = soap->header ? soap->header->wsse__Security : NULL;
	const char *id = request ? request->tran__ID : NULL;
	struct stat found;

	if (!security || !security->wsc__SecurityContextToken ||
	    !security->wsc__SecurityContextToken->Identifier ||
	    strcmp(security->wsc__SecurityContextToken->Identifier, SESSION) != 0)
		return 0;
	return !with_id || (id && !strchr(id, '/') && !strchr(id, '.') &&
			    stat(path(soap, id, ""), &found) == 0);
}

/* --- the four operations --- */

static int password_fits(struct soap *soap)
{
	const char *user = soap_wsse_get_Username(soap);

	return user && strcmp(user, "broker") == 0 && !soap_wsse_verify_Password(soap, "secret");
}

/* The one certificate that we were given, RSA-SHA256, and nothing of Timestamp and Body left out. */
static int signature_fits(struct soap *soap)
{
	X509 *shown = soap_wsse_get_KeyInfo_SecurityTokenReferenceX509(soap);
	int algorithm, bits;
	int fits = shown && X509_cmp(shown, insurer_of(soap)->client) == 0 &&
		   !soap_wsse_get_SignedInfo_SignatureMethod(soap, &algorithm, &bits) &&
		   algorithm == SOAP_SMD_VRFY_RSA_SHA256 && !soap_wsse_verify_Signature(soap) &&
		   !soap_wsse_verify_Timestamp(soap) &&
		   soap_wsse_verify_element(soap, wsu_URI, "Timestamp") == 1 &&
		   !soap_wsse_verify_body(soap);

	X509_free(shown);
	return fits;
}

int trust__RequestSecurityToken(struct soap *soap, char *type, char *request, char *version,
				struct trust__RequestSecurityTokenResponse *answer)
{
	if (!strstr(request, "/Issue")) {
		soap_wsse_delete_Security(soap);
		return SOAP_OK;
	}
	if (!(insurer_of(soap)->client ? signature_fits : password_fits)(soap)) {
		soap_wsse_delete_Security(soap);
		return soap_wsse_sender_fault_subcode(soap, "wsse:FailedAuthentication",
						      "unknown here", NULL);
	}
	answer->trust__TokenType = type;
	answer->trust__RequestedSecurityToken =
		soap_malloc(soap, sizeof *answer->trust__RequestedSecurityToken);
	answer->trust__RequestedSecurityToken->wsc__SecurityContextToken =
		soap_new_wsc__SecurityContextTokenType(soap, 1);
	answer->trust__RequestedSecurityToken->wsc__SecurityContextToken->Identifier = SESSION;
	soap_wsse_delete_Security(soap);
	return SOAP_OK;
}

int tran__listShipments(struct soap *soap, struct tran__Request *request,
			struct tran__listShipmentsResponse *answer)
{
	struct tran__Response *response = &answer->tran__Response;
	struct dirent **names;
	struct stat found;
	int count = scandir(insurer_of(soap)->folder, &names, no_dot, alphasort);

	if (!may(soap, request, 0))
		return answered(soap, response, "NOK", "00962");
	response->tran__Lieferung =
		soap_malloc(soap, SHIPMENTS * sizeof *response->tran__Lieferung);
	for (int i = 0; i < count && response->__sizeLieferung < SHIPMENTS; i++) {
		struct tran__Lieferung *one = &response->tran__Lieferung[response->__sizeLieferung];

		if (!strchr(names[i]->d_name, '.') &&
		    stat(path(soap, names[i]->d_name, ".acknowledged"), &found) != 0) {
			soap_default_tran__Lieferung(soap, one);
			one->tran__ID = soap_strdup(soap, names[i]->d_name);
			one->tran__Kategorie = "100001000";
			response->__sizeLieferung++;
		}
		free(names[i]);
	}
	free(names);
	return answered(soap, response, "OK", response->__sizeLieferung ? "00000" : "04001");
}

static void read_document(struct soap *soap, const char *id, const char *name,
			  struct gevo__Datei *file)
{
	char *shown = soap_malloc(soap, strlen(name) + 2);
	FILE *from;
	long size;

	sprintf(shown, "/%s", name);
	from = fopen(path(soap, id, shown), "rb");
	if (!from || fseek(from, 0, SEEK_END) || (size = ftell(from)) < 0)
		exit(1);
	rewind(from);
	soap_default_gevo__Datei(soap, file);
	file->allg__Dateiname = shown + 1;
	file->allg__Daten.__size = (int)size;
	file->allg__Daten.__ptr = soap_malloc(soap, (size_t)size + 1);
	if (fread(file->allg__Daten.__ptr, 1, (size_t)size, from) != (size_t)size)
		exit(1);
	fclose(from);
	if (insurer_of(soap)->attach)
		file->allg__Daten.type =
			strstr(name, ".pdf") ? "application/pdf" : "application/octet-stream";
}

int tran__getShipment(struct soap *soap, struct tran__Request *request,
		      struct tran__getShipmentResponse *answer)
{
	struct tran__Response *response = &answer->tran__Response;
	struct tran__Lieferung *shipment;
	struct tran__Transfer *transfer;
	struct dirent **names;
	int count;

	if (!may(soap, request, 1))
		return answered(soap, response, "NOK", "04003");
	shipment = soap_new_tran__Lieferung(soap, 1);
	transfer = soap_new_tran__Transfer(soap, 1);
	count = scandir(path(soap, request->tran__ID, ""), &names, no_dot, alphasort);
	transfer->gevo__Datei =
		soap_malloc(soap, (size_t)(count + 1) * sizeof *transfer->gevo__Datei);
	for (int i = 0; i < count; i++) {
		read_document(soap, request->tran__ID, names[i]->d_name, &transfer->gevo__Datei[i]);
		free(names[i]);
	}
	free(names);
	transfer->__sizeDatei = count;
	transfer->gevo__ArtID = "100001000";
	transfer->tran__Versicherungsscheinnummer = "4711-\xc3\x9c & <1>";
	shipment->tran__ID = request->tran__ID;
	shipment->tran__AnzahlTransfers = soap_new_int(soap, 1);
	*shipment->tran__AnzahlTransfers = 1;
	shipment->tran__Transfer = transfer;
	response->__sizeLieferung = 1;
	response->tran__Lieferung = shipment;
	return answered(soap, response, "OK", "00000");
}

int tran__acknowledgeShipment(struct soap *soap, struct tran__Request *request,
			      struct tran__acknowledgeShipmentResponse *answer)
{
	FILE *mark;

	if (!may(soap, request, 1))
		return answered(soap, &answer->tran__Response, "NOK", "04003");
	mark = fopen(path(soap, request->tran__ID, ".acknowledged"), "wx");
	if (!mark)
		return answered(soap, &answer->tran__Response, "NOK", "04002");
	fclose(mark);
	return answered(soap, &answer->tran__Response, "OK", "00000");
}

/* --- start --- */

static int read_key(struct insurer *insurer, const char *name)
{
	FILE *from = fopen(name, "r");

	if (!from)
		return 0;
	insurer->key = PEM_read_PrivateKey(from, NULL, NULL, NULL);
	rewind(from);
	insurer->certificate = PEM_read_X509(from, NULL, NULL, NULL);
	fclose(from);
	return insurer->key && insurer->certificate;
}

static X509 *read_certificate(const char *name)
{
	FILE *from = fopen(name, "r");
	X509 *certificate = from ? PEM_read_X509(from, NULL, NULL, NULL) : NULL;

	if (from)
		fclose(from);
	return certificate;
}

/* gSOAP verifies over a tree that it keeps of what it reads, and believes whom cafile names. */
static int demand_signature(struct soap *soap, const char *client, const char *requests)
{
	FILE *to = fopen(requests, "w");

	insurer_of(soap)->client = read_certificate(client);
	if (!to || !insurer_of(soap)->client)
		return 0;
	setvbuf(to, NULL, _IONBF, 0);
	soap->cafile = client;
	soap_wsse_verify_init(soap);
	if (soap_register_plugin(soap, logging))
		return 0;
	soap_set_logging_inbound(soap, to);
	return 1;
}

/* The port that the system chose; the file is complete when it is there. */
static int tell_port(const struct soap *soap, const char *name)
{
	struct sockaddr_in6 at = { 0 };
	socklen_t len = sizeof at;
	char making[4096];
	FILE *to;

	snprintf(making, sizeof making, "%s.making", name);
	to = fopen(making, "w");
	if (!to || getsockname(soap->master, (struct sockaddr *)&at, &len))
		return 0;
	fprintf(to, "%d\n", ntohs(at.sin6_port)); /* at the same place in either family */
	return fclose(to) == 0 && rename(making, name) == 0;
}

int main(int argc, char **argv)
{
	struct insurer insurer = { 0 };
	struct soap *soap;

	if (argc < 4 || argc == 6 || argc > 7 ||
	    (argc > 4 && strcmp(argv[4], "-") != 0 && !read_key(&insurer, argv[4])))
		return 64;
	insurer.folder = argv[2];
	insurer.attach = strcmp(argv[3], "mtom") == 0;
	soap = soap_new1(SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING |
			 (insurer.attach ? SOAP_ENC_MTOM : 0) |
			 (insurer.key ? SOAP_XML_CANONICAL : 0));
	soap->user = &insurer;
	soap->bind_flags = SO_REUSEADDR;
	soap->send_timeout = 240;
	soap->recv_timeout = 2; /* a kept connection on which nothing more comes */
	soap_set_namespaces(soap, namespaces);
	soap_register_plugin(soap, soap_wsse);
	if (argc == 7 && !demand_signature(soap, argv[5], argv[6]))
		return 64;
	if (!soap_valid_socket(soap_bind(soap, "127.0.0.1", 0, 100)) || !tell_port(soap, argv[1])) {
		soap_print_fault(soap, stderr);
		return 1;
	}
	while (soap_valid_socket(soap_accept(soap))) {
		if (soap_serve(soap) && soap->error != SOAP_EOF)
			soap_print_fault(soap, stderr);
		soap_destroy(soap);
		soap_end(soap);
	}
	return 1;
}
