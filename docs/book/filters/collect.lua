-- From what the chapters' pages have in them to what is found across pages: the index that the search reads, and the page
-- of symbols, terms, figures, formulas and derivations.
--
-- Metadata: found (a folder of the files that page.lua wrote), contents, search and terms (the files to write, each only
-- when it changes), symbols-in (the folder of the derivations), notation (the stem of the chapter on notation, if there is one).

local here = PANDOC_SCRIPT_FILE:gsub('[^/\\]*$', '')
local paths = dofile(here .. 'paths.lua')
local json = dofile(here .. 'json.lua')
local stringify = pandoc.utils.stringify

local function search(pages)
  local entries = {}
  for _, page in ipairs(pages) do
    for _, thing in ipairs(page.things) do
      if thing.kind == 'section' then
        local url = page.page .. (thing.id ~= '' and '#' .. thing.id or '')
        entries[#entries + 1] = ('{url:%s,chapter:%s,title:%s,text:%s}')
          :format(json.string(url), json.string(page.title), json.string(thing.title), json.string(thing.text))
      end
    end
  end
  return 'window.bookIndex=[\n' .. table.concat(entries, ',\n') .. '\n];\n'
end

local function link(text, page, id)
  return ('[%s](../../chapters/%s.md#%s)'):format(text, page.page:gsub('%.html$', ''), id)
end

-- Where each term is explained, in the order of the alphabet.
local function terms(pages)
  local found, keys = {}, {}
  for _, page in ipairs(pages) do
    for _, thing in ipairs(page.things) do
      if thing.kind == 'term' then
        local key = thing.title:lower()
        if not found[key] then
          found[key] = { name = thing.title, places = {} }
          keys[#keys + 1] = key
        end
        -- At the beginning of a sentence a term has a capital that it does not have elsewhere.
        if thing.title == key then found[key].name = key end
        table.insert(found[key].places, link('chapter ' .. page.number, page, thing.id))
      end
    end
  end
  table.sort(keys)
  local out = {}
  for _, key in ipairs(keys) do out[#out + 1] = '- ' .. found[key].name .. ': ' .. table.concat(found[key].places, ', ') end
  return table.concat(out, '\n')
end

-- Each name that a derivation gives to a matrix, with its title, and the first step of that name in each chapter.
local function symbols(pages, folder)
  local found, keys = {}, {}
  for _, page in ipairs(pages) do
    local stem = page.page:gsub('%.html$', '')
    local text = paths.read(folder .. '/' .. stem .. '.json')
    local titles = {}
    for _, example in ipairs(text and json.decode(text).examples or {}) do
      for _, step in ipairs(example.steps) do titles[example.name .. ' · ' .. step.name] = step end
    end
    local seen = {}
    for _, thing in ipairs(page.things) do
      local step = thing.kind == 'derivation' and titles[thing.title]
      if step and thing.id ~= '' and not seen[step.name] then
        seen[step.name] = true
        if not found[step.name] then
          found[step.name] = { title = step.title, places = {} }
          keys[#keys + 1] = step.name
        end
        table.insert(found[step.name].places, link('chapter ' .. page.number, page, thing.id))
      end
    end
  end
  table.sort(keys, function(a, b) return a:lower() == b:lower() and a < b or a:lower() < b:lower() end)
  local out = {}
  for _, key in ipairs(keys) do
    local title = found[key].title
    out[#out + 1] = ('| `%s` | %s | %s |'):format(key, (title:gsub('[|*_`$\\<]', '\\%0')), table.concat(found[key].places, ', '))
  end
  return '| name | what it is | where |\n|:--|:--|:--|\n' .. table.concat(out, '\n')
end

local function numbered(pages, kind, name)
  local out = {}
  for _, page in ipairs(pages) do
    local count = 0
    for _, thing in ipairs(page.things) do
      if thing.kind == kind then
        count = count + 1
        local text = kind == 'eq' and '$' .. thing.title:gsub('%s+', ' ') .. '$' or (thing.title:gsub('[|*_`$\\<]', '\\%0'))
        out[#out + 1] = '- ' .. link(name .. ' ' .. page.number .. '.' .. count, page, thing.id) .. ': ' .. text
      end
    end
  end
  return table.concat(out, '\n')
end

function Pandoc(doc)
  local meta, pages = doc.meta, pandoc.List()
  for _, part in ipairs(pandoc.read(assert(paths.read(stringify(meta.contents))), 'json').meta.contents) do
    for _, chapter in ipairs(part.chapters) do
      local text = paths.read(stringify(meta.found) .. '/' .. stringify(chapter.stem) .. '.json')
      if text then pages:insert(json.decode(text)) end
    end
  end
  paths.write_if_changed(stringify(meta.search), search(pages))
  local notation = meta.notation and stringify(meta.notation)
  paths.write_if_changed(stringify(meta.terms), table.concat({
    '# Symbols, terms and figures',
    'Where each of them first stands.' .. (notation and ' What they mean, with their shapes, is in [the appendix on notation](../../chapters/' .. notation .. '.md).' or ''),
    '## Terms', terms(pages),
    '## Symbols', 'Names of matrices, in text, code and derivations alike.', symbols(pages, stringify(meta['symbols-in'])),
    '## Figures', numbered(pages, 'fig', 'Figure'),
    '## Equations', numbered(pages, 'eq', 'Equation'),
  }, '\n\n') .. '\n')
  return pandoc.Pandoc {}
end
