package typeset

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
)

//go:embed fonts/*.ttf.gz
var files embed.FS

// Scripts that one font is for alone.
var fontOf = map[language.Script]string{
	language.Latin: "latin", language.Greek: "latin", language.Cyrillic: "latin",
	language.Han: "cjk", language.Hiragana: "cjk", language.Katakana: "cjk", language.Hangul: "cjk", language.Bopomofo: "cjk",
	language.Arabic: "arabic", language.Hebrew: "hebrew", language.Thai: "thai", language.Lao: "lao",
	language.Devanagari: "devanagari", language.Bengali: "bengali", language.Gurmukhi: "gurmukhi", language.Gujarati: "gujarati",
	language.Oriya: "oriya", language.Tamil: "tamil", language.Telugu: "telugu", language.Kannada: "kannada",
	language.Malayalam: "malayalam", language.Sinhala: "sinhala", language.Tibetan: "tibetan",
	language.Khmer: "khmer", language.Myanmar: "myanmar", language.Georgian: "georgian", language.Armenian: "armenian",
	language.Ethiopic: "ethiopic", language.Javanese: "javanese", language.Balinese: "balinese", language.Sundanese: "sundanese",
	language.Buginese: "buginese", language.Batak: "batak", language.Rejang: "rejang", language.Tagalog: "tagalog",
	language.Cham: "cham", language.Tai_Tham: "taitham", language.Thaana: "thaana", language.Syriac: "syriac",
	language.Mongolian: "mongolian", language.Cherokee: "cherokee", language.Canadian_Aboriginal: "canadianaboriginal",
	language.Tifinagh: "tifinagh", language.Nko: "nko",
}

// shared are the fonts of characters that belong to many scripts, the likeliest
// first: signs, emoji, rare ideographs.
var shared = []string{"latin", "emoji", "symbols", "symbols2", "math", "cjk", "japanese", "cjkext"}

// fonts finds the font for a character. A font is read when it is first needed.
type fonts struct {
	read   map[string]*font.Face
	found  map[rune]*font.Face
	script language.Script // that the characters asked for are part of
}

func newFonts() *fonts {
	return &fonts{read: map[string]*font.Face{}, found: map[rune]*font.Face{}}
}

// SetScript is called before ResolveFace by the segmenter.
func (f *fonts) SetScript(s language.Script) {
	if s != f.script {
		clear(f.found)
		f.script = s
	}
}

// ResolveFace returns the font for a character: that of its script, or of the text
// around it where it belongs to none, or any that has it. Where none has it, the
// first font draws its box.
func (f *fonts) ResolveFace(r rune) *font.Face {
	if face, ok := f.found[r]; ok {
		return face
	}
	face := f.find(r)
	f.found[r] = face
	return face
}

func (f *fonts) find(r rune) *font.Face {
	for _, script := range []language.Script{language.LookupScript(r), f.script} {
		if name, ok := fontOf[script]; ok && has(f.load(name), r) {
			return f.load(name)
		}
	}
	for _, name := range shared {
		if face := f.load(name); has(face, r) {
			return face
		}
	}
	for _, name := range slices.Sorted(maps.Values(fontOf)) {
		if face := f.load(name); has(face, r) {
			return face
		}
	}
	return f.load(shared[0])
}

// hasGoodSpace reports whether a font's space is as wide as one between words.
func (f *fonts) hasGoodSpace(face *font.Face) bool {
	id, ok := face.NominalGlyph(' ')
	return ok && face.HorizontalAdvance(id) < 0.5*float32(face.Upem())
}

func has(face *font.Face, r rune) bool {
	_, ok := face.NominalGlyph(r)
	return ok
}

// load reads a font of the program. That one can't be read is impossible: a test
// reads them all.
func (f *fonts) load(name string) *font.Face {
	if face := f.read[name]; face != nil {
		return face
	}
	face, err := readFont(name)
	if err != nil {
		panic(err)
	}
	f.read[name] = face
	return face
}

func readFont(name string) (*font.Face, error) {
	packed, err := files.ReadFile("fonts/" + name + ".ttf.gz")
	if err != nil {
		return nil, err
	}
	reader, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	raw, err := io.ReadAll(reader)
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	face, err := font.ParseTTF(bytes.NewReader(raw))
	if err != nil {
		return nil, fmt.Errorf("font %s: %w", name, err)
	}
	return face, nil
}
