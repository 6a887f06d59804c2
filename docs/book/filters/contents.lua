-- The contents of the book: reads all chapters (the input files), writes the file that every page takes its contents from.
-- It is written only when it changes, so that an edit of one chapter's text leaves the other pages alone.
--
-- Metadata: parts (book.yaml), derivations (the stems, separated by blanks, that have a derivation), contents (the file),
-- notation (the stem of the chapter on notation, if there is one): what it explains is listed here too.

local here = PANDOC_SCRIPT_FILE:gsub('[^/\\]*$', '')
local notation = dofile(here .. 'notation.lua')
local paths = dofile(here .. 'paths.lua')
local stringify = pandoc.utils.stringify

-- The first sentence under each title.
local function beginnings(doc)
  local found, waiting = pandoc.List(), false
  for _, block in ipairs(doc.blocks) do
    if block.t == 'Header' and block.level == 1 then waiting = true end
    if waiting and block.t == 'Para' then
      local sentence = pandoc.List()
      for _, inline in ipairs(block.content) do
        if inline.t ~= 'RawInline' then sentence:insert(inline.t == 'SoftBreak' and pandoc.Space() or inline) end
        if inline.t == 'Str' and inline.text:find('[.?!]$') then break end
      end
      found:insert(pandoc.MetaString(stringify(sentence)))
      waiting = false
    end
  end
  return found
end

-- What the chapter with this stem explains: its tables stand between its title and the next one.
local function explained(doc, stem, stems)
  local words, at = pandoc.List(), 0
  for _, block in ipairs(doc.blocks) do
    if block.t == 'Header' and block.level == 1 then at = at + 1 end
    if stems[at] == stem then
      notation.mark({ block }, function(key, word)
        words:insert {
          key = pandoc.MetaString(key), id = pandoc.MetaString(word.id), name = pandoc.MetaString(word.name), meaning = pandoc.MetaString(word.meaning),
          from = word.from and pandoc.MetaString(word.from),
        }
      end)
    end
  end
  return { stem = pandoc.MetaString(stem), words = words }
end

function Pandoc(doc)
  local titles = doc.blocks:filter(function(block) return block.t == 'Header' and block.level == 1 end)
  local files = PANDOC_STATE.input_files
  local stems = pandoc.List(files):map(paths.stem)
  if #titles ~= #files then
    paths.stop('chapters: each needs one "# Title", and only one: ' .. #files .. ' chapters, ' .. #titles .. ' titles')
  end

  local derived = {}
  for stem in stringify(doc.meta.derivations or ''):gmatch('%S+') do derived[stem] = true end

  -- A line on each chapter: book.yaml's, or else how the chapter begins.
  local about, begins = {}, beginnings(doc)
  for key, text in pairs(doc.meta.about or {}) do about[key] = text end
  local contents, placed = pandoc.List(), {}
  for _, part in ipairs(doc.meta.parts) do
    local chapters = pandoc.List()
    for key in stringify(part.chapters):gmatch('%S+') do
      for i, stem in ipairs(stems) do
        if stem:match('^[^-]*') == key then
          placed[stem] = (placed[stem] or 0) + 1
          chapters:insert {
            stem = pandoc.MetaString(stem),
            number = pandoc.MetaString((key:gsub('^0+', ''):upper())),
            title = pandoc.MetaInlines(pandoc.Span(titles[i].content):walk { RawInline = function() return {} end }.content),
            about = about[key] or begins[i],
            derivation = derived[stem] and pandoc.MetaString('derivation-' .. stem .. '.html') or nil,
          }
        end
      end
    end
    if #chapters > 0 then contents:insert { title = part.title, chapters = chapters } end
  end
  for _, stem in ipairs(stems) do
    if placed[stem] ~= 1 then paths.stop('chapters/' .. stem .. '.md: one part of docs/book/book.yaml must name it, and only one') end
  end

  local stem = doc.meta.notation and stringify(doc.meta.notation)
  local meta = { contents = contents, notation = stem and explained(doc, stem, stems) }
  local text = pandoc.write(pandoc.Pandoc({}, meta), 'json')
  paths.write_if_changed(stringify(doc.meta.contents), text)
  return pandoc.Pandoc {}
end
