-- Runs a chapter's commands and writes what they print, as the Markdown of its section "Try it". The chapter is the input.
--
-- Metadata: stem; root (where the commands are run); build (the build folder, from the root); out (the file, written only
-- when it changes); scratch (a folder for the reader's sheet).

local here = PANDOC_SCRIPT_FILE:gsub('[^/\\]*$', '')
local json = dofile(here .. 'json.lua')
local paths = dofile(here .. 'paths.lua')
local stringify = pandoc.utils.stringify

local meta, out

local function quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

-- What a command prints, run in `folder`; nil if it says that it cannot be used.
local function run(folder, command)
  local pipe = assert(io.popen('cd ' .. quote(folder) .. ' && ' .. command .. ' 2>&1', 'r'))
  local text = pipe:read('a')
  local _, _, status = pipe:close()
  return status ~= 2 and text or nil
end

-- The first lines and the last ones: a derivation is long.
local function shorten(text, first, last)
  local lines = pandoc.List()
  for line in (text:gsub('%s+$', '') .. '\n'):gmatch('(.-)\n') do lines:insert(line) end
  if #lines <= first + last + 1 then return table.concat(lines, '\n') end
  local left = #lines - first - last
  local shown = pandoc.List { table.unpack(lines, 1, first) }
  shown:insert(('… %d more lines …'):format(left))
  shown:extend { table.unpack(lines, #lines - last + 1) }
  return table.concat(shown, '\n')
end

local function say(text) out:insert(text .. '\n') end
local function fenced(kind, text) say('```' .. kind .. '\n' .. text .. '\n```') end

-- The first paper block that can be derived by itself, and in which the mechanism of the book finds nothing wrong: a sheet
-- to start from. (A chapter may derive by other rules: a softmax to base 2, a look-up without one.)
local function sheet(blocks)
  local folder, tool = stringify(meta.scratch), quote(stringify(meta.tool))
  local found, printed
  pandoc.Div(blocks):walk {
    CodeBlock = function(block)
      if found or not block.classes:includes('paper') then return end
      local text = block.text:gsub('^example[^\n]*\n', '')
      local file = assert(io.open(folder .. '/my-paper.md', 'wb'))
      file:write('```paper\n', text, '\n```\n')
      file:close()
      local output = run(folder, tool .. ' derive my-paper.md')
      local graded = output and run(folder, tool .. ' check --format json my-paper.md')
      local grades = graded and json.decode(graded).summary
      if grades and grades.wrong == 0 and grades.too_short == 0 then found, printed = text, output end
    end,
  }
  return found, printed
end

function Pandoc(doc)
  meta, out = doc.meta, pandoc.List()
  local stem, root = stringify(meta.stem), stringify(meta.root)
  local program, tool = 'build/chapters/' .. stem, 'build/attention-by-hand'
  local function of_build(command) return quote(stringify(meta.build)) .. command:gsub('^build', '') end

  say('## Try it')
  say('After `cmake --workflow --preset book`, in the project\'s folder. The program derives the chapter\'s examples:')
  fenced('sh', program .. ' --digits 6')
  fenced('text', shorten(assert(run(root, of_build(program) .. ' --digits 6')), 14, 0))
  say('`' .. program .. ' --help` lists what else it can do. To change its numbers, edit `chapters/' .. stem .. '.cpp` and build it again:')
  fenced('sh', 'cmake --build build --target ' .. stem)

  local graded = run(root, of_build(tool) .. ' check ' .. quote('chapters/' .. stem .. '.md'))
  if graded then
    say('The chapter is a sheet of paper, too. This is how one is graded:')
    fenced('sh', tool .. ' check chapters/' .. stem .. '.md')
    fenced('text', shorten(graded, 6, 4))
  end

  local mine, printed = sheet(doc.blocks)
  if mine then
    say('For numbers of your own, put them into a file `my-paper.md`, between two fences:')
    say('````sheet\n```paper\n' .. mine .. '\n```\n````')
    say('Have them derived; or write your answers under them, and have those graded:')
    fenced('sh', tool .. ' derive my-paper.md\n' .. tool .. ' check my-paper.md')
    say('The first prints')
    fenced('text', shorten(printed, 4, 10))
  end
  local text = table.concat(out, '\n')
  paths.write_if_changed(stringify(meta.out), text)
  return pandoc.Pandoc {}
end
