package push

import (
	"context"
	"errors"
	"fmt"
	"strings"

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

func (c counts) String() string {
	parts := []string{tool.Count(c.Created, "order").String() + " created"}
	for _, part := range []struct {
		n    int64
		what string
	}{
		{c.Earlier, "done by earlier runs"}, {c.There, "there before"}, {c.Repeated, "repeated in the file"},
		{c.Refused, "refused"}, {c.Failed, "failed"},
	} {
		if part.n > 0 {
			parts = append(parts, tool.Number(part.n).String()+" "+part.what)
		}
	}
	return strings.Join(parts, ", ")
}

// explain gives the error of a run that did not do all, and what to do.
func (p *pusher) explain(ctx context.Context, err error) error {
	const again = "; run it again for the rest"
	switch {
	case ctx.Err() != nil:
		return errors.New("stopped" + again)
	case errors.Is(err, tool.ErrUTF16):
		return fmt.Errorf("the input %w", err)
	case err != nil:
		return fmt.Errorf("stopped: %w"+again, err)
	case p.lines == 0:
		return errors.New("the input holds no orders")
	case p.counts.Failed > 0:
		return fmt.Errorf("%s failed"+again, tool.Count(p.counts.Failed, "order"))
	case p.counts.Refused > 0:
		return fmt.Errorf("%s refused", tool.Count(p.counts.Refused, "order"))
	}
	return nil
}
