package outlets

import "github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"

// A listing is what the server has of the codes that the file is about.
type listing struct {
	now  map[int64]string   // the codes of the file's outlets
	held map[string][]int64 // the outlets, of all, that have a code of the file
	rows map[int64]*row     // the file's, by outlet
}

// refuseSameCode refuses each row whose code the file gives to another outlet too:
// which of them is right nobody here can know.
func refuseSameCode(rows []*row) {
	given := map[string][]*row{}
	for _, r := range rows {
		if r.ID > 0 && r.Code != "" {
			given[r.Code] = append(given[r.Code], r)
		}
	}
	for _, twins := range given {
		for _, r := range twins {
			if r.State == refused {
				continue
			}
			for _, other := range twins {
				if other.ID != r.ID {
					r.refuse("line %d gives the same code to outlet %d", other.Line, other.ID)
					break
				}
			}
		}
	}
}

// refuseTaken refuses the rows whose code another outlet has and keeps. That an
// outlet gives its code away in the same file, as in a swap, is fine; it does not
// if its own row is refused, so that one refusal may bring others.
func (l listing) refuseTaken(rows []*row) {
	for again := true; again; {
		again = false
		for _, r := range rows {
			if r.State == toUpdate && l.refuseIfTaken(r) {
				again = true
			}
		}
	}
}

// refuseIfTaken refuses a row whose code another outlet keeps.
func (l listing) refuseIfTaken(r *row) bool {
	for _, id := range l.held[r.Code] {
		other := l.rows[id]
		switch {
		case id == r.ID || other != nil && (other.State == toUpdate || other.State == updated):
			continue
		case other != nil:
			r.refuse("outlet %d has this code, and line %d does not change it", id, other.Line)
		default:
			r.refuse("outlet %d has this code", id)
		}
		return true
	}
	return false
}

// inTurn gives the rows that are to be updated, those that free a code before
// those that take it. In a ring, such as a swap, none can be the first, and for a
// moment two outlets have one code.
func (l listing) inTurn(rows []*row) []*row {
	var turn []*row
	placed := map[*row]bool{}
	var place func(r *row)
	place = func(r *row) {
		if r == nil || r.State != toUpdate || placed[r] {
			return
		}
		placed[r] = true
		for _, id := range l.held[r.Code] {
			place(l.rows[id])
		}
		turn = append(turn, r)
	}
	for _, r := range rows {
		place(r)
	}
	return turn
}

// applyOne makes one change, if its code is still free to take. It gives the error
// of what the next row would meet too.
func (l listing) applyOne(t *tool.Tool, r *row, update func(*row) error) error {
	if l.refuseIfTaken(r) {
		tell(t, r)
		return nil
	}
	err := update(r)
	switch {
	case err == nil:
		r.State = updated
	case isRefusal(err):
		r.refuse("%v", err)
		tell(t, r)
	default:
		return err
	}
	return nil
}
