// Command tokend is the helper that holds one vendor's signing token module.
//
// The product starts it, speaks package talk's lines with it over standard
// input and output, and ends it by closing the input or by killing it. It
// takes no arguments: what it is told comes through the pipe.
package main

import (
	"fmt"
	"os"

	"motcua/devices/pkcs11/module"
)

func main() {
	out, err := prepare()
	if err == nil {
		err = module.Serve(os.Stdin, out, func() { os.Exit(0) })
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "tokend:", err)
		os.Exit(1)
	}
}
