-- TeX -> MathML, with what pandoc leaves undone.

local tex = {}

-- What pandoc or the browsers drop without a word, and what to write instead.
local function dropped(source)
  for _, command in ipairs { 'tag', 'label', 'hline', 'boxed' } do
    if source:find('\\' .. command .. '%f[%A]') then return '\\' .. command end
  end
  for columns in source:gmatch('\\begin%s*{array}%s*(%b{})') do
    if columns:find('|', 1, true) then return 'the line | between columns of an array' end
  end
  for _, command in ipairs { 'mathbf', 'mathbb', 'boldsymbol' } do
    for argument in source:gmatch('\\' .. command .. '%s*(%b{})') do
      if argument:find('%d') then return 'a digit in \\' .. command .. ' (write 𝟏, 𝟙)' end
    end
    if source:find('\\' .. command .. '%s*%d') then return 'a digit in \\' .. command .. ' (write 𝟏, 𝟙)' end
  end
end

local signs = {
  cdot = '·', times = '×', sum = '∑', infty = '∞', le = '≤', ge = '≥', ne = '≠', approx = '≈', odot = '⊙', partial = '∂', pm = '±', top = 'ᵀ',
  alpha = 'α', beta = 'β', sqrt = '√', dots = '…', ldots = '…', lvert = '|', rvert = '|', blacksquare = '', left = '', right = '', quad = ' ', qquad = ' ',
  frac = '', tfrac = '', dfrac = '', operatorname = '', mathrm = '', text = '',
}

-- "S / \sqrt{d_k}" -> "S / √d_k": a formula in a line of plain text, as one would type it.
function tex.plain(source)
  local text = source:gsub('\\begin%s*%b{}', '('):gsub('\\end%s*%b{}', ')'):gsub('\\\\', '; '):gsub('&', ' ')
  text = text:gsub('(\\[td]?frac%s*%b{})%s*(%b{})', '%1/%2')
  text = text:gsub('%^%s*\\top%s*', 'ᵀ'):gsub('\\(%a+)%s*', function(name) return signs[name] or name end)
  return (text:gsub('\\.', ' '):gsub('[{}]', ''):gsub('%s+', ' '))
end

-- About how many characters wide a formula is: rather too many than too few.
function tex.width(source)
  local rows = { source }
  if select(2, source:gsub('\\begin', '')) == 1 then rows = pandoc.List() end
  if #rows == 0 then
    for row in (source .. '\\\\'):gmatch('(.-)\\\\') do rows:insert(row) end
  end
  local widest = 0
  for _, row in ipairs(rows) do
    row = row:gsub('\\begin%s*%b{}', '(  '):gsub('\\end%s*%b{}', ')'):gsub('\\left', ''):gsub('\\right', '')
    row = row:gsub('\\text', ''):gsub('\\operatorname', ''):gsub('\\frac', ''):gsub('\\(%a+)', 'xx')
    row = row:gsub('&', '   '):gsub('[-+=]', ' %0 '):gsub('[{}^_]', '')
    widest = math.max(widest, utf8.len(row) or #row)
  end
  return widest
end

-- Whether a pair of brackets stretches: pandoc 2 lets every one, as if all were \left( and \right), and a later 3 none that
-- is not. Here those around what is higher than a line do.
local function brackets(html)
  local open, tall = {}, {}
  for at, stretches, form, sign in html:gmatch('()<mo stretchy="(%a+)" form="(%a+)">([^<]*)') do
    if stretches == 'true' or sign:find('^[][()]$') then
      if form == 'prefix' then
        table.insert(open, at)
      elseif form == 'postfix' and #open > 0 then
        local first = table.remove(open)
        local inside = html:sub(first, at)
        tall[first] = (inside:find('<mfrac') or inside:find('<mtable') or inside:find('<munder') or inside:find('<mover')) ~= nil
        tall[at] = tall[first]
      end
    end
  end
  return html:gsub('()<mo stretchy="%a+"', function(at) return tall[at] ~= nil and ('<mo stretchy="%s"'):format(tall[at]) or nil end)
end

-- The place after the end of the element that begins at `from`.
local function after_element(html, from)
  local name, depth = html:match('^<(%a+)', from), 0
  for slash, after in html:sub(from):gmatch('<(/?)' .. name .. '%f[%s>][^>]*>()') do
    depth = depth + (slash == '' and 1 or -1)
    if depth == 0 then return from + after - 1 end
  end
end

-- Puts in the place of each element <name attributes>inside</name> what replace(attributes, inside) makes of it, the inner ones first.
local function each_element(html, name, attributes, replace)
  local first, given, inside = html:match('.*()<' .. name .. ' (' .. attributes .. ')>()')
  while first do
    local after = after_element(html, first)
    html = html:sub(1, first - 1) .. replace(given, html:sub(inside, after - #name - 4)) .. html:sub(after)
    first, given, inside = html:sub(1, first - 1):match('.*()<' .. name .. ' (' .. attributes .. ')>()')
  end
  return html
end

-- A sign between two terms, which pandoc 3 calls a letter where it stands before one.
local signs_of_terms = { '−', '+', '±', '∓', '⋅', '·', '×', '∗', '*', '∘', '⊙', '⊗', '⊕' }

-- pandoc 2 and 3 write the same formula in two ways: here they become one. (What later ones than 3.1 write besides,
-- primes as powers and brackets without a row of their own, looks the same.)
local function as_one_version(html)
  -- An operator's name is an operator, or a letter that is applied to what follows.
  html = html:gsub('<mrow><mi mathvariant="normal">([%a ]+)</mi><mo>&#8289;</mo></mrow>', '<mo>%1</mo>')
  -- \big: a size without a unit is none to a browser.
  html = html:gsub('minsize="([%d.]+)" maxsize="[%d.]+" stretchy="false"', function(size)
    local percent = ('%.0f%%'):format(100 * size)
    return ('minsize="%s" maxsize="%s" stretchy="true"'):format(percent, percent)
  end)
  -- Where a column's entries stand, 3 says twice.
  html = html:gsub('<mtd[^>]* style="text%-align: (%a+)[^>]*>', '<mtd columnalign="%1">')
  for _, sign in ipairs(signs_of_terms) do html = html:gsub('<mi>' .. sign:gsub('%p', '%%%0') .. '</mi>', '<mo>' .. sign .. '</mo>') end
  -- \vec: 3 has an arrow that can stretch.
  html = html:gsub('<mo accent="true">⃗</mo>', '<mo accent="true">→</mo>')
  -- \mathrm, \mathbf: 2 says it around the letters and 3 at each; letters that are bold by themselves need nothing.
  html = each_element(html, 'mstyle', 'mathvariant="[%a-]+"', function(variant, letters)
    if variant == 'mathvariant="normal"' then letters = letters:gsub('<mi>', '<mi mathvariant="normal">') end
    return after_element(letters, 1) == #letters + 1 and letters or '<mrow>' .. letters .. '</mrow>'
  end)
  html = html:gsub('<mi mathvariant="([%a-]+)">', function(variant) return variant ~= 'normal' and '<mi>' or nil end)
  -- \tfrac, \dfrac.
  return each_element(html, 'mfrac', 'displaystyle="%a+"', function(style, inside)
    return '<mstyle ' .. style .. '><mfrac>' .. inside .. '</mfrac></mstyle>'
  end)
end

-- The MathML of a Math element, or nil and what is wrong with it.
function tex.mathml(math)
  local lost = dropped(math.text)
  if lost then return nil, lost .. ' is not in MathML: it would be lost without a word' end
  local html = pandoc.write(pandoc.Pandoc { pandoc.Plain { math } }, 'html', { html_math_method = 'mathml' })
  if not html:find('^<math') then return nil, 'pandoc cannot turn this TeX into MathML' end
  html = html:gsub(' xmlns="[^"]*"', '')  -- HTML knows <math> without it
  -- The TeX again, for nobody who reads: a third of the formula.
  local behind = html:match('.*<mi>[FPTVWY]</mi>(.-)<annotation')
  local leans = behind and not behind:gsub('</%a+>', ''):find('%S')
  html = html:gsub('<annotation.-</annotation>', ''):gsub('</?semantics>', '')
  html = brackets(as_one_version(html))
  -- An operator's name is set as a relation, with wide gaps: TeX puts a thin space after it, and none before a bracket.
  html = html:gsub('<mo>(%a%a+)</mo>()', function(name, after)
    local next = html:sub(after, after + 80):gsub('^<msu[bp]>', '')  -- "(z)_j" begins with a bracket too
    local bracket = next:gsub('^<mrow>', ''):find('^<mo stretchy="%a+" form="prefix">')
    return '<mo lspace="0" rspace="' .. (bracket and '0' or '0.1667em') .. '">' .. name .. '</mo>'
  end)
  -- \mathrm of several letters is one upright word.
  html = html:gsub('<mrow>(<mi mathvariant="normal">.-)</mrow>', function(letters)
    local word = letters:gsub('<mi mathvariant="normal">(%a)</mi>', '%1')
    if word:find('^%a+$') then return '<mi mathvariant="normal">' .. word .. '</mi>' end
  end)
  -- These letters lean over their right edge, and MathML leaves out TeX's italic correction.
  if leans then html = html:gsub('^<math ', '%0class="leaning" ') end
  html = html:gsub('(<msup><mi>[FPTVWY]</mi><m%a+)', '%1 class="clear"')
  -- A strut, as TeX's \mathstrut, under every root: beside the lowest of the font's root signs Chromium leaves a gap.
  html = html:gsub('<msqrt>', '%0<mspace height="0.76em" depth="0.21em"></mspace>')
  -- A minus after a bracket, a comma or another sign is the number's own: MathML knows that at the beginning alone.
  for _, before in ipairs { '%(', '%[', ',', '=', '·', '≈', '⋅' } do
    html = html:gsub('(<mo[^>]*>' .. before .. '</mo>)<mo>−</mo>', '%1<mo form="prefix">−</mo>')
  end
  -- What is so by itself: a page has hundreds of formulas. (A bar is not: of it, left and right look the same.)
  html = html:gsub('^(<math[^>]-) display="inline"', '%1'):gsub('(<mo stretchy="%a+") form="%a+">([^|])', '%1>%2')
  local open, inside, close = html:match('^(<math[^>]*>)<mrow>(.*)</mrow>(</math>)$')
  -- One row around everything: the first bracket closes last.
  local function is_one_row(text)
    local depth = 0
    for slash in text:gmatch('<(/?)mrow>') do
      depth = depth + (slash == '' and 1 or -1)
      if depth < 0 then return false end
    end
    return true
  end
  if open and is_one_row(inside) then html = open .. inside .. close end
  return html
end

return tex
