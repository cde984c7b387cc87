package command

import (
	"regexp"
	"slices"
	"strings"
)

// Words are what a command calls what the library's errors name: the library speaks to
// who writes programs, a command to who runs it. The zero Words are those of the
// environment and of the flags that commands share.
type Words struct {
	BaseURL string // where the server's address is set; default PMPSMART_BASE_URL
	Account string // what to do where there is no account; default "set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN"
	Bare    bool   // leave out what the call was about, for who says it before
	// Translate puts one of the Phrases into another language; by default they are English.
	Translate func(phrase string) string
}

// Explain returns the text of an error in the words of the commands: no method, option
// or type of the library is in it.
func (w Words) Explain(err error) string {
	if err == nil {
		return ""
	}
	return w.ExplainText(err.Error())
}

// Explain returns the text of an error in the words of the zero [Words].
func Explain(err error) string { return Words{}.Explain(err) }

// ExplainText is Explain of an error's text.
func (w Words) ExplainText(text string) string {
	if w.BaseURL == "" {
		w.BaseURL = "PMPSMART_BASE_URL"
	}
	if w.Account == "" {
		w.Account = "set PMPSMART_EMAIL and PMPSMART_PASSWORD, or PMPSMART_TOKEN"
	}
	if w.Translate == nil {
		w.Translate = func(phrase string) string { return phrase }
	}
	text = methods.ReplaceAllStringFunc(text, func(prefix string) string {
		name := strings.TrimSuffix(strings.TrimPrefix(prefix, "pmpsmart: "), ": ")
		if subject := subjects[name]; subject != "" && !w.Bare {
			return w.Translate(subject) + ": "
		}
		return ""
	})
	if w.Bare {
		text = strings.TrimPrefix(text, w.Translate(subjects["Login"])+": ")
	}
	for _, p := range patterns {
		text = p.library.ReplaceAllString(text, w.Translate(p.command))
	}
	return strings.NewReplacer("{account}", w.Account, "{base URL}", w.BaseURL).Replace(text)
}

// Phrases returns all that Explain puts in the place of the library's words. In it $1 and
// $2 are parts of the error, and {account} and {base URL} what Words call them.
func Phrases() []string {
	var all []string
	for _, subject := range subjects {
		all = append(all, subject)
	}
	for _, p := range patterns {
		all = append(all, p.command)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// methods matches what an error of a call begins with.
var methods = regexp.MustCompile(`\bpmpsmart: (?:[A-Z]\w*: )?`)

// subjects say what a method is about.
var subjects = map[string]string{
	"Login": "login", "Logout": "logout",
	"InsertJSONOrder": "sending the order", "UpdateJSONOrder": "changing the order", "EnsureJSONOrder": "sending the order", "FilterJSONOrders": "JSON orders",
	"ListOutlets": "outlets", "UpdateOutletCode": "changing the outlet's code",
	"ListOrders": "orders", "GetOrder": "order", "UpdateOrderStatus": "changing the order's status",
	"ListSalesUsers": "salespeople", "ListVisits": "visits",
}

// A pattern is a part of an error of the library and what a command says in its place.
type pattern struct {
	library *regexp.Regexp
	command string
}

// patterns are tried in their order, each on what the ones before it left.
var patterns = []pattern{
	say(`no token and no credentials; use WithCredentials, WithToken or Login, or set PMPSMART_EMAIL and PMPSMART_PASSWORD for FromEnv`, `there is no account; {account}`),
	say(`FromEnv found (PMPSMART_\w+) without (PMPSMART_\w+)`, `$1 is set without $2`),
	say(`FromEnv found (PMPSMART_\w+) and (PMPSMART_\w+)`, `$1 and $2 are both set`),
	say(`FromEnv found (.*?) not in UTF-8`, `$1 is not in UTF-8`),
	say(`(?:AllowInsecureHTTP where the way is safe|set PMPSMART_INSECURE_HTTP=1 if the network is trusted)`, `give -insecure if the network is trusted`),
	say(`give them by WithCredentials`, `set them as PMPSMART_EMAIL and PMPSMART_PASSWORD`),
	say(`\bWithBaseURL\b`, `{base URL}`),
	say(`check the base URL, which goes as far as the version, as (\S+) does`, `check {base URL}, which goes as far as the version, as $1 does`),
	say(`: check the base URL, or`, `: check {base URL}, or`),
	say(`WithCredential(?:s|Source) needs an email and a password(?:, and one of them is empty)?`, `PMPSMART_EMAIL and PMPSMART_PASSWORD need an email and a password`),
	say(`WithCredentialSource: `, ``),
	say(`\bWithToken\b`, `PMPSMART_TOKEN`),
	say(`in which no server answers; write the unit, as in 30\*time\.Second`, `in which no server answers; want a time such as 30s`),
	say(`\bWith(?:Attempt)?Timeout\b`, `-timeout`),
	say(`\bWithRateLimit\b`, `-rate`),
	say(`the answer is larger than the (\d+) bytes of WithMaxResponseBytes`, `the answer is larger than the $1 bytes that are read of one`),
	say(`larger than the (\d+) bytes of WithMaxResponseBytes`, `larger than the $1 bytes that are read of one`),
	say(`; not retried: the wait is longer than the \S+ of RetryPolicy\.MaxWait`, `; longer than -patience allows`),
	say(`: the wait is longer than the \S+ of RetryPolicy\.MaxWait`, `; the wait is longer than -patience allows`),
	say(`; not retried: the context ends within the wait of \S+`, `; longer than -patience allows`),
	say(`(after \d+ attempts): the context ends within the wait of \S+`, `$1`),
	say(`the client's retry budget is spent, as it is while a server is down; successes refill it`, `too many requests have failed; try again when the server is well`),
	say(`other ones or Login end that wait`, `other ones end that wait`),
	say(`programs that share an account need to share a TokenStore`, `two programs can't use one account at the same time`),
	say(`and there are no credentials to log in again with`, `and there is no password to log in again with`),
	say(`look before sending it again`, `look whether it is there before you send it again`),
	say(`waiting to retry: context (?:canceled|deadline exceeded)`, `it was stopped while it waited to try again`),
	say(`\bcontext canceled\b`, `it was stopped`),
	say(`\bcontext deadline exceeded\b`, `the time was up`),
	say(`\bWith[A-Z]\w+`, `a setting`),
}

func say(library, command string) pattern { return pattern{regexp.MustCompile(library), command} }
