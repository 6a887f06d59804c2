-- Checks the pages of a book, from index.html to every page that a link leads to.

local folder
local problems = pandoc.List()
local pages, queue, links = {}, pandoc.List(), 0
local titles, styles = {}, {}

local function problem(page, text) problems:insert(page .. ': ' .. text) end

local function read(name)
  local file = io.open(folder .. '/' .. name, 'rb')
  local text = file and file:read('a')  -- nil for a folder
  if file then file:close() end
  return text
end

local function decode(text)
  text = text:gsub('%%(%x%x)', function(hex) return string.char(tonumber(hex, 16)) end)
  return (text:gsub('&quot;', '"'):gsub('&lt;', '<'):gsub('&gt;', '>'):gsub('&amp;', '&'))
end

-- Calls element(name, attributes, place after the tag) for each start tag.
local function each_element(html, element)
  local at = 1
  while true do
    local _, last, name = html:find('<(%a[%w:-]*)', at)
    if not last then return end
    local attributes = {}
    at = last + 1
    while true do
      local key, rest = html:match('^[%s/]*([^%s=/>]+)()', at)
      if not key then break end
      local value, after = html:match('^%s*=%s*"([^"]*)"()', rest)
      if not value then value, after = html:match("^%s*=%s*'([^']*)'()", rest) end
      if not value then value, after = html:match('^%s*=%s*([^%s>]+)()', rest) end
      attributes[key:lower()] = decode(value or '')
      at = after or rest
    end
    at = html:match('^[%s/]*>?()', at)
    element(name:lower(), attributes, at)
  end
end

local function is_elsewhere(url) return url:find('^%a[%w+.-]*:') or url:find('^//') end

-- What is loaded must lie in the folder.
local function check_load(page, url)
  if url:find('^data:') or url:find('^#') then return end
  if is_elsewhere(url) or url:find('^/') or url:find('..', 1, true) then
    problem(page, 'loads ' .. url .. ': only what is in the book may be loaded')
  elseif not read(url:match('^[^?#]*')) then
    problem(page, 'loads ' .. url .. ': there is no such file')
  end
end

local function check_style(name, css)
  css = css:gsub('/%*.-%*/', '')
  if css:find('@import', 1, true) then problem(name, '@import: one file is enough, and it must not come from elsewhere') end
  for url in css:gmatch('url%(%s*["\']?([^"\')]*)') do check_load(name, url) end
end

local loading = { src = true, srcset = true, poster = true, data = true, background = true, ['xlink:href'] = true }
local loading_href = { link = true, use = true, image = true, base = true }

-- A page is at most this long: it opens at once, and from a slow disk or line too.
local most_bytes = 300000

-- What is looked at also has a text: a table its headings or a name, a picture a name.
local function check_text(name, html)
  for table in html:gmatch('<table.-</table>') do
    if not table:find('^<table[^>]* aria%-label="%S') and not table:find('<th') then
      problem(name, 'a table without headings or a name: ' .. table:sub(1, 60))
    end
  end
  for figure in html:gmatch('<figure.-</figure>') do
    if not figure:find('<figcaption>.*%w.*</figcaption>') then problem(name, 'a figure without a caption') end
  end
  for before, svg in html:gmatch('(<%a[^>]*>)%s*(<svg[^>]*>)') do
    if not before:find(' role="img"') or not before:find(' aria%-label="%S') then problem(name, 'a picture without a text: ' .. svg:sub(1, 60)) end
  end
end

local function read_page(name)
  local html = read(name)
  if not html then return nil end
  if #html > most_bytes then problem(name, ('%d bytes: a page has at most %d'):format(#html, most_bytes)) end
  check_text(name, html)
  local page = { ids = {}, links = pandoc.List() }
  pages[name] = page
  local headings, lang = 0, nil
  each_element(html, function(element, attributes, after)
    local id = attributes.id
    if id then
      if page.ids[id] then problem(name, 'the id ' .. id .. ' stands twice') end
      page.ids[id] = true
    end
    if element == 'a' and attributes.href then page.links:insert(attributes.href) end
    if element == 'link' and (attributes.rel == 'prev' or attributes.rel == 'next') then
      page.links:insert(attributes.href)
    elseif loading_href[element] and attributes.href then
      check_load(name, attributes.href)
      if attributes.rel == 'stylesheet' then styles[attributes.href] = true end
    end
    if element == 'img' and not (attributes.alt or ''):find('%S') then problem(name, 'a picture without a text: ' .. (attributes.src or '')) end
    for key, value in pairs(attributes) do
      if loading[key] then check_load(name, value) end
      if key:find('^on') then problem(name, 'a script in the page: the attribute ' .. key) end
    end
    if attributes.style then check_style(name, attributes.style) end
    if element == 'style' then check_style(name, html:match('^(.-)</', after) or '') end
    if element == 'script' and not (attributes.src and attributes.defer) then
      problem(name, 'a script in the page, or one that the page waits for: only <script src defer>')
    end
    if element == 'iframe' then
      page.links:insert(attributes.src or '')
      if not attributes.title then problem(name, 'a frame without a title') end
    end
    if element == 'html' then lang = attributes.lang end
    if element == 'h1' then headings = headings + 1 end
  end)
  if html:find('<!--', 1, true) then problem(name, 'an HTML comment: ' .. html:match('<!%-%-[^\n]*'):sub(1, 60)) end
  if not html:find('^<!DOCTYPE html>') then problem(name, 'no <!DOCTYPE html>') end
  if not lang or lang == '' then problem(name, 'no lang') end
  if headings ~= 1 then problem(name, headings .. ' headings <h1>, not one') end
  local title = html:match('<title>%s*(.-)%s*</title>') or ''
  if title == '' then problem(name, 'no title') end
  if titles[title] then problem(name, 'the title ' .. title .. " is another page's too") end
  titles[title] = true
  queue:insert(name)
  return page
end

local function check_link(name, url)
  links = links + 1
  if url:find('^https?:') or url:find('^mailto:') then return end
  if is_elsewhere(url) or url:find('^/') or url:find('..', 1, true) then return problem(name, 'link to ' .. url .. ': leaves the book') end
  local file, fragment = url:match('^([^#]*)#?(.*)$')
  if file == '' then file = name end
  local page = pages[file]
  if not page and file:find('%.html$') then page = read_page(file) end
  if not page and not read(file) then return problem(name, 'link to ' .. url .. ': there is no such file') end
  if fragment ~= '' and not (page and page.ids[fragment]) then problem(name, 'link to ' .. url .. ': there is no such place') end
end

function Pandoc(doc)
  folder = pandoc.utils.stringify(doc.meta.folder)
  read_page('index.html')
  local done = 0
  while done < #queue do
    done = done + 1
    for _, url in ipairs(pages[queue[done]].links) do check_link(queue[done], url) end
  end
  for name in pairs(styles) do
    local css = read(name)
    if css then check_style(name, css) end
  end
  problems:sort()
  if #problems > 0 then io.stderr:write(table.concat(problems, "\n"), "\n") os.exit(1) end
  return pandoc.Pandoc { pandoc.Plain { pandoc.Str(done .. ' pages, ' .. links .. ' links: nothing wrong') } }
end
