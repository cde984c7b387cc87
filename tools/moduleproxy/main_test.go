package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// repository makes a Git repository of a module and a nested one, each with a
// tag.
func repository(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"init", "--quiet"}, {"add", "."},
		{"-c", "user.name=test", "-c", "user.email=test@example.com", "commit", "--quiet", "-m", "Add the modules"},
		{"tag", "v1.2.3"}, {"tag", "nested/v1.2.3"},
	} {
		if _, err := git(dir, args...); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func modules() map[string]string {
	return map[string]string{
		"go.mod":           "module example.com/Root\n\ngo 1.26.0\n",
		"LICENSE":          "a licence",
		"root.go":          "package root\n\nconst Name = \"root\"\n",
		"nested/go.mod":    "module example.com/Root/nested\n\ngo 1.26.0\n\nrequire example.com/Root v1.2.3\n\nreplace example.com/Root => ../\n",
		"nested/LICENSE":   "a licence",
		"nested/nested.go": "package nested\n\nimport root \"example.com/Root\"\n\nconst Name = root.Name + \"/nested\"\n",
	}
}

// A program that has neither the repository nor a network gets both modules, and
// the nested one gets the root from the proxy in spite of its replace.
func TestGoGet(t *testing.T) {
	source, proxy, program, cache := repository(t, modules()), t.TempDir(), t.TempDir(), t.TempDir()
	for _, tag := range []string{"v1.2.3", "nested/v1.2.3"} {
		if _, err := publish(source, tag, proxy); err != nil {
			t.Fatal(err)
		}
	}
	main := "package main\n\nimport \"example.com/Root/nested\"\n\nfunc main() { println(nested.Name) }\n"
	if err := os.WriteFile(filepath.Join(program, "main.go"), []byte(main), 0o644); err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, args := range [][]string{{"mod", "init", "example.com/program"}, {"get", "example.com/Root/nested"}, {"run", "."}} {
		cmd := exec.Command("go", args...)
		cmd.Dir = program
		cmd.Env = append(os.Environ(), "GOPROXY=file://"+proxy, "GONOSUMDB=*", "GOWORK=off", "GOMODCACHE="+cache, "GOFLAGS=-modcacherw")
		var err error
		if out, err = cmd.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	if !strings.HasSuffix(string(out), "root/nested\n") {
		t.Errorf("the program printed %q", out)
	}
}

func TestRefusals(t *testing.T) {
	for name, test := range map[string]struct {
		change func(files map[string]string)
		tag    string
		want   string
	}{
		"no such tag":         {func(map[string]string) {}, "v9.9.9", "git show"},
		"no version":          {func(map[string]string) {}, "HEAD", "HEAD"},
		"another folder":      {func(f map[string]string) { f["nested/go.mod"] = "module example.com/other\n" }, "nested/v1.2.3", "that of example.com/other"},
		"no licence":          {func(f map[string]string) { delete(f, "nested/LICENSE") }, "nested/v1.2.3", "LICENSE"},
		"a major without /v2": {func(f map[string]string) { f["go.mod"] = "module example.com/root/v2\n" }, "v1.2.3", "v1.2.3"},
	} {
		t.Run(name, func(t *testing.T) {
			files := modules()
			test.change(files)
			_, err := publish(repository(t, files), test.tag, t.TempDir())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want an error with %q", err, test.want)
			}
		})
	}
}
