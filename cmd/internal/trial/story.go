package trial

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"motcua"
	"motcua/cmd/internal/desk"
	"motcua/store"
	"motcua/store/dossier"
	"motcua/sync/portal/dvcqg"
	"motcua/sync/portal/reference"
	"motcua/ui/flow"
	"motcua/ui/flow/reception"
	"motcua/ui/paper/pades"
	"motcua/ui/screen"
)

// Step is one line of the story as it was told.
type Step struct {
	Name string        `json:"step"`
	Took time.Duration `json:"tookNs"`
	Note string        `json:"note,omitempty"`
}

// Story is what happened.
type Story struct {
	Steps  []Step `json:"steps"`
	Number string `json:"number"`
	Code   string `json:"code"`
	OK     bool   `json:"ok"`
	Fault  string `json:"fault,omitempty"`
}

// Stage is where a story is played: nowhere but in memory when it is zero.
type Stage struct {
	Out  io.Writer           // told each step
	Draw func(screen.Screen) // shown each screen
	Pace time.Duration       // how long a screen stands at least
}

// teller plays the story and keeps what is said of it.
type teller struct {
	*Trial
	stage Stage
	story Story
	face  *face
	desk  *desk.Desk
	kept  dossier.Dossier
}

// Play plays the officer's story of the main job on the trial's real parts:
// portal down, one dossier from procedure to receipt, the next person, portal
// up. It leaves receipt.pdf, dossier.json and portal.json in the directory. It
// fails unless the portal holds the dossier exactly once, byte for byte as the
// officer kept it, and its status is back in the store.
func (t *Trial) Play(ctx context.Context, stage Stage) (Story, error) {
	return t.tell(ctx, stage, reception.Flow{}, func(d *desk.Desk) flow.Hands { return desk.Reception{Desk: d} },
		func(p *teller) []scene {
			return []scene{
				{"open the desk, portal down", p.ready},
				{"choose the procedure", p.choose},
				{"lay the card, type its number", p.identify},
				{"check the person", p.person},
				{"tick the papers", p.papers},
				{"fee and appointment", p.promise},
				{"sign, keep and print", p.sign},
				{"next person; the dossier waits", p.next},
				{"portal up: the dossier goes by itself", p.goesUp},
				{"code and status on the screen", p.onScreen},
				{"compare with what the portal holds", p.compare},
				{"verify the receipt's signature", p.verify},
			}
		})
}

// scene is one step of a story.
type scene struct {
	name string
	do   func(context.Context) (string, error)
}

// tell opens a desk with one face, plays the scenes and closes it.
func (t *Trial) tell(ctx context.Context, stage Stage, f flow.Flow, hands func(*desk.Desk) flow.Hands, scenes func(*teller) []scene) (Story, error) {
	if stage.Out == nil {
		stage.Out = io.Discard
	}
	p := &teller{Trial: t, stage: stage, face: newFace(stage.Draw)}
	err := p.perform(ctx, f, hands, scenes)
	if err != nil {
		p.story.Fault = err.Error()
	}
	p.story.OK = err == nil
	return p.story, err
}

func (p *teller) perform(ctx context.Context, f flow.Flow, hands func(*desk.Desk) flow.Hands, scenes func(*teller) []scene) (err error) {
	if p.desk, err = desk.Open(p.Config); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	began, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		p.desk.Serve(ctx, f, hands(p.desk), p.face.draw, func(post func(flow.Event)) {
			p.face.post = post
			close(began)
		})
	}()
	defer func() {
		cancel()
		<-ended
		if closing := p.desk.Close(); err == nil {
			err = closing
		}
	}()
	<-began
	for _, s := range scenes(p) {
		if err := p.step(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// step does one thing and tells how long it took.
func (p *teller) step(ctx context.Context, s scene) error {
	start := time.Now()
	note, err := s.do(ctx)
	step := Step{Name: s.name, Took: time.Since(start), Note: note}
	p.story.Steps = append(p.story.Steps, step)
	mark := "ok  "
	if err != nil {
		mark = "FAIL"
	}
	fmt.Fprintf(p.stage.Out, "%s %8.1f ms  %-44s %s\n", mark, float64(step.Took.Microseconds())/1000, s.name, note)
	p.pause(ctx)
	return err
}

// pause lets a screen stand, for whoever watches.
func (p *teller) pause(ctx context.Context) {
	select {
	case <-time.After(p.stage.Pace):
	case <-ctx.Done():
	}
}

// ready waits until the readers have shown themselves.
func (p *teller) ready(ctx context.Context) (string, error) {
	s, err := p.face.until(ctx, "readers on the quiet line", func(s screen.Screen) bool {
		_, tone := light(s, "reader")
		return tone == screen.Good
	})
	text, _ := light(s, "reader")
	return text, err
}

func (p *teller) choose(ctx context.Context) (string, error) {
	p.face.post(flow.Edited{Field: "query", Value: "chung thuc ban sao"})
	s, err := p.face.until(ctx, "the procedure", func(s screen.Screen) bool {
		c, ok := block[screen.Choice](s)
		return ok && c.Filter != nil && c.Filter.Value != "" && len(c.Options) > 0 && c.Options[0].Key == "2.000815"
	})
	if err != nil {
		return "", err
	}
	c, _ := block[screen.Choice](s)
	p.pause(ctx)
	p.face.post(flow.Picked{Block: "procedures", Key: c.Options[0].Key})
	_, err = p.face.named(ctx, "reception/identify")
	return c.Options[0].Title, err
}

func (p *teller) identify(ctx context.Context) (string, error) {
	p.LayCard(ctx, 0)
	if _, err := p.face.until(ctx, "the card", func(s screen.Screen) bool {
		return len(s.Actions) > 0 && s.Actions[0].Key == "read" && s.Actions[0].Off == ""
	}); err != nil {
		return "", err
	}
	p.face.post(flow.Entered{Field: "number", Value: p.People[0].Number})
	s, err := p.face.until(ctx, "name, photo and checks", func(s screen.Screen) bool {
		return s.Name == "reception/person" && s.Aside != nil && len(s.Aside.Portrait) > 0
	})
	if err != nil {
		return "", err
	}
	var checks []string
	for _, c := range s.Aside.Checks {
		checks = append(checks, c.Text)
	}
	return s.Aside.Title + ": " + strings.Join(checks, "; "), nil
}

func (p *teller) person(ctx context.Context) (string, error) {
	p.face.post(flow.Edited{Field: "phone", Value: "0900000001"})
	p.face.post(flow.Pressed{Action: "next"})
	_, err := p.face.named(ctx, "reception/papers")
	return "", err
}

func (p *teller) papers(ctx context.Context) (string, error) {
	p.face.post(flow.Pressed{Action: "all"})
	p.face.post(flow.Edited{Field: "copies", Value: "2"})
	p.face.post(flow.Edited{Field: "pages", Value: "3"})
	p.pause(ctx)
	p.face.post(flow.Pressed{Action: "next"})
	_, err := p.face.named(ctx, "reception/promise")
	return "", err
}

func (p *teller) promise(ctx context.Context) (string, error) {
	s, err := p.face.named(ctx, "reception/promise")
	if err != nil {
		return "", err
	}
	facts, _ := block[screen.Facts](s)
	var said []string
	for _, f := range facts.Rows {
		if f.Large {
			said = append(said, f.Label+": "+f.Value)
		}
	}
	p.face.post(flow.Pressed{Action: "next"})
	_, err = p.face.until(ctx, "the PIN field", func(s screen.Screen) bool { return s.Name == "reception/sign" && s.Focus == "pin" })
	return strings.Join(said, ", "), err
}

func (p *teller) sign(ctx context.Context) (string, error) {
	p.face.post(flow.Secret{Field: "pin", PIN: flow.NewPIN([]byte(PIN))})
	if _, err := p.face.named(ctx, "reception/finished"); err != nil {
		return "", err
	}
	page, err := p.desk.Store.List(ctx, store.Query{Stage: dossier.Accepted, Limit: 1})
	if err != nil || len(page.Dossiers) != 1 {
		return "", motcua.Fail(motcua.Internal, "the kept dossier is not in the list", err)
	}
	p.kept = page.Dossiers[0]
	p.story.Number = p.kept.Number
	entries, err := p.desk.Store.Entries(ctx, p.kept.ID)
	if err != nil || len(entries) != 1 {
		return "", motcua.Fail(motcua.Internal, fmt.Sprintf("%d outbox entries", len(entries)), err)
	}
	if err := os.WriteFile(p.path("dossier.json"), entries[0].Body, 0o600); err != nil {
		return "", motcua.Fail(motcua.StoreUnreadable, "dossier.json", err)
	}
	return p.kept.Number, p.printed()
}

// printed waits for the receipt to come out of the printer.
func (p *teller) printed() error {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if files, _ := filepath.Glob(p.path("printed", "*.pdf")); len(files) > 0 {
			return nil
		}
	}
	return motcua.Fail(motcua.PrinterFailed, "nothing was printed", nil)
}

func (p *teller) next(ctx context.Context) (string, error) {
	p.TakeCard()
	p.face.post(flow.Pressed{Action: "next"})
	// The virtual reader notices within half a second that its card has gone.
	if _, err := p.face.until(ctx, "the next person", func(s screen.Screen) bool {
		text, _ := light(s, "reader")
		return s.Name == "reception/procedure" && text == p.desk.Words.T("light.reader.empty")
	}); err != nil {
		return "", err
	}
	q, err := p.desk.Store.Queue(ctx)
	if err == nil && q.Waiting() == 0 {
		err = motcua.Fail(motcua.Internal, "nothing waits although the portal is down", nil)
	}
	return fmt.Sprintf("%d waiting", q.Waiting()), err
}

func (p *teller) goesUp(ctx context.Context) (string, error) {
	if err := p.PortalUp(ctx); err != nil {
		return "", err
	}
	p.desk.Outbox.Kick()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		d, err := p.desk.Store.Get(ctx, p.kept.ID)
		if err != nil {
			return "", err
		}
		if d.Code != "" && d.SynchronisedAt != nil && d.Portal.Status.Valid() {
			p.story.Code = d.Code
			return d.Code, nil
		}
	}
	return "", motcua.Fail(motcua.PortalUnreachable, "the dossier did not go up", nil)
}

func (p *teller) onScreen(ctx context.Context) (string, error) {
	p.face.post(flow.Pressed{Action: "rail/dossiers"})
	s, err := p.face.until(ctx, "the official code in the list", func(s screen.Screen) bool {
		t, ok := block[screen.Table](s)
		return ok && len(t.Rows) > 0 && t.Rows[0].Cells[0].Text == p.story.Code
	})
	if err != nil {
		return "", err
	}
	t, _ := block[screen.Table](s)
	p.pause(ctx)
	p.face.post(flow.Picked{Block: "dossiers", Key: t.Rows[0].Key})
	_, err = p.face.named(ctx, "reception/dossier")
	return t.Rows[0].Cells[len(t.Rows[0].Cells)-1].Text, err
}

// compare reads the portal's own file, after ending the portal, and holds it
// against what the officer kept.
func (p *teller) compare(context.Context) (string, error) {
	body, err := os.ReadFile(p.path("dossier.json"))
	if err != nil {
		return "", err
	}
	var kept dossier.Dossier
	if err := json.Unmarshal(body, &kept); err != nil {
		return "", err
	}
	want, err := dvcqg.Encode(kept)
	if err != nil {
		return "", err
	}
	p.PortalDown()
	portal, err := reference.Open(reference.Config{Dir: p.path("portal")})
	if err != nil {
		return "", err
	}
	held := portal.All()
	if err := portal.Close(); err != nil {
		return "", err
	}
	out, err := json.MarshalIndent(held, "", "  ")
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(p.path("portal.json"), append(out, '\n'), 0o600); err != nil {
		return "", err
	}
	mine := 0
	for _, h := range held {
		if h.Number != kept.Number {
			continue
		}
		mine++
		if !bytes.Equal(h.Dossier, want) || h.Inserts != 1 {
			return "", motcua.Fail(motcua.Internal, "the portal holds other bytes than were kept", nil)
		}
	}
	if mine != 1 {
		return "", motcua.Fail(motcua.Internal, fmt.Sprintf("the portal holds the dossier %d times", mine), nil)
	}
	return fmt.Sprintf("once, %d bytes, identical", len(want)), nil
}

func (p *teller) verify(ctx context.Context) (string, error) {
	pdf, err := p.desk.Paper(ctx, p.kept)
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(p.path("receipt.pdf"), pdf, 0o600); err != nil {
		return "", err
	}
	results, err := p.desk.VerifyPDF(pdf)
	if err != nil {
		return "", err
	}
	for _, r := range results {
		if r.Integrity != pades.OK || r.Coverage != pades.OK || r.Signer != pades.OK || r.Certificate != pades.OK {
			return "", motcua.Fail(motcua.SignatureBad, "our own receipt", nil)
		}
	}
	return fmt.Sprintf("%d signature, whole document", len(results)), nil
}
