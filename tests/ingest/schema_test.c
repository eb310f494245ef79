/* Answers held against schemas of our own making: what is told, and that nothing of it is a value; answers that mean harm. */
#include "tests/ingest/schema_world.h"

/* ---- rules ---- */

/* The type of <a:r>, what stands in it, and what is told. Values say things that libxml2's own sentences say. */
static const struct {
	const char *type, *inside, *rule, *detail;
} values[] = {
	{ "<xs:restriction base='xs:integer'/>", CANARY, "is not of its type", "" },
	{ "<xs:restriction base='xs:string'><xs:maxLength value='3'/></xs:restriction>", CANARY,
	  "is longer than its type allows", "3 at most" },
	{ "<xs:restriction base='xs:string'><xs:minLength value='30'/></xs:restriction>", CANARY,
	  "is shorter than its type allows", "30 at least" },
	{ "<xs:restriction base='xs:string'><xs:length value='3'/></xs:restriction>", CANARY,
	  "does not have the length of its type", "length 3" },
	{ "<xs:restriction base='xs:string'><xs:pattern value='[0-9]+'/></xs:restriction>",
	  CANARY "' is not accepted by the pattern '" CANARY "'.",
	  "does not have the form of its type", "pattern [0-9]+" },
	{ "<xs:restriction base='xs:string'><xs:enumeration value='x'/><xs:enumeration value='y'/>"
	  "</xs:restriction>",
	  CANARY "' is not an element of the set {'" CANARY "'}.",
	  "is none of the values that its type allows", "expected one of 'x', 'y'" },
	{ "<xs:restriction base='xs:integer'><xs:minInclusive value='5'/></xs:restriction>",
	  "471100001", NULL, NULL },
	{ "<xs:restriction base='xs:integer'><xs:minInclusive value='5'/></xs:restriction>", "4",
	  "is less than its type allows", "5 at least" },
	{ "<xs:restriction base='xs:integer'><xs:maxInclusive value='5'/></xs:restriction>", "6",
	  "is more than its type allows", "5 at most" },
	{ "<xs:restriction base='xs:integer'><xs:minExclusive value='5'/></xs:restriction>", "5",
	  "is less than its type allows", "more than 5" },
	{ "<xs:restriction base='xs:integer'><xs:maxExclusive value='5'/></xs:restriction>", "5",
	  "is more than its type allows", "less than 5" },
	{ "<xs:restriction base='xs:decimal'><xs:totalDigits value='3'/></xs:restriction>", "12345",
	  "has more digits than its type allows", "3 at most" },
	{ "<xs:restriction base='xs:decimal'><xs:fractionDigits value='1'/></xs:restriction>",
	  "1.25", "has more decimals than its type allows", "1 at most" },
	{ "<xs:union memberTypes='xs:date xs:integer'/>", CANARY " type '" CANARY "'.",
	  "is of none of its types", "" },
	{ "<xs:list itemType='xs:integer'/>", "1 2 " CANARY, "is not of its type",
	  "type xs:integer" },
};

START_TEST(values_are_judged_and_not_told)
{
	const char *named = URN_A "<xs:element name='r' type='T'/><xs:simpleType name='T'>";
	char *inside = talloc_asprintf(mem, "<a:r>%s</a:r>", values[_i].inside);
	struct schema_check *check;
	struct schema_report report;

	file_write("a.xsd",
		   talloc_asprintf(mem, "%s%s</xs:simpleType>" END, named, values[_i].type));
	check = opened();
	report = judged_body(check, inside);
	if (!values[_i].rule) {
		ck_assert_uint_eq(report.count, 0);
		return;
	}
	ck_assert_uint_ge(report.count, 1);
	ck_assert_str_eq(report.breaches[0].element, "r");
	ck_assert_str_eq(report.breaches[0].rule, values[_i].rule);
	if (*values[_i].detail)
		ck_assert_str_eq(report.breaches[0].detail, values[_i].detail);
	else if (*report.breaches[0].detail)
		ck_assert_str_eq(report.breaches[0].detail, "type T");
	says_no_value(&report);
}
END_TEST

#define THINGS                                                                                             \
	URN_A "<xs:element name='r'><xs:complexType><xs:sequence><xs:element name='x' type='xs:string'/>"  \
	      "<xs:element name='y' type='xs:date' minOccurs='0'/><xs:element ref='n' minOccurs='0'/>"     \
	      "</xs:sequence><xs:attribute name='k' type='xs:integer'/>"                                   \
	      "<xs:attribute name='must' type='xs:string' use='required'/></xs:complexType></xs:element>"  \
	      "<xs:element name='n' nillable='false' type='N'/><xs:complexType name='N' abstract='true'/>" \
	      "<xs:complexType name='M'><xs:complexContent><xs:extension base='N'/></xs:complexContent>"   \
	      "</xs:complexType>" END
#define R "<a:r must='1'>"

START_TEST(elements_and_attributes_are_judged)
{
	const char *xsi = "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'";
	struct schema_check *check;
	struct schema_report report;

	file_write("a.xsd", THINGS);
	check = opened();
	ck_assert_uint_eq(schema_check_files(check), 1);
	fits(check, R "<a:x>" CANARY "</a:x><a:y>2026-01-01</a:y></a:r>");
	differs(check, R "<a:z>" CANARY "</a:z></a:r>", "r/z", "is not expected here",
		"expected x");
	differs(check, R "</a:r>", "r", "lacks an element", "expected x");
	differs(check, R "<a:x/><a:y>" CANARY "</a:y></a:r>", "r/y", "is not of its type",
		"type xs:date");
	differs(check, R CANARY "<a:x/></a:r>", "r", "has text, expected elements only", "");
	differs(check, "<a:r must='1' k='" CANARY "'><a:x/></a:r>", "r/@k", "is not of its type",
		"type xs:integer");
	differs(check, "<a:r must='1' q='" CANARY "'><a:x/></a:r>", "r/@q",
		"is an attribute that is not allowed", "");
	differs(check, "<a:r><a:x/></a:r>", "r/@must", "is an attribute that is missing", "");
	differs(check, "<b:r xmlns:b='urn:b'/>", "r", "the schemas declare no such element",
		"namespace urn:b");
	differs(check, R "<a:x/><a:n/></a:r>", "r/n",
		"has an abstract type: an xsi:type is missing", "");
	fits(check, talloc_asprintf(mem, R "<a:x/><a:n %s xsi:type='a:M'/></a:r>", xsi));
	report = judged_body(
		check,
		talloc_asprintf(mem, R "<a:x/><a:n %s xsi:type='a:" CANARY "'/></a:r>", xsi));
	ck_assert_uint_eq(report.count, 2); /* the type, and that its own is abstract */
	ck_assert_str_eq(report.breaches[0].element, "r/n/@type");
	ck_assert_str_eq(report.breaches[0].rule, "has an xsi:type that the schemas do not know");
	says_no_value(&report);
}
END_TEST

/* Nothing of what an answer says about schemas is heard; a fault is no matter of theirs. */
START_TEST(an_answer_brings_no_schemas)
{
	struct schema_check *check;

	file_write("a.xsd", THINGS);
	check = opened();
	fits(check, "<a:r must='1' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
		    "xsi:schemaLocation='urn:a file:///etc/passwd urn:b http://x.example/b.xsd' "
		    "xsi:noNamespaceSchemaLocation='/etc/passwd'><a:x/></a:r>");
	fits(check, "<s:Fault><faultcode>x</faultcode></s:Fault>");
}
END_TEST

START_TEST(the_same_breach_is_counted)
{
	struct schema_check *check;
	struct schema_report report;

	file_write("a.xsd", URN_A "<xs:element name='r'><xs:complexType><xs:sequence><xs:element "
				  "name='x' type='xs:integer' maxOccurs='unbounded'/></xs:sequence>"
				  "</xs:complexType></xs:element>" END);
	check = opened();
	report = judged_body(check, "<a:r>\n\n<a:x>q</a:x><a:x>1</a:x>\n<a:x>z</a:x></a:r>");
	ck_assert_uint_eq(report.count, 1);
	ck_assert_uint_eq(report.times, 2);
	ck_assert_uint_eq(report.breaches[0].times, 2);
	ck_assert_uint_eq(report.breaches[0].line, 3);
}
END_TEST

/* ---- MIME, encodings, long documents ---- */

#define DATA                                                                                       \
	URN_A "<xs:element name='r'><xs:complexType><xs:sequence><xs:element name='Daten' "        \
	      "type='xs:base64Binary'/></xs:sequence></xs:complexType></xs:element>" END

START_TEST(documents_of_any_length_are_base64)
{
	size_t len = 9 << 20;
	char *data = talloc_size(mem, len + 1), *broken;
	struct schema_check *check;

	memset(data, 'A', len);
	data[len] = '\0';
	for (size_t i = 76; i + 1 < len; i += 78)
		memcpy(data + i, "\r\n", 2);
	file_write("a.xsd", DATA);
	check = opened();
	fits(check, talloc_asprintf(mem, "<a:r><a:Daten>%s</a:Daten></a:r>", data));
	fits(check, talloc_asprintf(mem, "<a:r><a:Daten><![CDATA[%s]]></a:Daten></a:r>", data));
	memset(data, ' ', len);
	fits(check, talloc_asprintf(mem, "<a:r><a:Daten>%s</a:Daten></a:r>", data));
	broken = talloc_strdup(mem, "<a:r><a:Daten>AA?A</a:Daten></a:r>");
	differs(check, broken, "r/Daten", "is not of its type", "type xs:base64Binary");
}
END_TEST

START_TEST(a_part_stands_for_its_document)
{
	const char *type =
		"multipart/related; type=\"application/xop+xml\"; start=\"<r>\"; boundary=b";
	char *root =
		in_body("<a:r><a:Daten><i:Include xmlns:i='http://www.w3.org/2004/08/xop/include' "
			"href='cid:d'/></a:Daten></a:r>");
	char *text = talloc_asprintf(
		mem,
		"--b\r\nContent-Type: application/xop+xml\r\nContent-ID: <r>\r\n\r\n%s\r\n"
		"--b\r\nContent-Type: application/pdf\r\nContent-ID: <d>\r\n\r\n<no & xml\r\n--b--\r\n",
		root);
	struct schema_check *check;
	struct schema_report report;

	file_write("a.xsd", DATA);
	check = opened();
	report = judged(check, type, text, strlen(text));
	ck_assert_msg(!report.gave_up && !report.count, "%s", report.gave_up ? report.gave_up : "");
}
END_TEST

START_TEST(encodings_are_the_readers)
{
	char *text = talloc_asprintf(mem, "<?xml version='1.0' encoding='ISO-8859-1'?>%s",
				     in_body(R "<a:x>M\xfcller</a:x></a:r>"));
	struct schema_check *check;
	struct schema_report report;

	file_write("a.xsd", THINGS);
	check = opened();
	report = judged(check, NULL, text, strlen(text));
	ck_assert_msg(!report.gave_up && !report.count, "%s", report.gave_up ? report.gave_up : "");
}
END_TEST

/* ---- harm ---- */

static void gives_up(struct schema_check *check, const char *text, const char *why)
{
	struct schema_report report = judged(check, "text/xml", text, strlen(text));

	ck_assert_msg(report.gave_up && strstr(report.gave_up, why), "%s, expected %s",
		      report.gave_up ? report.gave_up : "(it did not give up)", why);
}

START_TEST(what_is_no_answer_is_given_up)
{
	char *deep = talloc_strdup(mem, ""), *many = talloc_strdup(mem, "<a:r");
	struct schema_check *check;

	for (int i = 0; i < 100; i++) {
		deep = talloc_asprintf_append_buffer(deep, "<a:r>");
		many = talloc_asprintf_append_buffer(many, " k%d=''", i);
	}
	file_write("a.xsd", THINGS);
	check = opened();
	gives_up(check, "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "DOCTYPE");
	gives_up(check, "<x><y></x>", "not well-formed");
	gives_up(check, "<x>", "ends in the middle");
	gives_up(check, "", "ends in the middle");
	gives_up(check, "{}", "its XML ");
	gives_up(check, in_body(deep), "nested too deeply");
	gives_up(check, in_body(talloc_asprintf(mem, "%s/>", many)), "too many attributes");
	gives_up(check, "--b\r\nContent-Type: text/xml\r\n\r\n<x>\r\n--b--\r\n",
		 "ends in the middle");
	fits(check, R "<a:x/></a:r>"); /* and the next one is judged */
}
END_TEST

/* A pattern that takes for ever over a value: the process is ended if it does not end itself, and says nothing of later answers. */
START_TEST(an_answer_that_keeps_it_busy_ends_it)
{
	char *value = talloc_strdup(mem, "");
	struct schema_check *check;
	struct schema_report report;

	for (int i = 0; i < 60000; i++)
		value = talloc_asprintf_append_buffer(value, "a");
	file_write("a.xsd", URN_A
		   "<xs:element name='r'><xs:complexType><xs:sequence><xs:element name='x' "
		   "type='T' maxOccurs='unbounded'/></xs:sequence></xs:complexType></xs:element>"
		   "<xs:simpleType name='T'><xs:restriction base='xs:string'><xs:pattern "
		   "value='((a|aa|aaa)*(a|aa)*)*b'/></xs:restriction></xs:simpleType>" END);
	check = opened();
	schema_check_begin(check, "text/xml");
	schema_check_feed(check, ENVELOPE "<s:Body><a:r>", strlen(ENVELOPE "<s:Body><a:r>"));
	for (int i = 0; i < 300; i++) {
		char *x = talloc_asprintf(mem, "<a:x>%s</a:x>", value);

		schema_check_feed(check, x, strlen(x));
		talloc_free(x);
	}
	schema_check_feed(check, "</a:r></s:Body></s:Envelope>", 28);
	schema_check_end(&report, check, mem);
	ck_assert_ptr_nonnull(report.gave_up);
	says_no_value(&report);
	if (schema_check_over(check)) {
		report = judged_body(check, "<a:r><a:x>b</a:x></a:r>");
		ck_assert_ptr_nonnull(report.gave_up);
	} else {
		fits(check, "<a:r><a:x>b</a:x></a:r>");
	}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("schema");

	tcase_add_loop_test(tests, values_are_judged_and_not_told, 0,
			    (int)(sizeof values / sizeof *values));
	tcase_add_test(tests, elements_and_attributes_are_judged);
	tcase_add_test(tests, an_answer_brings_no_schemas);
	tcase_add_test(tests, the_same_breach_is_counted);
	tcase_add_test(tests, documents_of_any_length_are_base64);
	tcase_add_test(tests, a_part_stands_for_its_document);
	tcase_add_test(tests, encodings_are_the_readers);
	tcase_add_test(tests, what_is_no_answer_is_given_up);
	tcase_add_test(tests, an_answer_that_keeps_it_busy_ends_it);
	return schema_run("schema", tests);
}
