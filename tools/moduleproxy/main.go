// Command moduleproxy writes a folder that serves tagged modules of a Git
// repository to the go command, as a module proxy would serve them:
//
//	moduleproxy -repository . -o /tmp/proxy v0.1.0 redisstore/v0.1.0
//	GOPROXY=file:///tmp/proxy,$(go env GOPROXY) go get example.com/module
//
// A tag of a nested module starts with the module's folder.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	log.SetFlags(0)
	repository := flag.String("repository", ".", "the Git `folder` that has the tags")
	out := flag.String("o", "", "the `folder` to write to")
	flag.Parse()
	if *out == "" || flag.NArg() == 0 {
		log.Fatal("usage: moduleproxy [-repository folder] -o folder tag...")
	}
	for _, tag := range flag.Args() {
		version, err := publish(*repository, tag, *out)
		if err != nil {
			log.Fatalf("%s: %v", tag, err)
		}
		fmt.Println(version)
	}
}

// publish adds the module that tag releases to the proxy in folder out.
func publish(repository, tag, out string) (module.Version, error) {
	dir, version := path.Split(tag)
	dir = strings.TrimSuffix(dir, "/")
	gomod, err := git(repository, "show", tag+":"+path.Join(dir, "go.mod"))
	if err != nil {
		return module.Version{}, err
	}
	mod := module.Version{Path: modfile.ModulePath(gomod), Version: version}
	if err := check(repository, tag, dir, mod); err != nil {
		return mod, err
	}
	committed, err := git(repository, "show", "--no-patch", "--format=%cI", tag+"^{commit}")
	if err != nil {
		return mod, err
	}
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(string(committed)))
	if err != nil {
		return mod, err
	}
	info, err := json.Marshal(struct {
		Version string
		Time    time.Time
	}{version, at.UTC()})
	if err != nil {
		return mod, err
	}
	var archive bytes.Buffer
	if err := zip.CreateFromVCS(&archive, mod, repository, tag, dir); err != nil {
		return mod, err
	}
	return mod, write(out, mod, map[string][]byte{".info": info, ".mod": gomod, ".zip": archive.Bytes()})
}

// check reports what would keep a module proxy from serving mod, or make it
// serve something else than the zip that is made here.
func check(repository, tag, dir string, mod module.Version) error {
	if err := module.Check(mod.Path, mod.Version); err != nil {
		return err
	}
	if dir != "" && !strings.HasSuffix(mod.Path, "/"+dir) {
		return fmt.Errorf("the go.mod in %s is that of %s", dir, mod.Path)
	}
	if _, err := git(repository, "show", tag+":"+path.Join(dir, "LICENSE")); err != nil {
		// A proxy would add the LICENSE of the repository, and the zip's checksum would differ.
		return errors.New("the module has no LICENSE of its own")
	}
	return nil
}

// write stores a version's files and adds the version to the module's list.
func write(out string, mod module.Version, files map[string][]byte) error {
	escapedPath, err := module.EscapePath(mod.Path)
	if err != nil {
		return err
	}
	escapedVersion, err := module.EscapeVersion(mod.Version)
	if err != nil {
		return err
	}
	dir := filepath.Join(out, filepath.FromSlash(escapedPath), "@v")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for suffix, content := range files {
		if err := os.WriteFile(filepath.Join(dir, escapedVersion+suffix), content, 0o644); err != nil {
			return err
		}
	}
	list, err := os.OpenFile(filepath.Join(dir, "list"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(list, mod.Version)
	return errors.Join(err, list.Close())
}

// git returns what a git command prints.
func git(repository string, args ...string) ([]byte, error) {
	cmd := exec.Command("git", append([]string{"-C", repository}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(stderr.String()))
	}
	return out, nil
}
