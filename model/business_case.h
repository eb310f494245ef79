/*
 * business_case.h -- what a GeVo code means: our document class, and the German words of the list.
 *
 * The code is a strong hint and no more: many senders use only the group's general code. Where it
 * matters is what must never reach a customer by itself: stock data, settlements, letters about the
 * broker's mandate.
 */
#ifndef MODEL_BUSINESS_CASE_H
#define MODEL_BUSINESS_CASE_H

#include <stdbool.h>

enum business_class {
	CLASS_OTHER,
	CLASS_APPLICATION,
	CLASS_POLICY,
	CLASS_AMENDMENT,
	CLASS_PARTNER_CHANGE,
	CLASS_INVOICE,
	CLASS_DUNNING,
	CLASS_COLLECTION, /* bank details, mandates of payment, instalments */
	CLASS_CLAIM,
	CLASS_CANCELLATION,
	CLASS_LEGAL,      /* assignment, pledge, beneficiary, change of holder */
	CLASS_KEY_CHANGE, /* number, carrier or partner renamed; contracts split or merged */
	CLASS_INFORMATION,
	CLASS_INQUIRY, /* receipts, queries, "done" */
	CLASS_COMPLAINT,
	CLASS_CAMPAIGN,
	CLASS_MOTOR_CONFIRMATION, /* eVB */
	CLASS_MANDATE,            /* not for customers from here on */
	CLASS_SETTLEMENT,
	CLASS_GDV_STOCK,
	CLASS_GDV_DATA,
	CLASSES
};

/* "policy", "invoice", ...: the category of our events */
const char *business_class_text(enum business_class class);
const char *business_class_in_words(enum business_class class);   /* for people, German */
const char *business_class_in_english(enum business_class class); /* the same in English */

/* May a document of this class be filed to a customer's contract without a person? */
bool business_class_for_customers(enum business_class class);

struct business_case {
	int code;
	enum business_class class;
	const char *group, *meaning; /* German */
};

/* The row of a nine-digit code; an unknown detail falls back to its case, an unknown case to its
 * group. NULL for what is no code or has no group. text may be NULL. */
const struct business_case *business_case_find(const char *text);

/* The class of a document: the transfer's own code speaks before the shipment's category, but if
 * either of them, or the kind of the delivery (ArtDerLieferung), says that it is not for customers,
 * it is not. */
enum business_class business_class_of(const char *business_case, const char *category,
				      const char *kind);

#endif
