/*
 * delivery.h -- what an insurer's answer says, free of the wire: the shipment, its transfers, their
 * numbers and documents. Everything hangs on one talloc context and is freed once.
 *
 * Strings are as delivered (entities resolved, white space at the ends removed), UTF-8, NULL if
 * absent; they are hostile: nothing here is a path, a query or fit for a terminal.
 */
#ifndef MODEL_DELIVERY_H
#define MODEL_DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

/* Where a number stood in the answer; docs/names.md gives the German and the wire name. */
enum number_kind {
	NUMBER_POLICY,      /* Versicherungsscheinnummer */
	NUMBER_PRINTED,     /* DruckaufbereiteteVertragsnummer */
	NUMBER_OLD,         /* below AlteVertragsnummer */
	NUMBER_APPLICATION, /* Antragsnummer */
	NUMBER_CLAIM,       /* Schadennummer/Nummer */
	NUMBER_BROKER,      /* VertragsnummerVM */
	NUMBER_LINK,        /* VertragsverbindungsnummerGDV, Vertragsverbindungsnummer */
	NUMBER_CASE,        /* Vorgangsnummer */
	NUMBER_KINDS
};
const char *number_kind_name(enum number_kind kind); /* "policy", "printed", ... */

struct number {
	enum number_kind kind;
	char *value; /* may be "" : delivered, but empty */
	char *path;  /* local names from the Transfer on: "Vertragsnummer/Versicherungsscheinnummer"
		      */
};

#define SHA256_TEXT_SIZE 65

struct document {
	char *name;                     /* Dateiname */
	char *declared_type;            /* xmime:contentType, else the part's Content-Type */
	char *media_type;               /* sniffed from the bytes; what counts */
	char *file_kind;                /* Dateityp */
	char *document_kind;            /* DokumentartID, the first one */
	char *description;              /* Kurzbeschreibung, else Bezeichnung */
	char *compression;              /* Komprimierungstyp */
	char *created;                  /* Erstelldatum */
	char *link;                     /* Datenlink: recorded, never followed */
	char *checksum_kind, *checksum; /* Pruefsumme */
	bool orphan;                    /* a MIME part that nothing refers to */
	bool data;     /* the answer itself, kept for a transfer that brings data but no file */
	uint64_t size; /* bytes, decoded */
	char sha256[SHA256_TEXT_SIZE]; /* lower-case hex of the decoded bytes */
};

struct party {
	char *surname, *first_name, *birth_date, *postcode, *city, *street;
};

struct transfer {
	char *business_case; /* ArtID, GeVo code */
	char *line;          /* Sparte, three digits, left-padded */
	char *insurer_vu;    /* Unternehmensnummer or Unternehmen/Nummer */
	char *insurer_name;
	char *broker_number; /* Vermittlernummer */
	char *plate;         /* AmtlichesKennzeichen */
	char *created;
	char *text; /* Freitext */
	struct party party;
	struct number *numbers;
	size_t number_count;
	struct document *documents;
	size_t document_count;
};

/* One entry of a list, or the head of a delivery. */
struct shipment {
	char *id;
	char *category; /* Kategorie, GeVo code */
	char *kind;     /* ArtDerLieferung */
	char *line;
	char *posted;          /* Einstellzeitpunkt, as delivered */
	char *available_until; /* VerfuegbarBis, as delivered */
	bool data_only, periodic;
	int transfer_count; /* AnzahlTransfers, -1 if absent */
};

struct shipment_list {
	struct shipment *items;
	size_t count;
	size_t passed_over; /* entries without an ID that can be used */
};

struct delivery {
	struct shipment head;
	struct transfer *transfers; /* the last one may hold only orphan documents */
	size_t transfer_count;
	char **warnings; /* harmless oddities, one sentence each; no personal data */
	size_t warning_count;
	char *signature; /* "absent" | "present" (not verified) | "verified" */
	char *signer; /* subject of the certificate that signed, as in RFC 2253; NULL: not verified */
};

/* Is one of the documents only a link, so that its bytes never came? */
bool delivery_links(const struct delivery *delivery);

#endif
