package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"motcua"
	"motcua/cmd/internal/desk"
	"motcua/ui/console"
	"motcua/ui/flow"
	"motcua/ui/screen"
)

func (c *cli) face() *cobra.Command {
	role, pinFile := "counter", ""
	cmd := &cobra.Command{
		Use:   "face",
		Short: "A role's screens as text, answered line by line from standard input",
		Long: "A role's screens as text, answered line by line from standard input.\n\n" +
			"Keys stand in brackets on each screen. The lines are: await NAME, pick BLOCK KEY,\n" +
			"type FIELD TEXT, enter FIELD TEXT, tick BLOCK ITEM, untick BLOCK ITEM, press ACTION,\n" +
			"pin FIELD. A PIN comes from --pin-file, never from a line.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDesk(func(d *desk.Desk) error {
				return c.playFace(cmd.Context(), d, screen.Face(role), cmd.InOrStdin(), pinFile)
			})
		},
	}
	cmd.Flags().StringVar(&role, "role", role, "counter, kiosk or setup")
	cmd.Flags().StringVar(&pinFile, "pin-file", pinFile, "file that holds the token's PIN")
	return cmd
}

// playFace serves the dialogue until the last line is done.
func (c *cli) playFace(ctx context.Context, d *desk.Desk, role screen.Face, lines io.Reader, pinFile string) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	defer wg.Wait()
	defer cancel()
	ready := make(chan *console.Console, 1)
	f, h := d.Face(role)
	var con *console.Console
	wg.Add(1)
	go func() {
		defer wg.Done()
		d.Serve(ctx, f, h, func(s screen.Screen) { con.Draw(s) }, func(post func(flow.Event)) {
			con = console.New(c.out, post)
			con.Secret = func(string) ([]byte, error) { return readPIN(pinFile) }
			ready <- con
		})
	}()
	return playLines(ctx, <-ready, lines)
}

func playLines(ctx context.Context, con *console.Console, lines io.Reader) error {
	scanner := bufio.NewScanner(lines)
	for scanner.Scan() {
		script, err := console.Parse(strings.NewReader(scanner.Text()))
		if err == nil {
			err = con.Play(ctx, script)
		}
		if err != nil {
			return err
		}
	}
	return scanner.Err()
}

func readPIN(path string) ([]byte, error) {
	if path == "" {
		return nil, motcua.Fail(motcua.TokenPINNeeded, "--pin-file", nil)
	}
	pin, err := os.ReadFile(path)
	if err != nil {
		return nil, motcua.Fail(motcua.BadInput, "--pin-file", errors.Unwrap(err))
	}
	for len(pin) > 0 && (pin[len(pin)-1] == '\n' || pin[len(pin)-1] == '\r') {
		pin = pin[:len(pin)-1]
	}
	return pin, nil
}
