package main

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"slices"
	"testing"
)

// TestPageInUse has a person mend an order whose every text would be a script if the
// page took it for HTML.
func TestPageInUse(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	if err != nil {
		t.Skip("node is not installed")
	}
	f := newSQLiteFixture(t).start()
	const evil = `<img src=x onerror=alert(1)>"data":`
	f.refuse("InsertJSONOrder", http.StatusUnprocessableEntity, 1)
	text, _ := json.Marshal(evil)
	data := `{"total":98765432109876543210.50,"kode":` + string(text) + `}`
	got := mustCall(t, http.StatusAccepted, "POST", f.url+"/orders", `{"code":`+string(text)+`,"status":`+string(text)+`,"data":`+data+`}`)
	f.becomes(parked, f.url+got.location)
	reason := `<script>alert("x")</script>`
	f.exec("UPDATE outbox_orders SET reason = $1", reason)
	out, err := exec.Command(node, "testdata/page.mjs", f.url).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var shown []string
	if err := json.Unmarshal(out, &shown); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := []string{evil, parked, reason, "1", evil, evil, data, "true", "true", "false", "parked 0waiting 0sending 0sent 1", "0"}
	if !slices.Equal(shown, want) {
		t.Errorf("it showed %q; want %q", shown, want)
	}
	all := f.sandbox.JSONOrders()
	if len(all) != 1 || string(all[0].Data) != `{"total":12345678901234567890.10}` {
		t.Errorf("PMP Smart has %+v", all)
	}
}
