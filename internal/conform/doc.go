// Package conform holds the description of the API (package apispec) to what it says:
// the document is OpenAPI 3.1, its examples are of its schemas, the sandbox, the
// contract suite's servers and the client do what it describes, and it describes what
// they do. It writes the examples, docs/api.md and docs/postman_collection.json.
//
// It is a module of its own so that no program needs a validator for this library. The
// validator is libopenapi-validator, which has the official schema of OpenAPI 3.1 and
// holds requests and responses, with their parameters, headers and tokens, against it.
// Its JSON Schema of 2020-12 knows unevaluatedProperties, by which bodies are held
// against schemas that are closed: a field that the description lacks is noticed,
// though the description leaves room for others.
package conform
