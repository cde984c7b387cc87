package envelope

import (
	"bytes"
	"io"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// whole reads an answer and returns its data, or what stands in the place of data,
// with its path; nil if nothing does.
func (r *reader) whole() (value []byte, path string, err error) {
	if err := r.read(r.bufferData, r.bufferData); err != nil {
		return nil, "", err
	}
	switch {
	case r.hasData:
		return r.data, "data", nil
	case len(r.data) > 0:
		return r.data, "", nil
	}
	if value, path = r.bareBody(); value != nil {
		r.kind = loose.Kind(value)
	}
	return value, path, nil
}

// bareBody decides, for an answer without data, whose the words are: those of an
// envelope, or fields of a record or list that stands without one. It returns the
// record or list and its path, nil if there is none.
func (r *reader) bareBody() (value []byte, path string) {
	whole := r.siblings()
	if whole == nil {
		return nil, ""
	}
	if r.isRecordBesideMessage(whole) {
		return without(whole, func(w words.Word) bool { return onlyEnvelope(w) && w.Role() != words.Status }), ""
	}
	if !r.refused && !r.statement.hasMessage && r.isRecord(whole) {
		r.statement.dropFields(!r.modelless)
		r.pager = pager{}
		return whole, ""
	}
	rest := without(whole, words.Word.Known)
	switch {
	case rest == nil: // an envelope alone, or a paginator without its records
		return r.recordInSuccess(), "success"
	case r.statement.any && !isNested(rest) && !r.isRecord(rest):
		r.remainder = rest // an envelope with a remark of its own
		return nil, ""
	}
	// The paginator's words go along: they tell its list from other objects.
	return without(whole, onlyEnvelope), ""
}

// recordInSuccess returns what stands under success where that is no verdict:
// {"success": {"id": 1}}. It is nil if it is one.
func (r *reader) recordInSuccess() []byte {
	value := r.statement.get(words.Success)
	switch loose.Kind(value) {
	case '[':
		if loose.Kind(firstOf(value)) == '{' { // texts are a message
			return value
		}
	case '{':
		if without(value, words.Word.Known) != nil {
			return value
		}
	}
	return nil
}

// answer ends the reading: what was said, judged. What the answer holds in place of
// records may be explained by a refusal behind it.
func (r *reader) answer(err error) (*Answer, error) {
	if r.count == 0 && isMismatch(err) {
		if a := r.reread(); a.Failed {
			return a, nil
		}
	}
	return r.judged(err)
}

// reread reads an answer anew, without expecting records and without being strict.
// It does so for one that the head holds whole, as refusals are short; else, or if
// it can't be read at all, the Answer is empty.
func (r *reader) reread() *Answer {
	_, _ = io.CopyN(io.Discard, &r.src.body, 2*headSize)
	o := r.Options
	o.Strict, o.PerRecord, o.MaxBytes = false, false, 2*headSize
	again := newReader(bytes.NewReader(r.src.head), o, r.knows)
	again.schema = r.schema
	defer again.release()
	_, _, err := again.whole()
	a, err := again.judged(err)
	if err != nil {
		return &Answer{}
	}
	a.Head = r.src.copyHead()
	return a
}

// judged returns the Answer of what was read.
func (r *reader) judged(err error) (*Answer, error) {
	r.pager.addHeader(r.HTTPStatus, r.Header)
	j, isNested := r.judgement()
	if r.refused {
		j.verdict = failure
	}
	var e explanation
	if !r.Brief || j.verdict != success || r.count == 0 || err != nil {
		e = r.explanation(j, isNested)
	}
	a := &Answer{
		Status: singleLine(r.Mask, j.status), Message: e.message, Fields: e.fields, Code: j.code,
		Failed: j.verdict == failure, Success: j.verdict == success, Unclear: j.verdict == unknown,
		Payload: r.payload(j), Record: r.count > 0, Path: r.path, Page: r.pager.page(), Count: r.count, Broken: r.src.broken,
	}
	if !(r.form == SingleRecord && r.path == "") { // whose total is its own
		a.Total = r.total()
	}
	if r.countsPages(a) {
		a.Page.Last, a.Page.Guessed, a.Total = int(a.Total), true, 0
	}
	a.Page.addLast(a.Count, a.Total)
	if a.Page.mayGoOn() && len(r.first) > 0 {
		a.First = bytes.Clone(r.first)
	}
	a.Repeats = r.repeats || r.isOther(a.Page.Current)
	if v, _ := judgeStatus(r.ofRecord); v == failure && r.ofRecord != nil && err == nil {
		err = r.drift("status", "the status of a record, or a response that failed", r.ofRecord)
	}
	if a.Errors = j.errors != nil && !a.Failed; a.Errors && err == nil {
		err = r.drift("errors", "no errors beside data", j.errors)
	}
	if j.unknownStatus != nil && err == nil {
		err = r.drift("status", "a known status", j.unknownStatus)
	}
	if err != nil || !a.Success {
		a.Head = r.src.copyHead()
	}
	a.Drifts = r.all
	return a, err
}

// explanation returns what the answer says to people.
func (r *reader) explanation(j judgement, isNested bool) explanation {
	e := explanation{mask: r.Mask}
	if isNested {
		e.addStatement(&r.nested.statement, j, r.nested.data)
	}
	if !isNested || e.message == "" {
		e.addStatement(&r.statement, j, r.data)
	}
	if j.verdict == failure && e.fields == nil {
		e.search(r.siblings(), maxErrorDepth)
		e.addTold()
	}
	return e
}

// payload returns what stands in the place of data. Where that is empty, what stands
// beside it may say that nothing was written.
func (r *reader) payload(j judgement) Payload {
	p := r.payloadOfData()
	if r.count > 0 || j.verdict != success || p == No || p == Zero || !loose.IsEmpty(r.data) {
		return p
	}
	if j.complains {
		return No
	}
	if beside := r.writtenBeside(orEmptyObject(r.siblings())); beside != Content {
		return beside
	}
	return p
}

func (r *reader) payloadOfData() Payload {
	kind := r.kind
	if len(r.data) > 0 {
		kind = loose.Kind(r.data)
	}
	if r.count == 0 && r.nested.any {
		return payloadOf(r.nested.data)
	}
	switch {
	case r.count > 0 || r.form != NoRecords:
		return Content
	case kind == '{' && len(r.data) > 0:
		return r.written(r.data)
	case kind == '[' && len(r.data) > 0 && isOutcome(loose.Only(r.data)):
		return payloadOf(loose.Only(r.data))
	case kind == '{' || kind == '[':
		return Content
	case len(r.data) > 0:
		return payloadOf(r.data)
	case kind == 'f':
		return No
	case kind == 'n':
		return Blank
	case kind != 0:
		return Other
	case r.statement.any || r.hasData || !r.isNoise(orEmptyObject(r.siblings())):
		return NoPayload
	}
	return Content // an object that says nothing
}

func payloadOf(value []byte) Payload {
	switch kind := loose.Kind(value); {
	case value == nil:
		return NoPayload
	case kind == '{' || kind == '[':
		return Content
	case kind == 'f':
		return No
	case loose.IsBlank(value):
		return Blank
	}
	switch n, ok := loose.Float(value); {
	case ok && n > 0:
		return Yes
	case ok && n == 0:
		return Zero
	}
	return Other
}
