package push

import (
	"errors"
	"os"
	"sync"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// What becomes of an order, in -results.
const (
	wasCreated  = "created"
	wasThere    = "there"
	wasEarlier  = "earlier"
	wasRepeated = "repeated"
	wasRefused  = "refused"
	wasFailed   = "failed"
)

// results are the files that -results and -rejects name. They are written as the orders
// are done, so that a run that is killed leaves what it had.
type results struct {
	tool *tool.Tool
	in   *sheet.Reader

	mu      sync.Mutex
	all     *tool.TableFile
	rejects *tool.TableFile
	raw     *os.File // rejects of JSON, as they stand in the input
	err     error
}

// openResults makes the files.
func openResults(t *tool.Tool, o options, in *sheet.Reader) (r *results, err error) {
	r = &results{tool: t, in: in}
	if o.results != "" {
		if r.all, err = tool.CreateTable(o.results, []string{"line", "code", "state", "id", "problem"}, o.excel); err != nil {
			return nil, tool.Usagef("-results: %w", err)
		}
	}
	if o.rejects == "" {
		return r, nil
	}
	if f := in.Format(); f == sheet.JSONLines || f == sheet.JSONArray {
		if r.raw, err = tool.CreateFile(o.rejects); err != nil {
			return nil, errors.Join(tool.Usagef("-rejects: %w", err), r.all.Close())
		}
		return r, nil
	}
	if r.rejects, err = tool.CreateTable(o.rejects, append(in.Heads(), "problem"), o.excel); err != nil {
		return nil, errors.Join(tool.Usagef("-rejects: %w", err), r.all.Close())
	}
	return r, nil
}

// add writes what became of an order.
func (r *results) add(o order, state string, id int64, problem error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := ""
	if problem != nil {
		text = r.tool.Language.Error(problem)
	}
	if r.all != nil {
		cell := sheet.Cell{}
		if id > 0 {
			cell = sheet.Int(id)
		}
		r.keep(r.all.Write(sheet.Int(int64(o.line)), sheet.Text(o.in.Code), sheet.Text(state), cell, sheet.Text(text)))
	}
	if state == wasRefused || state == wasFailed {
		r.reject(o, text)
	}
}

func (r *results) reject(o order, problem string) {
	if r.raw != nil && o.raw != nil {
		_, err := r.raw.Write(append(append([]byte(nil), o.raw...), '\n'))
		r.keep(err)
	}
	if r.rejects == nil {
		return
	}
	heads := len(r.in.Heads())
	cells := make([]sheet.Cell, heads+1)
	copy(cells[:heads], o.cells)
	cells[heads] = sheet.Text(problem)
	r.keep(r.rejects.Write(cells...))
}

// keep keeps the first error: what becomes of the orders matters more.
func (r *results) keep(err error) {
	if r.err == nil {
		r.err = err
	}
}

// close ends the files and returns what could not be written.
func (r *results) close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keep(r.all.Close())
	r.keep(r.rejects.Close())
	if r.raw != nil {
		r.keep(r.raw.Close())
	}
	if r.err != nil {
		return lang.Errorf("the results can't be written: %w", r.err)
	}
	return nil
}
