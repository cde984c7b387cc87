package alerts

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

// A ruleFile is what Prometheus reads of a file of rule_files.
type ruleFile struct {
	Groups []struct {
		Name  string
		Rules []rule
	}
}

type rule struct {
	Alert       string
	Expr        string
	For         string
	Labels      map[string]string
	Annotations map[string]string
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// rules gives the alerts of the file. A field that Prometheus does not know is an error.
func rules(t *testing.T) (all []rule) {
	t.Helper()
	decoder := yaml.NewDecoder(strings.NewReader(read(t, "alerts.yaml")))
	decoder.KnownFields(true)
	var file ruleFile
	if err := decoder.Decode(&file); err != nil {
		t.Fatal(err)
	}
	for _, group := range file.Groups {
		if group.Name == "" {
			t.Error("a group without a name")
		}
		all = append(all, group.Rules...)
	}
	return all
}

// Each alert has an expression that Prometheus takes, which compares with a threshold,
// and says what is the matter and what to do, with labels that the expression has.
func TestAlerts(t *testing.T) {
	t.Parallel()
	known := metrics(t)
	var names []string
	for _, r := range rules(t) {
		names = append(names, r.Alert)
		expr := parse(t, r.Alert, r.Expr, known)
		if op, ok := expr.(*parser.BinaryExpr); !ok || !op.Op.IsComparisonOperator() && op.Op != parser.LOR {
			t.Errorf("%s: %s compares nothing", r.Alert, r.Expr)
		}
		if r.For != "" {
			if _, err := model.ParseDuration(r.For); err != nil {
				t.Errorf("%s: for: %v", r.Alert, err)
			}
		}
		if !slices.Contains([]string{"page", "ticket"}, r.Labels["severity"]) || r.Annotations["summary"] == "" || r.Annotations["what_to_do"] == "" {
			t.Errorf("%s has the labels %v and the annotations %v", r.Alert, r.Labels, r.Annotations)
		}
		for _, label := range regexp.MustCompile(`\$labels\.(\w+)`).FindAllStringSubmatch(r.Annotations["summary"], -1) {
			if !regexp.MustCompile(`by \([^)]*\b` + label[1] + `\b`).MatchString(r.Expr) {
				t.Errorf("%s: the summary has the label %s and the expression has not", r.Alert, label[1])
			}
		}
	}
	page := read(t, "telemetry.md")
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| `(PMPSmart\\w+)` \\| .* \\| (page|ticket) \\|$").FindAllStringSubmatch(page, -1) {
		listed = append(listed, row[1])
		for _, r := range rules(t) {
			if r.Alert == row[1] && r.Labels["severity"] != row[2] {
				t.Errorf("the page has %s as a %s", row[1], row[2])
			}
		}
		if strings.Count(page, "`"+row[1]+"`") != 2 {
			t.Errorf("no question of the page names %s, or several do", row[1])
		}
	}
	if !slices.Equal(listed, names) || len(names) == 0 {
		t.Errorf("the page lists %v; there are %v", listed, names)
	}
}

// Each query of the page is one that Prometheus takes.
func TestQueries(t *testing.T) {
	t.Parallel()
	known := metrics(t)
	blocks := regexp.MustCompile("(?s)```promql\n(.*?)```").FindAllStringSubmatch(read(t, "telemetry.md"), -1)
	for _, block := range blocks {
		parse(t, "docs/telemetry.md", block[1], known)
	}
	if len(blocks) < 5 {
		t.Errorf("the page has %d queries", len(blocks))
	}
}

// parse parses an expression and checks that it reads metrics and labels that the page
// lists.
func parse(t *testing.T, name, text string, known map[string][]string) parser.Expr {
	t.Helper()
	expr, err := parser.NewParser(parser.Options{}).ParseExpr(text)
	if err != nil {
		t.Fatalf("%s: %v in\n%s", name, err, text)
	}
	parser.Inspect(expr, func(node parser.Node, _ []parser.Node) error {
		selector, ok := node.(*parser.VectorSelector)
		if !ok {
			return nil
		}
		base := regexp.MustCompile(`_(count|sum|bucket)$`).ReplaceAllString(selector.Name, "")
		if known[base] == nil {
			t.Errorf("%s reads %s, which docs/telemetry.md does not list", name, selector.Name)
		}
		for _, m := range selector.LabelMatchers {
			if m.Name != model.MetricNameLabel && !slices.Contains(known[base], m.Name) {
				t.Errorf("%s: %s has no label %s", name, selector.Name, m.Name)
			}
		}
		return nil
	})
	return expr
}

// metrics gives the metrics that the page lists, by their names in Prometheus, with
// their labels.
func metrics(t *testing.T) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `[a-z.]+[^|]* \\| `(\\w+)` \\| [^|]* \\| (.*) \\|$").FindAllStringSubmatch(read(t, "telemetry.md"), -1) {
		all[row[1]] = regexp.MustCompile(`\w+`).FindAllString(strings.ReplaceAll(row[2], ".", "_"), -1)
	}
	if len(all) < 8 {
		t.Fatalf("the page lists %v", all)
	}
	return all
}
