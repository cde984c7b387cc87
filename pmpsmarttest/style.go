package pmpsmarttest

import "github.com/pmpsmart/pmpsmart-go/internal/sandbox/shape"

// A Style is a way of answering. Nobody outside knows how the vendor's server
// answers; a program that passes its tests in many styles need not know.
//
// There are two sorts. The constants below are whole applications, each written
// by somebody with habits of their own. The others change one aspect of the
// answers and are named "aspect=way"; the first way is that of [Plain]:
//
//	status     of a success: "success", any JSON or word, none; success:true names another member
//	failure    none, or how errors come with HTTP 200: any JSON or word, number (404), digits ("404"),
//	           mixed (401 and 403, false else); success:false names another member;
//	           nested (in the data of a success)
//	message    text, list, null, none, fields (the validator's errors are the message)
//	errors     laravel, laravel9, strings (one text a field), list (objects that name
//	           their field), envelope, old ("error"), text, html, debug
//	list       array, paginated, simple, cursor, resources, resources-simple, resources-cursor, toplevel,
//	           beside (an object "pagination" beside data), keyed, reversed (keyed, in descending order),
//	           wrapped (data.orders), named (orders in place of data), only-data, bare,
//	           single (one record as an object), nulls (null among the records), scalars (no records at all),
//	           meta-page (meta.page.currentPage, …), halaman (with total_halaman and total_data beside data),
//	           more (pagination.more beside results), links (by rel), header (Link and X-Total-Count),
//	           offset (the first page, its total and an offset beside it), datatables (recordsTotal),
//	           by-day (groups by the day of created_at), chunks (arrays in an array), among (data.orders after
//	           other arrays)
//	elements   what stands in a list: records, named ({"order":{…}}), attributes (as in JSON:API),
//	           properties (as in GeoJSON)
//	empty      what an empty list is: [], any other JSON, 204 (no content), none
//	one        object, resource (status follows data), toplevel (no status), named (data.order), zero (data.0),
//	           bare, array
//	write      record, or what an insert or update has as data: any JSON, none
//	missing    404, or what GetOrder has as data if there is no order: any JSON, 204 (no content), none
//	login      where the token is: api_token, access_token, token ("Bearer …"), nested, resource, toplevel,
//	           beside, bare, text (data is the token), null, none
//	logout     null, array, true, message (no data), 204, nothing (an empty body)
//	fields     all, null, empty (""), odd (values that can't be their field's), twice (a name given twice)
//	names      of fields: snake, camel, kebab, upper
//	numbers    number, text ("7"), float (7.0)
//	times      micro, rfc3339, offset, sql, doc (as on the vendor's page), day, unix, unix-text, carbon,
//	           parts (a date and a time apart), mixed, zero ("0000-00-00 00:00:00"), minus (year -1)
//	dates      day, instant (midnight in WIB, as UTC), sql, zero
//	json_data  text, json, broken (a text that is no JSON)
//	bytes      ascii, utf8, latin1
//	noise      none, bom, html and text (a warning of PHP), blank: what stands before the JSON;
//	           bom-after, script: what stands behind it
//	type       the Content-Type: json, html, text, none
//	body       json, html, empty, cut, two, nan, deep: what comes in place of JSON
//
// The aspects fields and body apply to Login only by [WithStyleFor].
// Styles add up: each changes what it is about and leaves the rest as it was.
type Style string

// The styles of whole applications. Times that name no zone are WIB.
const (
	// Plain answers {"status":"success","message":…,"data":…}: the default.
	Plain Style = "plain"
	// Strings has every number of a record as a string, as PHP's database
	// layer used to return them.
	Strings Style = "strings"
	// Paginated has a LengthAwarePaginator as the data of a list.
	Paginated Style = "paginated"
	// Simple has a Paginator as the data of a list, which knows no last page.
	Simple Style = "simple"
	// Cursor has a CursorPaginator as the data of a list.
	Cursor Style = "cursor"
	// Resources has API resources: status and message follow data, links and
	// meta, and an insert is a 201.
	Resources Style = "resources"
	// TopLevel has a paginator as a list's whole body, and {"data":…} else.
	TopLevel Style = "toplevel"
	// Keyed has an object keyed by id as a list, and one record under its name.
	Keyed Style = "keyed"
	// Bare has no envelope.
	Bare Style = "bare"
	// Loose has a status that is true or false, errors with HTTP 200, and null
	// for an empty list.
	Loose Style = "loose"
	// Rows has as data what the database layer returns: true for a write, a
	// list of one for one record.
	Rows Style = "rows"
	// Carbon has times in every form but Laravel's own.
	Carbon Style = "carbon"
	// Debug has errors that carry a trace, as APP_DEBUG makes them.
	Debug Style = "debug"
	// JSONAPI has lists of JSON:API's resources, the page under meta.page.
	JSONAPI Style = "jsonapi"
	// Indonesian has the status "berhasil" and a paginator with halaman,
	// total_halaman and total_data.
	Indonesian Style = "indonesian"
	// Grouped has a list as groups by day.
	Grouped Style = "grouped"
)

// Styles returns all styles that have a name: the whole applications, then each
// way of each aspect but the first, which is Plain's.
func Styles() []Style {
	var all []Style
	for _, name := range shape.Styles() {
		all = append(all, Style(name))
	}
	return all
}

// names returns styles as their names.
func names(styles []Style) []string {
	var all []string
	for _, style := range styles {
		all = append(all, string(style))
	}
	return all
}
