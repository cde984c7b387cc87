package browser

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/testserver"
	"github.com/pmpsmart/pmpsmart-go/pmpsmarttest"
)

// work does a day's work on the sandbox, with something of everything, and returns when
// the page shows it.
func work(tb *tab) {
	t, ctx := tb.t, tb.t.Context()
	t.Helper()
	c := tb.client()
	tb.server.Fail(
		pmpsmarttest.Fault{Op: "InsertJSONOrder", Kind: pmpsmarttest.FaultLostAnswer, Nth: 2},
		pmpsmarttest.Fault{Op: "ListOutlets", Kind: pmpsmarttest.FaultAnswer, Status: 503},
		pmpsmarttest.Fault{Op: "GetOrder", Kind: pmpsmarttest.FaultDelay, Wait: 2 * time.Second, Nth: 9},
	)
	_, err := c.ListOrders(ctx, pmpsmart.OrderFilter{Status: pmpsmart.OrderOpen})
	require.NoError(t, err)
	data := map[string]any{"sumber": "kasir 3", "barang": []map[string]any{{"nama": "Kopi", "qty": 2}}}
	_, err = c.InsertJSONOrder(ctx, pmpsmart.JSONOrderInput{Code: "PMP-3903001", Data: data, Status: pmpsmart.JSONOrderCompleted})
	require.NoError(t, err)
	_, err = c.InsertJSONOrder(ctx, pmpsmart.JSONOrderInput{Code: "PMP-3903002", Data: data, Status: pmpsmart.JSONOrderCompleted})
	require.Error(t, err)
	_, err = c.GetOrder(ctx, 100_000)
	require.ErrorIs(t, err, pmpsmart.ErrNotFound)
	_, err = c.GetOrder(ctx, 198)
	require.NoError(t, err)
	_, err = c.ListVisits(ctx, pmpsmart.VisitFilter{Name: "budi"})
	require.NoError(t, err)
	tb.server.ExpireTokens()
	_, err = c.UpdateOrderStatus(ctx, 7, pmpsmart.OrderComplete)
	require.NoError(t, err)
	_, err = c.ListOutlets(ctx)
	require.ErrorIs(t, err, pmpsmart.ErrMaintenance)
	tb.wait(`document.querySelectorAll("#requests-table tbody tr").length === 11`)
}

// narrow reports whether nothing is wider than the window, so that nobody has to scroll
// sideways.
const narrow = `(() => {
	const wide = [...document.querySelectorAll("body *")].filter((node) => {
		const box = node.getBoundingClientRect();
		return box.width > 0 && box.right > innerWidth + 1 && node.checkVisibility() && !node.closest(".unseen, .skip");
	});
	const root = document.scrollingElement;
	return root.scrollWidth > innerWidth ? "the page is " + root.scrollWidth + " wide"
		: wide.length > 0 ? wide.map((node) => node.outerHTML.slice(0, 100)).join("\n") : "";
})()`

// faint returns the texts whose contrast with what is behind them is below 4.5, by the
// rules of WCAG 2.
const faint = `(() => {
	const canvas = new OffscreenCanvas(1, 1).getContext("2d", {willReadFrequently: true});
	const known = {};
	const rgba = (color) => (known[color] ??= draw(color));
	const draw = (color) => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = color;
		canvas.fillRect(0, 0, 1, 1);
		return [...canvas.getImageData(0, 0, 1, 1).data];
	};
	const luminance = (color) => {
		const [r, g, b] = color.map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const behind = (node) => {
		for (; node; node = node.parentElement) {
			const color = rgba(getComputedStyle(node).backgroundColor);
			if (color[3] === 255) return color;
		}
		return [255, 255, 255, 255];
	};
	const bad = [];
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walker.nextNode()) {
		const node = walker.currentNode.parentElement;
		const text = walker.currentNode.textContent.trim();
		if (text === "" || !node.checkVisibility({visibilityProperty: true, opacityProperty: true}) || node.closest("noscript, option, [aria-disabled=true]")) continue;
		const a = luminance(rgba(getComputedStyle(node).color)), b = luminance(behind(node));
		const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (contrast < 4.5) bad.push(contrast.toFixed(2) + " " + node.className + " " + text.slice(0, 40));
	}
	return bad.join("\n");
})()`

// The page is readable in both schemes, on a desk and on a telephone, in both languages.
func TestLook(t *testing.T) {
	t.Parallel()
	long := testserver.Long(t)
	for _, dark := range []bool{false, true} {
		for _, width := range []int64{1360, 360} {
			if !long && dark == (width == 1360) {
				continue
			}
			t.Run(fmt.Sprintf("dark=%t,width=%d", dark, width), func(t *testing.T) {
				t.Parallel()
				tb := open(t, reader{dark: dark, width: width, language: map[bool]string{true: "id-ID"}[dark]})
				work(tb)
				name := fmt.Sprintf("page-%d-%t", width, dark)
				tb.screenshot(name)
				isDark := eval[bool](tb, `Number(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0]) < 128`)
				assert.Equal(t, dark, isDark)
				eval[bool](tb, `document.querySelectorAll("#steer details").forEach((node) => (node.open = true)) === undefined`)
				tb.fill(`#fault-form [name=kind]`, "answer") // the form with the most fields
				tb.waitText("#worlds-list", map[bool]string{false: "There is none.", true: "Belum ada."}[dark])
				look := func(what string) {
					assert.Empty(t, eval[string](tb, narrow), what)
					assert.Empty(t, eval[string](tb, faint), what)
				}
				look("page")
				for _, section := range []string{"steer", "data"} {
					eval[bool](tb, fmt.Sprintf(`document.querySelector("#%s").scrollIntoView() === undefined`, section))
					tb.screenshot(name + "-" + section)
				}
				for _, kind := range []string{"json-orders", "outlets", "users", "visits"} {
					tb.click(fmt.Sprintf("#data-kinds input[value=%s]", kind))
					tb.wait(`document.querySelector("#data-table tbody tr:not(:empty)") && document.activeElement.value === "` + kind + `"`)
					look(kind)
				}
				tb.click("#requests-table tbody tr:nth-child(9) button")
				tb.wait(`document.querySelector("#request-dialog").open`)
				eval[bool](tb, `document.querySelector("#request-dialog details").open = true`)
				look("request")
				tb.screenshot(name + "-request")
				tb.click("#request-close")
				tb.click("#data-table tbody tr:first-child button")
				tb.wait(`document.querySelector("#record-dialog").open`)
				look("record")
				tb.click("#record-close")
				tb.click("#reset-form button")
				tb.wait(`document.querySelector("#confirm").open`)
				look("question")
				tb.screenshot(name + "-question")
				tb.click("#confirm-no")
				tb.wait(`!document.querySelector("#confirm").open`)
				tb.click("#expire")
				tb.wait(`document.querySelector("#said.shown")`)
				look("said")
			})
		}
	}
}

// The language is that of the URL, else the one chosen before, else the browser's; it
// can be changed, and stays.
func TestLanguages(t *testing.T) {
	t.Parallel()
	tb := open(t, reader{})
	for _, tt := range []struct {
		who   reader
		title string
	}{
		{reader{language: "en-GB"}, "Requests"},
		{reader{language: "id-ID,en"}, "Permintaan"},
		{reader{language: "de,id"}, "Permintaan"},
		{reader{language: "id", query: "?lang=en"}, "Requests"},
		{reader{language: "en", query: "?lang=xx"}, "Requests"},
	} {
		tb.emulate(tt.who)
		tb.visit(tb.server.ControlURL() + "/" + tt.who.query)
		assert.Equal(t, tt.title, tb.text("#requests-title"), "%+v", tt.who)
	}
}

func TestChosenLanguage(t *testing.T) {
	t.Parallel()
	tb := open(t, reader{})
	work(tb)
	tb.click("#requests-table tbody tr:nth-child(3) button")
	tb.click("#request-close")
	before := tb.text("body")
	tb.click("[data-language=id]")
	assert.Equal(t, []string{"id", "Sandbox PMP Smart", "?lang=id"}, eval[[]string](tb, "[document.documentElement.lang, document.title, location.search]"))
	tb.waitText("#data-count", "seluruhnya 240")
	tb.waitText("#requests-table", "jawaban hilang")
	tb.waitText("#fact-down", "tidak ada")
	assert.Equal(t, "true", eval[string](tb, `document.querySelector("[data-language=id]").ariaPressed`))
	tb.visit(tb.server.ControlURL() + "/")
	assert.Equal(t, "Permintaan", tb.text("#requests-title"))
	tb.wait(`document.querySelectorAll("#requests-table tbody tr").length === 11`)
	tb.click("[data-language=en]")
	tb.waitText("#data-count", "240 in all")
	assert.Equal(t, len(lines(before)), len(lines(tb.text("body"))))
}
