-- One page of the book: from a chapter, a derivation or the title page as the sources write it, to what the template takes.
--
-- Metadata it needs: source (the page's file, from the project's root), source-dir, derivations-dir, contents (the file
-- that contents.lua wrote), reader. Optional: depfile, where it lists the files that the page was made from; found, where
-- it writes what the search and the index are made of; try, the file of what the chapter's commands print.
--
-- With `to: json` it makes the chapter's part of an edition in one document (print, EPUB): no page around it, every
-- address with the chapter's stem in front, nothing that points at a page of its own.

local here = PANDOC_SCRIPT_FILE:gsub('[^/\\]*$', '')
local paths = dofile(here .. 'paths.lua')
local html = dofile(here .. 'html.lua')
local json = dofile(here .. 'json.lua')
local notation = dofile(here .. 'notation.lua')
local steps = dofile(here .. 'steps.lua')
local tex = dofile(here .. 'tex.lua')
local transclude = dofile(here .. 'transclude.lua')
local worksheet = dofile(here .. 'worksheet.lua')
local stringify = pandoc.utils.stringify

-- About this many characters fit on a phone; what is wider scrolls, and then the keyboard must reach it.
local narrow = 24

local page  -- meta, source, stem, number, chapters, reads (files), ids (given to derivations), things (what has a number)

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
-- A number that is checked says what it claims to be, and leads to where that is derived.

local kinds = {
  published = 'as published elsewhere', measured = 'measured',
}

-- The place in the derivation, and the certified digits, of a claim that names one entry; the place alone for any other.
local function claimed(claim)
  local chapter = page.stem and page.chapters:find_if(function(c) return c.stem == page.stem end)
  if not (chapter and chapter.derivation) then return nil end
  local path = 'derivations/' .. page.stem .. '.md'
  local example, name, i, j = claim:match('^([%w_-]+)%.([%w_]+)%[(%d+),(%d+)%]$')
  local digits
  if example then
    local step = steps.of(page, path)[example .. '.' .. name]
    local row = step and step.decimal[i + 1]
    digits = row and row[j + 1]
  else
    example, name = claim:match('([%w_-]+)%.([%w_]+)%[')
  end
  local heading = example and example .. ' ' .. name
  local section = heading and transclude.sections(page, path):find_if(function(s) return s.name == heading end)
  return section and chapter.derivation .. '#' .. section.id, digits
end

local function mark(inlines, claim, kind)
  if kind then
    return pandoc.Span(inlines, pandoc.Attr('', { 'ck', kind }, { { 'title', kinds[kind] } }))
  end
  local place, digits = claimed(claim)
  local title = claim .. (digits and ' = ' .. digits or ', to the digits printed')
  if not place then return pandoc.Span(inlines, pandoc.Attr('', { 'ck' }, { { 'title', title } })) end
  return pandoc.Link(inlines, place, title, pandoc.Attr('', { 'ck' }))
end

local function mark_claims(inlines)
  local out, changed = pandoc.List(), false
  for _, inline in ipairs(inlines) do
    local claim = inline.t == 'RawInline' and inline.text:match('^<!%-%-=%s*(.-)%s*%-%->$')
    local word = inline.t == 'RawInline' and (inline.text:match('^<!%-%-%s*(%a+)%s*%-%->$') or inline.text:match('^<!%-%-%s*(%a+),'))
    local kind = kinds[word] and word
    local before = (claim or kind) and out[#out]
    if before and before.t == 'Str' then
      local words, number = before.text:match('^(.-)(%d[%d.,]*%%?)$')
      if claim and not number then words, number = before.text:match('^(.-)(%a[%a-]*)$') end  -- a number in words
      for _, sign in ipairs { '−', '-' } do
        if words and words:sub(-#sign) == sign then words, number = words:sub(1, -#sign - 1), sign .. number end
      end
      if number then
        out:remove()
        if words ~= '' then out:insert(pandoc.Str(words)) end
        out:insert(mark({ pandoc.Str(number) }, claim, kind))
        changed = true
      end
    elseif before and before.t == 'Math' then
      out:remove()
      out:insert(mark({ before }, claim, kind))
      changed = true
    else
      out:insert(inline)
    end
  end
  return changed and out or nil
end

---------------------------------------------------------------------------------------------------------------------
-- Formulas, pictures and derivations are counted in each chapter: 6.3. Their addresses are #eq-3, #fig-3, and a step's own.

local function number_thing(kind, id, text, title)
  if not page.number or page.ids[kind] == false then return nil end
  local list = page.things[kind]
  list:insert { id = id, text = text, title = stringify(title) }
  return page.number .. '.' .. #list
end

---------------------------------------------------------------------------------------------------------------------
-- Links between .md files become links between pages.

local function chapter_of(stem)
  return page.chapters:find_if(function(chapter) return chapter.stem == stem end)
end

-- In an edition the addresses of all chapters stand in one document.
local function address(stem, fragment)
  if not page.edition then return (stem == page.stem and fragment ~= '') and fragment or stem .. '.html' .. fragment end
  return '#' .. stem .. (fragment ~= '' and '--' .. fragment:sub(2) or '')
end

-- nil: the link leads to what an edition leaves out.
local function page_link(source, target)
  if target:find('^https?:') or target:find('^mailto:') then return target end
  if target:find('^#') and source == page.source then return page.edition and address(page.stem, target) or target end
  local function fail(why) paths.fail(page, target, 'link to ' .. target .. ': ' .. why) end
  if target:find('^%a[%w+.-]*:') or target:find('^/') then fail('neither a file of the book nor an address on the web') end
  local file, fragment = target:match('^([^#]*)(#?.*)$')
  local path = file == '' and source or paths.resolve(source, file)
  local folder, stem = (path or ''):match('^(%a+)/([^/]+)%.md$')
  local chapter = stem and chapter_of(stem)
  if folder == 'chapters' and chapter then return address(stem, fragment) end
  if folder == 'derivations' and chapter and chapter.derivation then
    return not page.edition and 'derivation-' .. stem .. '.html' .. fragment or nil
  end
  fail('not in the book (a paragraph that is a single link "code: NAME" or "derivation: NAME" would bring its content in)')
end

-- [](06-attention-by-hand.md#eq-2): what has a number is called by it.
local things = { eq = 'equation', fig = 'figure' }
local function text_of_link(link)
  local file, kind, count = link.target:match('^([^#]*)#(%a+)%-(%d+)$')
  if #link.content > 0 or not things[kind] then return link.content end
  local chapter = file == '' and page or chapter_of(paths.stem(file)) or page
  return { pandoc.Str(things[kind] .. '\u{a0}' .. (chapter.number or '') .. '.' .. count) }
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
  -- A heat map has hundreds of cells: in HTML (an EPUB is XML) their numbers need no quotes and no zeros at the end.
  svg = svg:gsub('(="%-?%d+)%.00"', '%1"'):gsub('>%s+<', '><')
  if not page.edition then svg = svg:gsub('(<[rt]ec?[xt]t? [^>]*)', function(tag) return (tag:gsub('="([%w.#-]+)"%f[%s>/]', '=%1'):gsub('/$', ' /')) end) end
  -- On a phone a wide one shrinks to three fifths, where its numbers can still be read.
  svg = svg:gsub('^%s*<svg ([^>]-width="?(%d+))', function(rest, width) return ('<svg style="min-width:%.0fpx" %s'):format(0.6 * width, rest) end)
  local measured = page.folder == 'chapters' and source:find('^docs/measurements/')
  local number = (source == page.source or measured) and number_thing('fig', 'fig-' .. #page.things.fig + 1, stringify(image.caption), {})
  return pandoc.Span({ pandoc.RawInline('html', svg), pandoc.Span(image.caption) }, pandoc.Attr('', { 'picture' }, { { 'number', number or '' } }))
end

local function figure(span)
  local number, caption = span.attributes.number, span.content[2].content
  local id = 'fig-' .. number:match('%d*$')
  local named = number ~= '' and ('<a class="number" href="#%s">Figure %s</a> '):format(id, number) or ''
  local text = html.escape(stringify(caption))
  -- The picture and its caption say the same: the caption is read, the picture looked at.
  return pandoc.Div({
    pandoc.RawBlock('html', ('<figure%s><div class="scroll picture" tabindex="0" role="img" aria-label="%s">%s</div><figcaption>%s%s</figcaption></figure>')
      :format(number ~= '' and ' id="' .. id .. '"' or '', text, span.content[1].text, named, text)),
  })
end

---------------------------------------------------------------------------------------------------------------------
-- The passes over a page's blocks, in the order they run. `source` is the file that the blocks stand in.

local function formula(span)
  local number = span.attributes.number
  if number == '' then return pandoc.Div({ pandoc.Plain(span.content) }, span.attr) end
  local id = 'eq-' .. number:match('%d+$')
  span.attributes.number = nil
  local link = pandoc.Link({ pandoc.Str('(' .. number .. ')') }, '#' .. id, '', pandoc.Attr('', { 'number' }, { { 'aria-label', 'Equation ' .. number } }))
  return pandoc.Div({ pandoc.Div({ pandoc.Plain(span.content) }, span.attr), pandoc.Plain { link } }, pandoc.Attr(id, { 'numbered' }))
end

-- Links that a filter made lead where they should.
local function made(link)
  return link.classes:includes('ck') or link.classes:includes('caption') or link.classes:includes('made')
end

local function prepare(blocks, source)
  local function only_ours(link) return source == page.source and transclude.parse(link) end
  blocks = pandoc.Div(blocks):walk { RawInline = without_comments, RawBlock = without_comments }
  blocks = blocks:walk {
    Link = function(link)
      if only_ours(link) or made(link) then return nil end
      link.content = text_of_link(link)
      link.target = page_link(source, link.target)
      if not link.target then return link.content end
      return link
    end,
    Image = function(image) return picture(source, image) end,
    Math = function(math)
      local mathml, wrong = tex.mathml(math)
      if not mathml then paths.fail(page, math.text, '$' .. math.text .. '$: ' .. wrong) end
      if page.edition then mathml = mathml:gsub('^<math', '<math xmlns="http://www.w3.org/1998/Math/MathML"') end
      local inline = pandoc.RawInline('html', mathml)
      if math.mathtype == 'InlineMath' then
        return tex.width(math.text) > narrow and pandoc.Span({ inline }, scrolling('Formula', { 'long' }, true)) or inline
      end
      local number = source == page.source and number_thing('eq', 'eq-' .. #page.things.eq + 1, math.text, {}) or ''
      local span = pandoc.Span({ inline }, scrolling('Formula', { 'formula' }, tex.width(math.text) > narrow))
      span.attributes.number = number
      return span
    end,
  }
  blocks = blocks:walk {
    Para = function(para)
      if #para.content == 0 then return {} end
      local link = para.content[1]
      if #para.content == 1 and link.classes and link.classes:includes('picture') then return figure(link) end
      -- A formula that stands alone is no paragraph of text.
      if #para.content == 1 and link.classes and link.classes:includes('formula') then return formula(link) end
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
    or inline.t == 'Link' and inline.classes:includes('notation')
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
    if header.level > 1 and header.identifier ~= '' and not linked and not page.edition then
      header.content = { pandoc.Link(header.content, '#' .. header.identifier) }
    end
    return header
  end,
  Table = function(table)
    -- A heading without words, over the names of the rows, is read out all the same.
    for _, row in ipairs(table.head.rows) do
      for _, cell in ipairs(row.cells) do
        if stringify(cell.contents) == '' and #row.cells > 1 then
          local has_more = false
          pandoc.Div(cell.contents):walk { RawInline = function() has_more = true end }
          if not has_more then cell.contents = { pandoc.Plain { pandoc.Span({ pandoc.Str('Row') }, pandoc.Attr('', { 'unseen' })) } } end
        end
      end
    end
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
    local label = (kind == 'paper' or kind == 'sheet') and 'Paper' or kind == 'text' and 'Output' or 'Code'
    local classes = { 'listing', kind == 'paper' and 'paper' or nil }
    return pandoc.Div({ pandoc.RawBlock('html', html.code(block)) }, scrolling(label, classes, widest > narrow))
  end,
  -- A note stands beside the line, or where there is no room below it.
  Note = function(note)
    return pandoc.Span(pandoc.utils.blocks_to_inlines(note.content), pandoc.Attr('', { 'sidenote' }, { { 'role', 'note' } }))
  end,
}

-- The first time a chapter sets a term in bold it says what it means: there the index leads.
local function mark_terms(blocks)
  if not page.notation then return blocks end
  return pandoc.Div(blocks):walk {
    Strong = function(strong)
      local term = notation.term(page.notation, strong)
      local id = term and 'term-' .. term:gsub('[^%w]+', '-')
      if not id or page.ids[id] then return nil end
      page.ids[id] = true
      page.things.term:insert { id = id, text = page.notation.words[term].name, title = '' }
      return pandoc.Span({ strong }, pandoc.Attr(id, { 'term' }))
    end,
  }.content
end

-- On the page on notation an address for each symbol and term; on the others a link there from where it is used first.
local function with_notation(blocks)
  local explained = page.notation
  if page.folder ~= 'chapters' or not explained then return blocks end
  if page.stem == explained.stem then return notation.mark(blocks, function() end) end
  local place = {}
  for i, chapter in ipairs(page.chapters) do place[chapter.stem] = i end
  return notation.link_first_uses(blocks, explained, function(stem) return place[page.stem] < (place[stem] or 0) end)
end

---------------------------------------------------------------------------------------------------------------------
-- What stands around the text.

local function list_of(headings, from)
  local out, level = {}, headings[from] and headings[from].level
  for k = from, #headings do
    local heading = headings[k]
    if heading.level < level then break end
    if heading.level == level then
      out[#out + 1] = ('<li><a href="#%s">%s</a></li>'):format(heading.id, html.escape(heading.text))
    end
  end
  return '<ul>' .. table.concat(out, '\n') .. '</ul>'
end

-- A derivation's examples, each with its steps in one line.
local function steps_list(headings)
  local out = {}
  for _, heading in ipairs(headings) do
    local example = heading.level == 2
    if example and #out > 0 then out[#out + 1] = '</ul></li>' end
    local text = html.escape(example and heading.text or heading.text:gsub('^%S+ ', ''))
    out[#out + 1] = ('<li><a href="#%s">%s</a>%s'):format(heading.id, text, example and '<ul>' or '</li>')
  end
  return pandoc.RawBlock('html', '<ul>' .. table.concat(out, '\n') .. '</ul></li></ul>')
end

-- All chapters, with this page's headings under the current one.
local function sidebar(contents, headings)
  local out = {}
  local inside = #headings > 0 and list_of(headings, 1) or ''
  for _, part in ipairs(contents) do
    out[#out + 1] = '<h2>' .. html.escape(stringify(part.title)) .. '</h2><ul>'
    for _, chapter in ipairs(part.chapters) do
      local stem = stringify(chapter.stem)
      local here = stem == page.stem
      local current = here and (page.folder == 'chapters' and ' aria-current="page"' or ' aria-current="true"') or ''
      out[#out + 1] = ('<li><a href="%s.html"%s><span class="number">%s</span> %s</a>%s</li>')
        :format(stem, current, stringify(chapter.number), html.escape(stringify(chapter.title)), here and inside or '')
    end
    out[#out + 1] = '</ul>'
  end
  return pandoc.RawBlock('html', table.concat(out, '\n'))
end

local function headings_of(blocks, deepest)
  local headings = pandoc.List()
  pandoc.Div(blocks):walk {
    Header = function(header)
      if header.level <= deepest and header.identifier ~= '' then
        headings:insert { level = header.level, id = header.identifier, text = stringify(header) }
      end
    end,
  }
  return headings
end

-- The chapter's program, on a page of its own: it is as long as the chapter. It opens here all the same.
local function listing(stem)
  local path = 'chapters/' .. stem .. '.cpp'
  local place = 'program-' .. stem .. '.html'
  return pandoc.List {
    pandoc.Header(2, { pandoc.Str('The program') }, pandoc.Attr('the-program')),
    pandoc.Para { pandoc.Link({ pandoc.Code(path) }, place, '', pandoc.Attr('', { 'made' })), pandoc.Str(' derives everything in this chapter, once with exact numbers and once with doubles.') },
    pandoc.RawBlock('html', ('<details class="program"><summary>Read it here</summary><iframe src="%s#listing" title="The program %s" loading="lazy"></iframe></details>')
      :format(place, path)),
  }
end

-- What the chapter's commands print, as the build wrote it down.
local function try_it()
  local name = page.meta.try and stringify(page.meta.try)
  local text = name and paths.read(name)
  if not text then return pandoc.List() end
  page.reads:insert(name)
  return pandoc.read(text, stringify(page.meta.reader)).blocks
end

-- What the search finds: the text under each heading, before anything is brought in.
local function sections_of(blocks, title)
  local sections, text = { { id = '', title = title, text = '' } }, {}
  local function flush() sections[#sections].text, text = table.concat(text, ' '), {} end
  local function add(block)
    local only = block.content[1]
    if not (#block.content == 1 and only.t == 'Link' and transclude.parse(only)) then text[#text + 1] = stringify(block) end
  end
  local readable = pandoc.Div(blocks):walk { Math = function(math) return pandoc.Str(tex.plain(math.text)) end }
  for _, block in ipairs(readable.content) do
    if block.t == 'Header' and block.identifier ~= '' then
      flush()
      table.insert(sections, { id = block.identifier, title = stringify(block), text = '' })
    elseif block.t ~= 'CodeBlock' then
      -- Paragraph by paragraph, and cell by cell: nothing is glued together.
      pandoc.Div({ block }):walk { Para = add, Plain = add }
    end
  end
  flush()
  return sections
end

-- What the index lists, too: everything with a number, and the terms.
local function write_found(title)
  if not page.meta.found then return end
  local lines = {}
  local function line(kind, id, name, more)
    lines[#lines + 1] = ('{"kind":%s,"id":%s,"title":%s,"text":%s}')
      :format(json.string(kind), json.string(id), json.string(name), json.string((more:gsub('%s+', ' '))))
  end
  for _, section in ipairs(page.sections) do line('section', section.id, section.title, section.text) end
  for _, kind in ipairs { 'term', 'eq', 'fig', 'derivation' } do
    for _, thing in ipairs(page.things[kind]) do line(kind, thing.id, thing.text, thing.title) end
  end
  local file = assert(io.open(stringify(page.meta.found), 'wb'))
  file:write(('{"page":%s,"number":%s,"title":%s,"things":[\n%s\n]}\n'):format(
    json.string(page.stem .. '.html'), json.string(page.number), json.string(title), table.concat(lines, ',\n')))
  file:close()
end

-- An edition's addresses: those of all chapters stand in one document.
local function with_prefix(blocks)
  local function rename(element)
    if element.identifier ~= '' then element.identifier = page.stem .. '--' .. element.identifier end
    return element
  end
  local function own(link)
    rename(link)
    if link.target:find('^#eq%-') then
      link.target = '#' .. page.stem .. '--' .. link.target:sub(2)
    end
    return link
  end
  local function raw(block)
    block.text = block.text:gsub(' id="(f)', ' id="' .. page.stem .. '--%1'):gsub('href="#(f)', 'href="#' .. page.stem .. '--%1')
    return block
  end
  return pandoc.Div(blocks):walk { Header = rename, Div = rename, Span = rename, Link = own, RawBlock = raw }.content
end

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

local function begin(doc)
  page = {
    meta = doc.meta, source = stringify(doc.meta.source), reads = pandoc.List(), ids = {}, chapters = pandoc.List(),
    things = { eq = pandoc.List(), fig = pandoc.List(), derivation = pandoc.List(), term = pandoc.List() },
    number_thing = number_thing, edition = FORMAT == 'json',
  }
  page.whole_derivations = not page.edition
  page.folder, page.stem = page.source:match('^(.-)/?([^/]*)%.md$')
  local meta = pandoc.read(assert(paths.read(stringify(doc.meta.contents))), 'json').meta
  local contents = meta.contents
  page.notation = meta.notation and notation.read(meta.notation)
  for _, part in ipairs(contents) do
    for _, chapter in ipairs(part.chapters) do
      page.chapters:insert {
        stem = stringify(chapter.stem), number = stringify(chapter.number), title = chapter.title,
        derivation = chapter.derivation and stringify(chapter.derivation),
      }
    end
  end
  return contents
end

-- The title is the first heading.
local function take_title(doc)
  local first = table.remove(doc.blocks, 1)
  while first and first.t == 'RawBlock' and first.text:find('^%s*<!%-%-') do first = table.remove(doc.blocks, 1) end
  if not first or first.t ~= 'Header' or first.level ~= 1 then paths.fail(page, nil, 'does not begin with "# Title"') end
  for _, block in ipairs(doc.blocks) do
    if block.t == 'Header' and block.level == 1 then paths.fail(page, '# ' .. stringify(block), 'a second "# Title"') end
  end
  return pandoc.Span(first.content):walk { RawInline = without_comments }.content
end

local function chapter_page(doc, chapter, index, title)
  local meta = doc.meta
  page.number = chapter.number
  meta['is-chapter'] = true
  meta.number = pandoc.MetaString(chapter.number)
  meta.prev, meta.next = link_to(page.chapters[index - 1]), link_to(page.chapters[index + 1])
  if chapter.derivation and not page.edition then
    meta.derivation = pandoc.MetaString(chapter.derivation)
    doc.blocks:extend(try_it())
    doc.blocks:extend(listing(page.stem))
  end
  if meta.worksheet then meta.worksheet = pandoc.MetaString('worksheet-' .. page.stem .. '.html') end
  if not page.edition then doc.blocks = pandoc.Div(doc.blocks):walk({ Inlines = mark_claims }).content end
  local plain = pandoc.Div(doc.blocks):walk { RawInline = without_comments, RawBlock = without_comments }
  page.sections = sections_of(plain.content, stringify(title))
  return chapter.number .. '. ' .. stringify(title)
end

function Pandoc(doc)
  local contents = begin(doc)
  local meta = doc.meta
  local chapter, index = chapter_of(page.stem)
  local book, folder = stringify(meta.title), page.folder
  meta.booktitle = meta.title
  local of_chapter = folder == 'chapters' or folder == 'derivations' or folder == 'worksheets' or folder == 'programs'
  if of_chapter and not chapter then paths.fail(page, nil, 'not in the contents') end

  local title, name
  if page.source ~= 'docs/book/index.md' then title = take_title(doc) end
  if folder == 'chapters' then
    name = chapter_page(doc, chapter, index, title)
  elseif of_chapter then
    meta['is-' .. folder:sub(1, -2)] = true
    meta.chapter = link_to(chapter)
    if folder == 'worksheets' then
      doc.blocks = worksheet.blocks(page, doc)
      title = pandoc.List { pandoc.Str('Worksheet: ') } .. title
    end
    name = stringify(title)
  elseif title then
    name = stringify(title)
  else
    meta['is-index'] = true
    meta.contents = contents
  end
  meta.pagetitle = name and pandoc.MetaString(name .. ' · ' .. book) or meta.title
  if title then meta.title = pandoc.MetaInlines(prepare({ pandoc.Plain(title) }, page.source)[1].content) end

  if folder == 'programs' then doc.blocks = pandoc.List { pandoc.Div(doc.blocks, pandoc.Attr('listing')) } end
  if folder == 'derivations' then doc.blocks = transclude.whole(page, page.source, doc.blocks) end
  doc.blocks = prepare(mark_terms(with_notation(doc.blocks)), page.source)
  doc.blocks = pandoc.Div(doc.blocks):walk(dress).content
  if folder == 'chapters' then write_found(stringify(title)) end
  if page.edition then
    doc.blocks = with_prefix(doc.blocks)
    local heading = pandoc.List { pandoc.Span({ pandoc.Str(page.number) }, pandoc.Attr('', { 'number' })), pandoc.Space() } .. meta.title
    table.insert(doc.blocks, 1, pandoc.Header(1, heading, pandoc.Attr(page.stem)))
    doc.meta = {}  -- the edition has a title of its own
  else
    if folder == 'derivations' then meta.steps = pandoc.MetaBlocks { steps_list(headings_of(doc.blocks, 3)) } end
    meta.sidebar = pandoc.MetaBlocks { sidebar(contents, title and headings_of(doc.blocks, 2) or {}) }
  end
  write_depfile()
  return doc
end
