// Package dbtest tests the types that databases store, on SQLite and PostgreSQL. It is
// a module of its own so that programs need no database driver for this library.
package dbtest
