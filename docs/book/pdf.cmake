# Prints PAGE to PDF with a browser that sets MathML.

if(NOT CHROMIUM)
  message(FATAL_ERROR
    "The PDF is printed by Chromium, which is not installed (Debian: apt-get install chromium). "
    "Or open ${PAGE} in a browser of yours and print that.")
endif()
file(REMOVE ${PDF})
execute_process(
  COMMAND ${CHROMIUM} --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run --user-data-dir=${WORK}/chromium
          --no-pdf-header-footer --generate-pdf-document-outline --virtual-time-budget=20000 --print-to-pdf=${PDF} file://${PAGE}
  OUTPUT_QUIET ERROR_VARIABLE errors RESULT_VARIABLE result TIMEOUT 300)
if(NOT result EQUAL 0 OR NOT EXISTS ${PDF})
  message(FATAL_ERROR "${CHROMIUM} could not print ${PAGE} (${result}):\n${errors}")
endif()
