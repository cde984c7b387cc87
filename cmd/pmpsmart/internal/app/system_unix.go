//go:build !windows

package app

// systemLocale returns the user's locale where no variable of the environment says it.
func systemLocale() string { return "" }
