// Package console shows a screen as text and answers it from a script, so that
// a dialogue can be played, kept and read without a window.
package console

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"motcua/ui/screen"
)

// Write writes a screen as text: keys stand in brackets, because a script
// names them. A Secret field shows nothing of itself.
func Write(w io.Writer, s screen.Screen) error {
	p := &printer{w: bufio.NewWriter(w)}
	p.line("== %s [%s]", s.Title, s.Name)
	p.text(s.Lead)
	for _, r := range s.Rail {
		if r.Here {
			p.line("at %s", r.Title)
		}
	}
	p.notice(s.Notice)
	for _, sec := range s.Sections {
		p.section(sec, s.Face)
	}
	p.aside(s.Aside)
	p.actions(s.Actions)
	p.status(s.Status)
	if s.Left != nil {
		p.line("time left: %.0f %%", s.Left.Part*100)
	}
	return p.w.Flush()
}

type printer struct {
	w      *bufio.Writer
	indent int
}

// line writes one line; the writer keeps its first error for Flush.
func (p *printer) line(format string, args ...any) {
	text := strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " ")
	_, _ = p.w.WriteString(strings.Repeat("  ", p.indent) + strings.TrimRight(text, " ") + "\n")
}

func (p *printer) text(s string) {
	if s != "" {
		p.line("%s", s)
	}
}

func (p *printer) in(do func()) {
	p.indent++
	do()
	p.indent--
}

func (p *printer) section(sec screen.Section, f screen.Face) {
	mark := map[screen.State]string{screen.Done: "v", screen.Open: ">", screen.Waiting: "-"}[sec.State]
	head := mark
	if sec.Title != "" {
		head += " " + sec.Title
	}
	if sec.Summary != "" {
		head += ": " + sec.Summary + tone(sec.Tone)
	}
	if sec.Reopen != "" {
		head += " [" + sec.Reopen + "]"
	}
	p.line("%s", head)
	if sec.State != screen.Open && f != screen.Setup {
		return
	}
	p.in(func() {
		for _, b := range sec.Blocks {
			p.block(b)
		}
		p.notice(sec.Notice)
		p.actions(sec.Actions)
	})
}

func (p *printer) block(b screen.Block) {
	switch b := b.(type) {
	case screen.Form:
		for _, f := range b.Fields {
			p.field(f)
		}
	case screen.Choice:
		p.choice(b)
	case screen.Checklist:
		for _, it := range b.Items {
			p.line("%s %s [%s %s]%s", box(it.On), it.Text, b.Key, it.Key, after(" ", it.Detail))
		}
	case screen.Facts:
		for _, r := range b.Rows {
			p.line("%s: %s%s%s", r.Label, r.Value, after(" ", r.Note), tone(r.Tone))
		}
	case screen.Table:
		p.table(b)
	case screen.Keypad:
		p.line("keypad [%s]", b.Field)
	case screen.Progress:
		p.line("... %s", b.Text)
	case screen.Picture:
		p.line("(%s) %s", b.Name, b.Caption)
	}
}

func (p *printer) field(f screen.Field) {
	value := f.Value
	if f.Kind == screen.Secret {
		value = ""
	}
	p.line("%s [%s]: %s%s%s", f.Label, f.Key, value, after(" ! ", f.Error), after(" < ", f.From))
}

func (p *printer) choice(c screen.Choice) {
	p.text(c.Label)
	if c.Filter != nil {
		p.field(*c.Filter)
	}
	for _, o := range c.Options {
		mark := "( )"
		if o.Key == c.Selected {
			mark = "(o)"
		}
		p.line("%s %s [%s %s]%s%s%s", mark, o.Title, c.Key, o.Key, after(" ", o.Detail), after(" ", o.Tag), after(" ! ", o.Off))
	}
	if len(c.Options) == 0 {
		p.text(c.Empty)
	}
}

func (p *printer) table(t screen.Table) {
	for _, r := range t.Rows {
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, c.Text)
		}
		p.line("%s [%s %s]", strings.Join(cells, " | "), t.Key, r.Key)
	}
	if len(t.Rows) == 0 {
		p.text(t.Empty)
	}
}

func (p *printer) aside(a *screen.Aside) {
	if a == nil {
		return
	}
	p.line("| %s", a.Title)
	for _, l := range a.Lines {
		p.line("| %s: %s", l.Label, l.Value)
	}
	for _, c := range a.Checks {
		p.line("| %s%s", c.Text, tone(c.Tone))
	}
}

func (p *printer) notice(n *screen.Notice) {
	if n == nil {
		return
	}
	p.line("! %s%s%s", n.Text, after(" ", n.Try), after(" #", n.Code))
	p.in(func() { p.actions(n.Actions) })
}

func (p *printer) actions(as []screen.Action) {
	for _, a := range as {
		main := ""
		if a.Main {
			main = " *"
		}
		p.line("* %s [%s]%s%s%s", a.Title, a.Key, after(" ", a.Keys), main, after(" ! ", a.Off))
	}
}

func (p *printer) status(ls []screen.Light) {
	var parts []string
	for _, l := range ls {
		parts = append(parts, l.Text+tone(l.Tone))
	}
	p.text(strings.Join(parts, "; "))
}

// tone says in a word what a window says in a colour.
func tone(t screen.Tone) string {
	if t == screen.Plain || t == screen.Muted {
		return ""
	}
	return " (" + string(t) + ")"
}

func box(on bool) string {
	if on {
		return "[x]"
	}
	return "[ ]"
}

func after(lead, s string) string {
	if s == "" {
		return ""
	}
	return lead + s
}
