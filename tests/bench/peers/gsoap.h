/* The canned answers for soapcpp2: as much of them as the decoding needs. */
//gsoap tran service name: transfer
//gsoap tran service namespace: http://www.bipro.net/namespace/transfer
//gsoap tran schema namespace: http://www.bipro.net/namespace/transfer
//gsoap tran schema elementForm: qualified
//gsoap nachr schema namespace: http://www.bipro.net/namespace/nachrichten
//gsoap nachr schema elementForm: qualified
//gsoap allg schema namespace: http://www.bipro.net/namespace/allgemein
//gsoap allg schema elementForm: qualified
//gsoap gevo schema namespace: http://www.bipro.net/namespace/gevo
//gsoap gevo schema elementForm: qualified

struct xsd__base64Binary {
	unsigned char *__ptr;
	int __size;
	char *id, *type, *options;
};
struct nachr__Meldung {
	char *nachr__ArtID, *nachr__MeldungID, *nachr__Text;
};
struct nachr__Status {
	char *nachr__StatusID;
	struct nachr__Meldung *nachr__Meldung;
};
struct gevo__Datei {
	char *allg__Dateiname, *allg__Dateityp;
	struct xsd__base64Binary allg__Daten;
};
struct tran__Transfer {
	char *gevo__ArtID;
	struct gevo__Datei gevo__Datei;
	char *tran__Sparte, *tran__Versicherungsscheinnummer;
};
struct tran__Lieferung {
	char *tran__ID, *tran__Kategorie;
	int tran__AnzahlTransfers;
	struct tran__Transfer tran__Transfer;
};
struct tran__Response {
	char *nachr__BiPROVersion;
	struct nachr__Status nachr__Status;
	struct tran__Lieferung tran__Lieferung;
};
struct tran__getShipmentResponse {
	struct tran__Response tran__Response;
};
//gsoap tran service style: document
//gsoap tran service encoding: literal
//gsoap tran service method-action: getShipment urn:getShipment
int tran__getShipment(char *tran__ID, struct tran__getShipmentResponse *answer);
