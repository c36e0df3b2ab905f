//go:build !linux

package main

import "os"

// prepare leaves the answers on standard output; the reader passes over lines
// a driver prints there.
func prepare() (*os.File, error) { return os.Stdout, nil }
