-- A step of a derivation as a page shows it: its matrix as a table between brackets, and every entry's arithmetic, certified
-- decimal and double below, closed until it is asked for. Tables and plain text: a page has thousands of entries, and a
-- script can take hold of each.

local here = PANDOC_SCRIPT_FILE:gsub('[^/\\]*$', '')
local paths = dofile(here .. 'paths.lua')
local json = dofile(here .. 'json.lua')
local html = dofile(here .. 'html.lua')
local tex = dofile(here .. 'tex.lua')
local entry = dofile(here .. 'entry.lua')

local steps = {}

-- A matrix wider than this many characters scrolls on a phone.
local narrow = 24

-- What the JSON beside a derivation says of its examples and their steps: "lab", "lab.S".
local read = {}
function steps.of(page, path)
  if read[path] then return read[path] end
  local name = paths.locate(page.meta, (path:gsub('%.md$', '.json')))
  local text = paths.read(name)
  if not text then paths.fail(page, nil, 'there is no file ' .. path:gsub('%.md$', '.json')) end
  page.reads:insert(name)
  local found = {}
  for _, example in ipairs(json.decode(text).examples) do
    found[example.name] = example
    for _, step in ipairs(example.steps) do found[example.name .. '.' .. step.name] = step end
  end
  read[path] = found
  return found
end

local function split(text, separator)
  local parts, at = {}, 1
  while true do
    local first, last = text:find(separator, at, true)
    table.insert(parts, (text:sub(at, (first or 0) - 1)))
    if not first then return parts end
    at = last + 1
  end
end

local function minus(number) return (html.escape(number):gsub('%-', '−')) end

local function cell_of(page, source)
  local text = entry.cell(source)
  if text then return text end
  local inline, wrong = tex.mathml(pandoc.Math('InlineMath', source))
  return inline or paths.fail(page, source, '$' .. source .. '$: ' .. wrong)
end

-- "A = E / l = \begin{pmatrix} … \end{pmatrix} ≈ …": the left side as a formula, the first matrix as a table. The second
-- one says the same in six decimals: the table below has twenty.
local function matrix(page, source, label)
  local left, body = source:match('^(.-)\\begin{pmatrix}(.-)\\end{pmatrix}')
  if not left then return nil end
  local rows, widest = {}, 0
  for i, row in ipairs(split(body, '\\\\')) do
    local cells = {}
    for j, cell in ipairs(split(row, '&')) do cells[j] = '<td>' .. cell_of(page, cell) .. '</td>' end
    rows[i] = '<tr>' .. table.concat(cells) .. '</tr>'
    widest = math.max(widest, tex.width(row))
  end
  local wide = tex.width(left) + widest > narrow
  local formula = tex.mathml(pandoc.Math('InlineMath', left))
  return ('<div class="eq scroll"%s>%s<table class="mx" aria-label="%s">%s</table></div>')
    :format(html.scrolls('Matrix ' .. label, wide), formula, label, table.concat(rows, '\n'))
end

local stringify = pandoc.utils.stringify

local function entry_text(page, blocks)
  local inline = blocks[1] and blocks[1].content[1]
  if inline and inline.t == 'Math' then return entry.text(inline.text) or cell_of(page, inline.text) end
  return minus(stringify(blocks))
end

local function cell(tag, text) return ('<%s>%s</%s>'):format(tag, text, tag) end

local function row_of(cells) return '<tr>' .. table.concat(cells) .. '</tr>' end

-- Whole numbers are the same in decimals and doubles, which then need no columns of their own.
local function all_whole(rows)
  for _, row in ipairs(rows) do
    local n = #row.cells
    local decimal = stringify(row.cells[n - 1].contents)
    if not decimal:find('^%-?%d+$') or decimal ~= stringify(row.cells[n].contents) then return false end
  end
  return true
end

-- The table of entries: name, arithmetic, decimal, double. Where the arithmetic ends in a rounded number, the decimal
-- beside it says more.
local function entries(page, grid, gap)
  local rows, out = grid.bodies[1].body, {}
  local columns = #grid.head.rows[1].cells
  local whole = columns == 4 and all_whole(rows)
  local head = {}
  for k, name in ipairs(grid.head.rows[1].cells) do head[k] = cell('th', stringify(name.contents)) end
  if not whole then out[1] = '<thead>' .. row_of(head) .. '</thead>' end
  for _, row in ipairs(rows) do
    local cells = { cell('th', html.escape(stringify(row.cells[1].contents))) }
    for k = 2, whole and 2 or columns do
      cells[k] = cell('td', (entry_text(page, row.cells[k].contents):gsub('^(.*≈) .*$', '%1')))
    end
    -- A double that is the decimal, digit for digit, is written once.
    local last = cells[columns]
    if not whole and last == cells[columns - 1] and #last > 20 then
      cells[columns], cells[columns - 1] = nil, last:gsub('^<td>', '<td colspan=\"2\">')
    end
    out[#out + 1] = row_of(cells)
  end
  return ('<details class="entries"><summary>Entry by entry</summary><table>%s</table><p class="gap">%s%s</p></details>')
    :format(table.concat(out, '\n'), minus(gap), whole and '; decimals and doubles are these whole numbers' or '')
end

-- What stands in a cell of a list: names, values, both forms of a value.
local function inlines(page, contents, is_head)
  local out = {}
  local content = contents[1] and contents[1].content or {}
  -- "1/3 ≈ 0.333333": on the derivation's own page twenty digits stand right below.
  local is_whole = page.folder == 'derivations' and #content > 1 and content[1].t == 'Math'
  for k, inline in ipairs(content) do
    if is_whole and k > 1 then break end
    if inline.t == 'Math' then
      out[#out + 1] = is_head and tex.mathml(inline) or entry.text(inline.text) or cell_of(page, inline.text)
    elseif inline.t == 'Code' then
      out[#out + 1] = '<code>' .. html.escape(inline.text) .. '</code>'
    else
      out[#out + 1] = html.escape(stringify(inline)):gsub('^%-(%d)', '−%1')
    end
  end
  return table.concat(out)
end

-- A step whose rows have names is a list of values.
local function list(page, grid, label)
  local out = {}
  local head = {}
  for k, one in ipairs(grid.head.rows[1].cells) do
    local text = inlines(page, one.contents, true)
    head[k] = cell('th', text ~= '' and text or '<span class="unseen">Row</span>')
  end
  out[1] = '<thead>' .. row_of(head) .. '</thead>'
  local longest = 0
  for _, row in ipairs(grid.bodies[1].body) do
    local cells = {}
    for k, one in ipairs(row.cells) do cells[k] = cell(k == 1 and 'th' or 'td', inlines(page, one.contents)) end
    out[#out + 1] = row_of(cells)
    longest = math.max(longest, utf8.len(stringify(row.cells[1].contents)))
  end
  -- Names of many words get some room, without which they stand in columns of single words; short ones stay in one line.
  return ('<div class="scroll table list" tabindex="0" role="group" aria-label="Table %s"><table%s>%s</table></div>')
    :format(label, longest > 24 and ' class="named"' or longest <= 12 and ' class="brief"' or '', table.concat(out, '\n'))
end

-- The blocks of a step's section, with matrix and entries in the form above.
function steps.compact(page, blocks, label)
  local out, k = pandoc.List(), 1
  while k <= #blocks do
    local block = blocks[k]
    local only = block.t == 'Para' and #block.content == 1 and block.content[1]
    if only and only.t == 'Math' and only.mathtype == 'DisplayMath' then
      local text = matrix(page, only.text, label)
      out:insert(text and html.raw(text) or block)
    elseif block.t == 'RawBlock' and block.text:find('^<details>') and blocks[k + 1].t == 'Table' then
      out:insert(html.raw(entries(page, blocks[k + 1], stringify(blocks[k + 2]))))
      k = k + 3
    elseif block.t == 'Table' then
      out:insert(html.raw(list(page, block, label)))
    else
      out:insert(block)
    end
    k = k + 1
  end
  return out
end

-- What a script needs to know of a step: what was done, to which steps.
function steps.attributes(step, prefix, name)
  if not step then return {} end
  if #step.operands == 0 then return { { 'data-step', prefix .. name } } end
  local operands = {}
  for k, operand in ipairs(step.operands) do operands[k] = operand end
  return {
    { 'data-step', prefix .. name },
    { 'data-op', step.operation },
    { 'data-of', table.concat(operands, ' ') },
  }
end

return steps
