package desk

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/oklog/ulid/v2"

	"motcua"
	"motcua/assets"
	"motcua/devices"
	"motcua/devices/pcsc"
	"motcua/devices/pkcs11"
	"motcua/devices/printer"
	"motcua/devices/virtual"
	"motcua/store"
	"motcua/store/bolt"
	"motcua/store/deadline"
	"motcua/store/dossier"
	"motcua/store/procedure"
	"motcua/sync/outbox"
	"motcua/sync/portal"
	"motcua/sync/portal/all"
	"motcua/ui/flow"
	"motcua/ui/words"
)

// Parts are the rooms a desk works with. Open makes the real ones.
type Parts struct {
	Store   store.Store
	Readers devices.Readers
	Tokens  devices.Tokens
	Sheets  devices.Printer // A4
	Tickets devices.Printer // 80 mm
	Adapter portal.Portal   // nil where a desk has none
}

// Desk is one running desk.
type Desk struct {
	Config
	Parts
	Words     *words.Words
	Catalogue *procedure.Catalogue
	Calendar  *deadline.Calendar
	Outbox    *outbox.Outbox
	anchors   [][]byte

	mu       sync.Mutex
	readers  map[string]devices.ReaderState // by system name
	service  error                          // of the reader service
	reader   string                         // system name of the reader with a card
	short    map[string]string              // names for people
	maxLe    map[string]int                 // what each reader was seen to carry
	revision map[dossier.ID]int             // as last written by this desk
	saving   sync.Mutex                     // one Keep of a draft at a time
	seen     seen                           // by watchDesk
	health   portal.Health                  // last seen
	loops    map[*loop]struct{}
	dim      chan struct{} // the quiet line is out of date
}

// loop is one face listening.
type loop struct{ post func(flow.Event) }

// Open makes the real parts. StoreLocked means that the program already runs
// on this directory.
func Open(c Config) (*Desk, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	p, err := c.open()
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	d, err := New(c, p)
	if err != nil {
		return nil, errors.Join(err, p.close())
	}
	return d, nil
}

func (c *Config) open() (p Parts, err error) {
	if p.Store, err = openStore(c.Dir, c.Now); err != nil {
		return p, err
	}
	if p.Readers, err = pcsc.Open(c.Card.Socket); err != nil {
		return p, err
	}
	if p.Tokens, err = pkcs11.Open(c.tokens()); err != nil {
		return p, err
	}
	if p.Sheets, p.Tickets, err = c.printers(); err != nil {
		return p, err
	}
	if c.Portal.Kind != "" {
		if p.Adapter, err = all.Open(c.Portal, c.Now); err != nil {
			return p, err
		}
	}
	return p, nil
}

// tokens is the configuration of the token helper. SoftHSM finds its token by
// a variable of the environment only.
func (c *Config) tokens() pkcs11.Config {
	t := pkcs11.Config{Helper: c.Token.Helper, Modules: c.Token.Modules, Now: c.Now}
	if c.Token.SoftHSM != "" {
		t.Env = []string{"SOFTHSM2_CONF=" + c.Token.SoftHSM}
	}
	return t
}

// openStore keeps a nil *bolt.Store out of the interface.
func openStore(dir string, now func() time.Time) (store.Store, error) {
	s, err := bolt.Open(dir, bolt.Options{Now: now})
	if err != nil {
		return nil, err
	}
	return s, nil
}

func (c *Config) printers() (paper, tickets devices.Printer, err error) {
	if c.Printer.Folder != "" {
		f := virtual.Printer(c.Printer.Folder)
		return f, f, nil
	}
	a4, err := printer.Open(c.Printer.Name)
	if err != nil || c.Printer.Ticket == "" {
		return a4, a4, err
	}
	roll, err := printer.Open(c.Printer.Ticket)
	return a4, roll, err
}

// New makes a desk of the parts, which it closes in the end.
func New(c Config, p Parts) (*Desk, error) {
	if err := c.complete(); err != nil {
		return nil, err
	}
	d := &Desk{Config: c, Parts: p,
		readers: map[string]devices.ReaderState{}, maxLe: map[string]int{}, short: map[string]string{},
		revision: map[dossier.ID]int{}, loops: map[*loop]struct{}{}, dim: make(chan struct{}, 1)}
	var err error
	if d.Words, err = words.Load(c.Language); err != nil {
		return nil, err
	}
	if d.Catalogue, err = procedure.Load(assets.FS, "procedures"); err != nil {
		return nil, err
	}
	if d.Calendar, err = deadline.Load(assets.FS, "holidays"); err != nil {
		return nil, err
	}
	if d.anchors, err = Anchors(c.Card.Anchors); err != nil {
		return nil, err
	}
	if p.Adapter != nil {
		d.Outbox = outbox.New(outbox.Config{Store: p.Store, Portal: p.Adapter, Now: c.Now, Wait: c.Wait})
	}
	return d, nil
}

// Anchors reads every certificate of the directory. None is no error: then
// the chain of a card is "not attempted" and the screen says so.
func Anchors(dir string) ([][]byte, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, motcua.Fail(motcua.ConfigBad, "card.anchors", err)
	}
	var out [][]byte
	for _, e := range entries {
		switch filepath.Ext(e.Name()) {
		case ".der", ".pem", ".cer", ".crt":
			b, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				return nil, motcua.Fail(motcua.ConfigBad, "card.anchors", err)
			}
			out = append(out, b)
		}
	}
	return out, nil
}

// Run works in the background until ctx ends: the outbox, the readers, the
// quiet line.
func (d *Desk) Run(ctx context.Context) {
	var wg sync.WaitGroup
	spawn := func(f func(context.Context)) {
		wg.Add(1)
		go func() { defer wg.Done(); f(ctx) }()
	}
	if d.Outbox != nil {
		spawn(func(ctx context.Context) {
			if err := d.Outbox.Run(ctx); err != nil && ctx.Err() == nil {
				slog.Error("outbox ended", "code", motcua.CodeOf(err))
			}
		})
		defer d.Outbox.Watch(func(s outbox.State) { d.outboxIs(ctx, s) })()
	}
	spawn(d.watchReaders)
	spawn(d.watchDesk)
	spawn(d.watchStore)
	spawn(d.watchLights)
	wg.Wait()
}

// Close ends the desk's parts. Run must have returned.
func (d *Desk) Close() error { return d.Parts.close() }

func (p Parts) close() error {
	var errs []error
	if p.Tokens != nil {
		errs = append(errs, p.Tokens.Close())
	}
	if p.Readers != nil {
		errs = append(errs, p.Readers.Close())
	}
	if p.Store != nil {
		errs = append(errs, p.Store.Close())
	}
	return errors.Join(errs...)
}

// Listen gives every event of the desk to post, until stop; first what is
// known now.
func (d *Desk) Listen(ctx context.Context, post func(flow.Event)) (stop func()) {
	l := &loop{post}
	d.mu.Lock()
	d.loops[l] = struct{}{}
	reader := d.short[d.reader]
	d.mu.Unlock()
	if reader != "" {
		post(flow.CardIn{Reader: reader})
	}
	d.light(ctx)
	return func() {
		d.mu.Lock()
		delete(d.loops, l)
		d.mu.Unlock()
	}
}

func (d *Desk) post(e flow.Event) {
	d.mu.Lock()
	posts := make([]func(flow.Event), 0, len(d.loops))
	for l := range d.loops {
		posts = append(posts, l.post)
	}
	d.mu.Unlock()
	for _, post := range posts {
		post(e)
	}
}

// newID is a ULID of now.
func (d *Desk) newID(now time.Time) dossier.ID {
	return dossier.ID(ulid.MustNew(ulid.Timestamp(now), rand.Reader).String())
}

// newLookup is the short secret beside the number: six digits, so that
// guessing at a kiosk, three tries a session, is hopeless.
func newLookup() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // crypto/rand does not fail (Go 1.24)
	for i := range b {
		b[i] = '0' + b[i]%10
	}
	return string(b[:])
}
