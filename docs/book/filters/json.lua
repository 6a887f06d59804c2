-- Reads JSON: objects and arrays become tables, null becomes nil. pandoc's Lua has none of its own before 3.1.

local json = {}

local escapes = { b = '\b', f = '\f', n = '\n', r = '\r', t = '\t' }

local function unescape(text)
  text = text:gsub('\\u[dD][89abAB](%x%x)\\u[dD][c-fC-F](%x%x)', function() return '\u{FFFD}' end)
  text = text:gsub('\\u(%x%x%x%x)', function(hex) return utf8.char(tonumber(hex, 16)) end)
  return (text:gsub('\\(.)', function(letter) return escapes[letter] or letter end))
end

local literals = { ['true'] = true, ['false'] = false }

-- The value that begins at `at`, and the place after it.
local function value(text, at)
  at = text:find('%S', at)
  local first = text:sub(at, at)
  if first == '"' then
    local stop = at
    repeat
      stop = text:find('"', stop + 1, true)
      local slashes = text:sub(math.max(at, stop - 20), stop - 1):match('\\*$')
    until #slashes % 2 == 0
    return unescape(text:sub(at + 1, stop - 1)), stop + 1
  elseif first == '{' or first == '[' then
    local result, closing = {}, first == '{' and '}' or ']'
    at = text:find('%S', at + 1)
    while text:sub(at, at) ~= closing do
      local key = #result + 1
      if first == '{' then
        key, at = value(text, at)
        at = text:find(':', at, true) + 1
      end
      result[key], at = value(text, at)
      at = text:find('[^%s,]', at)
    end
    return result, at + 1
  end
  local word, after = text:match('^([%w.+-]+)()', at)
  if literals[word] ~= nil then return literals[word], after end
  return tonumber(word), after
end

function json.decode(text)
  return (value(text, 1))
end

-- A string as JSON writes it; fit for a script in a page, too: no "</".
function json.string(text)
  text = text:gsub('[%c"\\]', function(c)
    local named = { ['"'] = '\\"', ['\\'] = '\\\\', ['\n'] = '\\n' }
    return named[c] or ('\\u%04x'):format(c:byte())
  end)
  return '"' .. text:gsub('</', '<\\/') .. '"'
end

return json
