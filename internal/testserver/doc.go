// Package testserver has the servers that the tests of this module send requests to.
//
//   - [Server] is a real HTTP server that records its requests and counts its
//     connections; [Respond], [Success], [Sequence], [Reset] and their like are its
//     handlers.
//   - [Account] and [OrderBook] are servers with a memory: an account whose tokens
//     expire, and a table of JSON orders.
//   - [Listen] is a server on bare TCP, for what no http.Handler can do.
//   - [Bubble] runs a test on a clock and a network of its own.
//
// It knows the API's envelope and nothing of the client.
package testserver
