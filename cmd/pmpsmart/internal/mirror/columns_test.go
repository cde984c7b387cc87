package mirror

import "testing"

func testColumns(t *testing.T, name string) {}
