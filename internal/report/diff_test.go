package report

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Of an answer that was cut the beginning counts: it agrees with whatever begins
// so, and with nothing else.
func TestAnswersThatWereCut(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		was, is string
		agree   bool
	}{
		{"{status:string,data:[record]}", "{status:string,data:[record]}", true},
		{"{status:string,data:[record]}", "{status:string,data:[record…", true},
		{"{status:string,data:[record…", "{status:string,data:[record,null]}", true},
		{"{status:string,data:[record…", "{status:string,data:[record…", true},
		{"{status:string,data:[record…", "{status:bool,data:[record…", false},
		{"{status:string,data:[record]}", "{status:bool,data:[record…", false},
		{"{status:string,data:[record…", "{status:string}", false},
		{"{data:[record]}", "{data:[record],links:object}", false},
		{"{data:{paginator,data:[record]}}", "{data:{simple-paginator,data:[record…", true}, // last_page stands behind
		{"{data:{paginator,data:[record]}}", "{data:{simple-paginator,data:[record]}}", false},
	} {
		was, is := []*Answer{{HTTP: 200, Shape: test.was}}, []*Answer{{HTTP: 200, Shape: test.is}}
		assert.Equal(t, test.agree, agree(was, is), "%s, %s", test.was, test.is)
		assert.Equal(t, test.agree, agree(is, was), "%s, %s", test.is, test.was)
	}
	cut := &Answer{HTTP: 200, Shape: "{data:[record…"}
	assert.False(t, agree([]*Answer{cut}, []*Answer{cut, {HTTP: 502, Shape: IsHTML}}))
	assert.False(t, cut.Agrees(&Answer{HTTP: 200, Noise: "html", Shape: cut.Shape}))
	assert.False(t, cut.Agrees(&Answer{HTTP: 200, Media: "text/html", Shape: cut.Shape}))
}
