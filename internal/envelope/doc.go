// Package envelope decodes the answers of a server that does not keep to its own
// format: what stands before the JSON, the envelope's status and message, the
// records in whatever shape they come, a paginator's words, and what of it nobody
// expected. It reads from the stream and holds one record.
package envelope
