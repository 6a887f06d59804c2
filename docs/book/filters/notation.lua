-- The chapter on notation explains symbols and terms in tables, one a row: first what is explained, then shapes or meanings.
-- Each gets an address there, and where a chapter uses one first, a link leads to it.

local stringify = pandoc.utils.stringify
local notation = {}

local function slug(text) return (text:gsub('[^%w_]+', '-'):gsub('^%-', ''):gsub('%-$', '')) end
local function symbol_key(math) return '$' .. math.text:gsub('%s+', '') end
local function term_key(inlines) return stringify(inlines):lower() end

-- The notation's key for a term that a chapter sets in bold, in the plural or not; nil if it is no term.
function notation.term(explained, inlines)
  local key = term_key(inlines)
  for _, singular in ipairs { key, (key:gsub('s$', '')), (key:gsub('ices$', 'ix')) } do
    if explained.words[singular] then return singular end
  end
end

-- "Scaled scores: S / \sqrt{d_k}." -> "Scaled scores": what stands behind the colon may be a formula.
local function meaning(row)
  local cell = row.cells[#row.cells > 3 and 3 or 2]
  return (stringify(cell.contents):gsub(':.*', ''):gsub('%.$', ''))
end

-- The stem of the chapter in which it stands first: before that, the letter means something else.
local function first_in(row)
  local stem
  pandoc.Div(row.cells[#row.cells].contents):walk { Link = function(link) stem = link.target:match('^([^/#]+)%.md') end }
  return stem
end

-- Calls visit(inlines of the first cell, row) for each row that explains a symbol or a term.
local function each_row(blocks, visit)
  return pandoc.Div(blocks):walk {
    Table = function(table)
      for _, body in ipairs(table.bodies) do
        for _, row in ipairs(body.body) do
          local first = row.cells[1].contents[1]
          if first and first.content and #row.cells > 1 and first.content[1].t ~= 'Code' then first.content = visit(first.content, row) end
        end
      end
      return table
    end,
  }.content
end

local function has_math(inlines)
  local found = false
  pandoc.Span(inlines):walk { Math = function() found = true end }
  return found
end

-- Puts an address at each symbol and term, and calls add(key, { id, name, meaning, from }) for it.
function notation.mark(blocks, add)
  return each_row(blocks, function(inlines, row)
    if has_math(inlines) then
      return pandoc.Span(inlines):walk({
        Math = function(math)
          local id = 'symbol-' .. slug(math.text)
          add(symbol_key(math), { id = id, name = math.text, meaning = meaning(row), from = first_in(row) })
          return pandoc.Span({ math }, pandoc.Attr(id))
        end,
      }).content
    end
    local id = 'word-' .. slug(term_key(inlines))
    add(term_key(inlines), { id = id, name = stringify(inlines), meaning = meaning(row), from = first_in(row) })
    return { pandoc.Span(inlines, pandoc.Attr(id)) }
  end)
end

-- What contents.lua wrote down of it: stem, path (from another chapter), words (by key: id, name, meaning, from).
function notation.read(meta)
  local stem, words = stringify(meta.stem), {}
  for _, word in ipairs(meta.words) do
    words[stringify(word.key)] = {
      id = stringify(word.id), name = stringify(word.name), meaning = stringify(word.meaning), from = word.from and stringify(word.from),
    }
  end
  return { stem = stem, path = stem .. '.md', words = words }
end

-- A link from `element`, a formula or a term in bold, to its explanation; nil where there is none, or the page has one already.
local function link(element, key, explained, seen, is_earlier)
  local found = key and explained.words[key]
  if not found or seen[key] or found.from and is_earlier(found.from) then return nil end
  seen[key] = true
  return pandoc.Link({ element }, explained.path .. '#' .. found.id, found.meaning, pandoc.Attr('', { 'notation' }))
end

-- Links each first use in a chapter; is_earlier(stem): this chapter stands before that one.
function notation.link_first_uses(blocks, explained, is_earlier)
  local seen, walk = {}, nil
  walk = {
    traverse = 'topdown',
    Header = function(header) return header, false end,
    Link = function(other) return other, false end,
    Math = function(math)
      if math.mathtype == 'InlineMath' then return link(math, symbol_key(math), explained, seen, is_earlier), false end
    end,
    Strong = function(strong) return link(strong, notation.term(explained, strong), explained, seen, is_earlier), false end,
  }
  return pandoc.Div(blocks):walk(walk).content
end

return notation
