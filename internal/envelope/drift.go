package envelope

// What is wanted in place of what may be records that are not read.
const (
	WantField   = "a field of the record"       // an element of a list has none
	WantOneList = "one list of records"         // there is another
	WantObjects = "one object, or objects only" // others stand beside them
)

// drifts gathers what nobody expects; in strict mode each is an error.
type drifts struct {
	strict bool
	mask   Mask
	all    []Drift
}

// drift adds the drift of one place.
func (d *drifts) drift(path, want string, got []byte) error {
	return d.driftAt(path, path, want, got)
}

// maxGot limits what is kept of a value. One that is longer is shown as the text of
// its start.
const maxGot = 16 << 10

// driftOfText adds drift whose value is a text, of which the start is enough.
func (d *drifts) driftOfText(path, want, text string) error {
	return d.drift(path, want, AppendString(nil, truncate(d.mask, text, 200)))
}

// driftAt adds the drift of one of many places that count as one; where is its own
// path.
func (d *drifts) driftAt(path, where, want string, got []byte) error {
	if d.strict {
		return &Problem{Text: where + ": want " + want, Got: truncate(d.mask, string(got), 80), Drift: true}
	}
	for i := range d.all {
		if d.all[i].Path == path && d.all[i].Want == want {
			d.all[i].Count++
			return nil
		}
	}
	const most = 64 // kinds of drift in one answer; a flood of them is no news
	if len(d.all) < most {
		d.all = append(d.all, Drift{Path: path, Want: want, Got: []byte(toValidUTF8(got[:min(len(got), maxGot)])), Count: 1})
	}
	return nil
}
