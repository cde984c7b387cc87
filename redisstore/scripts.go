package redisstore

import (
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// A script is a Lua script, which Redis runs as one atomic step.
type script struct {
	*redis.Script
	name string // for errors
	// answers has what may follow the first value of an answer. It is nil for
	// the script that returns a token alone, or "".
	answers map[string]rest
}

func newScript(name string, answers map[string]rest, body string) *script {
	return &script{redis.NewScript(prelude + body), name, answers}
}

// The first value of an answer.
const (
	done  = "done"
	busy  = "busy"  // another program holds the lock
	newer = "newer" // another program has stored the token that follows
)

// A rest is what follows the first value of an answer.
type rest int

const (
	nothing rest = iota
	oneToken
	tokenOrEmpty
	number
)

// maxTokenBytes is the length of the longest token that the store reads or
// writes. A longer one would not fit into the headers that servers accept.
const maxTokenBytes = 8 << 10

// usable reports whether t can be sent in a header. The scripts apply the same
// rule to the value of the token's key.
func usable(t string) bool {
	unprintable := strings.ContainsFunc(t, func(r rune) bool { return r < '!' || r > '~' })
	return t != "" && len(t) <= maxTokenBytes && !unprintable &&
		t[0] != '{' && t != "[redacted]" && !strings.EqualFold(t, "bearer")
}

// prelude starts each script. KEYS[1] is the key of the token, KEYS[2] that of
// the lock.
//
// A value which the store can't have written counts as none, so that the next
// login overwrites it: whatever is not a string; a token that is not usable; a
// lock that never expires.
var prelude = `
local function read(key)
  local value = redis.pcall('GET', key)
  if type(value) ~= 'table' then return value end
  if string.find(value.err, 'WRONGTYPE', 1, true) then return false end
  return redis.call('GET', key) -- fails as before, and ends the script
end
local function current_token()
  local token = read(KEYS[1])
  if not token or #token > ` + strconv.Itoa(maxTokenBytes) + ` or string.find(token, '[^!-~]') or string.sub(token, 1, 1) == '{'
    or token == '[redacted]' or string.lower(token) == 'bearer' then return '' end
  return token
end
local function holder()
  local id = read(KEYS[2])
  if id and redis.pcall('PTTL', KEYS[2]) == -1 then return false end
  return id
end
`

var (
	load = newScript("load", nil, `
return {current_token()}`)

	// ARGV: the stale token, the caller, the lock's time. A caller that lost the
	// answer may run it again: it finds the lock its own.
	take = newScript("lock", map[string]rest{newer: oneToken, busy: nothing, done: tokenOrEmpty}, `
local token = current_token()
if token ~= '' and token ~= ARGV[1] then return {'newer', token} end
local id = holder()
if id and id ~= ARGV[2] then return {'busy'} end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return {'done', token}`)

	// ARGV: the caller, the lock's time. A lock that nobody holds, since Redis was
	// restarted, is taken again.
	renew = newScript("renew", map[string]rest{busy: nothing, done: nothing}, `
local id = holder()
if id and id ~= ARGV[1] then return {'busy'} end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
return {'done'}`)

	// ARGV: the token that was current when the lock was taken, the caller, the
	// new token, how long to keep it or 0. The lock may have expired: a newer token
	// stays, and the present holder of the lock will have the last word.
	put = newScript("store", map[string]rest{newer: oneToken, busy: nothing, done: oneToken}, `
local token = current_token()
if token ~= '' and token ~= ARGV[1] then return {'newer', token} end
local id = holder()
if id and id ~= ARGV[2] then return {'busy'} end
if ARGV[4] == '0' then
  redis.call('SET', KEYS[1], ARGV[3])
else
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
end
return {'done', ARGV[3]}`)

	// ARGV: the caller.
	release = newScript("unlock", map[string]rest{done: nothing}, `
if read(KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
return {'done'}`)

	// ARGV: the token to delete.
	remove = newScript("delete", map[string]rest{done: nothing}, `
if read(KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return {'done'}`)
)
