"""What the Redis store runs inside Redis: an announce, a look at a swarm, its end.

A swarm has six sorted sets: seeds, leeches and partial seeds of each family. Members are compact
peers; a score is `seen * 128 + key`, so that those who have been silent longest come first. All
keys of a call belong to one swarm.
"""

# KEYS: seeds, leeches and partial seeds of the peer's family, then of the other one.
# ARGV: peer; 1 to 3: the set it belongs to, 0: it leaves; its score; the score below which peers
# are silent; seconds that a set is kept; numwant; a random number.
# The answer: six sizes, the set the peer was in, how many were silent, own and other peers.
ANNOUNCE = """
local peer, side, score = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local wanted = tonumber(ARGV[6])
math.randomseed(tonumber(ARGV[7]))

local forgotten, sizes = 0, {}
for each, key in ipairs(KEYS) do
  local silent = redis.call('ZRANGEBYSCORE', key, '-inf', '(' .. ARGV[4], 'LIMIT', 0, 100)
  if #silent > 0 then forgotten = forgotten + redis.call('ZREM', key, unpack(silent)) end
  sizes[each] = redis.call('ZCARD', key)
end

local was = 0
for each = 1, 3 do
  local before = redis.call('ZSCORE', KEYS[each], peer)
  if before and (side > 0 or tonumber(before) % 128 == tonumber(score) % 128) then
    redis.call('ZREM', KEYS[each], peer)
    sizes[each] = sizes[each] - 1
    was = each
  end
end

-- Too many at one address (IPv6: in one /64) leave; a thousand random peers stand for all.
local total = sizes[1] + sizes[2] + sizes[3]
if side > 0 and was == 0 and total >= 128 and math.random(8) == 1 then
  local size = #peer == 6 and 4 or 8
  local here, looked = {}, 0
  for each = 1, 3 do
    for _, member in ipairs(redis.call('ZRANDMEMBER', KEYS[each], 1000)) do
      looked = looked + 1
      if member:sub(1, size) == peer:sub(1, size) then here[#here + 1] = {each, member} end
    end
  end
  for each = math.ceil(127 * looked / total) + 1, #here do
    redis.call('ZREM', KEYS[here[each][1]], here[each][2])
    sizes[here[each][1]] = sizes[here[each][1]] - 1
    forgotten = forgotten + 1
  end
end

local function pick(first, last, most)
  local sum, found = 0, {}
  for each = first, last do sum = sum + sizes[each] end
  local share, left = {}, {}
  for each = first, last do
    share[each] = sum <= most and sizes[each] or 0
    left[each] = sizes[each]
  end
  for _ = 1, sum <= most and 0 or most do
    local place, each = math.random(sum), first
    while place > left[each] do
      place, each = place - left[each], each + 1
    end
    left[each], share[each], sum = left[each] - 1, share[each] + 1, sum - 1
  end
  for each = first, last do
    if share[each] > 0 then
      for _, member in ipairs(redis.call('ZRANDMEMBER', KEYS[each], share[each])) do
        found[#found + 1] = member
      end
    end
  end
  return found
end

local own, other = {}, {}
if side > 0 then
  own = pick(side == 1 and 2 or 1, 3, wanted)
  other = pick(side == 1 and 5 or 4, 6, wanted - #own)
  redis.call('ZADD', KEYS[side], score, peer)
  redis.call('EXPIRE', KEYS[side], ARGV[5])
  sizes[side] = sizes[side] + 1
end
return {sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[6], was, forgotten,
  table.concat(own), table.concat(other)}
"""

# KEYS: as above, IPv4 first. ARGV: the score below which peers are silent; 1 if the different
# addresses of seeds are wanted (of a large swarm they are estimated).
# The answer: six sizes, the addresses.
COUNT = """
local answer = {}
for each, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', '(' .. ARGV[1])
  answer[each] = redis.call('ZCARD', key)
end
answer[7] = 0
if ARGV[2] == '1' then
  for _, each in ipairs({1, 4}) do
    local seen, different = {}, 0
    local members = redis.call('ZRANGE', KEYS[each], 0, 9999)
    for _, member in ipairs(members) do
      local address = member:sub(1, -3)
      if not seen[address] then
        seen[address], different = true, different + 1
      end
    end
    answer[7] = answer[7] + math.floor(different * answer[each] / math.max(#members, 1))
  end
end
return answer
"""

DROP = "return redis.call('UNLINK', unpack(KEYS))"
