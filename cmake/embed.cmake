# Makes files a part of a program: cmake -DOUTPUT=embedded.c -DFILES="page.html;page.css" -P embed.cmake writes a C source with a
# string for each, ended by NUL: page_html, page_css.
set(source "/* Made by cmake/embed.cmake. */\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  string(MAKE_C_IDENTIFIER ${name} name)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  string(APPEND source "extern const char ${name}[];\nconst char ${name}[] = {\n${bytes}0};\n")
endforeach()
file(WRITE ${OUTPUT} "${source}")
