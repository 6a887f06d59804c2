-- One entry of a matrix, or the arithmetic behind it, from the TeX of a derivation to text with superscripts
-- (√2/2, e^x with x raised), in a matrix with fractions set one over the other. A derivation has thousands of entries:
-- MathML for one of them is five to ten times as long.

local entry = {}

local symbols = {
  cdot = '·', approx = '≈', infty = '∞', max = 'max', min = 'min', exp = 'exp', log = 'log', ['in'] = '∈',
  times = '×', le = '≤', ge = '≥', odot = '⊙', quad = ' ',
}
local spaces = { [','] = true, [';'] = true, [' '] = true, ['!'] = true }

-- TeX -> a list of { kind = num | id | op | open | close | frac | sqrt | sup, … }; nil where it is more than entries use.
local function parse(tex)
  local at = 1
  local list

  -- One argument: what stands in braces, or a single letter or digit.
  local function argument()
    at = tex:find('%S', at) or at
    if tex:sub(at, at) == '{' then
      at = at + 1
      return list('}')
    end
    local one = tex:match('^%w', at)
    if not one then return nil end
    at = at + 1
    return { { kind = tonumber(one) and 'num' or 'id', text = one } }
  end

  local function command(nodes)
    local name = tex:match('^%a+', at) or tex:sub(at, at)
    at = at + #name
    if name == 'frac' then
      local above = argument()
      local below = above and argument()
      if not below then return nil end
      table.insert(nodes, { kind = 'frac', above, below })
    elseif name == 'sqrt' then
      local inside = argument()
      if not inside then return nil end
      table.insert(nodes, { kind = 'sqrt', inside })
    elseif name == 'left' or name == 'right' then
      local bracket = tex:match('^[()]', at)
      if not bracket then return nil end
      at = at + 1
      table.insert(nodes, { kind = name == 'left' and 'open' or 'close', text = bracket })
    elseif name == 'text' or name == 'mathrm' or name == 'operatorname' then
      local word, after = tex:match('^{([^{}$\\]*)}()', at)
      if not word then return nil end
      at = after
      table.insert(nodes, { kind = 'id', text = word })
    elseif symbols[name] then
      local kind = symbols[name]:find('^%a') and 'id' or name == 'infty' and 'num' or 'op'
      table.insert(nodes, { kind = kind, text = symbols[name] })
    elseif not spaces[name] then
      return nil
    end
    return nodes
  end

  -- Up to the closing brace, or to the end.
  function list(closing)
    local nodes = {}
    while true do
      at = tex:find('%S', at)
      if not at then return not closing and nodes or nil end
      local c = tex:sub(at, at)
      local number, letters = tex:match('^%d[%d.]*', at), tex:match('^%a', at)
      if c == '}' then
        if not closing then return nil end
        at = at + 1
        return nodes
      elseif number then
        table.insert(nodes, { kind = 'num', text = number })
        at = at + #number
      elseif letters then
        local word = tex:match('^hidden', at) or letters
        table.insert(nodes, { kind = 'id', text = word })
        at = at + #word
      elseif c == '\\' then
        at = at + 1
        if not command(nodes) then return nil end
      elseif c == '{' then
        at = at + 1
        local inside = list('}')
        if not inside then return nil end
        for _, node in ipairs(inside) do table.insert(nodes, node) end
      elseif c == '^' then
        local base = table.remove(nodes)
        at = at + 1
        local exponent = base and argument()
        if not exponent then return nil end
        -- (…)^k: the bracket that closes carries the exponent.
        table.insert(nodes, { kind = 'sup', base, exponent })
      elseif c:find('[()]') then
        table.insert(nodes, { kind = c == '(' and 'open' or 'close', text = c })
        at = at + 1
      elseif c:find('[-+=,/]') then
        table.insert(nodes, { kind = 'op', text = c == '-' and '−' or c })
        at = at + 1
      else
        return nil
      end
    end
  end

  return list(nil)
end

local function has_operator(nodes)
  local depth = 0
  for _, node in ipairs(nodes) do
    if node.kind == 'open' then depth = depth + 1 end
    if node.kind == 'close' or node.kind == 'sup' and node[1].kind == 'close' then depth = depth - 1 end
    if node.kind == 'frac' or node.kind == 'op' and depth == 0 then return true end
  end
  return false
end

local function is_sign(nodes, k)
  local before = nodes[k - 1]
  return not before or before.kind == 'op' or before.kind == 'open'
end

-- Text -------------------------------------------------------------------------------------------------------------

local text_of

local function bracketed(nodes)
  local text = text_of(nodes)
  return has_operator(nodes) and '(' .. text .. ')' or text
end

-- A number, a letter, a power, or what stands in one pair of brackets: anything else below a stroke needs brackets.
local function is_one(nodes)
  local depth, groups = 0, 0
  for _, node in ipairs(nodes) do
    if depth == 0 then groups = groups + 1 end
    if node.kind == 'open' then depth = depth + 1 end
    if node.kind == 'close' or node.kind == 'sup' and node[1].kind == 'close' then depth = depth - 1 end
  end
  return groups == 1 and nodes[1].kind ~= 'frac'
end

local function bracketed_below(nodes)
  local text = text_of(nodes)
  return is_one(nodes) and text or '(' .. text .. ')'
end

local spaced = { ['·'] = true, ['='] = true, ['≈'] = true }

-- One over the other; read aloud or copied it keeps its stroke and its brackets.
local function stacked(above, below)
  local first, last = has_operator(above), not is_one(below)
  return ('<span class="f">%s<b>%s</b><i>%s/%s</i><b>%s</b>%s</span>'):format(
    first and '<i>(</i>' or '', text_of(above), first and ')' or '', last and '(' or '', text_of(below), last and '<i>)</i>' or '')
end

local function node_text(node, tall)
  if node.kind == 'frac' and tall then return stacked(node[1], node[2]) end
  if node.kind == 'frac' then return bracketed(node[1]) .. '/' .. bracketed_below(node[2]) end
  if node.kind == 'sqrt' then return '√' .. (#node[1] > 1 and '(' .. text_of(node[1]) .. ')' or text_of(node[1])) end
  if node.kind == 'sup' then return node_text(node[1]) .. '<sup>' .. text_of(node[2]) .. '</sup>' end
  return node.text
end

-- In a power a sign needs no room around it; the same for a fraction's two halves.
function text_of(nodes, loose, tall)
  local out = {}
  for k, node in ipairs(nodes) do
    local text = node_text(node, tall)
    if node.kind == 'op' then
      if text == ',' then
        text = ', '
      elseif text ~= '/' and not is_sign(nodes, k) and (loose or spaced[text]) then
        text = ' ' .. text .. ' '
      end
    elseif node.kind == 'frac' then
      -- Beside a factor without a sign between them, a/b would take it into its denominator.
      local after, before = nodes[k + 1], nodes[k - 1]
      local beside = after and after.kind ~= 'op' and after.kind ~= 'close' or
        before and before.kind ~= 'op' and before.kind ~= 'open'
      if beside and not tall then text = '(' .. text .. ')' end
    end
    out[#out + 1] = text
  end
  return table.concat(out)
end

---------------------------------------------------------------------------------------------------------------------

-- "√2/2", "1·0 + 2·1 = 2": nil for TeX that entries do not use.
function entry.text(tex)
  local nodes = parse(tex)
  return nodes and text_of(nodes, true)
end

-- As it stands in a matrix.
function entry.cell(tex)
  local nodes = parse(tex)
  return nodes and text_of(nodes, true, true)
end

return entry
