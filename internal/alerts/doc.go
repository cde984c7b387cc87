// Package alerts checks the queries of docs/telemetry.md and the alerts of
// docs/alerts.yaml with Prometheus's own parser. It is a module of its own so that
// nothing else needs that.
package alerts
