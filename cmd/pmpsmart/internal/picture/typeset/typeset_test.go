package typeset

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// names are what people are called, by script.
var names = map[string]string{
	"Indonesian": "Toko Maju Jaya – Bùi Đặng Çağrı", "Greek": "Ελένη", "Cyrillic": "Владимир Зеленський",
	"Chinese": "陳大文 张伟 龍門客棧", "Japanese": "𠮷野家 高橋はなこ スズキ ｽｽﾞｷ ㍿", "Korean": "김민수 뷁 똠방", "rare Chinese": "㐂㵘䶮",
	"Arabic": "محمد عبد الله ١٢٣ پژمان گچـــ", "vowelled": "مُحَمَّد", "Hebrew": "שרה לוי שָׁלוֹם", "Persian": "می\u200cخواهم",
	"Thai": "สมชาย ใจดี น้ำ", "Lao": "ສົມຊາຍ", "Khmer": "សុខា ក្រុម", "Burmese": "အောင်ဆန်း",
	"Hindi": "राजेश शर्मा क्षत्रिय", "Bengali": "রবীন্দ্রনাথ", "Tamil": "தமிழ்ச்செல்வி", "Telugu": "రాము", "Kannada": "ಕನ್ನಡ",
	"Malayalam": "മലയാളം", "Gujarati": "ગુજરાતી", "Punjabi": "ਪੰਜਾਬੀ", "Odia": "ଓଡ଼ିଆ", "Sinhala": "සිංහල", "Tibetan": "བོད་སྐད",
	"Javanese": "ꦗꦮ", "Balinese": "ᬩᬮᬶ", "Sundanese": "ᮞᮥᮔ᮪ᮓ", "Buginese": "ᨅᨔ", "Batak": "ᯅᯖᯂ᯲",
	"Georgian": "საქართველო", "Armenian": "Հայաստան", "Amharic": "አበበ", "Dhivehi": "ދިވެހި", "Cherokee": "ᏣᎳᎩ", "Berber": "ⵜⵉⴼⵉⵏⴰⵖ",
	"emoji": "😀👍🏽🛵☎️❤️🎉🏪👨‍👩‍👧‍👦🇮🇩1️⃣", "signs": "★☆✓✔♥♪→⇒∑≠™©½№℃", "fancy letters": "𝓐𝓷𝓪 𝕭𝖚𝖉𝖎 Ⓐ", "currency": "€¥₩₹฿Rp₫₽", "brackets": "「東京」（株）、。",
}

func TestNamesOfAllScripts(t *testing.T) {
	t.Parallel()
	setter := New()
	for script, name := range names {
		line := setter.Line(name, 14)
		assert.Zero(t, line.Missing, "%s: %s", script, name)
		assert.NotEmpty(t, line.Glyphs, script)
		assert.Greater(t, line.Width, 14.0, script)
	}
}

// A space is as wide as one between words, whatever stands around it.
func TestSpaces(t *testing.T) {
	t.Parallel()
	setter := New()
	for script, name := range names {
		letter := string([]rune(strings.ReplaceAll(name, " ", ""))[:1])
		width := setter.Line(letter+"   "+letter, 14).Width - 2*setter.Line(letter, 14).Width
		assert.InDelta(t, 3*0.27*14, width, 3*0.14*14, script)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	line := New().Line("a\U0001F9FFb", 14)
	assert.Zero(t, line.Missing)
	line = New().Line("a\U00012000b", 14) // cuneiform
	assert.Equal(t, 1, line.Missing)
	assert.Len(t, line.Glyphs, 3, "a box where nothing fits")
}

// Letters of Arabic are joined: in a word they have other shapes than alone.
func TestArabicIsJoinedAndRunsFromTheRight(t *testing.T) {
	t.Parallel()
	setter := New()
	shapes := func(text string) (outlines []*Outline) {
		for _, g := range setter.Line(text, 20).Glyphs {
			outlines = append(outlines, g.Outline)
		}
		return outlines
	}
	alone, word := shapes("ه"), shapes("ههه")
	require.Len(t, word, 3)
	assert.NotContains(t, word, alone[0])
	assert.NotEqual(t, word[0], word[1])
	assert.NotEqual(t, word[1], word[2])

	// A letter's tail is at the left end where the word ends.
	left := shapes("اب")
	assert.Equal(t, shapes("ا")[0], left[len(left)-1], "the first letter is the rightmost")
}

// Runs of two directions stand as the Unicode algorithm has them.
func TestOrderOfMixedText(t *testing.T) {
	t.Parallel()
	setter := New()
	for text, want := range map[string]string{ // capitals stand for Hebrew
		"abc DEF 12 GHI":  "abcIHG12FED",
		"ABC def GHI":     "IHGdefCBA",
		"ABC 12":          "12CBA",
		"abc (DEF)":       "abc(FED)",
		"ABC (x)":         "(x)CBA",
		"ABC!":            "!CBA",
		"abc DEF 12 (x)":  "abc12FED(x)",
		"abc DEF 12x":     "abc12FEDx",
		"abc DEF 12 21 x": "abc2112FEDx",
		"ABC 12 x DEF":    "FEDx12CBA",
		"abc ١ DEF":       "abcFED١",
		"abc ١ x DEF":     "abc١xFED",
	} {
		assert.Equal(t, want, seen(setter, hebrew(text)), text)
	}
}

// hebrew puts a Hebrew letter in the place of each capital.
func hebrew(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return 'א' + r - 'A'
		}
		return r
	}, text)
}

// seen are the letters of a text as they stand from left to right, without blanks.
func seen(s *Setter, text string) string {
	letters := map[*Outline]string{}
	for _, letter := range "abcdefghxABCDEFGHI12()!١" {
		letters[s.Line(hebrew(string(letter)), 20).Glyphs[0].Outline] = string(letter)
	}
	var b strings.Builder
	for _, g := range s.Line(text, 20).Glyphs {
		b.WriteString(letters[g.Outline])
	}
	return b.String()
}

func TestShorten(t *testing.T) {
	t.Parallel()
	setter := New()
	assert.Equal(t, "Ani", setter.Shorten("Ani", 14, 200).Text)
	assert.Equal(t, "…", setter.Shorten("Ani", 14, 1).Text)
	assert.Equal(t, Line{Size: 14}, setter.Shorten("", 14, 200))
	for _, name := range names {
		long := strings.Repeat(name+" ", 20)
		line := setter.Shorten(long, 14, 120)
		assert.LessOrEqual(t, line.Width, 120.0, name)
		assert.Greater(t, line.Width, 70.0, name)
		assert.True(t, strings.HasSuffix(line.Text, "…"), line.Text)
		assert.Zero(t, line.Missing, line.Text)
	}
	family := "👨‍👩‍👧‍👦"
	line := setter.Shorten(strings.Repeat(family, 30), 14, 100)
	assert.Empty(t, strings.Trim(strings.ReplaceAll(line.Text, family, ""), "…"), "whole families")
	assert.Less(t, setter.Shorten(strings.Repeat("x", 1<<20), 14, 1e9).Width, 1e5, "bounded")
}

func TestClean(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a\tb\nc\u00a0d": "a b c d", "\x1b[31m": "\ufffd[31m", "\u202eabc\u2066": "abc", "می\u200cخواهم": "می\u200cخواهم", "a\xffb": "a\ufffdb",
		"so\u00adft": "soft", "\ufeffx": "x", "<b>&": "<b>&",
	} {
		assert.Equal(t, want, Clean(text), "%q", text)
	}
}

func TestEveryFontCanBeRead(t *testing.T) {
	t.Parallel()
	packed, err := fs.Glob(files, "fonts/*.ttf.gz")
	require.NoError(t, err)
	used := slices.Clone(shared)
	for _, name := range fontOf {
		used = append(used, name)
	}
	var size int
	for _, path := range packed {
		name := strings.TrimSuffix(strings.TrimPrefix(path, "fonts/"), ".ttf.gz")
		_, err := readFont(name)
		require.NoError(t, err)
		assert.Contains(t, used, name)
		raw, err := files.ReadFile(path)
		require.NoError(t, err)
		size += len(raw)
	}
	assert.Less(t, size, 6<<20, "bytes of fonts in the program")
	for _, name := range used {
		assert.Contains(t, packed, "fonts/"+name+".ttf.gz")
	}
}
