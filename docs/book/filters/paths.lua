-- Paths as the sources write them: relative to the file they stand in, with slashes.

local paths = {}

-- "chapters/06.md", "../src/a.hpp" -> "src/a.hpp"; nil where the path leaves the project.
function paths.resolve(file, target)
  local parts = {}
  for part in (file:gsub('[^/]*$', '') .. target):gmatch('[^/]+') do
    if part == '..' then
      if #parts == 0 then return nil end
      table.remove(parts)
    elseif part ~= '.' then
      table.insert(parts, part)
    end
  end
  return table.concat(parts, '/')
end

-- A path below the project's root -> where the file is on this machine: derivations are generated, all else is source.
function paths.locate(meta, path)
  local rest = path:match('^derivations/(.*)')
  local folder = pandoc.utils.stringify(rest and meta['derivations-dir'] or meta['source-dir'])
  return folder .. '/' .. (rest or path)
end

function paths.stem(path)
  return path:match('([^/]*)%.%w+$')
end

function paths.read(name)
  local file = io.open(name, 'rb')
  local text = file and file:read('a')
  if file then file:close() end
  return text and text:gsub('\r\n', '\n')
end

-- A file that is the same keeps its time, so that nothing is built again for it.
function paths.write_if_changed(name, text)
  if paths.read(name) == text then return end
  local file = assert(io.open(name, 'wb'))
  file:write(text)
  file:close()
end

-- Stops the build. Says the line where `needle` first stands in the page's source, if it stands there as it is.
function paths.fail(page, needle, message)
  local text = needle and paths.read(paths.locate(page.meta, page.source)) or ''
  local at = needle and text:find(needle, 1, true)
  local line = at and ':' .. select(2, text:sub(1, at):gsub('\n', '')) + 1 or ''
  paths.stop(page.source .. line .. ': ' .. message)
end

-- Not error(): pandoc would print its own stack in front of the message and behind it.
function paths.stop(message)
  io.stderr:write(message, '\n')
  os.exit(1)
end

return paths
