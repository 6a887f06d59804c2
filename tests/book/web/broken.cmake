# One page with one fault, in FOLDER; then the checker must find it: NODE SCRIPT FOLDER, with EXPECT in the message.
set(body "<p>A page that says what it has to say in more than a few words, so that nobody takes it for an empty one; two hundred letters are enough for that, and here they are, all of them, one after the other, up to the end.</p>")
file(REMOVE_RECURSE ${FOLDER})
file(WRITE ${FOLDER}/index.html "<!DOCTYPE html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta name=\"color-scheme\" content=\"light dark\">
<title>A page</title><style>:root { color-scheme: light dark }</style></head>
<body><main><h1>A page</h1>${body}
${FAULT}</main></body></html>
")
set(ENV{EXPECT} "${EXPECT}")
execute_process(COMMAND ${COMMAND} ${FOLDER} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
message("${output}")
if(output MATCHES "SKIPPED")
  return()
elseif(NOT result EQUAL 0)
  message(FATAL_ERROR "The fault was not found (${result})")
endif()
