package pmpsmarttest

import (
	"regexp"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

func (x *exchange) listSalesUsers() answer {
	st := x.s.state
	return listByName(x, st.users, func(u *seed.User) string { return u.Name }, showUser, userKind)
}

func (x *exchange) listVisits() answer {
	st := x.s.state
	return listByName(x, st.visits, func(v *seed.Visit) string { return v.Name }, showVisit, visitKind)
}

func listByName[T any](x *exchange, t *table[T], name func(*T) string, show func(*T) record, kind kind) answer {
	if fields := x.input.validate(rules{{"name", "nullable|string"}}, nil); fields != nil {
		return x.fail(invalid(fields))
	}
	var match func(*T) bool
	if part := x.input.text("name"); part != "" {
		like := likePart(part)
		match = func(row *T) bool { return like(name(row)) }
	}
	return x.many(find(&x.s.state.lock, t, match, show), taken, kind)
}

// likePart is SQLite's LIKE '%part%': % and _ in part are wild, and letters of
// ASCII match in either case.
func likePart(part string) func(text string) bool {
	var pattern strings.Builder
	pattern.WriteString("(?s)")
	for _, r := range part {
		switch {
		case r == '%':
			pattern.WriteString(".*")
		case r == '_':
			pattern.WriteString(".")
		case r < 0x80:
			pattern.WriteString("(?i:" + regexp.QuoteMeta(string(r)) + ")")
		default:
			pattern.WriteRune(r)
		}
	}
	return regexp.MustCompile(pattern.String()).MatchString
}
