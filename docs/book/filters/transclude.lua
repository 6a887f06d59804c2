-- What is generated, compiled or measured enters a page by name: a paragraph that is one link, `derivation: lab.S`,
-- `code: softmax_rows` or `measurement: speed`.

local here = PANDOC_SCRIPT_FILE:gsub('[^/\\]*$', '')
local paths = dofile(here .. 'paths.lua')
local cpp = dofile(here .. 'cpp.lua')
local steps = dofile(here .. 'steps.lua')

local transclude = {}

-- The kind and the name, if the link is one of ours.
function transclude.parse(link)
  local kind, name = pandoc.utils.stringify(link):match('^(%a+): *(.*)$')
  if kind == 'derivation' or kind == 'code' or kind == 'measurement' then return kind, name end
end

local function is_detail(block) return block.t == 'RawBlock' and block.text:find('^%s*<!%-%-%s*detail%s*%-%->') end

-- A derivation as a list of its sections: name, id, level, blocks, steps (the sections in it), detail.
local derivations = {}
function transclude.sections(page, path)
  if derivations[path] then return derivations[path] end
  local name = paths.locate(page.meta, path)
  local text = paths.read(name)
  if not text then return nil end
  page.reads:insert(name)
  local sections, open = pandoc.List(), pandoc.List()
  for _, block in ipairs(pandoc.read(text, pandoc.utils.stringify(page.meta.reader)).blocks) do
    if block.t == 'Header' then
      open = open:filter(function(section) return section.level < block.level end)
    end
    for _, section in ipairs(open) do
      if #section.blocks == 0 and is_detail(block) then section.detail = true end
      section.blocks:insert(block)
    end
    if block.t == 'Header' then
      local section = {
        name = pandoc.utils.stringify(block), id = block.identifier, level = block.level,
        blocks = pandoc.List(), steps = pandoc.List(),
      }
      if #open > 0 then open[#open].steps:insert(section) end
      sections:insert(section)
      open:insert(section)
    end
  end
  derivations[path] = sections
  return sections
end

-- The step that a heading "lab S" stands over, and its name, lab.S; nil over facts and over an example.
local function step_of(page, path, heading)
  local example, step = heading:match('^(%S+) (%S+)$')
  local name = example and example .. '.' .. step
  return name and steps.of(page, path)[name], name
end

-- One step, or the facts, of an example.
local function show(page, section, path, prepare)
  local stem = paths.stem(path)
  -- lab-M and lab-m are two things. A step of another chapter's derivation carries that chapter's number.
  local own = stem == paths.stem(page.source)
  local prefix = own and '' or stem:match('^[^-]*') .. '-'
  local id = prefix .. section.name:gsub('[^%w_]+', '-')
  if page.ids[id] then id = '' end
  page.ids[id] = true
  local label = section.name:gsub(' ', ' · ', 1)
  local blocks = pandoc.Div(prepare(steps.compact(page, section.blocks, label), path)):walk {
    Header = function(header) header.identifier = '' return header end,  -- it is an address in the derivation, not here
  }.content
  -- The step's name leads to its place in the whole derivation; it begins the sentence that says what the step is.
  local caption = pandoc.List { pandoc.Str(label) }
  local number = page.number_thing('derivation', id, label, blocks[1] and blocks[1].t == 'Para' and blocks[1].content or {})
  if number then caption = pandoc.List { pandoc.Span({ pandoc.Str(number) }, pandoc.Attr('', { 'number' })), pandoc.Space() } .. caption end
  if page.whole_derivations then
    local place = 'derivation-' .. stem .. '.html#' .. section.id
    caption = pandoc.Link(caption, place, '', pandoc.Attr('', { 'caption' }))
  else
    caption = pandoc.Span(caption, pandoc.Attr('', { 'caption' }))
  end
  if blocks[1] and blocks[1].t == 'Para' then
    blocks[1].content = pandoc.List { caption, pandoc.Space() } .. blocks[1].content
  else
    blocks:insert(1, pandoc.Para { caption })
  end
  local step, name = step_of(page, path, section.name)
  return pandoc.Div(blocks, pandoc.Attr(id, { 'derivation' }, steps.attributes(step, prefix, name)))
end

-- A derivation's own page: every step with its heading in a group of its own.
function transclude.whole(page, path, blocks)
  local out, group = pandoc.List(), nil
  local function close()
    if not group then return end
    local heading = table.remove(group, 1)
    local name = pandoc.utils.stringify(heading)
    local content = pandoc.List { heading } .. steps.compact(page, group, (name:gsub(' ', ' · ', 1)))
    local step, dotted = step_of(page, path, name)
    out:insert(pandoc.Div(content, pandoc.Attr('', { 'step' }, steps.attributes(step, '', dotted))))
    group = nil
  end
  for _, block in ipairs(blocks) do
    if block.t == 'Header' and block.level <= 3 then close() end
    if block.t == 'Header' and block.level == 3 then group = pandoc.List() end
    (group or out):insert(block)
  end
  close()
  return out
end

-- A step, `lab.S`; or a whole example, `lab`, step by step, its details aside.
local function derivation(page, link, name, path, fragment, prepare)
  local function fail(message) paths.fail(page, link.target, 'derivation: ' .. name .. ': ' .. message) end
  if not path:find('^derivations/[^/]+%.md$') then fail(path .. ' is no derivation') end
  local sections = transclude.sections(page, path)
  if not sections then fail('there is no file ' .. path) end
  local whole = not name:find('.', 1, true)
  local heading = whole and name .. ': …' or name:gsub('%.', ' ', 1)
  local section = sections:find_if(function(s)
    if whole then return s.name:sub(1, #name + 1) == name .. ':' end
    return s.name == heading
  end)
  if not section then fail('no heading "' .. heading .. '" in ' .. path) end
  if fragment ~= section.id then
    fail('the link leads to #' .. fragment .. ', the heading "' .. section.name .. '" is #' .. section.id)
  end
  if not whole then return { show(page, section, path, prepare) } end
  local steps = section.steps:filter(function(step) return not step.detail end)
  return steps:map(function(step) return show(page, step, path, prepare) end)
end

local function code(page, link, name, path, fragment)
  local function fail(message) paths.fail(page, link.target, 'code: ' .. name .. ': ' .. message) end
  if fragment ~= '' then fail('a link to code has no #fragment') end
  local file = paths.locate(page.meta, path)
  local text = paths.read(file)
  if not text then fail('there is no file ' .. path) end
  page.reads:insert(file)
  if name ~= path:match('[^/]*$') then
    text = cpp.definition(text, name)
    if not text then fail('no definition of a function, struct or class of this name in ' .. path) end
  end
  local caption = pandoc.Div(pandoc.Plain { pandoc.Code(path) }, pandoc.Attr('', { 'caption' }))
  local block = pandoc.CodeBlock((text:gsub('%s+$', '')), pandoc.Attr('', { 'cpp' }))
  return { pandoc.Div({ caption, block }, pandoc.Attr('', { 'code' })) }
end

-- A section of a measurement, a heading's text. The book is built without one: then the page says so.
local function measurement(page, link, name, path, fragment, prepare)
  local function fail(message) paths.fail(page, link.target, 'measurement: ' .. name .. ': ' .. message) end
  if not path:find('^docs/measurements/[^/]+%.md$') then fail(path .. ' is no measurement') end
  local sections = transclude.sections(page, path)
  if not sections then
    return { pandoc.Para(pandoc.Emph(pandoc.Inlines('Nothing has been measured here yet.'))) }
  end
  local section = sections:find_if(function(s) return s.level == 2 and s.name == name end)
  if not section then fail('no heading "' .. name .. '" in ' .. path) end
  if fragment ~= section.id then fail('the link leads to #' .. fragment .. ', the heading is #' .. section.id) end
  local blocks = section.blocks:filter(function(block) return block.t ~= 'Header' end)
  local attributes = { { 'role', 'group' }, { 'aria-label', 'Measured: ' .. name } }
  return { pandoc.Div(prepare(blocks, path), pandoc.Attr('', { 'measurement' }, attributes)) }
end

local kinds = { code = code, derivation = derivation, measurement = measurement }

-- The blocks that a link stands for; `prepare(blocks, path)` makes those of another file fit for this page.
function transclude.blocks(page, link, prepare)
  local kind, name = transclude.parse(link)
  local target, fragment = link.target:match('^([^#]*)#?(.*)$')
  local path = paths.resolve(page.source, target)
  if not path or target:find('^%a[%w+.-]*:') then
    paths.fail(page, link.target, kind .. ': ' .. name .. ': ' .. link.target .. ' is outside of the project')
  end
  return kinds[kind](page, link, name, path, fragment, prepare)
end

return transclude
