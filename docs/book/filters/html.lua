-- HTML as text: what several filters write alike.

local html = {}

local entities = { ['&'] = '&amp;', ['<'] = '&lt;', ['>'] = '&gt;', ['"'] = '&quot;' }
function html.escape(text) return (text:gsub('[&<>"]', entities)) end

-- The edition in one document becomes an EPUB, too, and that is XML: nothing may be left open there, and <math> must say
-- its name space.
html.is_xml = FORMAT == 'json'

local closing = { '</td>', '</tr>', '</th>' }
-- HTML closes these by itself. In tables of a thousand entries they are a fifth of the page.
function html.raw(text)
  if html.is_xml then
    text = text:gsub('<math%f[%s>]', '<math xmlns="http://www.w3.org/1998/Math/MathML"')
  else
    for _, tag in ipairs(closing) do text = text:gsub(tag .. '%s*', '') end
    text = text:gsub('class="f"', 'class=f'):gsub('colspan="2"', 'colspan=2')
  end
  return pandoc.RawBlock('html', text)
end

-- The attributes of what scrolls where it is wide: then the keyboard must reach it.
function html.scrolls(label, wide)
  return wide and (' tabindex="0" role="group" aria-label="%s"'):format(html.escape(label)) or ''
end

local coloured = {}
for class in ('kw cf im dt bu st ch ss vs sc dv bn fl cn co do an cv in wa pp er al'):gmatch('%a+') do coloured[class] = true end

-- pandoc marks every line of code with an address, which takes more room than the line; and the addresses of two listings
-- that are brought into one page are the same.
function html.code(block)
  local text = pandoc.write(pandoc.Pandoc { block }, 'html')
  if not text:find('<code class="sourceCode') then return (text:gsub('^<pre[^>]*>', '<pre>')) end
  -- Only what the style sheet colours needs a name.
  text = text:gsub('<span class="(%a+)">([^<]*)</span>', function(class, inside)
    local is_name = coloured[class] and inside ~= '::'  -- built in to pandoc 2's highlighter alone
    return not is_name and inside or nil
  end)
  -- A row of strings is one string to the eye.
  text = text:gsub('&quot;', '"'):gsub('(<span class="st">[^<]*)</span>(,? ?)<span class="st">', '%1%2')
  local lines = {}
  for line in text:match('<code[^>]*>(.*)</code>'):gmatch('[^\n]*') do
    local inside, marked = line:gsub('^<span id="cb[%d-]*"><a [^>]*></a>', '')
    lines[#lines + 1] = marked > 0 and inside:gsub('</span>$', '') or line
  end
  return '<pre class="sourceCode"><code>' .. table.concat(lines, '\n') .. '</code></pre>'
end

return html
