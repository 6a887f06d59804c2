# Makes a PNG of each SVG in FROM, in the folder TO, twice as large and on white. Needs rsvg-convert.
#   cmake -DFROM=derivations -DTO=png -P docs/png.cmake

if(NOT PROGRAM)
  set(PROGRAM rsvg-convert)
endif()
find_program(RSVG_CONVERT ${PROGRAM})
# (CMake breaks the lines of a message, and so the paths in it, unless it begins with a blank.)
if(NOT RSVG_CONVERT)
  message(FATAL_ERROR " PNG files are made by ${PROGRAM}, which is not here. On Debian and Ubuntu: "
                      "sudo apt-get install librsvg2-bin")
endif()
file(GLOB pictures ${FROM}/*.svg)
if(NOT pictures)
  message(FATAL_ERROR " there are no pictures in ${FROM}")
endif()
file(MAKE_DIRECTORY ${TO})
foreach(picture IN LISTS pictures)
  cmake_path(GET picture STEM LAST_ONLY name)
  execute_process(COMMAND ${RSVG_CONVERT} --zoom=2 --background-color=white --output=${TO}/${name}.png ${picture}
                  RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR " rsvg-convert could not draw ${picture}")
  endif()
endforeach()
list(LENGTH pictures count)
message(STATUS "${count} pictures in ${TO}")
