// Command motcuactl is the product without a window: the trial, the virtual
// card, a card reading, the queue, a verification, a look at the devices. Each
// command has --json for another program.
//
// Exit status: 0 done, 1 a fault (its code and sentence are on standard
// error), 2 the command was not understood.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"motcua"
	"motcua/cmd/internal/desk"
	"motcua/ui/words"
)

// cli is what every command shares.
type cli struct {
	out, errs io.Writer
	json      bool
	lang      string
	config    string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := &cli{out: os.Stdout, errs: os.Stderr}
	os.Exit(c.run(ctx, os.Args[1:]))
}

// run carries one command line out and gives the exit status.
func (c *cli) run(ctx context.Context, args []string) int {
	root := c.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	var f *motcua.Fault
	if !errors.As(err, &f) {
		fmt.Fprintln(c.errs, "motcuactl:", err)
		return 2
	}
	c.tell(err)
	return 1
}

// tell writes a fault for a person: code, sentence, what to try; and the
// wrapped error for the technician.
func (c *cli) tell(err error) {
	code := motcua.CodeOf(err)
	w, werr := words.Load(c.lang)
	if werr != nil {
		fmt.Fprintln(c.errs, err)
		return
	}
	text, try := w.Fault(err)
	if c.json {
		_ = json.NewEncoder(c.errs).Encode(map[string]string{"code": string(code), "what": text, "try": try, "detail": err.Error()})
		return
	}
	fmt.Fprintf(c.errs, "%s  %s\n     %s\n     (%v)\n", code, text, try, err)
}

func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "motcuactl",
		Short:         "Một Cửa without a window",
		SilenceErrors: true, SilenceUsage: true,
	}
	root.SetOut(c.out)
	root.SetErr(c.errs)
	root.PersistentFlags().BoolVar(&c.json, "json", false, "answer in JSON")
	root.PersistentFlags().StringVar(&c.lang, "lang", "en", "language of sentences: vi or en")
	root.PersistentFlags().StringVar(&c.config, "config", defaultConfig(), "the desk's configuration file")
	root.AddCommand(c.trial(), c.card(), c.queue(), c.verify(), c.doctor(), c.face())
	return root
}

// defaultConfig is where a desk keeps its configuration on this system.
func defaultConfig() string {
	if path := os.Getenv("MOTCUA_CONFIG"); path != "" {
		return path
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "desk.toml"
	}
	return filepath.Join(dir, "motcua", "desk.toml")
}

func (c *cli) load() (desk.Config, error) { return desk.Load(c.config) }

// withDesk opens the configured desk, for as long as do takes.
func (c *cli) withDesk(do func(*desk.Desk) error) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	cfg.Language = c.lang
	d, err := desk.Open(cfg)
	if err != nil {
		return err
	}
	return errors.Join(do(d), d.Close())
}

// answer writes v as JSON, or calls text.
func (c *cli) answer(v any, text func(io.Writer)) error {
	if !c.json {
		text(c.out)
		return nil
	}
	e := json.NewEncoder(c.out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return motcua.Fail(motcua.Internal, "JSON", err)
	}
	return nil
}
