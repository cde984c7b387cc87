package redact

// Error returns err with a text that shows no secret. What it returns wraps err.
func (s Secrets) Error(err error) error {
	text := err.Error()
	if clean := s.Text(text); clean != text {
		return &redactedError{clean, err}
	}
	return err
}

// A redactedError is an error whose own text shows a secret.
type redactedError struct {
	text string
	err  error
}

func (e *redactedError) Error() string { return e.text }
func (e *redactedError) Unwrap() error { return e.err }
