//go:build !unix

package command

// ignoreBrokenPipe does nothing: no other system ends a program for that.
func ignoreBrokenPipe() {}
