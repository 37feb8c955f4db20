# One folder, one library. DEPENDS is what it links and what it may include (tools/check layers reads it).
option(TEPHRA_PCH "Precompile the usual standard headers" ON)
option(TEPHRA_FUZZ "Build fuzz targets with libFuzzer" OFF)
set(TEPHRA_SANITIZE "" CACHE STRING "comma-separated -fsanitize list")
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)

find_program(CCACHE ccache)
if(CCACHE)
  # PCH and two checkouts of one tree share the cache only with these settings.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
find_program(MOLD mold)

# A Beast or gRPC file takes up to 0.8 GB: compile jobs follow the memory, not only the cores.
cmake_host_system_information(RESULT memory_mb QUERY TOTAL_PHYSICAL_MEMORY)
cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
math(EXPR jobs "${memory_mb} / 1000")
if(jobs GREATER cores)
  set(jobs ${cores})
elseif(jobs LESS 1)
  set(jobs 1)
endif()
set_property(GLOBAL PROPERTY JOB_POOLS compile=${jobs})
set(CMAKE_JOB_POOL_COMPILE compile)

add_library(tephra_flags INTERFACE)
target_include_directories(tephra_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(tephra_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2
  -Werror -Wno-missing-field-initializers -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.
  # clang counts signs among conversions, g++ does not; reflection declares conversions that nobody defines; g++ 12's own
  # stable_sort uses what its library calls deprecated.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion -Wno-undefined-internal -Wno-deprecated-declarations>
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -fpch-preprocess
    # g++ 12 sees these where they are not, in the standard library's own code at -O2.
    -Wno-error=maybe-uninitialized -Wno-error=array-bounds -Wno-error=restrict -Wno-error=stringop-overflow>)
if(CMAKE_UNITY_BUILD)
  # A .cpp file is included then: g++ takes its private types for a header's, clang sees the names of its neighbours.
  target_compile_options(tephra_flags INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage> $<$<CXX_COMPILER_ID:Clang>:-Wno-shadow>)
endif()
if(TEPHRA_SANITIZE)
  target_compile_options(tephra_flags INTERFACE -fsanitize=${TEPHRA_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(tephra_flags INTERFACE -fsanitize=${TEPHRA_SANITIZE})
endif()
if(TEPHRA_SANITIZE MATCHES "thread")
  # TSan does not understand stand-alone fences; Asio's queues are ordered by their mutexes without them.
  target_compile_definitions(tephra_flags INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
endif()
if(TEPHRA_FUZZ)
  target_compile_options(tephra_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_link_options(tephra_flags INTERFACE -fuse-ld=mold)
endif()

set(standard_headers <algorithm> <array> <cstdint> <expected> <functional> <map> <memory> <optional> <span> <string>
  <string_view> <tuple> <utility> <variant> <vector>)

# tephra_precompile(NAME DEPENDS ours... HEADERS more...): the usual standard headers and these, for whoever says PCH NAME.
function(tephra_precompile name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;HEADERS" ${ARGN})
  if(TEPHRA_PCH)
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp "")
    add_library(${name} OBJECT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
    target_link_libraries(${name} PRIVATE tephra_flags ${ARG_DEPENDS})
    target_precompile_headers(${name} PRIVATE ${standard_headers} ${ARG_HEADERS})
    if(ARG_HEADERS)
      # g++ knows a file under #pragma once by its time too: what ccache kept of another moment would bring it in twice.
      set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER "")
    endif()
  endif()
endfunction()
tephra_precompile(tephra_pch)

# Adds the folders that exist, in the order of the architecture.
function(tephra_folders)
  foreach(folder ${ARGN})
    if(EXISTS ${PROJECT_SOURCE_DIR}/${folder}/CMakeLists.txt)
      add_subdirectory(${folder})
    endif()
  endforeach()
endfunction()

function(tephra_pch_for target)
  if(TEPHRA_PCH)
    list(APPEND ARGN tephra_pch)
    list(GET ARGN 0 pch)
    target_precompile_headers(${target} REUSE_FROM ${pch})
  endif()
endfunction()

# Every header must compile alone: `cmake --build --target check-headers`.
function(tephra_header_probes target headers)
  foreach(header ${headers})
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${header})
    string(MAKE_C_IDENTIFIER ${path} id)
    set(probe ${CMAKE_CURRENT_BINARY_DIR}/header_${id}.cpp)
    file(CONFIGURE OUTPUT ${probe} CONTENT "#include \"${path}\"\n#include \"${path}\"\n")
    list(APPEND probes ${probe})
  endforeach()
  if(probes)
    add_library(${target}_headers OBJECT EXCLUDE_FROM_ALL ${probes})
    target_link_libraries(${target}_headers PRIVATE ${target})
    if(NOT TARGET check-headers)
      add_custom_target(check-headers)
    endif()
    add_dependencies(check-headers ${target}_headers)
  endif()
endfunction()

# tephra_library(NAME [IO] DEPENDS ours... USES third parties... [PCH name])
#   NAME is the folder's path with underscores. IO: this folder touches disk, network, clock or devices.
function(tephra_library name)
  cmake_parse_arguments(ARG "IO" "PCH" "DEPENDS;USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  file(GLOB headers CONFIGURE_DEPENDS *.hpp)
  if(sources)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC tephra_flags ${ARG_DEPENDS} PRIVATE ${ARG_USES})
    tephra_pch_for(${name} ${ARG_PCH})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE tephra_flags ${ARG_DEPENDS})
  endif()
  set_target_properties(${name} PROPERTIES TEPHRA_IO "${ARG_IO}")
  foreach(dependency ${ARG_DEPENDS})
    get_target_property(does_io ${dependency} TEPHRA_IO)
    if(does_io AND NOT ARG_IO)
      message(FATAL_ERROR "${name} is pure and may not depend on ${dependency}, which does IO")
    endif()
  endforeach()
  if(sources)
    tephra_header_probes(${name} "${headers}")
  endif()
endfunction()

# tephra_executable(PROGRAM DEPENDS ours... USES third parties...): the folder's *.cpp become one program.
function(tephra_executable name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;USES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE tephra_flags ${ARG_DEPENDS} ${ARG_USES})
  tephra_pch_for(${name})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
endfunction()

# Makes programs part of a group that tools/ci builds as one.
function(tephra_tests_of group)
  if(NOT TARGET ${group})
    add_custom_target(${group})
  endif()
  add_dependencies(${group} ${ARGN})
endfunction()

# tephra_unit_test(DEPENDS ours... [LABELS ...] [TIMEOUT s] [LONG] [PCH name]): LABELS threads where threads meet: tools/ci runs these
# under TSan (target threaded-tests); grpc too where Debian's gRPC is linked, whose inside TSan does not see. In
# tests/unit/A/B, the *_test.cpp here become the program A_B_test. LONG: cases with the tag [.long] take more than a second;
# by hand the program leaves them out, ctest runs them as unit/A/B/long.
function(tephra_unit_test)
  cmake_parse_arguments(ARG "LONG" "TIMEOUT;PCH" "DEPENDS;USES;LABELS" ${ARGN})
  file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR}/tests/unit ${CMAKE_CURRENT_SOURCE_DIR})
  string(REGEX REPLACE "[/-]" "_" name ${path})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  add_executable(${name}_test ${sources})
  target_link_libraries(${name}_test PRIVATE tephra_flags tests_main ${ARG_DEPENDS} ${ARG_USES})
  target_compile_definitions(${name}_test PRIVATE TEPHRA_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  tephra_pch_for(${name}_test ${ARG_PCH})
  set_target_properties(${name}_test PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_test(NAME unit/${path} COMMAND ${name}_test WORKING_DIRECTORY ${PROJECT_BINARY_DIR})
  tephra_tests_of(sanitized-tests ${name}_test)
  if("threads" IN_LIST ARG_LABELS)
    tephra_tests_of(threaded-tests ${name}_test)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  set(tests unit/${path})
  if(ARG_LONG)
    add_test(NAME unit/${path}/long COMMAND ${name}_test [.long] WORKING_DIRECTORY ${PROJECT_BINARY_DIR})
    list(APPEND tests unit/${path}/long)
  endif()
  set_tests_properties(${tests} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "unit;${ARG_LABELS}")
  if(TEPHRA_SANITIZE MATCHES "thread")
    set(options halt_on_error=1:second_deadlock_stack=1)
    if("grpc" IN_LIST ARG_LABELS)
      string(APPEND options ":suppressions=${PROJECT_SOURCE_DIR}/tests/grpc.thread-sanitizer.supp")
    endif()
    set_tests_properties(${tests} PROPERTIES ENVIRONMENT "TSAN_OPTIONS=${options}")
  endif()
endfunction()
