# embed_sql(TARGET): the texts of sql/*.sql and migrations/*.sql become part of the room's library.
# Two files are made at build time: sql_list.h (enum sql, which every dependant includes) and sql_list.c.
# The header is rewritten only when a name comes or goes, so that a changed text recompiles one file.
function(embed_sql target)
	file(GLOB statements CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/sql/*.sql)
	file(GLOB migrations CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/migrations/*.sql)
	set(made ${CMAKE_CURRENT_BINARY_DIR}/embedded)
	# The list goes through a file that changes with it: a removed statement must run the command, too.
	string(REPLACE ";" "\n" inventory "${statements};${migrations}")
	file(CONFIGURE OUTPUT ${made}/inventory CONTENT "${inventory}\n" @ONLY)
	add_custom_command(
		OUTPUT ${made}/sql_list.c
		BYPRODUCTS ${made}/sql_list.h
		COMMAND ${CMAKE_COMMAND} -DROOM=${CMAKE_CURRENT_SOURCE_DIR} -DMADE=${made}
			-P ${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake
		DEPENDS ${statements} ${migrations} ${made}/inventory
			${CMAKE_SOURCE_DIR}/cmake/EmbedScript.cmake
		COMMENT "Embedding the statements"
		VERBATIM)
	add_custom_target(${target}_sql DEPENDS ${made}/sql_list.c)
	add_dependencies(${target} ${target}_sql)
	target_sources(${target} PRIVATE ${made}/sql_list.c)
	target_include_directories(${target} PUBLIC ${made})
endfunction()
