// Package picture draws charts of plain counts, as PNG and as SVG: a Timeline of bars
// for days, weeks or longer, and a Ranking of names with a bar each. Their texts are
// set by package typeset, with fonts of the program's own, and look the same
// everywhere: an SVG has the letters' outlines, with the text itself, unseen, over
// them, so that it can be searched and read aloud.
package picture
