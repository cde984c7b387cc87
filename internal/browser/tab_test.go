package browser

import (
	"context"
	"fmt"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"
)

// run runs actions in the tab.
func (tb *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	tb.t.Helper()
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	require.NoError(tb.t, chromedp.Do(ctx, actions...))
}

// eval returns the value of an expression, or what it promises.
func eval[T any](tb *tab, expression string) T {
	tb.t.Helper()
	value, err := try[T](tb, expression)
	require.NoError(tb.t, err, expression)
	return value
}

func try[T any](tb *tab, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(tb.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// wait waits until an expression is true. It may be a mistake on the way from one page to
// the next.
func (tb *tab) wait(expression string) {
	tb.t.Helper()
	for began := time.Now(); ; time.Sleep(tick) {
		is, err := try[bool](tb, "Boolean("+expression+")")
		if is {
			return
		}
		if time.Since(began) > patience {
			tb.t.Fatalf("never came true: %s\n%v\n%v\n%s", expression, err, tb.problems, tb.text("body"))
		}
	}
}

// text returns what a reader sees of an element.
func (tb *tab) text(selector string) string {
	tb.t.Helper()
	return eval[string](tb, fmt.Sprintf("document.querySelector(%q).innerText", selector))
}

// waitText waits until an element shows a text.
func (tb *tab) waitText(selector, text string) {
	tb.t.Helper()
	tb.wait(fmt.Sprintf("document.querySelector(%q)?.textContent.includes(%q)", selector, text))
}

// click clicks the middle of an element with the mouse, and fails if something else is
// there. It clicks again if the element moved before the browser got to the click.
func (tb *tab) click(selector string) {
	tb.t.Helper()
	for range 5 {
		point := eval[[]float64](tb, fmt.Sprintf(`(() => {
			const node = document.querySelector(%q);
			node.scrollIntoView({block: "center", behavior: "instant"});
			const box = node.getBoundingClientRect();
			const x = box.x + box.width / 2, y = box.y + box.height / 2;
			const hit = document.elementFromPoint(x, y);
			window.isMissed = !node.disabled;
			window.addEventListener("click", (e) => { window.isMissed = !node.contains(e.target) && e.target !== hit; }, {capture: true, once: true});
			return hit && (node.contains(hit) || hit.contains(node)) ? [x, y] : [];
		})()`, selector))
		require.Len(tb.t, point, 2, "%s can't be clicked", selector)
		tb.run(chromedp.MouseClickXY(point[0], point[1]))
		if missed, err := try[bool](tb, "window.isMissed === true"); err != nil || !missed { // or another page is there
			return
		}
	}
	tb.t.Fatalf("no click hits %s", selector)
}

// fill puts a value into a field, as a person does who has finished with it.
func (tb *tab) fill(selector, value string) {
	tb.t.Helper()
	eval[bool](tb, fmt.Sprintf(`(() => {
		const node = document.querySelector(%q);
		node.value = %q;
		for (const type of ["input", "change"]) node.dispatchEvent(new Event(type, {bubbles: true}));
		return node.value === %[2]q;
	})()`, selector, value))
}

// press presses a key.
func (tb *tab) press(key string, options ...chromedp.KeyOption) {
	tb.t.Helper()
	tb.run(chromedp.KeyEvent(key, options...))
}

// tabTo presses Tab until an element has the focus.
func (tb *tab) tabTo(selector string) {
	tb.t.Helper()
	for range 300 {
		if eval[bool](tb, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			return
		}
		tb.press(kb.Tab)
	}
	tb.t.Fatalf("Tab never leads to %s", selector)
}

// said waits until the page says a text.
func (tb *tab) said(text string) {
	tb.t.Helper()
	tb.wait(fmt.Sprintf(`document.querySelector("#said.shown")?.textContent === %q`, text))
}
