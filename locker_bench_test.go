package pmpsmart_test

import (
	"fmt"
	"testing"

	"github.com/pmpsmart/pmpsmart-go"
	"github.com/pmpsmart/pmpsmart-go/internal/programs"
)

// BenchmarkEnsure measures what a locker adds to an order that is not there yet: a look
// and an insert over a loopback connection.
func BenchmarkEnsure(b *testing.B) {
	files, err := pmpsmart.NewFileLocker(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	for name, locker := range map[string]pmpsmart.Locker{"none": nil, "files": files} {
		b.Run(fmt.Sprint("locker=", name), func(b *testing.B) { programs.Bench(b, locker) })
	}
}
