package push

import (
	"context"

	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/lang"
	"github.com/pmpsmart/pmpsmart-go/cmd/pmpsmart/internal/tool"
)

// counts are what became of the orders; -json prints them.
type counts struct {
	Created  int64 `json:"created"`  // by this run
	There    int64 `json:"there"`    // on the server before it, with the same data
	Earlier  int64 `json:"earlier"`  // done by earlier runs, as the journal says
	Repeated int64 `json:"repeated"` // lines that say what an earlier one did
	Refused  int64 `json:"refused"`  // by the server, or by us
	Failed   int64 `json:"failed"`   // and may go well in the next run
}

// text returns "12 orders created, 3 done by earlier runs".
func (c counts) text(t *tool.Tool) string {
	text := t.Sprintf("%s created", lang.Count(c.Created, "order"))
	for _, part := range []struct {
		n    int64
		what lang.Text
	}{
		{c.Earlier, lang.T("%s done by earlier runs", lang.Number(c.Earlier))},
		{c.There, lang.T("%s there before", lang.Number(c.There))},
		{c.Repeated, lang.T("%s repeated in the file", lang.Number(c.Repeated))},
		{c.Refused, lang.T("%s refused", lang.Number(c.Refused))},
		{c.Failed, lang.T("%s failed", lang.Number(c.Failed))},
	} {
		if part.n > 0 {
			text += ", " + part.what.In(t.Language)
		}
	}
	return text
}

// explain returns the error of a run that did not do all, and what to do.
func (p *pusher) explain(ctx context.Context, err error) error {
	switch {
	case ctx.Err() != nil:
		return lang.Errorf("stopped; run it again for the rest")
	case err != nil:
		return lang.Errorf("stopped: %w; run it again for the rest", err)
	case p.lines == 0:
		return tool.Usage(errNoOrders)
	case p.counts.Failed > 0:
		return lang.Errorf("%s failed; run it again for the rest", lang.Count(p.counts.Failed, "order"))
	case p.counts.Refused > 0:
		return lang.Errorf("%s refused", lang.Count(p.counts.Refused, "order"))
	}
	return nil
}
