-- Finds a definition in C++ source by name. No parser: comments and literals are blanked, then brackets are counted,
-- which is enough for code that is formatted and compiles.

local cpp = {}

local function blank(text) return (text:gsub('[^\n]', ' ')) end

-- The source with comments, literals and preprocessor lines blanked; every other byte stays where it is.
local function mask(source)
  local out, i = {}, 1
  local function take(last, keep)
    local text = source:sub(i, last)
    table.insert(out, keep and text or blank(text))
    i = last + 1
  end
  while i <= #source do
    local two = source:sub(i, i + 1)
    local before = source:sub(i - 1, i - 1)
    local delimiter = source:match('^R"([^(]*)%(', i)
    if two == '//' then
      take((source:find('\n', i, true) or #source + 1) - 1)
    elseif two == '/*' then
      take(select(2, source:find('*/', i + 2, true)) or #source)
    elseif delimiter and not before:match('[%w_]') then
      take(select(2, source:find(')' .. delimiter .. '"', i, true)) or #source)
    elseif two:match('^"') or (two:match("^'") and not before:match('%w')) then  -- 1'000 is a number
      local quote, last = two:sub(1, 1), i + 1
      while last < #source and source:sub(last, last) ~= quote do
        last = last + (source:sub(last, last) == '\\' and 2 or 1)
      end
      take(last)
    elseif two:match('^#') and source:sub(1, i - 1):match('^%s*$', (source:sub(1, i - 1):match('.*()\n') or 1)) then
      local last = i
      repeat last = source:find('\n', last + 1, true) or #source + 1 until source:sub(last - 1, last - 1) ~= '\\'
      take(last - 1)
    else
      take(i, true)
    end
  end
  return table.concat(out)
end

local closing = { ['('] = ')', ['{'] = '}', ['['] = ']' }

-- The place of the bracket that closes the one at `from`.
local function match_bracket(code, from)
  local open = code:sub(from, from)
  local depth, i = 0, from
  while i <= #code do
    local c = code:sub(i, i)
    if c == open then depth = depth + 1 end
    if c == closing[open] then
      depth = depth - 1
      if depth == 0 then return i end
    end
    i = i + 1
  end
end

-- Where the body opens, if a function's definition has its parameters' bracket at `from`; nil for a call or a declaration.
local function function_body(code, from)
  local i = match_bracket(code, from)
  while i and i < #code do
    i = i + 1
    local c = code:sub(i, i)
    if c == '{' then return i end
    if c:match('[;=)%]}?]') then return nil end
    if c == '(' or c == '[' then i = match_bracket(code, i) end
  end
end

local is_type = { class = true, struct = true, union = true, enum = true }
local no_type = { ['return'] = true, ['else'] = true, ['new'] = true, ['throw'] = true, ['case'] = true }

-- Where the definitions of a name have the name and where their bodies open.
local function bodies(code, name, kind)
  local found, from = {}, 1
  while true do
    local first, last = code:find(name, from, true)
    if not first then return found end
    from = last + 1
    local before, after = code:sub(1, first - 1), code:sub(last + 1)
    local whole = not before:match('[%w_]$') and not after:match('^[%w_]')
    local body
    if whole and kind == 'type' then
      local keyword = before:match('([%a]+)%s*$') or before:match('([%a]+)%s*%[%[.-%]%]%s*$')
      local begins = after:match('^%s*[{:<f]') and not after:match('^%s*::')  -- a body, bases, <…>, final
      if is_type[keyword] and begins then
        local stop = code:find('[{;()=]', last + 1)
        body = stop and code:sub(stop, stop) == '{' and stop
      end
    elseif whole and after:match('^%s*%(') then
      local typed = before:match('[%w_>&*:%]]%s*$') and not no_type[before:match('(%a[%w_]*)%s*$')]
      body = typed and function_body(code, code:find('(', last + 1, true))
    end
    if body then table.insert(found, { name = first, body = body }) end
  end
end

-- The text of the definitions of `name`, with the /// lines above them; overloads one after another. nil: there is none.
function cpp.definition(source, name)
  local code = mask(source)
  local found = bodies(code, name, 'type')
  if #found == 0 then found = bodies(code, name, 'function') end
  local texts = {}
  for _, at in ipairs(found) do
    -- The declaration begins after whatever ended before it.
    local first = code:sub(1, at.name - 1):match('.*()[;{}]') or 0
    first = code:find('%S', first + 1)
    local access = code:match('^p%a+%s*:()[^:]', first)  -- public:
    first = access and code:find('%S', access) or first
    local last = match_bracket(code, at.body)
    last = select(2, code:find('^%s*;', last + 1)) or last
    first = source:sub(1, first - 1):match('.*()\n') or 0  -- the newline before the line
    while true do
      local line = source:sub(1, first - 1):match('.*()\n') or 0
      if first == 0 or not source:sub(line + 1, first - 1):match('^%s*///') then break end
      first = line
    end
    local text = source:sub(first + 1, last)
    local indent = text:match('^[ \t]*')
    if #indent > 0 then text = ('\n' .. text):gsub('\n' .. indent, '\n'):sub(2) end
    table.insert(texts, text)
  end
  return #texts > 0 and table.concat(texts, '\n\n') or nil
end

return cpp
