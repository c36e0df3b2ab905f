// Command portald is the reference portal: it speaks the classic adapter of
// the national portal, keeps what it receives under --data, shows it on a plain
// page at /, and misbehaves as told by --fault or by POST /control.
package main

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"motcua/sync/portal/reference"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "portald:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends. It prints one line with the address once it
// listens, for whoever started it.
func run(ctx context.Context, args []string) error {
	listen, c, err := options(args)
	if err != nil {
		return err
	}
	portal, err := reference.Open(c)
	if err != nil {
		return err
	}
	defer portal.Close()
	l, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	fmt.Printf("portald: listening on http://%s/\n", l.Addr())
	return portal.Serve(ctx, l)
}

func options(args []string) (listen string, c reference.Config, err error) {
	f := flag.NewFlagSet("portald", flag.ContinueOnError)
	var passwordFile string
	f.StringVar(&listen, "listen", "127.0.0.1:8099", "address to listen on")
	f.StringVar(&c.Dir, "data", "", "folder for what the portal keeps")
	f.StringVar(&c.Unit, "unit", reference.DefaultUnit, "agency code in official codes")
	f.StringVar(&c.User, "user", "", "the name that may sign in; anybody when empty")
	f.StringVar(&passwordFile, "password-file", "", "file with the password of --user")
	f.DurationVar(&c.SessionLife, "session-life", 10*time.Minute, "how long a session lives")
	f.Func("fault", "misbehave: down, slow=DUR, busy=DUR, lossy=P, expire-sessions[=CALLS], html, empty, string-json, reject=TEXT",
		func(spec string) error { c.Faults = append(c.Faults, spec); return nil })
	if err := f.Parse(args); err != nil {
		return "", c, err
	}
	if c.Dir == "" || f.NArg() > 0 {
		return "", c, fmt.Errorf("want --data DIR and no other arguments")
	}
	if passwordFile != "" {
		raw, err := os.ReadFile(passwordFile)
		if err != nil {
			return "", c, err
		}
		c.Password = strings.TrimRight(string(raw), "\r\n")
	}
	return listen, c, nil
}
