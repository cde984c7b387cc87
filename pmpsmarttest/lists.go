package pmpsmarttest

import (
	"regexp"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/seed"
)

func (x *exchange) listOutlets() answer {
	st := x.s.state
	return x.many(find(&st.lock, st.outlets, nil, showOutlet), outletsTaken, outletKind)
}

func (x *exchange) updateOutletCode() answer {
	fields := x.input.validate(rules{{"id_outlet", "required|integer"}, {"kode_outlet", "required|string|max:100"}}, nil)
	if fields != nil {
		return x.fail(invalid(fields))
	}
	st := x.s.state
	st.lock.Lock()
	defer st.lock.Unlock()
	outlet, ok := st.outlets.get(x.input.integer("id_outlet"))
	if !ok {
		return x.fail(unknownModel("Outlet", phpString(x.input["id_outlet"])))
	}
	if code := x.input.text("kode_outlet"); outlet.Code != code {
		outlet.Code, outlet.UpdatedAt = code, st.stamp()
		if err := st.writeOutlet(&outlet); err != nil {
			return x.fail(serverError)
		}
	}
	return x.written(showOutlet(&outlet), false, codeUpdated, outletKind)
}

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
