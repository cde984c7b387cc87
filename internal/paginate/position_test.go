package paginate

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope"
)

// page is the answer of a page with n records.
func page(n int, says envelope.Page) *envelope.Answer {
	return &envelope.Answer{Count: n, Page: says}
}

func TestPositionAdvances(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		pages []*envelope.Answer
		want  []string // the queries after the first, up to the end
	}{
		{"no paginator", []*envelope.Answer{page(3, envelope.Page{})}, nil},
		{"a number and the last", []*envelope.Answer{
			page(3, envelope.Page{Current: 1, Last: 3}), page(3, envelope.Page{Current: 2, Last: 3}), page(3, envelope.Page{Current: 3, Last: 3}),
		}, []string{"page=2", "page=3"}},
		{"the last page alone", []*envelope.Answer{
			page(3, envelope.Page{Last: 2}), page(3, envelope.Page{Last: 2}),
		}, []string{"page=2"}},
		{"the last page wins over a link", []*envelope.Answer{page(3, envelope.Page{Current: 1, Last: 1, Next: 2, More: true})}, nil},
		{"a list that becomes shorter", []*envelope.Answer{
			page(3, envelope.Page{Current: 1, Last: 3}), page(3, envelope.Page{Current: 2, Last: 2}),
		}, []string{"page=2"}},
		{"a list that becomes longer", []*envelope.Answer{
			page(3, envelope.Page{Current: 1, Last: 2}), page(3, envelope.Page{Current: 2, Last: 3}), page(3, envelope.Page{Current: 3, Last: 3}),
		}, []string{"page=2", "page=3"}},
		{"a number in a link", []*envelope.Answer{
			page(3, envelope.Page{Next: 2, More: true}), page(3, envelope.Page{Next: 4, More: true}), page(3, envelope.Page{}),
		}, []string{"page=2", "page=4"}},
		{"more, without saying where", []*envelope.Answer{
			page(3, envelope.Page{More: true}), page(3, envelope.Page{}),
		}, []string{"page=2"}},
		{"cursors", []*envelope.Answer{
			page(3, envelope.Page{Cursor: "eyJ=", More: true}), page(3, envelope.Page{Cursor: "a b&c/?", More: true}), page(3, envelope.Page{}),
		}, []string{"cursor=eyJ%3D", "cursor=a+b%26c%2F%3F"}},
		{"a cursor, then numbers", []*envelope.Answer{
			page(3, envelope.Page{Cursor: "x", More: true}), page(3, envelope.Page{Next: 3, More: true}), page(3, envelope.Page{Current: 3, Last: 3}),
		}, []string{"cursor=x", "page=3"}},
		{"an empty list", []*envelope.Answer{page(0, envelope.Page{Current: 1})}, nil},
		{"an empty page with a link", []*envelope.Answer{
			page(3, envelope.Page{Next: 2, More: true}), page(0, envelope.Page{Next: 3, More: true}),
		}, []string{"page=2"}},
		{"empty pages before the last", []*envelope.Answer{
			page(0, envelope.Page{Current: 1, Last: 3}), page(0, envelope.Page{Current: 2, Last: 3}), page(1, envelope.Page{Current: 3, Last: 3}),
		}, []string{"page=2", "page=3"}},
		{"the last page's number on the first page alone", []*envelope.Answer{
			page(3, envelope.Page{Current: 1, Last: 3}), page(3, envelope.Page{}), page(3, envelope.Page{}),
		}, []string{"page=2", "page=3"}},
		{"more, which neither page nor cursor leads to", []*envelope.Answer{page(3, envelope.Page{Rest: true})}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var p Position
			require.Empty(t, p.RawQuery(), "the first page has no query")
			var got []string
			for i, a := range row.pages {
				more, err := p.Advance(a)
				require.NoError(t, err)
				require.Equal(t, i < len(row.pages)-1, more, "after page %d", i+1)
				if more {
					got = append(got, p.RawQuery())
				}
			}
			require.Equal(t, row.want, got)
		})
	}
}

func TestPositionRefusesToGoInCircles(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		pages []*envelope.Answer // the last is the one too many
		want  string
	}{
		{"a page that is sent again", []*envelope.Answer{page(3, envelope.Page{Current: 1, Last: 9}), page(3, envelope.Page{Current: 1, Last: 9})},
			"asked for page 2 of the list and got page 1: the server repeats its pages"},
		{"another page than was asked for", []*envelope.Answer{page(3, envelope.Page{Current: 1, Last: 9}), page(3, envelope.Page{Current: 4, Last: 9})},
			"asked for page 2 of the list and got page 4: the server repeats its pages"},
		{"a page that is sent again without a number", []*envelope.Answer{page(3, envelope.Page{More: true}), {Count: 3, Repeats: true, Page: envelope.Page{More: true}}},
			"asked for page 2 of the list and got what the page before it began with: the server repeats its pages"},
		{"a page that names itself", []*envelope.Answer{page(3, envelope.Page{Next: 2}), page(3, envelope.Page{Next: 2})},
			"page 2 of the list names page 2 as the next: the server repeats its pages"},
		{"a number that goes back", []*envelope.Answer{page(3, envelope.Page{Next: 3}), page(3, envelope.Page{Next: 2})},
			"page 3 of the list names page 2 as the next: the server repeats its pages"},
		{"a cursor that stands still", []*envelope.Answer{page(3, envelope.Page{Cursor: "a"}), page(3, envelope.Page{Cursor: "a"})},
			"the list's next cursor was there before: the server repeats its pages"},
		{"cursors in a circle", []*envelope.Answer{page(3, envelope.Page{Cursor: "a"}), page(3, envelope.Page{Cursor: "b"}), page(3, envelope.Page{Cursor: "a"})},
			"the list's next cursor was there before: the server repeats its pages"},
		{"a link without page and cursor", []*envelope.Answer{page(3, envelope.Page{Link: "/x?offset=3", More: true})},
			"the list goes on at a link that names neither page nor cursor: \"/x?offset=3\""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var p Position
			for i, a := range row.pages {
				more, err := p.Advance(a)
				if i == len(row.pages)-1 {
					require.EqualError(t, err, row.want)
					require.False(t, more)
					return
				}
				require.NoError(t, err)
				require.True(t, more)
			}
		})
	}
}

func TestPositionLimitsEmptyPages(t *testing.T) {
	t.Parallel()
	var p Position
	for n := 1; n <= 300; n++ {
		count := 0
		if n == 90 { // from which they are counted anew
			count = 1
		}
		more, err := p.Advance(page(count, envelope.Page{Current: n, Last: 1_000_000}))
		if n <= 190 {
			require.NoError(t, err, n)
			require.True(t, more)
			continue
		}
		require.EqualError(t, err, "the list has more than 100 empty pages in a row, and 1000000 pages in all")
		return
	}
}

func TestPositionLimitsPages(t *testing.T) {
	t.Parallel()
	p := Position{fetched: maxPages - 2}
	_, err := p.Advance(page(1, envelope.Page{Next: maxPages}))
	require.NoError(t, err)
	_, err = p.Advance(page(1, envelope.Page{Next: maxPages + 1}))
	require.EqualError(t, err, fmt.Sprintf("the list has more than %d pages", maxPages))
}

func TestHasMore(t *testing.T) {
	t.Parallel()
	p := Position{page: 3}
	require.True(t, p.HasMore(envelope.Page{More: true}))
	require.True(t, p.HasMore(envelope.Page{Last: 4}))
	require.False(t, p.HasMore(envelope.Page{Last: 3}))
	require.False(t, p.HasMore(envelope.Page{Current: 4, Last: 4}))
	require.False(t, (&Position{}).HasMore(envelope.Page{Last: 1}))
	require.True(t, (&Position{}).HasMore(envelope.Page{Rest: true}))
	require.True(t, (&Position{page: 2, last: 3}).HasMore(envelope.Page{}), "an earlier page said so")
	require.False(t, (&Position{page: 3, last: 3}).HasMore(envelope.Page{}))
}
