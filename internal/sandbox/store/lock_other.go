//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package store

import "os"

// lock does nothing here: it is for the user not to give two sandboxes the same
// data file.
func lock(*os.File) error { return nil }
