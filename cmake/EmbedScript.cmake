# cmake -DROOM=... -DMADE=... -P EmbedScript.cmake: see Embed.cmake.
cmake_policy(SET CMP0007 NEW)

# A text as a C string literal, a line each. "?" is escaped because of trigraphs.
function(c_literal out file)
	file(READ ${file} text)
	string(REPLACE "\\" "\\\\" text "${text}")
	string(REPLACE "\"" "\\\"" text "${text}")
	string(REPLACE "?" "\\?" text "${text}")
	string(REPLACE "\t" "\\t" text "${text}")
	string(REPLACE "\r" "" text "${text}")
	string(REPLACE "\n" "\\n\"\n\t\t\"" text "${text}")
	set(${out} "\"${text}\"" PARENT_SCOPE)
endfunction()

file(GLOB statements ${ROOM}/sql/*.sql)
file(GLOB migrations ${ROOM}/migrations/*.sql)
list(SORT statements)
list(SORT migrations)

set(names "")
set(texts "")
foreach(file IN LISTS statements)
	get_filename_component(name ${file} NAME_WE)
	if(NOT name MATCHES "^[a-z][a-z0-9_]*$")
		message(FATAL_ERROR "${file}: a statement's name is made of a-z, 0-9 and _")
	endif()
	file(STRINGS ${file} relaxed REGEX "^-- durability: relaxed$")
	set(durability "false")
	if(relaxed)
		set(durability "true")
	endif()
	c_literal(literal ${file})
	string(APPEND names "\tSQL_${name},\n")
	string(APPEND texts "\t{ \"${name}\", ${durability},\n\t\t${literal} },\n")
endforeach()

set(steps "")
set(expected 1)
foreach(file IN LISTS migrations)
	get_filename_component(name ${file} NAME)
	if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_[a-z0-9_]+\\.sql$")
		message(FATAL_ERROR "${file}: a migration is called NNNN_what.sql")
	endif()
	string(REGEX REPLACE "^0+" "" version ${CMAKE_MATCH_1})
	if(NOT version EQUAL expected)
		message(FATAL_ERROR "${file}: expected number ${expected}")
	endif()
	math(EXPR expected "${expected} + 1")
	file(SHA256 ${file} checksum)
	c_literal(literal ${file})
	string(APPEND steps "\t{ ${version}, \"${name}\", \"${checksum}\",\n\t\t${literal} },\n")
endforeach()

set(header "/* Made from store/sql by cmake/EmbedScript.cmake. */
#ifndef STORE_SQL_LIST_H
#define STORE_SQL_LIST_H

enum sql {
${names}\tSQL_COUNT
};

#endif
")
set(before "")
if(EXISTS ${MADE}/sql_list.h)
	file(READ ${MADE}/sql_list.h before)
endif()
if(NOT before STREQUAL header)
	file(WRITE ${MADE}/sql_list.h "${header}")
endif()

file(WRITE ${MADE}/sql_list.c "/* Made from store/sql and store/migrations by cmake/EmbedScript.cmake. */
#include \"store/sql_text.h\"

const struct sql_text sql_texts[SQL_COUNT] = {
${texts}};

const struct migration_text migration_texts[] = {
${steps}};

const int migration_count = sizeof migration_texts / sizeof migration_texts[0];
")
