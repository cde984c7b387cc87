package pmpsmarttest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A Style is a way of answering. Nobody outside knows how the vendor's server
// answers; a program that passes its tests in many styles need not know.
//
// There are two sorts. The constants below are whole applications, each written
// by somebody with habits of their own. The others change one aspect of the
// answers and are named "aspect=way"; the first way is that of [Plain]:
//
//	status     of a success: "success", any JSON or word, none; success:true names another member
//	failure    none, or how errors come with HTTP 200: any JSON or word, number (404), digits ("404"),
//	           mixed (401 and 403, false else); success:false names another member
//	message    text, list, null, none, fields (the validator's errors are the message)
//	errors     laravel, laravel9, strings (one text a field), envelope, old ("error"), text, html, debug
//	list       array, paginated, simple, cursor, resources, resources-simple, resources-cursor, toplevel,
//	           beside (an object "pagination" beside data), keyed, reversed (keyed, in descending order),
//	           wrapped (data.orders), named (orders in place of data), only-data, bare,
//	           single (one record as an object), nulls (null among the records), scalars (no records at all)
//	empty      what an empty list is: [], any other JSON, none
//	one        object, resource (status follows data), toplevel (no status), named (data.order), zero (data.0),
//	           bare, array
//	write      record, or what an insert or update has as data: any JSON, none
//	missing    404, or what GetOrder has as data where there is no order: any JSON, none
//	login      where the token is: api_token, access_token, token ("Bearer …"), nested, resource, toplevel,
//	           beside, bare, text (data is the token), null, none
//	logout     null, array, true, message (no data), 204, nothing (an empty body)
//	fields     all, null, empty (""), odd (values that can't be their field's), twice (a name given twice)
//	numbers    number, text ("7"), float (7.0)
//	times      micro, rfc3339, offset, sql, doc (as on the vendor's page), day, unix, unix-text, carbon,
//	           mixed, zero ("0000-00-00 00:00:00"), minus (year -1)
//	dates      day, instant (midnight in WIB, told in UTC), sql, zero
//	json_data  text, json, broken (a text that is no JSON)
//	bytes      ascii, utf8, latin1
//	noise      none, bom, html and text (a warning of PHP), blank: what stands before the JSON
//	type       the Content-Type: json, html, text, none
//	body       json, html, empty, cut, two, nan, deep: what comes in place of JSON
//
// The aspects fields and body are a login's only where [WithStyleFor] says so.
// Styles add up: each changes what it is about and leaves the rest as it was.
type Style string

// The styles of whole applications. Times are WIB where they name no zone.
const (
	// Plain answers {"status":"success","message":…,"data":…}: the default.
	Plain Style = "plain"
	// Strings has every number of a record as a string, as PHP's database
	// layer gave them for long.
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
)

// applications are the aspects that the whole applications change.
var applications = []struct {
	name    Style
	aspects []Style
}{
	{Plain, nil},
	{Strings, []Style{"numbers=text", "login=access_token"}},
	{Paginated, []Style{"list=paginated"}},
	{Simple, []Style{"list=simple"}},
	{Cursor, []Style{"list=cursor"}},
	{Resources, []Style{"list=resources", "one=resource", "login=resource"}},
	{TopLevel, []Style{"list=toplevel", "one=toplevel", "login=toplevel", "logout=message"}},
	{Keyed, []Style{"list=keyed", "one=named", "login=token", "logout=array"}},
	{Bare, []Style{"list=bare", "one=bare", "login=bare", "logout=204"}},
	{Loose, []Style{"status=true", "failure=mixed", "message=fields", "empty=null", "login=beside"}},
	{Rows, []Style{"one=array", "write=true", "login=text", "logout=true"}},
	{Carbon, []Style{"times=mixed", "dates=instant"}},
	{Debug, []Style{"errors=debug"}},
}

// Styles gives all styles that have a name: the whole applications, then each
// way of each aspect but the first, which is Plain's.
func Styles() []Style {
	var all []Style
	for _, application := range applications {
		all = append(all, application.name)
	}
	for _, a := range aspects {
		for _, way := range a.ways[1:] {
			all = append(all, Style(a.name+"="+way))
		}
	}
	return all
}

// with gives the form as styles change it.
func (f form) with(styles ...Style) (form, error) {
	for _, s := range styles {
		if err := f.apply(s); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (f *form) apply(s Style) error {
	if s == Plain {
		*f = defaultForm()
		return nil
	}
	for _, application := range applications {
		if application.name == s {
			changed, err := f.with(application.aspects...)
			*f = changed
			return err
		}
	}
	name, way, found := strings.Cut(string(s), "=")
	for _, a := range aspects {
		if found && a.name == name {
			return a.set(f, way)
		}
	}
	return fmt.Errorf("unknown style %q, known are %s", s, knownStyles())
}

func (a aspect) set(f *form, way string) error {
	switch {
	case slices.Contains(a.ways, way) || a.open && isJSON(way):
	case a.open && isWord(way):
		way = `"` + way + `"`
	default:
		return fmt.Errorf("unknown style %q, known are %s", a.name+"="+way, strings.Join(a.ways, ", "))
	}
	*a.at(f) = way
	return nil
}

// isJSON reports whether a way is JSON, or a member's name and JSON.
func isJSON(way string) bool {
	if name, value, ok := strings.Cut(way, ":"); ok && isWord(name) {
		way = value
	}
	return json.Valid([]byte(way))
}

func isWord(way string) bool {
	return way != "" && strings.IndexFunc(way, func(r rune) bool {
		return r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}) < 0
}

// knownStyles tells a person which styles there are, on one line.
func knownStyles() string {
	var names []string
	for _, application := range applications {
		names = append(names, string(application.name))
	}
	for _, a := range aspects {
		names = append(names, a.name+"=…")
	}
	return strings.Join(names, ", ")
}
