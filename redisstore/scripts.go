package redisstore

import "github.com/redis/go-redis/v9"

// Each script is one step that nobody sees half of. KEYS[1] is the token,
// KEYS[2] the lock. An answer starts with one of these words.
const (
	done  = "done"
	busy  = "busy"  // another program holds the lock
	newer = "newer" // another program has put another token there, which follows
)

var (
	load = redis.NewScript(`return {redis.call('GET', KEYS[1]) or ''}`)

	// ARGV: the stale token, the caller, the lock's time. A caller whose answer
	// was lost asks again and finds the lock its own.
	take = redis.NewScript(`
local kept = redis.call('GET', KEYS[1]) or ''
if kept ~= '' and kept ~= ARGV[1] then return {'newer', kept} end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[2] then return {'busy'} end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return {'done', kept}`)

	// ARGV: the caller, the lock's time. A lock that is nobody's, since Redis
	// was restarted, is taken again.
	renew = redis.NewScript(`
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[1] then return {'busy'} end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return {'done'}`)

	// ARGV: the token seen when the lock was taken, the caller, the new token,
	// how long to keep it or 0. The lock may have run out: a newer token stays,
	// and who holds the lock now has the last word.
	put = redis.NewScript(`
local kept = redis.call('GET', KEYS[1]) or ''
if kept ~= '' and kept ~= ARGV[1] then return {'newer', kept} end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= ARGV[2] then return {'busy'} end
if ARGV[4] == '0' then
  redis.call('SET', KEYS[1], ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
end
return {'done', ARGV[3]}`)

	// ARGV: the caller.
	release = redis.NewScript(`
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
return {'done'}`)

	// ARGV: the token to forget.
	forget = redis.NewScript(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return {'done'}`)
)
