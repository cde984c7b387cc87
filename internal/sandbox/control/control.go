// Package control is the API that steers a sandbox over HTTP, for tests in any
// language: JSON under /_sandbox, beside the API that the sandbox serves. Its parts:
//
//	control.go   which request is for whom: the sandbox, a world, the control API
//	guard.go     who may steer: hosts and origins
//	call.go      one request: its method, its body, its answer
//	decode.go    JSON that is read to the letter, and what is wrong with it
//	steer.go     reset, style, clock, accounts, tokens, down and up
//	faults.go requests.go records.go worlds.go   the other paths
package control

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/pmpsmart/pmpsmart-go/internal/sandbox"
)

// Prefix is the path of the control API.
const Prefix = "/_sandbox"

// Config says what a Server serves.
type Config struct {
	Sandbox *sandbox.Sandbox
	Start   sandbox.Config // what a world is at first, unless it is asked for otherwise
	// AllowHosts are the names that the server has besides loopback and its own address.
	AllowHosts []string
	// Page serves /_sandbox/ and what is under /_sandbox/page/, OpenAPI serves
	// /_sandbox/openapi.yaml. A nil one is a 404.
	Page, OpenAPI http.Handler
}

// A Server serves a sandbox, the control API and the worlds that it makes. It is safe
// for concurrent use.
type Server struct {
	config Config
	hosts  map[string]bool // in lower case
	main   *world
	worlds worlds
}

// New returns a Server, which Close must follow.
func New(c Config) *Server {
	s := &Server{config: c, hosts: map[string]bool{}}
	for _, host := range c.AllowHosts {
		if host != "" { // which is no host at all
			s.hosts[hostName(host)] = true
		}
	}
	s.main = &world{box: c.Sandbox}
	s.worlds.byID = map[string]*world{}
	return s
}

// Finish makes no more worlds, and lets the requests to those that there are be answered
// at once.
func (s *Server) Finish() { s.worlds.finish() }

// Close ends the worlds, but not the sandbox.
func (s *Server) Close() error { return s.worlds.close() }

// ServeHTTP hands a request to whom it is for: the control API and the API of a world
// by their paths, all else to the sandbox.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, at := r.URL.Path, s.main
	base := ""
	if id, rest, found := worldPath(path); found {
		if at = s.worlds.use(id); at == nil {
			s.unknownWorld(w, r, id, rest)
			return
		}
		defer s.worlds.leave(at)
		base, path = worldsPrefix+id, rest
	}
	if path != Prefix && !strings.HasPrefix(path, Prefix+"/") {
		at.box.ServeHTTP(w, r)
		return
	}
	(&call{s: s, world: at, base: base, path: strings.TrimPrefix(path, Prefix), w: w, r: r}).serve()
}

// An action does what a request asks for, and returns what is answered: nil for
// nothing, a status and a value, or a function that writes.
type action func(*call) (any, error)

// paths returns what there is under the prefix, by path and method.
func paths() map[string]map[string]action {
	const get, post, del = http.MethodGet, http.MethodPost, http.MethodDelete
	all := map[string]map[string]action{
		"/health":        {get: (*call).health},
		"/reset":         {post: (*call).reset},
		"/requests":      {get: (*call).requests, del: (*call).clearRequests},
		"/events":        {get: (*call).events},
		"/options":       {get: (*call).options},
		"/faults":        {get: (*call).faults, post: (*call).addFaults, del: (*call).clearFaults},
		"/tokens/expire": {post: (*call).expireTokens},
		"/logins":        {get: (*call).logins},
		"/accounts":      {post: (*call).addAccount},
		"/style":         {post: (*call).setStyle},
		"/clock":         {post: (*call).setClock},
		"/down":          {post: (*call).down},
		"/up":            {post: (*call).up},
		"/worlds":        {get: (*call).listWorlds, post: (*call).addWorld},
		"/worlds/ID":     {del: (*call).dropWorld},
		"/openapi.yaml":  {get: (*call).openAPI},
		"/":              {get: (*call).page},
	}
	for _, kind := range recordKinds {
		all["/"+kind.path] = map[string]action{get: kind.list, post: kind.add}
	}
	return all
}

// known lists the paths for an error.
func known() string {
	var names []string
	for _, path := range slices.Sorted(maps.Keys(paths())) {
		if path != "/" {
			names = append(names, Prefix+path)
		}
	}
	return strings.Join(names, ", ")
}
