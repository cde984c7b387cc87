// Package words is the table of the names that an envelope and a paginator use,
// with what each of them means.
package words

import "github.com/pmpsmart/pmpsmart-go/internal/loose"

// A Word is a row of the table, or None.
type Word uint8

// None is the Word of a name that is not in the table.
const None Word = 0

// A Role is what a word means.
type Role uint8

// The roles of words.
const (
	NoRole Role = iota

	// What an envelope says of the call.
	Status    // whether the call went well: a word, a number or a flag
	Success   // the same as a flag
	Error     // whether it failed: a flag, a number, a text or an object
	Failed    // the same as a flag and nothing else
	ErrorCode // the number of an error, 0 where there is none
	Errors    // a validator's errors by field
	Code      // a number like an HTTP status
	Exception // the class of a PHP exception
	Trace     // where it was thrown
	Message   // a text for people
	Detail    // a text for people that only a failure has

	// What an envelope carries.
	Data

	// What a paginator says.
	CurrentPage
	LastPage
	Total      // records of the whole list
	Counted    // the same, or the records of the page
	PerPage    // records of a full page
	Limit      // the same, or any other bound
	Next       // the next page: its number, its link, or whether there is one
	NextCursor // the next page, for the parameter cursor
	NextToken  // the next page, for a parameter that the API does not have
	Offset     // where the page begins: pages are not asked for by number
	HasMore    // whether there is a next page
	IsLast     // whether there is none
	Last       // the same, or the last page: its number or its link
	LastLink   // the last page's link
	Pager      // nothing that is needed

	// Objects and arrays that stand beside records.
	Links
	Cursor // has the cursors of pages
	Meta   // in which an answer speaks of itself
)

// A use says who else has a name.
type use uint8

const (
	ofEnvelope  use = iota + 1 // an envelope
	ofRecords                  // an envelope, and records
	ifScalar                   // the same for a scalar; an array or object is data under that name
	ofPaginator                // a paginator, and nothing else
	aroundLists                // a paginator, and others
	besideLists                // an object or array beside a list's records
	inBeside                   // a member of one of those objects; at another place it says nothing
	elsewhere                  // the same, or around a list; at another place anything
)

type row struct {
	name string // as it is usually written
	role Role
	use  use
}

// The words of nearly every answer, which Of looks for first.
const (
	status Word = iota + 1
	message
	data
	success
)

// table has the words of one role in the order in which they are believed.
var table = [...]row{
	status:  {"status", Status, ofRecords},
	message: {"message", Message, ofEnvelope},
	data:    {"data", Data, elsewhere},
	success: {"success", Success, ofEnvelope},

	{"is_success", Success, ofEnvelope},
	{"successful", Success, ofEnvelope},
	{"succeeded", Success, ofEnvelope},
	{"ok", Success, ifScalar},
	{"is_ok", Success, ifScalar},
	{"sukses", Success, ifScalar},
	{"berhasil", Success, ifScalar},
	{"result", Success, ifScalar},
	{"response", Success, ifScalar},

	{"code", Code, ofRecords},
	{"status_code", Code, ofEnvelope},
	{"http_code", Code, ofEnvelope},
	{"response_code", Code, ofEnvelope},
	{"rc", Code, ifScalar},
	{"kode", Code, ifScalar},

	{"msg", Message, ofEnvelope},
	{"status_message", Message, ofEnvelope},
	{"response_message", Message, ofEnvelope},
	{"pesan", Message, ofEnvelope},
	{"messages", Message, ofEnvelope},
	{"error_description", Detail, ofEnvelope},
	{"error_message", Detail, ofEnvelope},
	{"error_msg", Detail, ofEnvelope},
	{"errmsg", Detail, ofEnvelope},

	{"error", Error, ofEnvelope},
	{"is_error", Error, ofEnvelope},
	{"has_error", Error, ofEnvelope},
	{"has_errors", Error, ofEnvelope},
	{"failed", Failed, ifScalar},
	{"is_failed", Failed, ifScalar},
	{"gagal", Failed, ifScalar},
	{"errno", ErrorCode, ofEnvelope},
	{"errcode", ErrorCode, ofEnvelope},
	{"error_no", ErrorCode, ofEnvelope},
	{"error_code", ErrorCode, ofEnvelope},
	{"errors", Errors, ofEnvelope},
	{"validation_errors", Errors, ofEnvelope},
	{"field_errors", Errors, ofEnvelope},
	{"invalid_params", Errors, ofEnvelope},
	{"violations", Errors, ofEnvelope},
	{"exception", Exception, ofRecords},
	{"file", Trace, elsewhere},
	{"line", Trace, elsewhere},
	{"trace", Trace, elsewhere},

	{"current_page", CurrentPage, ofPaginator},
	{"page_number", CurrentPage, ofPaginator},
	{"page_no", CurrentPage, ofPaginator},
	{"page_index", CurrentPage, ofPaginator},
	{"halaman_sekarang", CurrentPage, ofPaginator},
	{"halaman_saat_ini", CurrentPage, ofPaginator},
	{"halaman_aktif", CurrentPage, ofPaginator},
	{"halaman_ke", CurrentPage, ofPaginator},
	{"page", CurrentPage, aroundLists},
	{"halaman", CurrentPage, aroundLists},
	{"hal", CurrentPage, aroundLists},
	{"current", CurrentPage, inBeside},
	{"number", CurrentPage, inBeside},

	{"last_page", LastPage, ofPaginator},
	{"total_pages", LastPage, ofPaginator},
	{"total_page", LastPage, ofPaginator},
	{"page_count", LastPage, ofPaginator},
	{"page_total", LastPage, ofPaginator},
	{"max_page", LastPage, ofPaginator},
	{"number_of_pages", LastPage, ofPaginator},
	{"last_page_number", LastPage, ofPaginator},
	{"max_pages", LastPage, ofPaginator},
	{"num_pages", LastPage, ofPaginator},
	{"nb_pages", LastPage, ofPaginator},
	{"total_halaman", LastPage, ofPaginator},
	{"jumlah_halaman", LastPage, ofPaginator},
	{"total_hal", LastPage, ofPaginator},
	{"jumlah_hal", LastPage, ofPaginator},
	{"jml_hal", LastPage, ofPaginator},
	{"jml_halaman", LastPage, ofPaginator},
	{"halaman_terakhir", LastPage, ofPaginator},
	{"pages", LastPage, aroundLists},

	{"records_filtered", Total, ofPaginator}, // of those that the filter leaves
	{"i_total_display_records", Total, ofPaginator},
	{"total_filtered", Total, aroundLists},
	{"filtered_total", Total, aroundLists},
	{"filtered_count", Total, aroundLists},
	{"records_total", Total, ofPaginator},
	{"i_total_records", Total, ofPaginator},
	{"total_count", Total, aroundLists},
	{"total_items", Total, aroundLists},
	{"total_data", Total, aroundLists},
	{"total_records", Total, aroundLists},
	{"total_record", Total, aroundLists},
	{"total_rows", Total, aroundLists},
	{"total_row", Total, aroundLists},
	{"total_results", Total, aroundLists},
	{"total_elements", Total, aroundLists},
	{"total_entries", Total, aroundLists},
	{"total_hits", Total, aroundLists},
	{"total_docs", Total, aroundLists},
	{"nb_hits", Total, aroundLists},
	{"count_all", Total, aroundLists},
	{"all_count", Total, aroundLists},
	{"banyak_data", Total, aroundLists},
	{"@odata.count", Total, ofPaginator},
	{"odata.count", Total, ofPaginator},
	{"hydra:total_items", Total, ofPaginator},
	{"total_size", Total, aroundLists},
	{"num_found", Total, aroundLists},
	{"jumlah_data", Total, aroundLists},
	{"jumlah_record", Total, aroundLists},
	{"jumlah_baris", Total, aroundLists},
	{"jml_data", Total, aroundLists},
	{"jml_record", Total, aroundLists},
	{"records", Total, elsewhere}, // jqGrid, whose total is that of pages
	{"total", Total, aroundLists},
	{"count", Counted, aroundLists},
	{"record_count", Counted, aroundLists},
	{"row_count", Counted, aroundLists},
	{"item_count", Counted, aroundLists},
	{"items_count", Counted, aroundLists},
	{"num_rows", Counted, aroundLists},
	{"num_results", Counted, aroundLists},
	{"results", Counted, elsewhere},
	{"jumlah", Counted, inBeside},

	{"per_page", PerPage, ofPaginator},
	{"page_size", PerPage, ofPaginator},
	{"items_per_page", PerPage, ofPaginator},
	{"records_per_page", PerPage, ofPaginator},
	{"rows_per_page", PerPage, ofPaginator},
	{"per_halaman", PerPage, ofPaginator},
	{"data_per_halaman", PerPage, ofPaginator},
	{"jumlah_per_halaman", PerPage, ofPaginator},
	{"size", PerPage, inBeside},
	{"limit", Limit, aroundLists},

	{"next_page_url", Next, ofPaginator},
	{"next_page", Next, ofPaginator},
	{"next_url", Next, ofPaginator},
	{"next_link", Next, ofPaginator},
	{"next_page_link", Next, ofPaginator},
	{"next_page_number", Next, ofPaginator},
	{"@odata.next_link", Next, ofPaginator},
	{"odata.next_link", Next, ofPaginator},
	{"hydra:next", Next, ofPaginator},
	{"halaman_selanjutnya", Next, ofPaginator},
	{"halaman_berikutnya", Next, ofPaginator},
	{"next", Next, elsewhere},
	{"selanjutnya", Next, inBeside},
	{"berikutnya", Next, inBeside},
	{"next_cursor", NextCursor, ofPaginator},
	{"next_page_token", NextToken, ofPaginator},
	{"next_token", NextToken, ofPaginator},
	{"continuation_token", NextToken, ofPaginator},
	{"next_marker", NextToken, ofPaginator},
	{"next_key", NextToken, ofPaginator},
	{"next_id", NextToken, ofPaginator},
	{"next_offset", NextToken, ofPaginator},
	{"next_start", NextToken, ofPaginator},
	{"offset", Offset, aroundLists},
	{"skip", Offset, inBeside},
	{"start", Offset, inBeside},
	{"end_cursor", Offset, ofPaginator},
	{"scroll_id", Offset, ofPaginator},

	{"has_more", HasMore, ofPaginator},
	{"has_more_pages", HasMore, ofPaginator},
	{"has_more_data", HasMore, ofPaginator},
	{"has_more_items", HasMore, ofPaginator},
	{"has_more_records", HasMore, ofPaginator},
	{"has_next", HasMore, ofPaginator},
	{"has_next_page", HasMore, ofPaginator},
	{"has_next_pages", HasMore, ofPaginator},
	{"is_more", HasMore, ofPaginator},
	{"is_truncated", HasMore, ofPaginator},
	{"truncated", HasMore, aroundLists},
	{"incomplete_results", HasMore, ofPaginator},
	{"more_pages", HasMore, ofPaginator},
	{"load_more", HasMore, ofPaginator},
	{"more", HasMore, elsewhere},
	{"is_last", IsLast, ofPaginator},
	{"is_last_page", IsLast, ofPaginator},
	{"is_end", IsLast, ofPaginator},
	{"no_more", IsLast, ofPaginator},
	{"eof", IsLast, aroundLists},
	{"last", Last, elsewhere},

	{"last_page_url", LastLink, ofPaginator},
	{"hydra:last", LastLink, ofPaginator},
	{"first_page_url", Pager, ofPaginator},
	{"prev_page_url", Pager, ofPaginator},
	{"prev_page", Pager, ofPaginator},
	{"previous_page", Pager, ofPaginator},
	{"prev_cursor", Pager, ofPaginator},
	{"has_prev_page", Pager, ofPaginator},
	{"has_previous_page", Pager, ofPaginator},
	{"halaman_sebelumnya", Pager, ofPaginator},
	{"from", Pager, aroundLists},
	{"to", Pager, aroundLists},
	{"path", Pager, aroundLists},

	{"links", Links, besideLists},
	{"pagination", Links, besideLists},
	{"pagination_info", Links, besideLists},
	{"paging", Links, besideLists},
	{"paginator", Links, besideLists},
	{"paginate", Links, besideLists},
	{"pager", Links, besideLists},
	{"pageable", Links, besideLists},
	{"page_info", Links, besideLists},
	{"page_meta", Links, besideLists},
	{"paginasi", Links, besideLists},
	{"hydra:view", Links, besideLists},
	{"meta", Meta, besideLists},
	{"metadata", Meta, besideLists},
	{"info", Links, elsewhere},
	{"cursor", Cursor, elsewhere},
}

// Count is one more than the highest Word.
const Count = len(table)

var byName = func() *loose.NameIndex {
	names := make([]string, len(table))
	for w := range table {
		names[w] = table[w].name
	}
	return loose.NewNameIndex(names...)
}()

// byRole has the words of each role in their order.
var byRole = func() (words [Meta + 1][]Word) {
	for w := range table {
		role := table[w].role
		words[role] = append(words[role], Word(w))
	}
	return words
}()

// Of returns the word of a member's name, still in quotes, whatever its case and
// separators are.
func Of(quoted []byte) Word {
	switch string(quoted) {
	case `"status"`:
		return status
	case `"message"`:
		return message
	case `"data"`:
		return data
	case `"success"`:
		return success
	case `"id"`:
		return None
	}
	return Word(max(byName.Find(quoted), 0))
}

// With returns the words of a role, those that are believed first before others.
func With(r Role) []Word { return byRole[r] }

// Name returns the name as it is usually written.
func (w Word) Name() string { return table[w].name }

// Role returns what the word means.
func (w Word) Role() Role { return table[w].role }

// For returns the word for a value of that kind: None for an array or object under a
// name that is an envelope's only with a scalar.
func (w Word) For(kind byte) Word {
	if table[w].use == ifScalar && (kind == '{' || kind == '[') {
		return None
	}
	return w
}

// OfEnvelope reports whether an envelope uses the word to speak of the call.
func (w Word) OfEnvelope() bool {
	switch table[w].use {
	case ofEnvelope, ofRecords, ifScalar:
		return true
	}
	return false
}

// MayBeField reports whether the word is an envelope's that records have as well.
func (w Word) MayBeField() bool { return table[w].use == ofRecords || table[w].use == ifScalar }

// OfPaginator reports whether a paginator has the word, and nothing else has.
func (w Word) OfPaginator() bool { return table[w].use == ofPaginator }

// BesideList reports whether the word names an object or array that a paginator
// puts beside its records.
func (w Word) BesideList() bool { return table[w].use == besideLists }

// InBeside reports whether the word means something only as a member of what stands
// beside a list's records.
func (w Word) InBeside() bool { return table[w].use == inBeside }

// MayHoldPage reports whether an object or array of that name may hold a paginator's
// words.
func (w Word) MayHoldPage() bool {
	switch table[w].role {
	case Links, Meta, Cursor, CurrentPage:
		return true
	}
	return false
}

// InPage reports whether the word is one that stands around or beside a list.
func (w Word) InPage() bool {
	switch table[w].use {
	case ofPaginator, aroundLists, besideLists:
		return true
	}
	return false
}

// Known reports whether the word is an envelope's or stands around a list, and never
// is data. A flag such as "result" may be data as well.
func (w Word) Known() bool { return w.OfEnvelope() && table[w].use != ifScalar || w.InPage() }
