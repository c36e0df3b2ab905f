// Package trial sets up a whole centre in one directory: the reference portal,
// a private card service with a virtual reader, a citizen's card, a signing
// token and a desk's configuration. Every part is the real program or the
// stand-in that ships with the product, and every part ends with the trial.
package trial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"motcua"
	"motcua/cmd/internal/desk"
	"motcua/devices/virtual"
	"motcua/store/deadline"
	"motcua/sync/outbox"
	"motcua/sync/portal"
)

// What a person needs to know to use the trial. None of it is secret.
const (
	PIN     = "123456"
	Officer = "Trần Thị Thử Nghiệm"
	user    = "motcua"
)

// Trial is a running centre.
type Trial struct {
	Dir    string
	Config desk.Config
	Chips  []*virtual.Chip // the invented citizens' cards
	People []virtual.Citizen

	lock    *os.File
	pcscd   *virtual.Pcscd
	portald string
	listen  string

	mu         sync.Mutex
	portal     *exec.Cmd
	portalDone <-chan struct{}
	card       context.CancelFunc
	gone       chan struct{}
}

// Start makes what is missing under dir and starts everything but the portal:
// the story begins on a day when it is down.
func Start(ctx context.Context, dir string) (*Trial, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, motcua.Fail(motcua.BadInput, "trial directory", err)
	}
	t := &Trial{Dir: dir}
	if t.portald, err = desk.Program("portald"); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, motcua.Fail(motcua.StoreUnreadable, dir, err)
	}
	if t.lock, err = lockDir(dir); err != nil {
		return nil, err
	}
	if err := t.cards(ctx); err != nil {
		return nil, errors.Join(err, t.Stop())
	}
	if err := t.configure(ctx); err != nil {
		return nil, errors.Join(err, t.Stop())
	}
	return t, nil
}

func (t *Trial) path(parts ...string) string {
	return filepath.Join(append([]string{t.Dir}, parts...)...)
}

// ConfigFile is the desk's configuration.
func (t *Trial) ConfigFile() string { return t.path("desk.toml") }

// cards starts the card service and mints the cards.
func (t *Trial) cards(ctx context.Context) error {
	pki, err := virtual.MintPKI(t.path("pki"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(t.path("anchors"), 0o700); err != nil {
		return motcua.Fail(motcua.StoreUnreadable, "anchors", err)
	}
	if err := os.WriteFile(t.path("anchors", "csca.der"), pki.CSCA(), 0o600); err != nil {
		return motcua.Fail(motcua.StoreUnreadable, "anchors", err)
	}
	profile, err := virtual.ProfileNamed("2021")
	if err != nil {
		return err
	}
	profile.PKI = pki
	t.People = virtual.Citizens()
	for _, c := range t.People {
		profile.Citizen = c
		chip, err := virtual.NewChip(profile)
		if err != nil {
			return err
		}
		t.Chips = append(t.Chips, chip)
	}
	t.pcscd, err = virtual.StartPcscd(ctx, t.path("pcscd"))
	return err
}

// configure makes the token and writes the desk's configuration, keeping the
// portal's port of an earlier run so that the desk finds it again.
func (t *Trial) configure(ctx context.Context) error {
	token, err := virtual.MakeToken(ctx, t.path("token"), "Mot Cua trial", Officer, []byte(PIN))
	if err != nil {
		return err
	}
	if err := os.WriteFile(t.path("roots.pem"), token.RootPEM(), 0o600); err != nil {
		return motcua.Fail(motcua.StoreUnreadable, "roots", err)
	}
	if t.listen, err = t.address(); err != nil {
		return err
	}
	password := t.path("portal.password")
	if err := os.WriteFile(password, []byte(user+"-trial\n"), 0o600); err != nil {
		return motcua.Fail(motcua.StoreUnreadable, "portal password", err)
	}
	t.Config = desk.Config{
		Dir: t.path("store"), Counter: "Q1", Language: "vi",
		Unit: desk.Unit{Code: "H99.01", Name: "Trung tâm Phục vụ hành chính công xã Thử Nghiệm",
			Parent: "UBND xã Thử Nghiệm", Suffix: "TNHS-TTPVHCC", Place: "Thử Nghiệm"},
		Officer: desk.Officer{ID: "cb01", Name: Officer, Title: "Công chức tiếp nhận"},
		Hours:   deadline.Usual(),
		Services: []desk.Service{
			{Key: "chung-thuc", Name: "Chứng thực", Prefix: "A"},
			{Key: "ho-tich", Name: "Hộ tịch", Prefix: "B"},
			{Key: "khac", Name: "Việc khác", Prefix: "C"},
		},
		Card:    desk.Card{Socket: t.pcscd.Socket(), Anchors: t.path("anchors")},
		Token:   desk.Token{Modules: []string{token.ModulePath()}, SoftHSM: token.Conf(), Roots: t.path("roots.pem")},
		Printer: desk.Printer{Folder: t.path("printed")},
		Portal: portal.Profile{Kind: "dvcqg", URL: "http://" + t.listen, Login: "/mapi/login", Services: "/mapi/g",
			Unit: "H99.01", User: user, PasswordFile: password, SessionLife: 10 * time.Minute,
			CodeField: "MaHoSo", StatusField: "TrangThaiHoSo", StepsField: "DanhSachTienDo", ConnectTimeout: 2 * time.Second, Timeout: 10 * time.Second},
	}
	// A desk waits for minutes between tries; whoever watches a trial does not.
	t.Config.Wait = outbox.Wait{Start: -1, Floor: 200 * time.Millisecond, Base: 500 * time.Millisecond,
		Cap: 3 * time.Second, Tick: time.Second, PollMin: 500 * time.Millisecond, PollMax: 10 * time.Second}
	return t.Config.Save(t.ConfigFile())
}

// address is the portal's: that of an earlier run when it is still free, or
// another free port of the loopback.
func (t *Trial) address() (string, error) {
	at := "127.0.0.1:0"
	if old, err := desk.Load(t.ConfigFile()); err == nil && len(old.Portal.URL) > len("http://") {
		at = old.Portal.URL[len("http://"):]
	}
	l, err := net.Listen("tcp", at)
	if err != nil {
		if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
			return "", motcua.Fail(motcua.Internal, "no free port", err)
		}
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// LayCard lays the card of the i-th citizen on the reader, after taking away
// the one that lies there.
func (t *Trial) LayCard(ctx context.Context, i int) {
	t.TakeCard()
	ctx, cancel := context.WithCancel(ctx)
	gone := make(chan struct{})
	t.mu.Lock()
	t.card, t.gone = cancel, gone
	t.mu.Unlock()
	go func() {
		defer close(gone)
		_ = virtual.Serve(ctx, t.pcscd.Addr(), t.Chips[i])
	}()
}

// TakeCard takes the card away.
func (t *Trial) TakeCard() {
	t.mu.Lock()
	cancel, gone := t.card, t.gone
	t.card = nil
	t.mu.Unlock()
	if cancel != nil {
		cancel()
		<-gone
	}
}

// PortalUp starts the reference portal and returns when it listens.
func (t *Trial) PortalUp(ctx context.Context, faults ...string) error {
	args := []string{"--listen", t.listen, "--data", t.path("portal"), "--unit", "H99.01",
		"--user", user, "--password-file", t.path("portal.password")}
	for _, f := range faults {
		args = append(args, "--fault", f)
	}
	log, err := os.OpenFile(t.path("portald.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return motcua.Fail(motcua.StoreUnreadable, "portald.log", err)
	}
	defer log.Close()
	cmd := exec.Command(t.portald, args...)
	cmd.Stdout, cmd.Stderr = log, log
	done, err := startBound(cmd)
	if err != nil {
		return motcua.Fail(motcua.ToolMissing, "portald", err)
	}
	t.mu.Lock()
	t.portal, t.portalDone = cmd, done
	t.mu.Unlock()
	return t.await(ctx)
}

func (t *Trial) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		var d net.Dialer
		c, err := d.DialContext(ctx, "tcp", t.listen)
		if err == nil {
			return c.Close()
		}
		select {
		case <-ctx.Done():
			return motcua.Fail(motcua.PortalUnreachable, "portald did not start; see portald.log", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// PortalDown ends the portal as a failing machine would: without a farewell.
func (t *Trial) PortalDown() {
	t.mu.Lock()
	cmd, done := t.portal, t.portalDone
	t.portal = nil
	t.mu.Unlock()
	if cmd != nil {
		_ = cmd.Process.Kill()
		<-done
	}
}

// CardLies reports whether a card lies on the reader.
func (t *Trial) CardLies() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.card != nil
}

// PortalRuns reports whether the portal was started and not ended since.
func (t *Trial) PortalRuns() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.portal != nil
}

// PortalURL is the portal's page of what it holds.
func (t *Trial) PortalURL() string { return fmt.Sprintf("http://%s/", t.listen) }

// Stop ends every part.
func (t *Trial) Stop() error {
	t.TakeCard()
	t.PortalDown()
	var err error
	if t.pcscd != nil {
		err = t.pcscd.Stop()
	}
	return errors.Join(err, t.lock.Close())
}
