package envelope

import (
	"iter"
	"slices"

	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A word is a name that an envelope uses, and nothing else does at its level.
type word uint8

const (
	noWord word = iota
	wordStatus
	wordSuccess
	wordError
	wordErrors
	wordCode
	wordStatusCode
	wordStatusCodeCamel
	wordHTTPCode
	wordMessage
	wordMsg
	wordStatusMessage
	wordPesan
	wordMessages
	wordErrorDescription
	wordErrorMessage
	wordCount
)

var wordNames = [wordCount]string{
	wordStatus: "status", wordSuccess: "success", wordError: "error", wordErrors: "errors",
	wordCode: "code", wordStatusCode: "status_code", wordStatusCodeCamel: "statusCode", wordHTTPCode: "http_code",
	wordMessage: "message", wordMsg: "msg", wordStatusMessage: "status_message", wordPesan: "pesan", wordMessages: "messages",
	wordErrorDescription: "error_description", wordErrorMessage: "error_message",
}

// Words that say one thing, those that say it best first.
var (
	codeWords    = [...]word{wordCode, wordStatusCode, wordStatusCodeCamel, wordHTTPCode}
	messageWords = [...]word{wordMessage, wordMsg, wordStatusMessage, wordPesan, wordMessages}
	detailWords  = [...]word{wordErrorDescription, wordErrorMessage, wordError, wordErrors}
)

// wordOf gives the word of that name, or noWord.
func wordOf(name string) word {
	switch name { // a map would take longer than all the rest of a word's reading
	case "status":
		return wordStatus
	case "message":
		return wordMessage
	case "success":
		return wordSuccess
	}
	for w := wordStatus; w < wordCount; w++ {
		if wordNames[w] == name {
			return w
		}
	}
	return noWord
}

// isWord tells the names that an envelope or a paginator uses at the top.
func isWord(name string) bool { return wordOf(name) != noWord || isPageWord(name) }

// words are what an answer's envelope says, raw and word for word.
type words struct {
	top  level
	meta *level // what stood in meta, which counts where the top says nothing
	sent uint32 // a bit for each word at the top, whatever it says
	any  bool   // a word was sent at all
}

// A level holds the words that stand side by side, nil where one says nothing.
type level [wordCount][]byte

// add takes in a value; of several the first that says something counts.
func (l *level) add(name word, raw []byte) {
	if l[name] == nil && !loose.IsBlank(raw) {
		l[name] = raw
	}
}

// first gives the value of the first of names that says something, or nil.
func (l *level) first(names []word) []byte {
	for _, name := range names {
		if l[name] != nil {
			return l[name]
		}
	}
	return nil
}

// add takes in a word that stands at the top.
func (w *words) add(name word, raw []byte) {
	w.any = true
	w.sent |= 1 << name
	w.top.add(name, raw)
}

// addMeta takes in a word that stands in meta.
func (w *words) addMeta(name word, raw []byte) {
	w.any = true
	if w.meta == nil {
		w.meta = new(level)
	}
	w.meta.add(name, raw)
}

// get gives the value of the first of names that says something, or nil.
func (w *words) get(names ...word) []byte {
	raw := w.top.first(names)
	if raw == nil && w.meta != nil {
		raw = w.meta.first(names)
	}
	return raw
}

// all gives the values of those of names that say something.
func (w *words) all(names []word) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, name := range names {
			if raw := w.get(name); raw != nil && !yield(raw) {
				return
			}
		}
	}
}

// hasMessage reports whether a message stands at the top, whatever it says.
func (w *words) hasMessage() bool {
	return slices.ContainsFunc(messageWords[:], func(name word) bool { return w.sent&(1<<name) != 0 })
}

// drop forgets a word.
func (w *words) drop(name word) {
	w.sent &^= 1 << name
	w.top[name] = nil
	if w.meta != nil {
		w.meta[name] = nil
	}
}

// wordName is a member's name; the usual ones cost no allocation.
func wordName(quoted []byte) string {
	switch string(quoted) {
	case `"status"`:
		return "status"
	case `"message"`:
		return "message"
	case `"success"`:
		return "success"
	case `"code"`:
		return "code"
	case `"data"`:
		return "data"
	case `"id"`:
		return "id"
	}
	return loose.Name(quoted)
}

// member gives an object's member of that name, nil where there is none.
func member(object []byte, want string) (found []byte) {
	for name, value := range loose.Members(object) {
		if loose.NameIs(name, want) {
			found = value
		}
	}
	return found
}
