// Package desk wires the product: it is the one room that sees every room.
//
// A Desk is a value: Open(Config) gives one, Close ends it. The faces in cmd/
// and the trial use the same one.
package desk

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"time"

	"github.com/BurntSushi/toml"

	"motcua"
	"motcua/store/deadline"
	"motcua/store/dossier"
	"motcua/sync/outbox"
	"motcua/sync/portal"
)

// Config is everything that differs between desks. It is read from a TOML file
// that the technician writes; nothing in it is secret: passwords and PINs are
// elsewhere.
type Config struct {
	Dir      string `toml:"dir"`      // where the store and our papers are
	Counter  string `toml:"counter"`  // of this desk, in provisional numbers: A-Z 0-9
	Language string `toml:"language"` // "vi" or "en"

	Unit     Unit           `toml:"unit"`
	Officer  Officer        `toml:"officer"`
	Hours    deadline.Hours `toml:"hours"`
	Services []Service      `toml:"services"` // what a kiosk's ticket can be for

	Card    Card           `toml:"card"`
	Token   Token          `toml:"token"`
	Printer Printer        `toml:"printer"`
	Portal  portal.Profile `toml:"portal"`

	Now  func() time.Time `toml:"-"`
	Wait outbox.Wait      `toml:"-"` // the outbox's patience; the trial has less
}

// Unit is the centre that receives.
type Unit struct {
	Code   string `toml:"code"`
	Name   string `toml:"name"`
	Parent string `toml:"parent"`
	// Suffix ends the document number of Mẫu 01, "…/…-TTPVHCC (BPTNTKQ)": the
	// centre's own letters stand before the hyphen.
	Suffix string `toml:"suffix"`
	Place  string `toml:"place"` // before the date: "Đắk Lắk"
}

// Officer is who works at the desk. Signing in by person comes with roles;
// until then the desk has one officer.
type Officer struct {
	ID    string `toml:"id"`
	Name  string `toml:"name"`
	Title string `toml:"title"`
}

// Service is one line of the kiosk's tickets. Prefix is the letter of its
// numbers.
type Service struct {
	Key    string `toml:"key"`
	Name   string `toml:"name"`
	Prefix string `toml:"prefix"`
}

// Card is how chip cards are read.
type Card struct {
	Socket  string `toml:"socket"`  // of a private pcscd; empty for the machine's
	Anchors string `toml:"anchors"` // directory of country signing certificates
	BAC     bool   `toml:"allow_bac"`
}

// Token is how receipts are signed.
type Token struct {
	Helper  string   `toml:"helper"`  // path of tokend; empty looks beside this program
	Modules []string `toml:"modules"` // vendor modules
	// SoftHSM is the SOFTHSM2_CONF of the trial's token; empty otherwise.
	SoftHSM string `toml:"softhsm_conf"`
	Roots   string `toml:"roots"` // PEM file of the roots that signatures must reach
}

// Printer is where papers go.
type Printer struct {
	Name   string `toml:"name"`   // of the print system; empty takes its default
	Folder string `toml:"folder"` // write PDF files here instead of printing
	Ticket string `toml:"ticket"` // the 80 mm printer of a kiosk; empty uses Name
}

// Load reads the file and fills what it leaves out. Unknown keys are refused:
// a misspelt setting must not be ignored in silence.
func Load(path string) (Config, error) {
	var c Config
	meta, err := toml.DecodeFile(path, &c)
	if err != nil {
		return c, motcua.Fail(motcua.ConfigBad, path, err)
	}
	if left := meta.Undecoded(); len(left) > 0 {
		return c, motcua.Fail(motcua.ConfigBad, path+": "+left[0].String()+" is not a setting", nil)
	}
	return c, nil
}

// Save writes the configuration, whole or not at all.
func (c Config) Save(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".config-*")
	if err != nil {
		return motcua.Fail(motcua.StoreUnreadable, path, err)
	}
	defer os.Remove(f.Name())
	err = errors.Join(toml.NewEncoder(f).Encode(c), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return motcua.Fail(motcua.StoreUnreadable, path, err)
	}
	return nil
}

var counterName = regexp.MustCompile(`^[A-Z0-9]{1,8}$`)

// complete fills defaults and refuses what cannot work.
func (c *Config) complete() error {
	switch {
	case c.Dir == "":
		return motcua.Fail(motcua.ConfigBad, "dir is missing", nil)
	case !counterName.MatchString(c.Counter):
		return motcua.Fail(motcua.ConfigBad, "counter must be one to eight of A-Z and 0-9", nil)
	case c.Unit.Name == "" || c.Officer.Name == "":
		return motcua.Fail(motcua.ConfigBad, "unit.name and officer.name are needed on the receipt", nil)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Language == "" {
		c.Language = "vi"
	}
	if c.Unit.Suffix == "" {
		c.Unit.Suffix = "TTPVHCC"
	}
	if c.Token.Helper == "" {
		c.Token.Helper = beside("tokend")
	}
	return nil
}

// beside is the path of one of our programs next to this one, or in the
// directory that MOTCUA_PROGRAMS names, for tests.
func beside(name string) string {
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	if dir := os.Getenv("MOTCUA_PROGRAMS"); dir != "" {
		return filepath.Join(dir, name)
	}
	self, err := os.Executable()
	if err != nil {
		return name
	}
	return filepath.Join(filepath.Dir(self), name)
}

// Program is the path of one of our programs, which must be there.
func Program(name string) (string, error) {
	path := beside(name)
	if _, err := os.Stat(path); err != nil {
		return "", motcua.Fail(motcua.ToolMissing, name+" is not beside this program", err)
	}
	return path, nil
}

// now is the time in the only zone there is.
func (c *Config) now() time.Time { return c.Now().In(deadline.Zone).Truncate(time.Second) }

func (c *Config) unit() dossier.Unit {
	return dossier.Unit{Code: c.Unit.Code, Name: c.Unit.Name, Parent: c.Unit.Parent}
}
