/* Rounds whose answers are held against schemas: whatever these are, and whatever they find, the round is the same. */
#include <jansson.h>

#include "ingest/limits.h"
#include "tests/ingest/stage.h"

#define SCHEMA                                                                                          \
	"<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='http://www.bipro.net/namespace/" \
	"transfer' targetNamespace='http://www.bipro.net/namespace/transfer'>"
#define ANYTHING                                                                                      \
	"<xs:element name='listShipmentsResponse'/><xs:element name='getShipmentResponse' type='T'/>" \
	"<xs:complexType name='T'><xs:sequence><xs:any processContents='skip'/></xs:sequence>"        \
	"</xs:complexType>"

/* Folders for stage_open's poller; each insurer's answer is GET(A). */
static const struct set {
	const char *text; /* of its one file; NULL: there is no folder */
	int deviating, kinds;
	const char *trouble; /* NULL: none */
} sets[] = {
	{ SCHEMA ANYTHING "</xs:schema>", 0, 0, NULL },
	{ SCHEMA "</xs:schema>", 2, 2, NULL },
	{ SCHEMA "<xs:include schemaLocation='http://x.example/a.xsd'/></xs:schema>", 0, 0,
	  "nothing else is opened" },
	{ "<html/>", 0, 0, "is no XML Schema" },
	{ NULL, 0, 0, "cannot be read" },
};

static void set_make(struct stage *s, const struct set *set)
{
	char *folder = talloc_asprintf(s->mem, "%s/schemas-%d", place, (int)getpid());
	FILE *file;

	s->poller.schemas = folder;
	if (!set->text)
		return;
	ck_assert_int_eq(mkdir(folder, 0700), 0);
	file = fopen(talloc_asprintf(s->mem, "%s/a.xsd", folder), "w");
	fputs(set->text, file);
	fclose(file);
}

static struct rows *breaches(struct stage *s)
{
	struct rows *rows;

	ck_assert(db_call(s->poller.db, SQL_schema_breaches, &rows, s->mem, &s->e, s->broker,
			  "nord"));
	return rows;
}

START_TEST(a_round_is_the_same_with_any_schemas)
{
	const struct set *set = &sets[_i];
	struct stage s;

	stage_open(&s);
	set_make(&s, set);
	SAY(&s, LIST(ENTRY("A")), GET("A"), ACK("OK", "04000"), LIST_EMPTY);
	stage_begin(&s);
	ck_assert_msg(play_round(&s), "%s", s.e.text);
	assert_state(&s, "A", "acknowledged");
	ck_assert_int_eq(s.counts.quarantined + s.counts.deferred, 0);
	ck_assert_int_eq(s.counts.deviating, set->deviating);
	ck_assert_int_eq(s.counts.new_breaches, set->kinds);
	ck_assert_int_eq(rows_count(breaches(&s)), set->kinds);
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "breaches"), set->kinds ? 1 : 0);
	if (set->trouble)
		ck_assert_msg(strstr(s.counts.schema_trouble, set->trouble), "%s",
			      s.counts.schema_trouble);
	else
		ck_assert_str_eq(s.counts.schema_trouble, "");
	stage_end(&s);
}
END_TEST

/* What is refused, or breaks off, is looked at as well; kinds are added up over the rounds. */
START_TEST(quarantined_answers_count_too)
{
	static const char without[] = RESPONSE("getShipment", STATUS("OK", "04000"));
	struct stage s;
	struct rows *rows;
	char *refused;

	stage_open(&s);
	set_make(&s, &sets[1]);
	refused = talloc_asprintf(s.mem,
				  "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: "
				  "%zu\r\n\r\n%s",
				  strlen(without), without);
	SAY(&s, LIST(ENTRY("A")), refused);
	SAY(&s, LIST(ENTRY("A") ENTRY("B")), GET("B"), ACK("OK", "04000"), LIST(ENTRY("A")));
	stage_begin(&s);
	play_round(&s);
	assert_state(&s, "A", "quarantined");
	ck_assert_int_eq(rows_int(shipment(&s, "A"), 0, "breaches"), 1);
	ck_assert_int_eq(s.counts.new_breaches, 2);
	play_round(&s);
	assert_state(&s, "B", "acknowledged");
	ck_assert_int_eq(s.counts.deviating, 3);
	ck_assert_int_eq(s.counts.new_breaches, 0);
	rows = breaches(&s);
	ck_assert_int_eq(rows_count(rows), 2);
	for (int i = 0; i < 2; i++) {
		bool list = rows_text(rows, i, "shipment") == NULL;

		ck_assert_str_eq(rows_text(rows, i, "element"),
				 list ? "listShipmentsResponse" : "getShipmentResponse");
		ck_assert_int_eq(rows_int(rows, i, "answers"), list ? 3 : 2);
	}
	stage_end(&s);
}
END_TEST

/* ---- the statement ---- */

static char *kinds(TALLOC_CTX *mem, const char *word, int count)
{
	json_t *list = json_array(), *whole;
	char *text, *copy;

	for (int i = 0; i < count; i++)
		json_array_append_new(
			list, json_pack("{s:s, s:o, s:s, s:i, s:i, s:n, s:i}", "element", word,
					"rule", json_sprintf("rule %d", i), "detail", "", "answers",
					1, "times", 2, "shipment", "line", 3));
	whole = json_pack("{s:o, s:[]}", "breaches", list, "shipments");
	text = json_dumps(whole, 0);
	copy = talloc_strdup(mem, text);
	free(text);
	json_decref(whole);
	return copy;
}

static int noted(struct stage *s, const char *fence, const char *what)
{
	struct rows *rows;
	char most[12];

	snprintf(most, sizeof most, "%d", SCHEMA_KINDS_MOST);
	ck_assert_msg(db_call(s->poller.db, SQL_schema_note, &rows, s->mem, &s->e, s->broker,
			      "nord", fence, what, most),
		      "%s", s->e.text);
	return (int)rows_int(rows, 0, "fresh");
}

START_TEST(kinds_have_a_limit_and_a_lease)
{
	struct stage s;
	struct rows *rows;

	stage_open(&s);
	SAY(&s, LIST_EMPTY);
	stage_begin(&s);
	ck_assert_msg(play_round(&s), "%s", s.e.text); /* holds fence 1 */
	ck_assert_int_eq(noted(&s, "0", kinds(s.mem, "x", 3)), 0);
	ck_assert_int_eq(rows_count(breaches(&s)), 0);
	ck_assert_int_eq(noted(&s, "1", kinds(s.mem, "x", SCHEMA_KINDS_MOST - 1)),
			 SCHEMA_KINDS_MOST - 1);
	ck_assert_int_eq(noted(&s, "1", kinds(s.mem, "y", 50)), 1);
	ck_assert_int_eq(noted(&s, "1", kinds(s.mem, "z", 50)), 0);
	ck_assert_int_eq(noted(&s, "1", kinds(s.mem, "x", 5)), 0); /* known ones count on */
	rows = breaches(&s);
	ck_assert_int_eq(rows_count(rows), SCHEMA_KINDS_MOST);
	ck_assert_int_eq(rows_int(rows, 4, "answers"), 2);
	ck_assert_int_eq(rows_int(rows, 4, "times"), 4);
	ck_assert_int_eq(rows_int(rows, 5, "answers"), 1);
	ck_assert(db_call(s.poller.db, SQL_schema_forget, &rows, s.mem, &s.e, s.broker, "nord"));
	ck_assert_int_eq(rows_int(rows, 0, "forgotten"), SCHEMA_KINDS_MOST);
	stage_end(&s);
}
END_TEST

int main(void)
{
	TCase *t = tcase_create("schema notes");

	tcase_add_loop_test(t, a_round_is_the_same_with_any_schemas, 0, sizeof sets / sizeof *sets);
	tcase_add_test(t, quarantined_answers_count_too);
	tcase_add_test(t, kinds_have_a_limit_and_a_lease);
	return stage_main("schema notes", t);
}
