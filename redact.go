package pmpsmart

import "github.com/pmpsmart/pmpsmart-go/internal/redact"

// redacted stands where a secret stood.
const redacted = redact.Mark

// isSecretName tells the names of members that hold secrets.
func isSecretName(name string) bool { return redact.SecretName(name) }

// blankSecrets blanks out the members of a JSON value that hold secrets.
func blankSecrets(raw []byte) []byte { return redact.JSON(raw) }
