// Package outlets is the command that gives outlets the codes that a file says.
package outlets

import (
	"context"
	_ "embed"
	"errors"
	"strings"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/bulk"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/sheet"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

//go:embed sample.csv
var sample []byte

// Command returns the command outlets.
func Command() tool.Command {
	var o bulk.Options
	return tool.Command{
		Name:  "outlets",
		Usage: "[flags] FILE",
		Short: lang.T("give outlets the codes that a file says"),
		Long: lang.T(`Outlets gives outlets the codes that a file says: CSV as spreadsheets save it, a
workbook (.xlsx) or JSON Lines. The file has a column "id" (or "id_outlet",
"outlet_id") and a column "code" (or "kode", "kode_outlet"), and others that are not
read; without a line of heads the first two columns are the id and the code. "-" is
the standard input. A code that two lines give, or that another outlet has and keeps,
is refused; a swap is fine.

Without -apply it changes nothing and prints the plan, which -save-plan keeps. Before
the first change it writes a file that takes the changes back. It can be run again:
what is right already is left alone. With -sandbox and no FILE it takes a sample.`),
		MaxArgs: 1,
		Flags:   o.Flags,
		Run: func(ctx context.Context, t *tool.Tool, args []string) error {
			return bulk.Run(ctx, t, codes, o, bulk.Input{Name: tool.Argument(args, 0), Sample: sample})
		},
	}
}

// codes are the outlets' codes.
var codes = bulk.Kind{
	Name:   "outlets",
	Noun:   "outlet",
	ID:     sheet.Column{Name: "id", Synonyms: []string{"id_outlet", "outlet_id"}},
	Column: sheet.Column{Name: "code", Synonyms: []string{"kode", "kode_outlet", "outlet_code"}},
	Unique: true,
	Check:  check,
	Doubt:  doubt,
	List: func(ctx context.Context, client *pmpsmart.Client, _ []int64, each func(int64, string)) error {
		for outlet, err := range client.ListOutletsSeq(ctx) {
			if err != nil {
				return err
			}
			each(outlet.ID, outlet.Code)
		}
		return nil
	},
	Set: func(ctx context.Context, client *pmpsmart.Client, id int64, code string) error {
		_, err := client.UpdateOutletCode(ctx, id, code)
		return err
	},
}

// check returns what the library would refuse before anything is sent.
func check(client *pmpsmart.Client, id int64, code string) error {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := client.UpdateOutletCode(ended, id, code); errors.Is(err, pmpsmart.ErrInvalidInput) {
		return err
	}
	return nil
}

// doubt stops at a code that lacks its leading zeros, or has more of them: a spreadsheet
// that reads codes as numbers takes them away.
func doubt(now, want string) error {
	if now == want || strings.TrimLeft(now, "0") != strings.TrimLeft(want, "0") {
		return nil
	}
	return lang.Errorf("%q and %q differ by leading zeros alone, which spreadsheets take away; -force changes it all the same", now, want)
}
