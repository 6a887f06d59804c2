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
  local found, names = {}, {}
  for _, page in ipairs(pages) do
    for _, thing in ipairs(page.things) do
      if thing.kind == 'term' then
        if not found[thing.title] then
          found[thing.title] = {}
          names[#names + 1] = thing.title
        end
        table.insert(found[thing.title], link('chapter ' .. page.number, page, thing.id))
      end
    end
  end
  table.sort(names, function(a, b) return a:lower() < b:lower() end)
  local out = {}
  for _, name in ipairs(names) do out[#out + 1] = '- ' .. name .. ': ' .. table.concat(found[name], ', ') end
  return table.concat(out, '\n')
end

-- Each name that a derivation gives to a matrix, once for each meaning it has, and the first such step in each chapter.
local function symbols(pages, folder)
  local found, rows = {}, {}
  for _, page in ipairs(pages) do
    local stem = page.page:gsub('%.html$', '')
    local text = paths.read(folder .. '/' .. stem .. '.json')
    local steps = {}
    for _, example in ipairs(text and json.decode(text).examples or {}) do
      for _, step in ipairs(example.steps) do steps[example.name .. ' · ' .. step.name] = step end
    end
    local seen = {}
    for _, thing in ipairs(page.things) do
      local step = thing.kind == 'derivation' and steps[thing.title]
      local key = step and step.name .. ' ' .. step.title
      if step and thing.id ~= '' and not seen[key] then
        seen[key] = true
        if not found[key] then
          found[key] = { name = step.name, title = step.title, places = {}, order = #rows }
          table.insert(rows, found[key])
        end
        table.insert(found[key].places, link('chapter ' .. page.number, page, thing.id))
      end
    end
  end
  table.sort(rows, function(a, b)
    if a.name == b.name then return a.order < b.order end
    local x, y = a.name:lower(), b.name:lower()
    return x == y and a.name < b.name or x < y
  end)
  local out = {}
  for k, row in ipairs(rows) do
    local again = k > 1 and rows[k - 1].name == row.name
    out[k] = ('| %s | %s | %s |'):format(again and '' or '`' .. row.name .. '`', (row.title:gsub('[|*_$\\<]', '\\%0')), table.concat(row.places, ', '))
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
    'Where each of them stands.' .. (notation and ' What they mean, with their shapes, is in [the appendix on notation](../../chapters/' .. notation .. '.md).' or ''),
    '## Terms', terms(pages),
    '## Symbols', 'Names of matrices, in text, code and derivations alike.', symbols(pages, stringify(meta['symbols-in'])),
    '## Figures', numbered(pages, 'fig', 'Figure'),
    '## Equations', numbered(pages, 'eq', 'Equation'),
  }, '\n\n') .. '\n')
  return pandoc.Pandoc {}
end
