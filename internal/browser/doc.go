// Package browser tests the sandbox's page in a real Chromium. It is a module of its
// own so that programs need no browser's driver for this library.
package browser
