-- What wrk sends: announces of random torrents of the file HASHES, by peers at random ports.
-- CLOSE=1 asks for the connection to be closed after each.

local torrents = {}
local close = os.getenv("CLOSE") == "1" and "Connection: close\r\n" or ""

function init(arguments)
  local file = io.open(os.getenv("HASHES"), "rb")
  local hashes = file:read("*a")
  file:close()
  for at = 1, #hashes, 20 do
    local hash = hashes:sub(at, at + 19)
    torrents[#torrents + 1] = hash:gsub("[^%w]", function(byte)
      return string.format("%%%02X", byte:byte())
    end)
  end
  math.randomseed(7)
end

function request()
  local port = 1024 + (math.random(1600) * 7919) % 64000
  return "GET /announce?info_hash=" .. torrents[math.random(#torrents)]
    .. "&peer_id=-PL0001-" .. string.format("%012d", port) .. "&port=" .. port
    .. "&uploaded=0&downloaded=0&left=" .. (math.random(3) == 1 and 0 or 1)
    .. "&key=" .. string.format("%08X", port) .. "&numwant=50&compact=1&no_peer_id=1"
    .. " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: wrk\r\nAccept-Encoding: gzip\r\n"
    .. close .. "\r\n"
end
