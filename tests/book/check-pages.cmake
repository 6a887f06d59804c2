# Runs check-pages.lua over the book in FOLDER. With SAYS, first writes two small pages there, with FROM replaced by TO, and
# LONG in it by what no page may have.

if(DEFINED SAYS)
  set(index [[<!DOCTYPE html>
<html lang="en">
<head>
<title>Index</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<a href="#main">skip</a>
<main id="main"><h1>Index</h1><p><a href="other.html#there">there</a> <a href="https://example.org">out</a></p></main>
</body>
</html>
]])
  set(other [[<!DOCTYPE html>
<html lang="en">
<head>
<title>Other</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<h1>Other</h1><p id="there"><a href="index.html">back</a> 1 &lt; 2</p><p id="quote" title="a > b"><a href='#quote'>q</a></p>
<p id="There-it-is"><a href="#There%2Dit-is">encoded</a></p>
</body>
</html>
]])
  set(style "@font-face { src: url(a.woff2) }\n")
  string(REPEAT "0123456789" 30000 long)
  string(REPLACE "LONG" "${long}" TO "${TO}")
  foreach(name IN ITEMS index other style)
    if(NOT FROM STREQUAL "")
      string(REPLACE "${FROM}" "${TO}" ${name} "${${name}}")
    endif()
  endforeach()
  file(REMOVE_RECURSE ${FOLDER})
  file(WRITE ${FOLDER}/index.html "${index}")
  file(WRITE ${FOLDER}/other.html "${other}")
  file(WRITE ${FOLDER}/style.css "${style}")
  file(WRITE ${FOLDER}/a.woff2 "")
endif()

if(NOT EXISTS ${FOLDER}/index.html)
  message(FATAL_ERROR "There is no book in ${FOLDER}: build the target `book` first")
endif()

# pandoc only lends its Lua: the pages are read as they are, since a reader of HTML would mend them.
execute_process(
  COMMAND ${PANDOC} --from html --to plain --lua-filter ${CMAKE_CURRENT_LIST_DIR}/check-pages.lua --metadata folder=${FOLDER} ${FOLDER}/index.html
  OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE result)

if(NOT DEFINED SAYS)
  message("${output}${errors}")
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "The book has the faults above")
  endif()
else()
  string(FIND "${output}${errors}" "${SAYS}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "Expected: ${SAYS}\nGot (${result}): ${output}${errors}")
  endif()
  if(result EQUAL 0 AND NOT FROM STREQUAL "" OR NOT result EQUAL 0 AND FROM STREQUAL "")
    message(FATAL_ERROR "Exit status ${result}: ${output}${errors}")
  endif()
endif()
