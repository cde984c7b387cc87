//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package store

import "os"

// lock does nothing on this system: users must not name one data file for two
// sandboxes.
func lock(*os.File) error { return nil }
