package bulk

import "github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"

// A listing is what the server has of the values that the rows are about.
type listing struct {
	now  map[int64]string   // the values of the rows' records
	held map[string][]int64 // the records, of all, that have a value of the rows
	rows map[int64]*Row     // by record
	kind Kind
}

// refuseSameValue refuses each row whose value another record is given too: which of
// them is right nobody here can know.
func (k Kind) refuseSameValue(rows []*Row) {
	given := map[string][]*Row{}
	for _, r := range rows {
		if r.ID > 0 && r.Want != "" {
			given[r.Want] = append(given[r.Want], r)
		}
	}
	for _, twins := range given {
		first, second := twins[0], otherRecord(twins, twins[0].ID)
		if second == nil {
			continue
		}
		for _, r := range twins {
			other := first
			if r.ID == first.ID {
				other = second
			}
			if r.State != Refused {
				r.refuse(lang.Errorf("line %d gives the same %s to %s %d", other.Line, lang.T(k.Column.Name), lang.T(k.Noun), other.ID))
			}
		}
	}
}

func otherRecord(rows []*Row, id int64) *Row {
	for _, r := range rows {
		if r.ID != id {
			return r
		}
	}
	return nil
}

// refuseTaken refuses the rows whose value another record has and keeps. That a record
// gives its value away in the same file, as in a swap, is fine; it does not if its own
// row is refused, so that one refusal may bring others.
func (l listing) refuseTaken(rows []*Row) {
	takers := map[string][]*Row{} // by the value that they want
	for _, r := range rows {
		if r.State == Update {
			takers[r.Want] = append(takers[r.Want], r)
		}
	}
	queue := rows
	for len(queue) > 0 {
		r := queue[0]
		queue = queue[1:]
		if r.State == Update && l.refuseIfTaken(r) {
			queue = append(queue, takers[r.Now]...) // its value stays where it is
		}
	}
}

// refuseIfTaken refuses a row whose value another record keeps.
func (l listing) refuseIfTaken(r *Row) bool {
	for _, id := range l.held[r.Want] {
		other := l.rows[id]
		switch {
		case id == r.ID || other != nil && (other.State == Update || other.State == Updated):
			continue
		case other != nil:
			r.refuse(lang.Errorf("%s %d has this %s, and line %d does not change it", lang.T(l.kind.Noun), id, lang.T(l.kind.Column.Name), other.Line))
		default:
			r.refuse(lang.Errorf("%s %d has this %s", lang.T(l.kind.Noun), id, lang.T(l.kind.Column.Name)))
		}
		return true
	}
	return false
}

// inTurn returns the rows that are to be updated, those that free a value before those
// that take it. In a ring, such as a swap, none can be the first, and for a moment two
// records have one value.
func (l listing) inTurn(rows []*Row) []*Row {
	var turn []*Row
	placed := map[*Row]bool{}
	place := func(r *Row) { // with those before it, without recursion: a chain may be as long as the file
		var chain []*Row
		for r != nil && r.State == Update && !placed[r] {
			placed[r] = true
			chain = append(chain, r)
			r = l.holder(r.Want, placed)
		}
		for i := len(chain) - 1; i >= 0; i-- {
			turn = append(turn, chain[i])
		}
	}
	for _, r := range rows {
		place(r)
	}
	return turn
}

// holder returns a row that has yet to give a value away.
func (l listing) holder(value string, placed map[*Row]bool) *Row {
	for _, id := range l.held[value] {
		if r := l.rows[id]; r != nil && r.State == Update && !placed[r] {
			return r
		}
	}
	return nil
}
