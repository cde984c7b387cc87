package main

import (
	"errors"

	"github.com/pmpsmart/pmpsmart-go"
)

func retryable(err error) bool {
	return errors.Is(err, pmpsmart.ErrServer) || errors.Is(err, pmpsmart.ErrRateLimited)
}
