-- The contents of the book: reads all chapters, writes the file that every page takes its contents from.
-- It is written only when it changes, so that an edit of one chapter's text leaves the other pages alone.
--
-- Metadata: parts (book.yaml), source-dir, chapters (the stems, separated by blanks), derivations (those of them that have
-- a derivation), contents (the file), reader, notation (the stem of the chapter on notation, if there is one): what it
-- explains is listed here too.

local here = PANDOC_SCRIPT_FILE:gsub('[^/\\]*$', '')
local notation = dofile(here .. 'notation.lua')
local paths = dofile(here .. 'paths.lua')
local stringify = pandoc.utils.stringify

-- The stems in a metadata field.
local function words(field)
  local stems = pandoc.List()
  for stem in stringify(field or ''):gmatch('%S+') do stems:insert(stem) end
  return stems
end

-- A chapter: its title and its blocks. The filter reads the files itself: what pandoc's own --file-scope makes of several
-- files differs between its versions.
local function read_chapter(meta, stem)
  local path = 'chapters/' .. stem .. '.md'
  local text = assert(paths.read(paths.locate(meta, path)))
  local blocks = pandoc.read(text, stringify(meta.reader)).blocks
  local titles = blocks:filter(function(block) return block.t == 'Header' and block.level == 1 end)
  if #titles ~= 1 then paths.stop(path .. ': needs one "# Title", and only one: it has ' .. #titles) end
  return { stem = stem, title = titles[1], blocks = blocks }
end

-- The first sentence under the title.
local function beginning(chapter)
  local is_under = false
  for _, block in ipairs(chapter.blocks) do
    is_under = is_under or block.t == 'Header'
    if is_under and block.t == 'Para' then
      local sentence = pandoc.List()
      for _, inline in ipairs(block.content) do
        if inline.t ~= 'RawInline' then sentence:insert(inline.t == 'SoftBreak' and pandoc.Space() or inline) end
        if inline.t == 'Str' and inline.text:find('[.?!]$') then break end
      end
      return pandoc.MetaString(stringify(sentence))
    end
  end
end

-- What the chapter on notation explains, in its tables.
local function explained(chapter)
  local words = pandoc.List()
  notation.mark(chapter.blocks, function(key, word)
    words:insert {
      key = pandoc.MetaString(key), id = pandoc.MetaString(word.id), name = pandoc.MetaString(word.name), meaning = pandoc.MetaString(word.meaning),
      from = word.from and pandoc.MetaString(word.from),
    }
  end)
  return { stem = pandoc.MetaString(chapter.stem), words = words }
end

function Pandoc(doc)
  local read = words(doc.meta.chapters):map(function(stem) return read_chapter(doc.meta, stem) end)

  local derived = {}
  for _, stem in ipairs(words(doc.meta.derivations)) do derived[stem] = true end

  -- A line on each chapter: book.yaml's, or else how the chapter begins.
  local about = {}
  for key, text in pairs(doc.meta.about or {}) do about[key] = text end
  local contents, placed = pandoc.List(), {}
  for _, part in ipairs(doc.meta.parts) do
    local chapters = pandoc.List()
    for key in stringify(part.chapters):gmatch('%S+') do
      for _, chapter in ipairs(read) do
        local stem = chapter.stem
        if stem:match('^[^-]*') == key then
          placed[stem] = (placed[stem] or 0) + 1
          chapters:insert {
            stem = pandoc.MetaString(stem),
            number = pandoc.MetaString((key:gsub('^0+', ''):upper())),
            title = pandoc.MetaInlines(pandoc.Span(chapter.title.content):walk { RawInline = function() return {} end }.content),
            about = about[key] or beginning(chapter),
            derivation = derived[stem] and pandoc.MetaString('derivation-' .. stem .. '.html') or nil,
          }
        end
      end
    end
    if #chapters > 0 then contents:insert { title = part.title, chapters = chapters } end
  end
  local on_notation = doc.meta.notation and stringify(doc.meta.notation)
  local notation_words
  for _, chapter in ipairs(read) do
    local stem = chapter.stem
    if placed[stem] ~= 1 then paths.stop('chapters/' .. stem .. '.md: one part of docs/book/book.yaml must name it, and only one') end
    if stem == on_notation then notation_words = explained(chapter) end
  end

  local text = pandoc.write(pandoc.Pandoc({}, { contents = contents, notation = notation_words }), 'json')
  paths.write_if_changed(stringify(doc.meta.contents), text)
  return pandoc.Pandoc {}
end
