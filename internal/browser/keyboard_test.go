package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// All of it can be done with the keyboard, and the focus is seen and goes where one looks.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	tb := open(t, reader{})
	work(tb)
	tb.press(kb.Tab)
	assert.Equal(t, "Skip to the controls", eval[string](tb, "document.activeElement.textContent"))
	assert.True(t, eval[bool](tb, "document.activeElement.getBoundingClientRect().x >= 0"), "it is seen")
	tb.press(kb.Enter)
	tb.wait(`document.activeElement.id === "steer"`)
	tb.tabTo("#fault-insert")
	assert.Equal(t, "solid", eval[string](tb, "getComputedStyle(document.activeElement).outlineStyle"))
	tb.server.ClearFaults()
	tb.press(kb.Enter)
	tb.said("The next insert will lose its answer.")
	assert.Equal(t, "fault-insert", eval[string](tb, "document.activeElement.id"), "the focus stays")
	require.Len(t, tb.server.Unmet(), 1)

	tb.tabTo("#fault-other summary")
	tb.press(kb.Enter)
	tb.tabTo("#fault-form [name=kind]")
	tb.press("d") // as a select takes it
	tb.waitText("#kind-help", "waits before")
	tb.tabTo("#fault-form [name=wait_ms]")
	tb.press("25")
	tb.press(kb.Enter)
	tb.said("The fault waits for its request.")
	assert.Equal(t, pmpsmarttest.FaultDelay, tb.server.Unmet()[1].Kind)

	tb.tabTo("#data-search")
	tb.tabTo("#data-kinds input")
	tb.press(kb.ArrowRight)
	tb.waitText("#data-table", "PMP-3903002")
	tb.tabTo("#data-table button.open")
	tb.press(kb.Enter)
	tb.wait(`document.querySelector("#record-dialog").open`)
	tb.press(kb.Escape)
	tb.wait(`!document.querySelector("#record-dialog").open && document.activeElement.matches("#data-table button.open")`)

	for !eval[bool](tb, `document.activeElement.matches("#requests-table tr:nth-child(5) button.open")`) {
		tb.press(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift))
	}
	tb.press(kb.Enter)
	tb.wait(`document.querySelector("#request-dialog").open`)
	for range 20 {
		tb.press(kb.Tab)
		assert.True(t, eval[bool](tb, `document.activeElement === document.body || document.querySelector("#request-dialog").contains(document.activeElement)`), "the focus stays in the dialog")
	}
	_, err := tb.client().ListVisits(t.Context(), pmpsmart.VisitFilter{})
	require.NoError(t, err)
	tb.wait(`document.querySelectorAll("#requests-table tbody tr").length > 11`)
	tb.press(kb.Escape)
	tb.wait(`!document.querySelector("#request-dialog").open && document.activeElement.matches("#requests-table button.open")`)
	assert.Equal(t, "ListVisits", eval[string](tb, "document.activeElement.textContent"), "where it came from")

	// Every control has a name, and every field a label.
	assert.Empty(t, eval[string](tb, `[...document.querySelectorAll("button, input, select, textarea, summary, a, [role=region], dialog")]
		.filter((node) => !(node.textContent.trim() || node.ariaLabel || node.labels?.length || node.getAttribute("aria-labelledby"))).map((node) => node.outerHTML).join("\n")`))
}
