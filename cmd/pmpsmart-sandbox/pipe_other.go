//go:build !unix

package main

// ignoreBrokenPipe does nothing: no other system ends a program for that.
func ignoreBrokenPipe() {}
