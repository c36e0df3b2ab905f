package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"motcua/store"
	"motcua/store/bolt"
	"motcua/store/dossier"
	"motcua/ui/words"
)

func (c *cli) queue() *cobra.Command {
	cmd := &cobra.Command{Use: "queue", Short: "The way of dossiers to the portal"}
	cmd.AddCommand(c.queueList(), c.queueShow())
	return cmd
}

// withStore opens the desk's store; StoreLocked while the desk itself runs.
func (c *cli) withStore(do func(store.Store) error) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	s, err := bolt.Open(cfg.Dir, bolt.Options{})
	if err != nil {
		return err
	}
	defer s.Close()
	return do(s)
}

// row is one dossier of the queue, without its person's name.
type row struct {
	Number  string         `json:"number"`
	Code    string         `json:"code,omitempty"`
	Stage   dossier.Stage  `json:"stage"`
	Status  dossier.Status `json:"status"`
	Due     string         `json:"due"`
	Entries []entry        `json:"entries"`
}

type entry struct {
	Seq      uint64      `json:"seq"`
	Kind     store.Kind  `json:"kind"`
	Revision int         `json:"revision"`
	SHA256   string      `json:"sha256"`
	State    store.State `json:"state"`
	NextTry  string      `json:"nextTry,omitempty"`
	Tries    []store.Try `json:"tries,omitempty"`
}

func (c *cli) rowOf(cmd *cobra.Command, s store.Store, d dossier.Dossier) (row, error) {
	r := row{Number: d.Number, Code: d.Code, Stage: d.Stage, Status: d.Status, Due: words.DateClock(d.Appointment.Due)}
	entries, err := s.Entries(cmd.Context(), d.ID)
	for _, e := range entries {
		r.Entries = append(r.Entries, entry{Seq: e.Seq, Kind: e.Kind, Revision: e.Revision, SHA256: e.SHA256,
			State: e.State, NextTry: words.DateClock(e.NextTry), Tries: e.Tries})
	}
	return r, err
}

func (c *cli) queueList() *cobra.Command {
	var everything bool
	cmd := &cobra.Command{
		Use: "list", Short: "Dossiers the portal has not confirmed", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.withStore(func(s store.Store) error {
				rows := []row{}
				q := store.Query{Unsent: !everything, Limit: 500}
				for {
					page, err := s.List(cmd.Context(), q)
					if err != nil {
						return err
					}
					for _, d := range page.Dossiers {
						r, err := c.rowOf(cmd, s, d)
						if err != nil {
							return err
						}
						rows = append(rows, r)
					}
					if q.Cursor = page.Next; q.Cursor == "" {
						break
					}
				}
				return c.answer(rows, func(w io.Writer) { writeRows(w, rows) })
			})
		},
	}
	cmd.Flags().BoolVar(&everything, "all", false, "also those the portal has")
	return cmd
}

func writeRows(w io.Writer, rows []row) {
	fmt.Fprintf(w, "%-26s %-30s %-10s %-18s %s\n", "NUMBER", "CODE", "STAGE", "DUE", "WAY")
	for _, r := range rows {
		way := ""
		for _, e := range r.Entries {
			way += fmt.Sprintf("%s:%s ", e.Kind, e.State)
		}
		fmt.Fprintf(w, "%-26s %-30s %-10s %-18s %s\n", r.Number, r.Code, r.Stage, r.Due, way)
	}
}

func (c *cli) queueShow() *cobra.Command {
	return &cobra.Command{
		Use: "show NUMBER", Short: "One dossier with each try to send it, personal data masked", Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return c.withStore(func(s store.Store) error {
				d, err := s.Find(cmd.Context(), args[0])
				if err != nil {
					return err
				}
				r, err := c.rowOf(cmd, s, d)
				if err != nil {
					return err
				}
				return c.answer(r, func(w io.Writer) { writeTries(w, r) })
			})
		},
	}
}

func writeTries(w io.Writer, r row) {
	writeRows(w, []row{r})
	for _, e := range r.Entries {
		fmt.Fprintf(w, "\n%s, revision %d, sha256 %s, %s\n", e.Kind, e.Revision, e.SHA256, e.State)
		for _, t := range e.Tries {
			outcome := "ok"
			if t.Code != "" {
				outcome = t.Code
			}
			fmt.Fprintf(w, "  %2d  %s  %6d ms  %-4s %s\n      > %s\n      < %s\n", t.N, words.DateClock(t.At), t.Took.Milliseconds(), outcome, t.Said, t.Request, t.Reply)
		}
	}
}
