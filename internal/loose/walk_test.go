package loose_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

const odd = " {\n \"a\" : 1 ,\"b\\\"}\":\"x]}\\\\\" , \"c\":[1,{\"d\":\"]\"},[]] ,\"\":{ },\"a\":-1.5e+3, \"\\u0065\":null}"

func TestMembers(t *testing.T) {
	t.Parallel()
	var got []string
	for name, value := range loose.Members([]byte(strings.TrimSpace(odd))) {
		got = append(got, string(name)+"="+string(value))
	}
	assert.Equal(t, []string{
		`"a"=1`, `"b\"}"="x]}\\"`, `"c"=[1,{"d":"]"},[]]`, `""={ }`, `"a"=-1.5e+3`, `"\u0065"=null`,
	}, got)
}

func TestMembersStopsWhenAsked(t *testing.T) {
	t.Parallel()
	for name := range loose.Members([]byte(`{"a":1,"b":2}`)) {
		assert.Equal(t, `"a"`, string(name))
		break
	}
	for range loose.Members([]byte(`{ }`)) {
		assert.Fail(t, "an empty object has no members")
	}
}

func TestElements(t *testing.T) {
	t.Parallel()
	var got []string
	for element := range loose.Elements([]byte("[ 1 ,\n\"],\" ,{\"a\":[2]},[ ],true,null,-0.5 ]")) {
		got = append(got, string(element))
	}
	assert.Equal(t, []string{`1`, `"],"`, `{"a":[2]}`, `[ ]`, `true`, `null`, `-0.5`}, got)
	for element := range loose.Elements([]byte(`[1,2]`)) {
		assert.Equal(t, "1", string(element))
		break
	}
	for range loose.Elements([]byte("[\n]")) {
		assert.Fail(t, "an empty array has no elements")
	}
}

func TestDeepValuesCostNoStack(t *testing.T) {
	t.Parallel()
	const depth = 1 << 20
	deep := strings.Repeat("[", depth) + strings.Repeat("]", depth)
	for element := range loose.Elements([]byte(deep)) {
		assert.Len(t, element, 2*depth-2)
	}
}

func TestUnique(t *testing.T) {
	t.Parallel()
	var got []string
	for name, value := range loose.Unique([]byte(strings.TrimSpace(odd))) {
		got = append(got, name+"="+string(value))
	}
	assert.Equal(t, []string{`b"}="x]}\\"`, `c=[1,{"d":"]"},[]]`, `={ }`, `a=-1.5e+3`, `e=null`}, got)
	for range loose.Unique(nil) {
		assert.Fail(t, "nothing has no members")
	}
	for name := range loose.Unique([]byte(`{"a":1,"b":2}`)) {
		assert.Equal(t, "a", name)
		break
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	assert.True(t, loose.NameIs([]byte(`"id"`), "id"))
	assert.True(t, loose.NameIs([]byte(`"\u0069d"`), "id"))
	assert.False(t, loose.NameIs([]byte(`"Id"`), "id"))
	assert.False(t, loose.NameIs([]byte(`"\u0069D"`), "id"))
	assert.Equal(t, "a/b", loose.Name([]byte(`"a\/b"`)))
}
