# Makes the page of the sample's chapter, with TEXT at its end. Then either
#   SAYS:         pandoc must fail, with this in its message (a regular expression), or
#   SHOWS, HIDES: the page's text (with TAGS, its HTML) has the one in it and not the other; made twice, in two folders, it has the same bytes.
# RENAME gives the second chapter another name.

foreach(copy IN ITEMS one two)
  set(root ${WORK}/${copy})
  file(REMOVE_RECURSE ${root})
  file(COPY ${SAMPLE}/ DESTINATION ${root})
  file(READ ${root}/chapters/01-sample.md chapter)
  file(WRITE ${root}/chapters/01-sample.md "${chapter}\n${TEXT}\n")
  set(second 02-other)
  if(DEFINED RENAME)
    file(RENAME ${root}/chapters/${second}.md ${root}/chapters/${RENAME}.md)
    set(second ${RENAME})
  endif()

  execute_process(
    COMMAND ${PANDOC} --defaults ${DOCS}/reader.yaml --metadata-file ${DOCS}/book.yaml --lua-filter ${DOCS}/filters/contents.lua
            --to native --metadata source-dir=${root} --metadata "chapters=01-sample ${second}" --metadata derivations=01-sample
            --metadata notation=02-other --metadata contents=${root}/contents.json ${DOCS}/index.md
    OUTPUT_QUIET ERROR_VARIABLE errors RESULT_VARIABLE result)
  if(result EQUAL 0)
    execute_process(
      COMMAND ${PANDOC} --defaults ${DOCS}/reader.yaml --defaults ${DOCS}/page.yaml --metadata source=chapters/01-sample.md
              --metadata source-dir=${root} --metadata derivations-dir=${root}/derivations --metadata contents=${root}/contents.json
              --output ${root}/page.html ${root}/chapters/01-sample.md
      ERROR_VARIABLE errors RESULT_VARIABLE result)
  endif()

  if(DEFINED SAYS)
    if(result EQUAL 0 OR NOT errors MATCHES "${SAYS}")
      message(FATAL_ERROR "Expected a failure with: ${SAYS}\nGot (${result}): ${errors}")
    endif()
  elseif(NOT result EQUAL 0)
    message(FATAL_ERROR "pandoc failed: ${errors}")
  endif()
endforeach()

if(NOT DEFINED SAYS)
  file(READ ${WORK}/one/page.html one)
  file(READ ${WORK}/two/page.html two)
  if(NOT one STREQUAL two)
    message(FATAL_ERROR "Two builds of one page differ: ${WORK}/{one,two}/page.html")
  endif()
  set(text "${one}")
  if(NOT DEFINED TAGS)
    string(REGEX REPLACE "</?[A-Za-z][^>]*>" "" text "${text}")
    string(REPLACE "&lt;" "<" text "${text}")
    string(REPLACE "&gt;" ">" text "${text}")
  endif()
  string(FIND "${text}" "${SHOWS}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "Not in the page: ${SHOWS}")
  endif()
  if(NOT HIDES STREQUAL "")
    string(FIND "${text}" "${HIDES}" at)
    if(NOT at EQUAL -1)
      message(FATAL_ERROR "Should not be in the page: ${HIDES}")
    endif()
  endif()
endif()
