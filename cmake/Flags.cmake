# Compiler and linker flags for every target: warnings are errors, binaries are hardened.
find_package(PkgConfig REQUIRED)

add_compile_options(-Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes
	-Wpointer-arith -Wformat=2 -Wvla -Wundef -fno-common)
add_compile_definitions(_GNU_SOURCE VORPOST_VERSION="${PROJECT_VERSION}")
include_directories(${CMAKE_SOURCE_DIR})

if(VORPOST_SANITIZE)
	add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
		-fno-omit-frame-pointer)
	add_link_options(-fsanitize=address,undefined)
else()
	add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection=full
		-ftrivial-auto-var-init=zero)
	add_compile_definitions($<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=3>)
endif()
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_link_options($<$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>:-pie>)

if(VORPOST_FUZZ) # gcc holds the warnings; clang does not say that it sanitizes as gcc does
	add_compile_options(-fsanitize=fuzzer-no-link -Wno-error)
	add_compile_definitions(__SANITIZE_ADDRESS__=1)
endif()

if(VORPOST_CRASH_POINTS)
	add_compile_definitions(VORPOST_CRASH_POINTS)
endif()
