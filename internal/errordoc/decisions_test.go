package errordoc

import _ "embed"

// decisions is the part of the page that says what a program should do.
//
//go:embed testdata/decisions.txt
var decisions string
