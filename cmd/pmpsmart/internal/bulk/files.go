package bulk

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// lookAfterInterrupt is how long Ctrl-C may take, for a look at what was changed.
const lookAfterInterrupt = 10 * time.Second

// A plan is the changes that were shown, as a file.
type plan struct {
	Format  string       `json:"format"`  // "pmpsmart plan 1"
	Command string       `json:"command"` // of the kind: "outlets"
	Server  string       `json:"server"`  // and the account
	Made    time.Time    `json:"made"`
	Changes []planChange `json:"changes"`

	was map[int64]string
}

type planChange struct {
	Line int    `json:"line"`
	ID   int64  `json:"id"`
	Now  string `json:"now"`
	Want string `json:"want"`
}

const planFormat = "pmpsmart plan 1"

// maxPlan bounds the file of a plan, in bytes.
const maxPlan = 256 << 20

// readPlan takes the rows of the plan.
func (j *job) readPlan() error {
	file, err := os.Open(j.options.Plan)
	if err != nil {
		return tool.Usage(err)
	}
	defer file.Close() //nolint:errcheck // only read
	decoder := json.NewDecoder(io.LimitReader(file, maxPlan))
	decoder.DisallowUnknownFields()
	p := &plan{was: map[int64]string{}}
	if err := decoder.Decode(p); err != nil || p.Format != planFormat {
		return tool.Usagef("%s is no plan that -save-plan has written", j.options.Plan)
	}
	if p.Command != j.kind.Name {
		return tool.Usagef("%s is a plan of pmpsmart %s", j.options.Plan, p.Command)
	}
	for _, c := range p.Changes {
		if c.ID < 1 || c.Want == "" {
			return tool.Usagef("%s is no plan that -save-plan has written", j.options.Plan)
		}
		p.was[c.ID] = c.Now
		j.rows = append(j.rows, &Row{Line: c.Line, ID: c.ID, id: fmt.Sprint(c.ID), Want: c.Want})
	}
	j.plan = p
	return nil
}

// checkPlan refuses a plan of another server or account.
func (j *job) checkPlan() error {
	if j.plan != nil && j.plan.Server != j.tool.Where() {
		return tool.Usagef("%s is a plan for %s, and this is %s", j.options.Plan, lang.Where(j.plan.Server), lang.Where(j.tool.Where()))
	}
	return nil
}

func (j *job) savePlan() error {
	if j.options.SavePlan == "" {
		return nil
	}
	p := plan{Format: planFormat, Command: j.kind.Name, Server: j.tool.Where(), Made: time.Now().UTC().Truncate(time.Second), Changes: []planChange{}}
	for _, r := range j.rows {
		if r.State == Update {
			p.Changes = append(p.Changes, planChange{r.Line, r.ID, r.Now, r.Want})
		}
	}
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	return tool.WriteFile(j.options.SavePlan, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(append(text, '\n')))
		return err
	})
}

// writeUndo writes the file that takes the changes back, before the first is made, and
// returns its name. It is a file of rows as the command reads them.
func (j *job) writeUndo() (string, error) {
	name := j.options.Undo
	if name == "none" || name == "" && j.tool.IsSandbox() || j.count(Update) == 0 {
		return "", nil
	}
	if name == "" {
		name = j.undoName()
	}
	heads := []string{j.kind.ID.Name, j.kind.Column.Name, "instead_of"}
	return name, j.table(name, heads, func(w *sheet.Writer) error {
		for _, r := range j.rows {
			if r.State != Update {
				continue
			}
			if err := w.Write(sheet.Int(r.ID), sheet.Text(r.Now), sheet.Text(r.Want)); err != nil {
				return err
			}
		}
		return nil
	})
}

// undoName returns the name of a file that is not there yet.
func (j *job) undoName() string {
	name := j.input.Name
	switch {
	case j.options.Plan != "":
		name = j.options.Plan
	case name == "" || name == "-" || strings.HasPrefix(name, "/dev/") || strings.HasPrefix(name, "/proc/"):
		name = "pmpsmart-" + strings.ReplaceAll(j.kind.Name, " ", "-")
	}
	name = strings.TrimSuffix(name, filepath.Ext(name))
	for i := 1; ; i++ {
		undo := name + ".undo.csv"
		if i > 1 {
			undo = fmt.Sprintf("%s.undo-%d.csv", name, i)
		}
		if _, err := os.Lstat(undo); errors.Is(err, os.ErrNotExist) || i == 10_000 {
			return undo
		}
	}
}

// writeResults writes what -results and -rejects ask for.
func (j *job) writeResults() error {
	return errors.Join(j.writeAll(), j.writeRejects())
}

func (j *job) writeAll() error {
	if j.options.Results == "" {
		return nil
	}
	heads := []string{"line", j.kind.ID.Name, "now", j.kind.Column.Name, "state", "problem"}
	return j.table(j.options.Results, heads, func(w *sheet.Writer) error {
		for _, r := range j.rows {
			if err := w.Write(sheet.Int(int64(r.Line)), sheet.Text(first(r.ID, r.id)), sheet.Text(r.Now), sheet.Text(r.Want), sheet.Text(string(r.State)), sheet.Text(j.problem(r))); err != nil {
				return err
			}
		}
		return nil
	})
}

func (j *job) problem(r *Row) string {
	if r.problem == nil {
		return ""
	}
	return j.tool.Language.Error(r.problem)
}

// writeRejects writes the rows that were refused as the file has them, so that they can
// be put right and read again.
func (j *job) writeRejects() error {
	if j.options.Rejects == "" {
		return nil
	}
	heads := append([]string(nil), j.heads...)
	if heads == nil {
		heads = []string{j.kind.ID.Name, j.kind.Column.Name}
	}
	heads = append(heads, "problem")
	return j.table(j.options.Rejects, heads, func(w *sheet.Writer) error {
		for _, r := range j.rows {
			if r.State != Refused {
				continue
			}
			cells := make([]sheet.Cell, len(heads))
			if copy(cells, r.cells) == 0 {
				cells[0], cells[1] = sheet.Text(first(r.ID, r.id)), sheet.Text(r.Want)
			}
			cells[len(heads)-1] = sheet.Text(j.problem(r))
			if err := w.Write(cells...); err != nil {
				return err
			}
		}
		return nil
	})
}

func first(id int64, text string) string {
	if id > 0 {
		return fmt.Sprint(id)
	}
	return text
}

func (j *job) table(name string, heads []string, rows func(*sheet.Writer) error) error {
	if err := tool.WriteTable(name, heads, j.options.Excel, rows); err != nil {
		return lang.Errorf("%s can't be written: %w", name, err)
	}
	return nil
}
