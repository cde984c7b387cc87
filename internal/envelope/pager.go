package envelope

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/envelope/words"
	"github.com/pmpsmart/pmpsmart-go/internal/loose"
)

// A pager gathers what a paginator says, at whatever level it says it: at the top of
// the answer, beside the list, and in the objects that paginators put there.
type pager struct {
	Page
	total     int64      // records of the whole list
	totalWord words.Word // that says so
	counted   int64      // records of the whole list or of this page
	perPage   int64
	limit     int64 // a page's size where the page has a number, and else any bound
	lastLink  int   // the last page's number by its link

	paged    bool // there are words of pages, whatever they say
	zero     bool // pages are numbered from 0
	byOffset bool // pages are asked for by where they begin
	token    bool // a parameter that the API does not have leads to the next page
	partial  bool // the HTTP status says that not all of it came
}

// maxPagerDepth is how many objects deep a paginator's words may stand beside a list.
const maxPagerDepth = 3

// add takes in one member of a paginator.
func (p *pager) add(name words.Word, value []byte) {
	if !name.InBeside() {
		p.addTo(name, value, maxPagerDepth)
	}
}

// addTo takes in a member that may hold objects, depth deep.
func (p *pager) addTo(name words.Word, value []byte, depth int) {
	switch role := name.Role(); {
	case role < words.CurrentPage:
	case loose.Kind(value) == '"' && p.addRange(name, value):
	case role == words.Total:
		p.addTotal(name, value)
	case role == words.Counted:
		setCount(&p.counted, value)
	case role < words.Pager:
		p.paged = true
		p.addPage(name, value, depth)
	case role == words.Links, role == words.Meta, role == words.Cursor:
		p.addBeside(name, value, depth)
	}
}

// addBeside takes in what stands in an object or array beside a list.
func (p *pager) addBeside(name words.Word, value []byte, depth int) {
	switch kind := loose.Kind(value); {
	case kind == '[' && name.Role() == words.Links:
		p.addLinks(value)
	case kind == '{' && depth > 0:
		for quoted, value := range loose.Members(value) {
			w := words.Of(quoted)
			if w.Role() == words.Next && name.Role() == words.Cursor {
				p.addCursor(value)
				continue
			}
			if w == words.None && loose.Kind(value) == '{' {
				p.addUnknown(value, depth-1)
			}
			p.addTo(w, value, depth-1)
		}
	}
}

// addPage takes in a word of pages.
func (p *pager) addPage(name words.Word, value []byte, depth int) {
	switch name.Role() {
	case words.CurrentPage:
		if loose.Kind(value) == '{' {
			p.addBeside(name, value, depth)
		}
		p.addNumber(value)
	case words.LastPage:
		setNumber(&p.Last, value)
		p.More = p.More || loose.Kind(value) == 'f'
	case words.PerPage:
		setCount(&p.perPage, value)
	case words.Limit:
		setCount(&p.limit, value)
	case words.Next:
		p.addNext(value)
	case words.NextCursor:
		p.addCursor(value)
	case words.NextToken:
		p.token = p.token || says(value)
	case words.Offset:
		p.byOffset = p.byOffset || !loose.IsBlank(value)
	case words.HasMore:
		more, ok := yesOrNo(value)
		p.More = p.More || ok && more
	case words.Remaining:
		n, ok := loose.Float(value)
		p.More = p.More || ok && n > 0
	case words.IsLast:
		last, ok := yesOrNo(value)
		isFlag := name.OfPaginator() || loose.Kind(value) != '0' // rather than how many are complete
		p.More = p.More || ok && !last && isFlag && !loose.IsBlank(value)
	case words.Last:
		p.addLast(value, depth < maxPagerDepth)
	case words.LastLink:
		p.addLastLink(value)
	}
}

// ranges are texts such as "items 0-14/40", "Showing 1 to 15 of 40 entries" and "1 of
// 3": where the page begins and ends, and how many there are.
var ranges = regexp.MustCompile(`(?i)^[^\d/]{0,40}?(\d[\d.,]*)(?:\s*(?:-|–|to|through|sampai|hingga|s/d|s\.d\.)\s*(\d[\d.,]*))?\s*(?:/|of|out of|dari)\s*(?:about |sekitar |total )?(\d[\d.,]*)(?:[^\d/][^\d]{0,60})?$`)

// addRange takes in a text of which records or which page these are, and of how many. It
// reports whether value is one.
func (p *pager) addRange(name words.Word, value []byte) bool {
	const longest = 150
	if len(value) > longest || value[1] == 'h' { // a link, as most are
		return false
	}
	role := name.Role()
	switch role {
	case words.CurrentPage, words.LastPage, words.Total, words.Counted, words.Range, words.Links, words.Meta:
	default:
		return false
	}
	parts := ranges.FindStringSubmatch(loose.Unquote(value))
	if parts == nil {
		return false
	}
	var numbers [3]int64
	for i, digits := range parts[1:] {
		n, err := strconv.ParseInt(strings.NewReplacer(".", "", ",", "").Replace(digits), 10, 64)
		if err != nil && digits != "" {
			return false
		}
		numbers[i] = n
	}
	from, to, of := numbers[0], numbers[1], numbers[2]
	switch isPage := (role == words.CurrentPage || role == words.LastPage) && to == 0; {
	case isPage && of < 1<<31 && from <= of:
		p.paged, p.Current, p.Last = true, int(from), int(of)
	case !isPage && max(from, to) <= of && p.totalWord == words.None:
		p.total, p.totalWord = of, name
	}
	return true
}

// yesOrNo reads a flag, which may be a word such as "Y" or "tidak".
func yesOrNo(value []byte) (yes, ok bool) {
	if yes, ok = loose.Bool(value); ok || loose.Kind(value) != '"' {
		return yes, ok
	}
	switch strings.ToLower(loose.Unquote(value)) {
	case "y", "ya", "iya", "ada":
		return true, true
	case "n", "t", "tidak", "tidak ada", "belum":
		return false, true
	}
	return false, false
}

// says reports whether a value says yes, or names something.
func says(value []byte) bool {
	if flag, ok := loose.Bool(value); ok {
		return flag
	}
	return loose.Kind(value) == '"'
}

// addNumber takes the page's own number. One that is sent as 0 says that pages are
// numbered from there.
func (p *pager) addNumber(value []byte) {
	setNumber(&p.Current, value)
	if n, ok := loose.Int(value); ok && n == 0 && loose.Kind(value) != 'f' && !loose.IsBlank(value) {
		p.zero = true
	}
}

// addTotal takes how many records the whole list has. Of several words the one that
// the table has first counts. A text with a fraction is an amount, and an object, as
// Elasticsearch has it, holds the number.
func (p *pager) addTotal(name words.Word, value []byte) {
	if loose.Kind(value) == '{' {
		value = member(value, "value")
	}
	if p.totalWord != words.None && name > p.totalWord || loose.Kind(value) == '"' && bytes.IndexByte(value, '.') >= 0 {
		return
	}
	if setCount(&p.total, value) {
		p.totalWord = name
	}
}

// addNext takes the next page's number, its link, or whether there is one.
func (p *pager) addNext(value []byte) {
	if loose.Kind(value) == 't' {
		p.More = true
		return
	}
	if n, ok := loose.Int(value); ok && n > 0 {
		setNumber(&p.Next, value)
		p.More = true
		return
	}
	p.addLink(value)
	p.token = p.token || loose.Kind(value) == '{' && !allEmpty(value) && linkText(value) == "" // named in some other way
}

// addCursor takes the next page's cursor.
func (p *pager) addCursor(value []byte) {
	if text, ok := loose.String(value); ok && text != "" {
		p.Cursor, p.More = text, true
	}
}

// addLast takes whether the page is the last, or the last page's link or, beside the
// list, its number.
func (p *pager) addLast(value []byte, beside bool) {
	switch loose.Kind(value) {
	case 'f':
		p.More = true
	case '0':
		if beside {
			setNumber(&p.Last, value)
		}
	default:
		p.addLastLink(value)
	}
}

func setNumber(at *int, value []byte) {
	if n, ok := loose.Int(value); ok && n > 0 && n < 1<<31 {
		*at = int(n)
	}
}

// setCount sets how many there are of something, and reports whether value says so.
func setCount(at *int64, value []byte) bool {
	n, ok := loose.Int(value)
	if !ok || n < 0 || loose.IsBlank(value) {
		return false
	}
	*at = n
	return true
}

// page returns the Page. The last one's number is worked out where a total and a size
// say it, and what can't be followed by page or cursor is only said to exist.
func (p *pager) page() Page {
	page, size := p.Page, p.perPage
	if size == 0 && page.Current > 0 {
		size = p.limit
	}
	if page.Last == 0 && p.total > 0 && size > 0 && !(p.byOffset && page.Current == 0) {
		if last := (p.total-1)/size + 1; last < 1<<31 {
			page.Last = int(last)
		}
	}
	if page.Last == 0 {
		page.Last = p.lastLink
	}
	if p.partial && p.totalWord == words.None && page == (Page{}) {
		page.Rest = true
	}
	switch numbered := page.Current > 0 || page.Last > 0 || page.Next > 0; {
	case page.Cursor != "":
	case p.zero:
		page = Page{Rest: page.More || page.Last > 1 || p.token, Link: page.Link}
	case p.token && numbered:
		page.More = true
	case p.token, p.byOffset && !numbered && page.Link == "":
		page = Page{Rest: page.More || p.token, Link: page.Link}
	}
	return page
}

// addLast works out the last page's number where the first page says that it is the
// first, and how many records there are in all.
func (p *Page) addLast(count int, total int64) {
	if p.Current != 1 || p.Last > 0 || p.Next > 0 || p.Cursor != "" || p.Rest || p.Link != "" || count == 0 || total <= int64(count) {
		return
	}
	if last := (total-1)/int64(count) + 1; last < 1<<31 {
		p.Last, p.Guessed = int(last), true
	}
}

// mayGoOn reports whether the page says that another follows.
func (p *Page) mayGoOn() bool {
	return p.More || p.Last > max(p.Current, 1) || p.Next > 0 || p.Cursor != ""
}

// addMember takes in one member of an answer. An object under a name that nobody knows may
// be a paginator by what it holds: {"result_info": {"per_page": 15, "total_count": 57}}.
func (p *pager) addMember(name words.Word, value []byte) {
	if name.Role() >= words.CurrentPage || loose.Kind(value) != '{' || name.OfEnvelope() {
		p.add(name, value)
		return
	}
	p.addUnknown(value, maxPagerDepth)
}

// addUnknown takes in an object that is a paginator, or that holds one, unless it is that
// of a list of its own.
func (p *pager) addUnknown(object []byte, depth int) {
	if holdsObjects(object) {
		return
	}
	isPager := hasPaginator(object)
	for quoted, value := range loose.Members(object) {
		w := words.Of(quoted)
		if isPager || loose.Kind(value) == '{' && w.BesideList() {
			p.addTo(w, value, depth-1)
		}
	}
}

// holdsObjects reports whether an object holds an array of objects that are no links.
func holdsObjects(object []byte) bool {
	for quoted, value := range loose.Members(object) {
		if loose.Kind(value) == '[' && firstObject(value) != nil && !words.Of(quoted).BesideList() {
			return true
		}
	}
	return false
}

// hasPaginator reports whether an object has a word that only a paginator has.
func hasPaginator(object []byte) bool {
	for name := range loose.Members(object) {
		if words.Of(name).OfPaginator() {
			return true
		}
	}
	return false
}
