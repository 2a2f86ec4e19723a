# SPDX-License-Identifier: Apache-2.0
# Compiler settings of all our code, and one function per kind of target. Link edges between folders mirror
# ARCHITECTURE.md, "Which folder may use which".
set(ARGENTUM_SANITIZE "" CACHE STRING "Sanitizers, as for -fsanitize=")

add_library(argentum_settings INTERFACE)
target_include_directories(argentum_settings INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(argentum_settings INTERFACE CAF_ENABLE_TYPE_ID_CHECKS SPDLOG_FMT_EXTERNAL)
target_compile_options(argentum_settings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Wno-psabi)
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
if(ARGENTUM_SANITIZE)
  # CAF's headers bind null references (reported upstream as harmless); its library is not instrumented.
  target_compile_options(argentum_settings INTERFACE -fsanitize=${ARGENTUM_SANITIZE} -fno-sanitize=null
                         -fno-omit-frame-pointer -O1)
  target_link_options(argentum_settings INTERFACE -fsanitize=${ARGENTUM_SANITIZE})
  if(ARGENTUM_SANITIZE MATCHES "thread") # it does not know fences; Asio's locks suffice without them
    target_compile_definitions(argentum_settings INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()

# What the tests of a build with sanitizers run with: the first finding ends the process.
set(ARGENTUM_TEST_ENVIRONMENT "")
if(ARGENTUM_SANITIZE)
  set(ARGENTUM_TEST_ENVIRONMENT "ARGENTUM_SANITIZED=1;UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1"
                                "ASAN_OPTIONS=detect_stack_use_after_return=1")
endif()

# argentum_library(NAME SOURCES ... LINK ...)
function(argentum_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC argentum_settings ${arg_LINK})
endfunction()

# argentum_test(FOLDER SOURCES ... LINK ... [LABELS ...]): one doctest binary per folder of tests/.
function(argentum_test folder)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(test_${folder} ${arg_SOURCES} ${CMAKE_SOURCE_DIR}/tests/support/main.cpp)
  target_link_libraries(test_${folder} PRIVATE argentum_settings doctest::doctest ${arg_LINK})
  add_test(NAME ${folder} COMMAND test_${folder})
  set_tests_properties(${folder} PROPERTIES TIMEOUT 300 LABELS "${arg_LABELS}"
                       ENVIRONMENT "${ARGENTUM_TEST_ENVIRONMENT}")
endfunction()

# argentum_python_test(NAME SCRIPT [LABELS ...] [TIMEOUT s]): a Python unittest file. Debian's own Python, since
# that is the one that python3-redis is installed for; -B leaves no files among the sources.
function(argentum_python_test name script)
  cmake_parse_arguments(arg "" "TIMEOUT" "LABELS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_test(NAME ${name} COMMAND /usr/bin/python3 -B ${CMAKE_CURRENT_SOURCE_DIR}/${script})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
                       ENVIRONMENT "${ARGENTUM_TEST_ENVIRONMENT}")
endfunction()
