-- A worksheet: what a chapter's paper blocks give, and an empty matrix of the right size for every step they derive.

local here = PANDOC_SCRIPT_FILE:gsub('[^/\\]*$', '')
local html = dofile(here .. 'html.lua')
local steps = dofile(here .. 'steps.lua')
local tex = dofile(here .. 'tex.lua')
local transclude = dofile(here .. 'transclude.lua')

local worksheet = {}

-- The rows of "[ 1 0 ; 0 1 ]"; lines are rows too.
local function rows_of(text)
  local rows = pandoc.List()
  for line in (text:gsub('#[^\n]*', '') .. '\n'):gmatch('(.-)[;\n]') do
    local cells = pandoc.List()
    for cell in line:gmatch('%S+') do cells:insert(cell) end
    if #cells > 0 then rows:insert(cells) end
  end
  return rows
end

-- The examples of a chapter in the order they come: name, settings, matrices (name, rows), question (of an exercise, its
-- heading and what stands before its solution; the first example of an exercise has it).
local function examples_of(blocks)
  local examples, current, question = pandoc.List(), nil, nil
  local function use(name)
    current = examples:find_if(function(example) return example.name == name end)
    if not current then
      current = { name = name, settings = pandoc.List(), matrices = pandoc.List(), question = question }
      question = nil
      examples:insert(current)
    end
  end
  local function take(block)
    if not block.classes:includes('paper') then return end
    local rest = '\n' .. block.text
    while true do
      local name, after = rest:match('\n%s*([%a_][%w_]*)%s*=%s*()')
      if not name then break end
      local value = rest:match('^%b[]', after)
      rest = rest:sub(after + (value and #value or 0))
      if value then
        if not current then use('') end
        current.matrices:insert { name = name, rows = rows_of(value:sub(2, -2)) }
      else
        value = rest:match('^[^\n]*')
        if name == 'example' then use(value:match('^%S+')) elseif current then current.settings:insert(name .. ' = ' .. value) end
      end
    end
  end
  local asking
  for _, block in ipairs(blocks) do
    if block.t == 'Header' then
      asking = pandoc.utils.stringify(block):find('^Exercise')
      question = asking and pandoc.List { pandoc.Para { pandoc.Strong(block.content) } } or nil
    elseif block.t == 'RawBlock' and block.text:find('^<details') then
      asking = false
    elseif block.t == 'CodeBlock' then
      take(block)
    elseif asking and question then
      -- On paper a link leads nowhere.
      question:extend(pandoc.Div({ block }):walk({ Link = function(link) return link.content end }).content)
    end
    if block.t ~= 'CodeBlock' then pandoc.Div({ block }):walk { CodeBlock = take } end
  end
  return examples
end

-- "A = E / l", as the derivation has it.
local function left_side(page, path, example, name)
  local section = transclude.sections(page, path):find_if(function(s) return s.name == example .. ' ' .. name end)
  local formula
  for _, block in ipairs(section and section.blocks or {}) do
    local math = block.t == 'Para' and block.content[1]
    if math and math.t == 'Math' and not formula then
      formula = math.text:match('^(.-)%s*=?%s*\\begin{pmatrix}') or formula
      formula = formula and formula:gsub('\\approx%s*$', ''):gsub('=%s*$', '')
    end
  end
  return formula and tex.mathml(pandoc.Math('InlineMath', formula .. ' =')) or html.escape(name) .. ' ='
end

local function matrix(left, name, rows, blank)
  local out = {}
  for i, row in ipairs(rows) do
    local cells = {}
    for j, cell in ipairs(row) do
      cells[j] = '<td>' .. (blank and '' or html.escape((cell:gsub('%-', '−'):gsub('%*', '·')))) .. '</td>'
    end
    out[i] = '<tr>' .. table.concat(cells) .. '</tr>'
  end
  local label = name .. (blank and (', %d by %d, to fill in'):format(#rows, #rows[1]) or '')
  return html.raw(('<div class="eq scroll" tabindex="0" role="group" aria-label="Matrix %s">%s <table class="mx%s" aria-label="%s">%s</table></div>')
    :format(name, left, blank and ' blank' or '', label, table.concat(out, '\n')))
end

function worksheet.blocks(page, doc)
  local path = 'derivations/' .. page.stem .. '.md'
  local known = steps.of(page, path)
  local out = pandoc.List {
    pandoc.Para { pandoc.Str('Derive each matrix before you look at the chapter. What is given is printed; the rest is yours.') },
  }
  for _, example in ipairs(examples_of(doc.blocks)) do
    if #example.matrices > 0 then
      local title = known[example.name] and known[example.name].title
      out:insert(pandoc.Header(2, { pandoc.Str(example.name .. (title and ': ' .. title or '')) }, pandoc.Attr('sheet-' .. example.name)))
      out:extend(example.question or {})
      if #example.settings > 0 then
        out:insert(pandoc.Para { pandoc.Code(table.concat(example.settings, ', ')) })
      end
      for _, m in ipairs(example.matrices) do
        local step = known[example.name .. '.' .. m.name]
        out:insert(matrix(left_side(page, path, example.name, m.name), m.name, m.rows, not (step and step.kind == 'given')))
      end
    end
  end
  return out
end

return worksheet
