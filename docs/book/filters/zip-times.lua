-- Gives all files in a zip archive (an EPUB) one date, 1 January 1980: pandoc writes the time of day there, and two builds of
-- one book would differ. Metadata: zip (the archive, changed in place).

local function patch(bytes)
  local out, at = {}, 1
  local stamp = string.pack('<I2I2', 0, 1 << 5 | 1)  -- time, date: as DOS wrote them
  local places = {}
  local last = bytes:match('.*()PK\5\6')
  local count, _, offset = string.unpack('<I2I4I4', bytes, last + 10)
  local entry = offset + 1
  for _ = 1, count do
    assert(bytes:sub(entry, entry + 3) == 'PK\1\2', 'no zip archive')
    local name, extra, comment = string.unpack('<I2I2I2', bytes, entry + 28)
    table.insert(places, entry + 12)
    table.insert(places, string.unpack('<I4', bytes, entry + 42) + 1 + 10)
    entry = entry + 46 + name + extra + comment
  end
  table.sort(places)
  for _, place in ipairs(places) do
    table.insert(out, bytes:sub(at, place - 1) .. stamp)
    at = place + 4
  end
  table.insert(out, bytes:sub(at))
  return table.concat(out)
end

function Pandoc(doc)
  local name = pandoc.utils.stringify(doc.meta.zip)
  local file = assert(io.open(name, 'rb'))
  local bytes = file:read('a')
  file:close()
  file = assert(io.open(name, 'wb'))
  file:write(patch(bytes))
  file:close()
  return pandoc.Pandoc {}
end
