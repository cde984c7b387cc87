// Package browser tests the sandbox's page in a real Chromium. It is a module of its
// own so that programs need no browser's driver for this library. Without Chromium the
// tests are skipped, unless PMPSMART_REQUIRE_CHROMIUM is set. PMPSMART_SCREENSHOTS names
// a folder for pictures of what they saw.
package browser
