package redisstore

// gone is the first value of an answer that says that nobody holds the lock.
const gone = "gone"

// The scripts of a locker. KEYS[1] is the key of the last holder's number, KEYS[2] that
// of the lock, whose value is the holder's number and id, or "settling".
var (
	// ARGV: the caller, the lease. A caller that lost the answer may run it again: it
	// finds the lock its own, and renews it.
	//
	// A number is the time in microseconds, or one more than the last where the clock
	// was put back, which is kept for a while.
	lockOrder = newScript("lock", map[string]rest{busy: nothing, done: number}, `
local value = holder()
if value then
  local fence = string.match(value, '^(%d+):' .. ARGV[1] .. '$')
  if not fence then return {'busy'} end
  redis.call('PEXPIRE', KEYS[2], ARGV[2])
  return {'done', fence}
end
local now = redis.call('TIME')
local fence = now[1] * 1000000 + now[2]
local last = tonumber(read(KEYS[1]) or '')
if last and last >= fence and last < 9e15 then fence = last + 1 end
fence = string.format('%.0f', fence)
redis.call('SET', KEYS[2], fence .. ':' .. ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[1], fence, 'PX', 60000 + ARGV[2])
return {'done', fence}`)

	// ARGV: the value of the holder, the lease.
	renewOrder = newScript("renew", map[string]rest{busy: nothing, gone: nothing, done: nothing}, `
local value = holder()
if not value then return {'gone'} end
if value ~= ARGV[1] then return {'busy'} end
redis.call('PEXPIRE', KEYS[2], ARGV[2])
return {'done'}`)

	// ARGV: the caller, the settle. A lock that is gone, and that nobody has taken
	// since, settles too.
	unlockOrder = newScript("unlock", map[string]rest{done: nothing}, `
local value = holder()
if value and not string.match(value, '^%d+:' .. ARGV[1] .. '$') then return {'done'} end
if ARGV[2] == '0' then
  redis.call('DEL', KEYS[2])
else
  redis.call('SET', KEYS[2], 'settling', 'PX', ARGV[2])
end
return {'done'}`)
)
