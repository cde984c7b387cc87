// Package typeset sets lines of text: it finds a font for every character, joins
// and orders the letters as their script wants it, and gives the outlines of the
// glyphs, which any picture can be filled with.
//
// The fonts are in the program, so that a line looks the same on every machine.
// They cover Latin, Greek, Cyrillic, Arabic, Hebrew, Chinese, Japanese, Korean, the
// scripts of India and of South-East Asia, emoji in one colour, and more: see the
// page in the folder fonts.
package typeset
