package envelope

import (
	"net/http"
	"time"
)

// Options say how an answer is read.
type Options struct {
	ContentType string         // as the server named it
	HTTPStatus  int            // of the answer, 0 for that of any success
	Header      http.Header    // of the answer, which may say what a paginator does
	Location    *time.Location // of times that name no zone
	Strict      bool           // drift is an error
	Mask        Mask           // nil where no secret is to be hidden
	MaxBytes    int64          // bound of the answer, or of each record
	PerRecord   bool           // MaxBytes bounds each record; 64 KiB more may stand between two
	Page        int            // the number of the page that was asked for, 0 for none
	Previous    []byte         // the first record of the page before, nil for none
	New         bool           // the record is one that the call creates
	Brief       bool           // nobody reads the Message and the Fields of a success that holds records

	refused bool // the HTTP status says that the call failed
}

// An Answer is what the envelope said, as far as it was read.
type Answer struct {
	Status  string              // the status as the server wrote it
	Message string              // a readable line, "" where there is none
	Fields  map[string][]string // a validator's errors by field
	Failed  bool                // the server says that the call failed
	Success bool                // the server says in known words that it succeeded
	Unclear bool                // the server gives a status that nobody knows, and no other word
	Code    int                 // the 4xx or 5xx number in the envelope, 0 where there is none
	Page    Page                // the place in a list
	Payload Payload             // what stands in the place of data
	Refused bool                // a new record came without an id, and with a status that may say that there is none
	NoID    bool                // a new record came without an id, as what was sent may be repeated
	Errors  bool                // beside data stand errors, and no word says that the call succeeded
	Record  bool                // a record came, with a field of the model that says something; any data where there is no model
	Path    string              // of the record or the list
	Single  bool                // the record of a list came as an object by itself
	Count   int                 // elements of a list, null among them; 1 for a record
	Total   int64               // records of the whole list, 0 where that was not said
	First   []byte              // the first record of a page that others may follow; a record without a field of the model
	Repeats bool                // it is not the page that was asked for, and its records were passed over as far as that was seen in time
	Drifts  []Drift             // what was met that nobody expects
	Head    []byte              // how the body starts
	Broken  error               // what ended the body before its end, nil where nothing did
}

// A Payload is what stands in the place of an answer's data.
type Payload uint8

// The payloads.
const (
	NoPayload Payload = iota // nothing
	Blank                    // null or ""
	No                       // false, or flags or an error that say that nothing was written
	Zero                     // 0, or counts that say so
	Yes                      // true, or a number above 0, such as a count of rows
	Other                    // any other scalar
	Content                  // an array or object
)

// A Page is what an answer says of its place in a list. Zero fields were not
// sent.
type Page struct {
	Current int    // the page's own number
	Last    int    // the last page's
	Next    int    // the next page's, from a link or a member of its own
	Cursor  string // the next page's, where pages have no numbers
	More    bool   // there is a next page, whether or not it says which
	Link    string // the next page's link, whole, where it has neither page nor cursor
	Guessed bool   // Last was worked out from how many records came
	Rest    bool   // more records follow, and neither page nor cursor leads to them
}

// A Drift is a place at which answers differ from what is expected.
type Drift struct {
	Path, Want string
	Got        []byte // the first value met, as JSON
	Count      int
}
