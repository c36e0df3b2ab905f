package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"motcua"
	"motcua/cmd/internal/desk"
	"motcua/devices/cccd"
	"motcua/devices/pcsc"
	"motcua/devices/virtual"
)

func (c *cli) card() *cobra.Command {
	cmd := &cobra.Command{Use: "card", Short: "The citizen's chip card"}
	cmd.AddCommand(c.cardRead(), c.cardServe())
	return cmd
}

func (c *cli) cardRead() *cobra.Command {
	var id, can, qr, mrz, reader, anchors string
	var bac bool
	cmd := &cobra.Command{
		Use:   "read (--id 12digits | --can 6digits | --qr TEXT | --mrz TEXT)",
		Short: "Read the card on the reader and say of each check how it came out",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			secret, err := secretFrom(id, can, qr, mrz)
			if err != nil {
				return err
			}
			cfg := desk.Config{}
			if _, missing := os.Stat(c.config); missing == nil {
				if cfg, err = c.load(); err != nil {
					return err
				}
			}
			if anchors == "" {
				anchors = cfg.Card.Anchors
			}
			found, err := desk.Anchors(anchors)
			if err != nil {
				return err
			}
			socket := cfg.Card.Socket
			if env := os.Getenv("PCSCLITE_CSOCK_NAME"); env != "" {
				socket = env
			}
			readers, err := pcsc.Open(socket)
			if err != nil {
				return err
			}
			defer readers.Close()
			citizen, err := desk.ReadCard(cmd.Context(), readers, reader, secret, cccd.Options{Anchors: found, AllowBAC: bac || cfg.Card.BAC})
			if err != nil {
				return err
			}
			return c.answer(citizen, func(w io.Writer) { writeCitizen(w, citizen) })
		},
	}
	f := cmd.Flags()
	f.StringVar(&id, "id", "", "the twelve digits of the personal number")
	f.StringVar(&can, "can", "", "its last six digits")
	f.StringVar(&qr, "qr", "", "the text of the card's QR")
	f.StringVar(&mrz, "mrz", "", "the three lines of the MRZ, or its document number, birth and expiry")
	f.StringVar(&reader, "reader", "", "the reader's name; the first with a card when empty")
	f.StringVar(&anchors, "anchors", "", "directory of country signing certificates")
	f.BoolVar(&bac, "allow-bac", false, "allow BAC where PACE is not offered; reported in the result")
	cmd.MarkFlagsOneRequired("id", "can", "qr", "mrz")
	cmd.MarkFlagsMutuallyExclusive("id", "can", "qr", "mrz")
	return cmd
}

func secretFrom(id, can, qr, mrz string) (cccd.Secret, error) {
	switch {
	case mrz != "":
		return cccd.FromMRZ(mrz)
	case qr != "":
		return cccd.FromQR(qr)
	case can != "":
		return cccd.FromCAN(can)
	}
	return cccd.FromNumber(id)
}

func writeCitizen(w io.Writer, c *cccd.Citizen) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%-14s %s\n", name, value)
		}
	}
	line("number", string(c.Number))
	line("name", c.Name)
	line("birth", c.Birth.String())
	line("sex", string(c.Sex))
	line("residence", c.Residence)
	line("issued", c.Issued.String())
	line("expires", c.Expires.String())
	line("access", c.Access)
	for _, k := range desk.Checks(c.Checks) {
		line("  "+k.Name, k.Outcome)
	}
	for _, warning := range c.Warnings {
		line("  warning", warning)
	}
	fmt.Fprintf(w, "%-14s %d APDUs, %d bytes sent, %d received\n", "link", c.APDUs, c.BytesSent, c.BytesReceived)
}

func (c *cli) cardServe() *cobra.Command {
	profile, port, pki, person := "2021", 35963, "", 0
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Be an invented citizen's card on a virtual reader (vsmartcard-vpcd)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := virtual.ProfileNamed(profile)
			if err != nil {
				return err
			}
			people := virtual.Citizens()
			if person < 0 || person >= len(people) {
				return motcua.Fail(motcua.BadInput, fmt.Sprintf("--person is 0 to %d", len(people)-1), nil)
			}
			p.Citizen = people[person]
			if pki != "" {
				if p.PKI, err = virtual.MintPKI(pki); err != nil {
					return err
				}
			}
			chip, err := virtual.NewChip(p)
			if err != nil {
				return err
			}
			fmt.Fprintf(c.errs, "The card of %s (number %s, invented) lies on port %d. Ctrl+C takes it away.\n", p.Citizen.Name, p.Citizen.Number, port)
			return virtual.Serve(cmd.Context(), fmt.Sprintf("127.0.0.1:%d", port), chip)
		},
	}
	f := cmd.Flags()
	f.StringVar(&profile, "profile", profile, "kind of card: "+profileNames())
	f.IntVar(&port, "port", port, "port of the virtual reader")
	f.StringVar(&pki, "pki", pki, "directory of the trial's signing authority; a new one when empty")
	f.IntVar(&person, "person", person, "which of the invented citizens")
	return cmd
}

func profileNames() string {
	names := ""
	for i, p := range virtual.Profiles() {
		if i > 0 {
			names += ", "
		}
		names += p.Name
	}
	return names
}
