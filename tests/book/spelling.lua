-- The words of a chapter, for a speller: no code, no formulas, no comments, no addresses.
local dropped = { 'Code', 'CodeBlock', 'Math', 'RawInline', 'RawBlock' }
local filter = { Link = function(link) return link.content end, Image = function(image) return image.caption end,
  Str = function(str) return pandoc.Str((str.text:gsub('’s$', ''):gsub('’s(%p)', '%1'))) end,  -- a name's genitive is no word of its own
}
for _, name in ipairs(dropped) do filter[name] = function() return name == 'CodeBlock' and {} or name == 'RawBlock' and {} or pandoc.Space() end end
return { filter }
