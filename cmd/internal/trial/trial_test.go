package trial

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"motcua"
	"motcua/cmd/internal/desk"
	"motcua/devices"
	"motcua/devices/pcsc"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/sync/portal/dvcqg"
	"motcua/sync/portal/reference"
	"motcua/ui/flow"
	"motcua/ui/flow/reception"
	"motcua/ui/screen"
)

// The bench is one trial for the whole package: libpcsclite speaks to one
// service in a process. Each test has a store, a portal and a printer of its
// own.
var bench struct {
	trial *Trial
	err   error
}

func TestMain(m *testing.M) { os.Exit(withBench(m)) }

func withBench(m *testing.M) int {
	dir, err := os.MkdirTemp("", "motcua-trial-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	bench.trial, bench.err = set(ctx, dir)
	if bench.trial != nil {
		defer bench.trial.Stop()
	}
	return m.Run()
}

func set(ctx context.Context, dir string) (*Trial, error) {
	for _, name := range []string{"portald", "tokend"} {
		cmd := exec.Command("go", "build", "-trimpath", "-o", filepath.Join(dir, "bin", name), "motcua/cmd/"+name)
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("building %s: %w\n%s", name, err, out)
		}
	}
	if err := os.Setenv("MOTCUA_PROGRAMS", filepath.Join(dir, "bin")); err != nil {
		return nil, err
	}
	return Start(ctx, filepath.Join(dir, "trial"))
}

// fresh is a trial of the test's own on the shared card service and token.
func fresh(t *testing.T) *Trial {
	t.Helper()
	if motcua.CodeOf(bench.err) == motcua.ToolMissing && os.Getenv("MOTCUA_BENCH") == "" {
		t.Skip("a program of the bench is missing: ", bench.err)
	}
	if bench.err != nil {
		t.Fatal(bench.err)
	}
	b := bench.trial
	n := &Trial{Dir: t.TempDir(), Config: b.Config, Chips: b.Chips, People: b.People, pcscd: b.pcscd, portald: b.portald, listen: b.listen}
	n.Config.Dir = n.path("store")
	n.Config.Printer.Folder = n.path("printed")
	password, err := os.ReadFile(b.path("portal.password"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(n.path("portal.password"), password, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.TakeCard(); n.PortalDown() })
	noCard(t, n.Config.Card.Socket)
	return n
}

// noCard waits until the reader has noticed that the last test's card is gone.
func noCard(t *testing.T, socket string) {
	t.Helper()
	readers, err := pcsc.Open(socket)
	if err != nil {
		t.Fatal(err)
	}
	defer readers.Close()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		list, err := readers.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(list, func(r devices.ReaderInfo) bool { return r.State != devices.ReaderEmpty }) {
			return
		}
	}
	t.Fatal("a card of an earlier test stays on the reader")
}

// out says each step where the test's log is.
type out struct{ t *testing.T }

func (o out) Write(b []byte) (int, error) {
	o.t.Log(strings.TrimRight(string(b), "\n"))
	return len(b), nil
}

func TestTheMainJob(t *testing.T) {
	b := fresh(t)
	story, err := b.Play(t.Context(), Stage{Out: out{t}})
	if err != nil {
		t.Fatal(err)
	}
	if !story.OK || !dossier.IsNumber(story.Number) || !dossier.LooksOfficial(story.Code) {
		t.Errorf("the story ends with %+v", story)
	}
	for _, name := range []string{"receipt.pdf", "dossier.json", "portal.json"} {
		if fi, err := os.Stat(b.path(name)); err != nil || fi.Size() == 0 || fi.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, fi, err)
		}
	}
	checkReceipt(t, b.path("receipt.pdf"))
	if _, err := b.PlayKiosk(t.Context(), Stage{Out: out{t}}); err != nil {
		t.Error(err)
	}
	if _, err := b.PlaySetup(t.Context(), Stage{Out: out{t}}); err != nil {
		t.Error(err)
	}
}

// checkReceipt has two strangers judge the receipt.
func checkReceipt(t *testing.T, path string) {
	t.Helper()
	signature, err := exec.Command("pdfsig", "-no-ocsp", path).CombinedOutput()
	if err != nil || !strings.Contains(string(signature), "Signature is Valid") || !strings.Contains(string(signature), "Total document signed") {
		t.Errorf("pdfsig: %v\n%s", err, signature)
	}
	text, err := exec.Command("pdftotext", "-layout", path, "-").CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Nguyễn Văn An", "TAM/Q1/", "10.000 đồng"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the receipt does not say %q:\n%s", want, text)
		}
	}
}

// player is a desk with the reception open, for one bad day.
type player struct {
	*teller
	t *testing.T
}

// play opens the trial's desk and gives it to do.
func play(t *testing.T, b *Trial, do func(p player)) {
	t.Helper()
	_, err := b.tell(t.Context(), Stage{Out: out{t}}, reception.Flow{}, func(d *desk.Desk) flow.Hands { return desk.Reception{Desk: d} },
		func(p *teller) []scene {
			return []scene{{"ready", p.ready}, {"play", func(context.Context) (string, error) { do(player{p, t}); return "", nil }}}
		})
	if err != nil {
		t.Fatal(err)
	}
}

func (p player) must(scenes ...func(context.Context) (string, error)) {
	p.t.Helper()
	for _, s := range scenes {
		if _, err := s(p.t.Context()); err != nil {
			p.t.Fatal(err)
		}
	}
}

// notice waits for a notice with the code on the screen of that name.
func (p player) notice(name string, code motcua.Code) screen.Screen {
	p.t.Helper()
	s, err := p.face.until(p.t.Context(), "the notice "+string(code), func(s screen.Screen) bool {
		return s.Name == name && strings.Contains(complaint(s), string(code))
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

// A wrong number is refused by the chip with a sentence, nothing is tried
// again by itself, and the right number then opens it.
func TestWrongNumber(t *testing.T) {
	play(t, fresh(t), func(p player) {
		p.must(p.choose)
		p.LayCard(t.Context(), 0)
		p.until(func(s screen.Screen) bool { return s.Actions[0].Off == "" })
		before := p.Chips[0].WrongTries()
		p.face.post(flow.Entered{Field: "number", Value: p.People[1].Number})
		s := p.notice("reception/identify", motcua.CardWrongSecret)
		if n := open(s).Notice; n.Try == "" || len(n.Actions) == 0 {
			t.Errorf("the notice does not say what to do: %+v", n)
		}
		time.Sleep(300 * time.Millisecond)
		if tried := p.Chips[0].WrongTries() - before; tried < 1 || tried > 2 {
			t.Errorf("the chip was asked %d times with a wrong number", tried)
		}
		p.TakeCard()
		p.must(p.identify)
	})
}

func (p player) until(right func(screen.Screen) bool) screen.Screen {
	p.t.Helper()
	s, err := p.face.until(p.t.Context(), "the screen", func(s screen.Screen) bool { return len(s.Actions) > 0 && right(s) })
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func open(s screen.Screen) screen.Section {
	for _, sec := range s.Sections {
		if sec.State == screen.Open {
			return sec
		}
	}
	return screen.Section{}
}

// Garbage from a scanner is told as such, and what was typed stays.
func TestGarbledQR(t *testing.T) {
	play(t, fresh(t), func(p player) {
		p.must(p.choose)
		p.LayCard(t.Context(), 0)
		p.until(func(s screen.Screen) bool { return s.Actions[0].Off == "" })
		p.face.post(flow.Entered{Field: "number", Value: "|||\x00rubbish|\xff|"})
		p.notice("reception/identify", motcua.QRGarbled)
	})
}

// A wrong PIN is told, not tried again, and the dossier waits for the right
// one.
func TestWrongPIN(t *testing.T) {
	play(t, fresh(t), func(p player) {
		p.must(p.choose, p.identify, p.person, p.papers, p.promise)
		p.face.post(flow.Secret{Field: "pin", PIN: flow.NewPIN([]byte("999999"))})
		s := p.notice("reception/sign", motcua.TokenPINWrong)
		if text := fmt.Sprintf("%+v", s); strings.Contains(text, "999999") {
			t.Error("the screen shows the PIN")
		}
		p.must(p.sign)
	})
}

// Whatever the portal answers, the dossier stays, and gets there once.
func TestPortalOnABadDay(t *testing.T) {
	for _, fault := range []string{"html", "empty", "lossy=1", "expire-sessions=1", "slow=50ms", "string-json"} {
		t.Run(fault, func(t *testing.T) {
			b := fresh(t)
			play(t, b, func(p player) {
				p.must(p.choose, p.identify, p.person, p.papers, p.promise, p.sign)
				if err := b.PortalUp(t.Context(), fault); err != nil {
					t.Fatal(err)
				}
				p.desk.Outbox.Kick()
				p.tried(fault)
				b.PortalDown()
				p.must(p.goesUp)
				b.PortalDown()
				p.once()
			})
		})
	}
}

// tried waits until the sick portal was asked at least once.
func (p player) tried(fault string) {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		entries, err := p.desk.Store.Entries(p.t.Context(), p.kept.ID)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, try := range entries[0].Tries {
			if try.Code != string(motcua.PortalUnreachable) {
				p.t.Logf("%s: %s", fault, try.Code)
				return
			}
		}
	}
	p.t.Fatal("the portal was never asked")
}

// once reads the portal's own file: the dossier is there once, and these are
// its bytes.
func (p player) once() {
	p.t.Helper()
	portal, err := reference.Open(reference.Config{Dir: p.path("portal")})
	if err != nil {
		p.t.Fatal(err)
	}
	defer portal.Close()
	want, err := dvcqg.Encode(p.kept)
	if err != nil {
		p.t.Fatal(err)
	}
	held := portal.All()
	if len(held) != 1 || held[0].Inserts != 1 || string(held[0].Dossier) != string(want) {
		p.t.Errorf("the portal holds %d dossiers", len(held))
	}
}

// A fee that the province's council sets is flagged until the officer enters
// it, and what is no amount is refused, not guessed.
func TestFeeThatNobodyPublished(t *testing.T) {
	play(t, fresh(t), func(p player) {
		p.face.post(flow.Picked{Block: "procedures", Key: "1.004873"})
		p.until(func(s screen.Screen) bool { return s.Name == "reception/identify" })
		p.face.post(flow.Pressed{Action: "by-hand"})
		p.face.post(flow.Edited{Field: "name", Value: "Nguyễn Văn Thử"})
		p.face.post(flow.Pressed{Action: "next"})
		s := p.until(func(s screen.Screen) bool { return s.Name == "reception/papers" })
		key := ""
		for _, b := range open(s).Blocks {
			if f, ok := b.(screen.Form); ok {
				for _, field := range f.Fields {
					if field.Kind == screen.Money {
						key = field.Key
					}
				}
			}
		}
		if key == "" {
			t.Fatal("the officer is not asked for the amount")
		}
		p.face.post(flow.Pressed{Action: "all"})
		p.face.post(flow.Edited{Field: "purpose", Value: "Kết hôn"})
		for _, c := range []struct {
			typed string
			right func(said string, s screen.Screen) bool
		}{
			{"", func(said string, _ screen.Screen) bool { return strings.Contains(said, p.desk.Words.T("fee.unknown")) }},
			{"tám nghìn", func(_ string, s screen.Screen) bool { return strings.Contains(complaint(s), string(motcua.BadInput)) }},
			{"8.000", func(said string, _ screen.Screen) bool {
				return strings.Contains(said, "8.000 đ") && !strings.Contains(said, p.desk.Words.T("fee.unknown"))
			}},
		} {
			p.face.post(flow.Edited{Field: key, Value: c.typed})
			p.face.post(flow.Pressed{Action: "next"})
			p.until(func(s screen.Screen) bool {
				facts, _ := block[screen.Facts](s)
				return s.Name == "reception/promise" && !working(s) && c.right(fmt.Sprint(facts), s)
			})
			p.face.post(flow.Pressed{Action: "back"})
			p.until(func(s screen.Screen) bool { return s.Name == "reception/papers" })
		}
	})
}

// A second instance on the same store is told so, and harms nothing.
func TestSecondInstance(t *testing.T) {
	b := fresh(t)
	play(t, b, func(p player) {
		p.must(p.choose, p.identify, p.person)
		if _, err := desk.Open(b.Config); motcua.CodeOf(err) != motcua.StoreLocked {
			t.Errorf("a second desk on the same store: %v", err)
		}
		p.must(p.papers, p.promise, p.sign)
	})
}

// A draft outlives the program: it is offered at the next start, and finished.
func TestDraftOutlivesTheProgram(t *testing.T) {
	b := fresh(t)
	play(t, b, func(p player) {
		p.must(p.choose, p.identify, p.person)
		p.waitDraft()
	})
	b.TakeCard()
	play(t, b, func(p player) {
		s, err := p.face.until(t.Context(), "the draft", func(s screen.Screen) bool { return draft(s) != "" })
		if err != nil {
			t.Fatal(err)
		}
		p.face.post(flow.Picked{Block: "drafts", Key: draft(s)})
		s = p.until(func(s screen.Screen) bool { return s.Name == "reception/person" })
		if s.Aside == nil || s.Aside.Title != p.People[0].Name {
			t.Errorf("the draft lost its person: %+v", s.Aside)
		}
		p.must(p.person, p.papers, p.promise, p.sign)
	})
}

func (p player) waitDraft() {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		page, err := p.desk.Store.List(p.t.Context(), store.Query{Stage: dossier.Draft})
		if err == nil && len(page.Dossiers) == 1 && page.Dossiers[0].Applicant.Phone != "" {
			return
		}
	}
	p.t.Fatal("no draft was saved")
}

func draft(s screen.Screen) string {
	for _, sec := range s.Sections {
		for _, b := range sec.Blocks {
			if c, ok := b.(screen.Choice); ok && c.Key == "drafts" && len(c.Options) > 0 {
				return c.Options[0].Key
			}
		}
	}
	return ""
}

// A second trial would take the first one's card service over.
func TestSecondTrialInTheSameDirectory(t *testing.T) {
	fresh(t)
	if _, err := Start(t.Context(), bench.trial.Dir); motcua.CodeOf(err) != motcua.StoreLocked {
		t.Errorf("a second trial: %v", err)
	}
}

// What is written for people who look after the machine holds nobody's data:
// the queue's tries, the portal's log, the journal.
func TestNoPersonalDataWhereItDoesNotBelong(t *testing.T) {
	b := fresh(t)
	play(t, b, func(p player) {
		p.must(p.choose, p.identify, p.person, p.papers, p.promise, p.sign, p.next, p.goesUp)
		entries, err := p.desk.Store.Entries(t.Context(), p.kept.ID)
		if err != nil {
			t.Fatal(err)
		}
		journal, err := p.desk.Store.JournalAfter(t.Context(), 0, 1000)
		if err != nil || len(journal) == 0 {
			t.Fatalf("%d journal entries, %v", len(journal), err)
		}
		tries, _ := json.Marshal(entries[0].Tries)
		notes, _ := json.Marshal(journal)
		log, err := os.ReadFile(p.path("portald.log"))
		if err != nil {
			t.Fatal(err)
		}
		for name, text := range map[string][]byte{"tries": tries, "journal": notes, "portald.log": log} {
			for _, secret := range []string{b.People[0].Number, b.People[0].Name, b.People[0].Residence, "0900000001", PIN} {
				if regexp.MustCompile(regexp.QuoteMeta(secret)).Match(text) {
					t.Errorf("%s holds %q", name, secret)
				}
			}
		}
	})
}
