package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"motcua"
	"motcua/cmd/internal/desk"
	"motcua/ui/flow/setup"
	"motcua/ui/paper/pades"
	"motcua/ui/screen"
	"motcua/ui/words"
)

// maxPDF bounds a file to verify.
const maxPDF = 256 << 20

func (c *cli) verify() *cobra.Command {
	var roots string
	cmd := &cobra.Command{
		Use: "verify FILE", Short: "Judge every signature of a PDF: each facet by itself", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			cfg := desk.Config{}
			if _, missing := os.Stat(c.config); missing == nil {
				var err error
				if cfg, err = c.load(); err != nil {
					return err
				}
			}
			if roots != "" {
				cfg.Token.Roots = roots
			}
			pdf, err := readFile(args[0])
			if err != nil {
				return err
			}
			results, err := cfg.VerifyPDF(pdf)
			if err != nil {
				return err
			}
			if err := c.answer(describe(results), func(w io.Writer) { writeSignatures(w, describe(results)) }); err != nil {
				return err
			}
			return judge(results)
		},
	}
	cmd.Flags().StringVar(&roots, "roots", "", "PEM file of the roots that are trusted")
	return cmd
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, motcua.Fail(motcua.PDFUnreadable, "open", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxPDF+1))
	if err != nil || len(b) > maxPDF {
		return nil, motcua.Fail(motcua.PDFUnreadable, "too large or unreadable", err)
	}
	return b, nil
}

// signature is one signature as verify tells it: each side by itself.
type signature struct {
	Field   string    `json:"field"`
	Signer  string    `json:"signer,omitempty"`
	Claimed time.Time `json:"claimedAt,omitzero"` // by the signer's clock
	Overall string    `json:"overall"`
	Sides   []side    `json:"sides"`
	Why     []string  `json:"why,omitempty"`
}

type side struct {
	Name  string `json:"name"`
	State string `json:"state"`
}

func describe(results []pades.Result) []signature {
	out := []signature{}
	for _, r := range results {
		s := signature{Field: r.Field, Claimed: r.At, Overall: r.Overall().String(), Why: r.Why, Sides: []side{
			{"integrity", r.Integrity.String()}, {"signer", r.Signer.String()}, {"certificate", r.Certificate.String()},
			{"revocation", r.Revocation.String()}, {"time", r.Time.String()}, {"coverage", r.Coverage.String()},
		}}
		if r.Leaf != nil {
			s.Signer = r.Leaf.Subject.CommonName
		}
		out = append(out, s)
	}
	return out
}

// judge is the exit status: a signature that does not hold, or none at all, is
// a fault. What could not be determined is not called bad, nor good.
func judge(results []pades.Result) error {
	if len(results) == 0 {
		return motcua.Fail(motcua.SignatureNone, "", nil)
	}
	for _, r := range results {
		if r.Overall() == pades.Bad {
			return motcua.Fail(motcua.SignatureBad, strings.Join(r.Why, ", "), nil)
		}
	}
	return nil
}

func writeSignatures(w io.Writer, all []signature) {
	for i, s := range all {
		fmt.Fprintf(w, "signature %d  %s  %s  (clock of the signer: %s)\n", i+1, s.Overall, s.Signer, words.DateClock(s.Claimed))
		for _, f := range s.Sides {
			fmt.Fprintf(w, "  %-12s %s\n", f.Name, f.State)
		}
		for _, why := range s.Why {
			fmt.Fprintf(w, "  why          %s\n", why)
		}
	}
}

// finding is one device as doctor tells it.
type finding struct {
	Device string `json:"device"`
	Well   bool   `json:"well"`
	State  string `json:"state"`
	Facts  []fact `json:"facts,omitempty"`
	Code   string `json:"code,omitempty"`
	What   string `json:"what,omitempty"`
	Try    string `json:"try,omitempty"`
}

type fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

func (c *cli) doctor() *cobra.Command {
	return &cobra.Command{
		Use: "doctor", Short: "Look at every device and say what to do when it is not well", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withDesk(func(d *desk.Desk) error { return c.examine(cmd.Context(), d) })
		},
	}
}

// examine probes every device. The first that is not well is the exit status.
func (c *cli) examine(ctx context.Context, d *desk.Desk) error {
	var all []finding
	sick := ""
	for _, key := range setup.Keys {
		if key == "card" {
			continue
		}
		f := found(d.Words, d.Probe(ctx, key))
		if !f.Well && sick == "" {
			sick = f.Code
		}
		all = append(all, f)
	}
	if err := c.answer(all, func(w io.Writer) { writeFindings(w, all) }); err != nil {
		return err
	}
	if sick != "" {
		return motcua.Fail(motcua.Code(sick), "doctor", nil)
	}
	return nil
}

func found(w *words.Words, d setup.Device) finding {
	f := finding{Device: w.T("setup.device." + d.Key), Well: d.Tone != screen.Bad, State: w.T("setup.state."+d.State, d.Args...)}
	for _, x := range d.Facts {
		f.Facts = append(f.Facts, fact{w.T("setup.fact." + x.Label), x.Value})
	}
	if d.Fault != nil {
		f.Code = string(motcua.CodeOf(d.Fault))
		f.What, f.Try = w.Fault(d.Fault)
	}
	return f
}

func writeFindings(w io.Writer, all []finding) {
	for _, f := range all {
		mark := "ok "
		if !f.Well {
			mark = "BAD"
		}
		fmt.Fprintf(w, "%s  %-24s %s\n", mark, f.Device, f.State)
		for _, x := range f.Facts {
			fmt.Fprintf(w, "       %s: %s\n", x.Name, x.Value)
		}
		if f.Code != "" {
			fmt.Fprintf(w, "       %s  %s %s\n", f.Code, f.What, f.Try)
		}
	}
}
