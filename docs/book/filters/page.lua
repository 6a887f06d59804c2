-- One page of the book: from a chapter, a derivation or the title page as the sources write it, to what the template takes.
--
-- Metadata it needs: source (the page's file, from the project's root), source-dir, derivations-dir, contents (the file
-- that contents.lua wrote), reader. Optional: depfile, where it lists the files that the page was made from.

local here = PANDOC_SCRIPT_FILE:gsub('[^/\\]*$', '')
local paths = dofile(here .. 'paths.lua')
local tex = dofile(here .. 'tex.lua')
local transclude = dofile(here .. 'transclude.lua')
local stringify = pandoc.utils.stringify

-- About this many characters fit on a phone; what is wider scrolls, and then the keyboard must reach it.
local narrow = 24

local page  -- meta, source, chapters, reads (files), ids (given to derivations)

-- Attributes are lists of pairs: the order of a table's keys differs from run to run.
local function scrolling(label, classes, wide)
  local attributes = wide and { { 'tabindex', '0' }, { 'role', 'group' }, { 'aria-label', label } } or {}
  return pandoc.Attr('', { 'scroll', table.unpack(classes or {}) }, attributes)
end

local function is_html(element) return element.format:match('^html') end

---------------------------------------------------------------------------------------------------------------------
-- Comments say what a number claims to be. They are for the tests.

local function without_comments(element)
  if not is_html(element) then return nil end
  local text = element.text:gsub('<!%-%-.-%-%->', '')
  if text:find('<!--', 1, true) then paths.fail(page, element.text, 'a comment without an end') end
  if not text:find('%S') then return {} end
  element.text = text
  return element
end

---------------------------------------------------------------------------------------------------------------------
-- Links between .md files become links between pages.

local function chapter_of(stem)
  return page.chapters:find_if(function(chapter) return chapter.stem == stem end)
end

local function page_link(source, target)
  if target:find('^https?:') or target:find('^mailto:') then return target end
  if target:find('^#') and source == page.source then return target end
  local function fail(why) paths.fail(page, target, 'link to ' .. target .. ': ' .. why) end
  if target:find('^%a[%w+.-]*:') or target:find('^/') then fail('neither a file of the book nor an address on the web') end
  local file, fragment = target:match('^([^#]*)(#?.*)$')
  local path = file == '' and source or paths.resolve(source, file)
  local folder, stem = (path or ''):match('^(%a+)/([^/]+)%.md$')
  local chapter = stem and chapter_of(stem)
  if folder == 'chapters' and chapter then return stem .. '.html' .. fragment end
  if folder == 'derivations' and chapter and chapter.derivation then return 'derivation-' .. stem .. '.html' .. fragment end
  fail('not in the book (a paragraph that is a single link "code: NAME" or "derivation: NAME" would bring its content in)')
end

---------------------------------------------------------------------------------------------------------------------
-- Pictures are put into the page: one file to keep, and SVG takes the colour of the text around it.

local function picture(source, image)
  local function fail(why) paths.fail(page, image.src, 'picture ' .. image.src .. ': ' .. why) end
  if #image.caption == 0 then fail('needs a text that says what it shows') end
  local path = paths.resolve(source, image.src)
  local svg = path and path:find('%.svg$') and paths.read(paths.locate(page.meta, path))
  if not svg then fail('there is no such SVG file in the project') end
  page.reads:insert(paths.locate(page.meta, path))
  svg = svg:gsub('<%?.-%?>%s*', ''):gsub('<!DOCTYPE.->%s*', ''):gsub('<!%-%-.-%-%->', '')
  local attributes = { { 'role', 'img' }, { 'tabindex', '0' }, { 'aria-label', stringify(image.caption) } }
  return pandoc.Span({ pandoc.RawInline('html', svg) }, pandoc.Attr('', { 'scroll', 'picture' }, attributes))
end

---------------------------------------------------------------------------------------------------------------------
-- The passes over a page's blocks, in the order they run. `source` is the file that the blocks stand in.

local function prepare(blocks, source)
  local function only_ours(link) return source == page.source and transclude.parse(link) end
  blocks = pandoc.Div(blocks):walk { RawInline = without_comments, RawBlock = without_comments }
  blocks = blocks:walk {
    Link = function(link)
      if only_ours(link) then return nil end
      link.target = page_link(source, link.target)
      return link
    end,
    Image = function(image) return picture(source, image) end,
    Math = function(math)
      local html, wrong = tex.mathml(math)
      if not html then paths.fail(page, math.text, '$' .. math.text .. '$: ' .. wrong) end
      local inline = pandoc.RawInline('html', html)
      if math.mathtype == 'InlineMath' then
        return tex.width(math.text) > narrow and pandoc.Span({ inline }, scrolling('Formula', { 'long' }, true)) or inline
      end
      return pandoc.Span({ inline }, scrolling('Formula', { 'formula' }, tex.width(math.text) > narrow))
    end,
  }
  blocks = blocks:walk {
    Para = function(para)
      if #para.content == 0 then return {} end
      local link = para.content[1]
      -- A formula that stands alone is no paragraph of text.
      if #para.content == 1 and link.classes and link.classes:includes('formula') then
        return pandoc.Div({ pandoc.Plain(link.content) }, link.attr)
      end
      if #para.content == 1 and link.t == 'Link' and only_ours(link) then return transclude.blocks(page, link, prepare) end
    end,
  }
  blocks:walk {
    Link = function(link)
      if only_ours(link) then
        paths.fail(page, link.target, stringify(link) .. ': must be the whole paragraph')
      end
    end,
  }
  return blocks.content
end

local function is_formula(inline)
  return inline.t == 'RawInline' and inline.text:find('^<math') or inline.t == 'Span' and inline.classes:includes('long')
end

-- Browsers break lines between a formula and the comma after it: what no blank parts stays together.
local function keep_together(inlines)
  local out, run, formulas = pandoc.List(), pandoc.List(), 0
  local function flush()
    if formulas > 0 and #run > 1 then
      out:insert(pandoc.Span(run, pandoc.Attr('', { 'together' })))
    else
      out:extend(run)
    end
    run, formulas = pandoc.List(), 0
  end
  for _, inline in ipairs(inlines) do
    if is_formula(inline) then formulas = formulas + 1 end
    if inline.t == 'Str' or is_formula(inline) then
      run:insert(inline)
    else
      flush()
      out:insert(inline)
    end
  end
  flush()
  return out
end

-- Last: how it looks. Once over everything, what was brought in included.
local dress = {
  Inlines = keep_together,
  Header = function(header)
    -- The heading leads to itself: an address to copy, without one more thing to read out.
    local linked = false
    pandoc.Span(header.content):walk { Link = function() linked = true end, Note = function() linked = true end }
    if header.level > 1 and header.identifier ~= '' and not linked then
      header.content = { pandoc.Link(header.content, '#' .. header.identifier) }
    end
    return header
  end,
  Table = function(table)
    -- The table scrolls as a whole; its formulas need not be reached one by one.
    local body = pandoc.Div({ table }):walk {
      Span = function(span) if span.classes:includes('long') then return span.content end end,
    }
    return pandoc.Div(body.content, scrolling('Table', { 'table' }, true))
  end,
  CodeBlock = function(block)
    local widest = 0
    for line in block.text:gmatch('[^\n]+') do widest = math.max(widest, utf8.len(line) or #line) end
    local kind = block.classes[1] or 'text'
    local label = kind == 'paper' and 'Paper' or kind == 'text' and 'Output' or 'Code'
    return pandoc.Div({ block }, scrolling(label, { 'listing', kind == 'paper' and 'paper' or nil }, widest > narrow))
  end,
}

---------------------------------------------------------------------------------------------------------------------

local function write_depfile()
  if not page.meta.depfile then return end
  local function escape(name) return (name:gsub('[ #]', '\\%0'):gsub('%$', '$$$$')) end
  local file = assert(io.open(stringify(page.meta.depfile), 'wb'))
  file:write(escape(PANDOC_STATE.output_file), ': ', escape(PANDOC_STATE.input_files[1]))
  for _, name in ipairs(page.reads) do file:write(' \\\n  ', escape(name)) end
  file:write('\n')
  file:close()
end

local function link_to(chapter)
  return chapter and {
    href = pandoc.MetaString(chapter.stem .. '.html'), number = pandoc.MetaString(chapter.number),
    title = pandoc.MetaInlines(chapter.title),
  }
end

function Pandoc(doc)
  local meta = doc.meta
  page = { meta = meta, source = stringify(meta.source), reads = pandoc.List(), ids = {}, chapters = pandoc.List() }
  local contents = pandoc.read(assert(paths.read(stringify(meta.contents))), 'json').meta.contents
  for _, part in ipairs(contents) do
    for _, chapter in ipairs(part.chapters) do
      page.chapters:insert {
        stem = stringify(chapter.stem), number = stringify(chapter.number), title = chapter.title,
        derivation = chapter.derivation,
      }
    end
  end

  local folder, stem = page.source:match('^(.-)/?([^/]*)%.md$')
  local chapter, index = chapter_of(stem)
  local book = stringify(meta.title)
  meta.booktitle = meta.title

  -- The title is the first heading.
  local title
  if folder == 'chapters' or folder == 'derivations' then
    doc.blocks = pandoc.Div(doc.blocks):walk({ RawInline = without_comments, RawBlock = without_comments }).content
    local first = table.remove(doc.blocks, 1)
    if not first or first.t ~= 'Header' or first.level ~= 1 then paths.fail(page, nil, 'does not begin with "# Title"') end
    title = first.content
    for _, block in ipairs(doc.blocks) do
      if block.t == 'Header' and block.level == 1 then paths.fail(page, '# ' .. stringify(block), 'a second "# Title"') end
    end
  end
  if (folder == 'chapters' or folder == 'derivations') and not chapter then paths.fail(page, nil, 'not in the contents') end

  if folder == 'chapters' then
    meta['is-chapter'] = true
    meta.number = pandoc.MetaString(chapter.number)
    meta.pagetitle = pandoc.MetaString(chapter.number .. '. ' .. stringify(title) .. ' · ' .. book)
    meta.prev, meta.next = link_to(page.chapters[index - 1]), link_to(page.chapters[index + 1])
    meta.derivation = chapter.derivation and pandoc.MetaString('derivation-' .. stem .. '.html') or nil
  elseif folder == 'derivations' then
    meta['is-derivation'] = true
    meta.pagetitle = pandoc.MetaString(stringify(title) .. ' · ' .. book)
    meta.chapter = link_to(chapter)
  else
    meta['is-index'] = true
    meta.pagetitle = meta.title
    meta.contents = contents
  end
  if title then meta.title = pandoc.MetaInlines(prepare({ pandoc.Plain(title) }, page.source)[1].content) end
  doc.blocks = prepare(doc.blocks, page.source)
  doc.blocks = pandoc.Div(doc.blocks):walk(dress).content
  write_depfile()
  return doc
end
