package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"motcua/cmd/internal/trial"
)

func (c *cli) trial() *cobra.Command {
	dir := "trial"
	cmd := &cobra.Command{
		Use:   "trial",
		Short: "Play the main job on real parts: portal down, one dossier, portal up",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			progress := c.out
			if c.json {
				progress = io.Discard
			}
			fmt.Fprintln(progress, "Setting up the trial in", dir)
			t, err := trial.Start(cmd.Context(), dir)
			if err != nil {
				return err
			}
			defer func() { _ = t.Stop() }() // its parts die with us in any case
			story, err := t.Play(cmd.Context(), trial.Stage{Out: progress})
			if c.json {
				if jsonErr := c.answer(story, nil); jsonErr != nil {
					return jsonErr
				}
			}
			if err != nil {
				return err
			}
			fmt.Fprintf(progress, "\nThe portal holds %s exactly once, as %s.\nSee %s/receipt.pdf, dossier.json, portal.json\n",
				story.Number, story.Code, dir)
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "dir", dir, "directory of the trial")
	return cmd
}
