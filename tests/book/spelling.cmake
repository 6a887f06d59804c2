# Spells the words of FILES (a glob, or a file) with aspell; words.txt beside this file has those that no dictionary knows.
# With TEXT it spells that instead, and must find SAYS in it.

cmake_minimum_required(VERSION 3.25)

find_program(ASPELL aspell)
set(dictionaries "")
if(ASPELL)
  execute_process(COMMAND ${ASPELL} dicts OUTPUT_VARIABLE dictionaries)
endif()
if(NOT dictionaries MATCHES "en_GB")
  message("SKIPPED: no aspell with an English dictionary on this machine (Debian: apt-get install aspell aspell-en)")
  return()
endif()

if(DEFINED TEXT)
  file(WRITE ${WORK}/text.md "${TEXT}\n")
  set(files ${WORK}/text.md)
else()
  file(GLOB files ${FILES})
endif()
set(faults "")
foreach(file IN LISTS files)
  execute_process(
    COMMAND ${PANDOC} --defaults ${DOCS}/reader.yaml --lua-filter ${CMAKE_CURRENT_LIST_DIR}/spelling.lua --to plain --wrap none ${file}
    COMMAND ${ASPELL} --lang=en_GB --encoding=utf-8 --personal=${CMAKE_CURRENT_LIST_DIR}/words.txt list
    OUTPUT_VARIABLE words ERROR_VARIABLE errors RESULTS_VARIABLE results)
  if(NOT results STREQUAL "0;0")
    message(FATAL_ERROR "Could not spell ${file} (${results}): ${errors}")
  endif()
  if(words)
    string(REGEX REPLACE "[\n;]+" ";" words "${words}")
    list(REMOVE_ITEM words "")
    list(REMOVE_DUPLICATES words)
    list(JOIN words " " words)
    cmake_path(GET file FILENAME name)
    string(APPEND faults "${name}: ${words}\n")
  endif()
endforeach()

if(DEFINED SAYS)
  if(NOT faults MATCHES "${SAYS}")
    message(FATAL_ERROR "Expected ${SAYS}, found: ${faults}")
  endif()
elseif(faults)
  message(FATAL_ERROR "Misspelt, or words that tests/book/words.txt should have:\n${faults}")
endif()
