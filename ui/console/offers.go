package console

import (
	"slices"

	"motcua/ui/screen"
)

// offers says whether a person before this screen could do what the line says.
func offers(s screen.Screen, l Line) bool {
	switch l.Verb {
	case Await:
		return s.Name == l.Key
	case Press:
		return slices.ContainsFunc(actions(s), func(a screen.Action) bool { return a.Key == l.Key && a.Off == "" })
	case Pick:
		return slices.ContainsFunc(blocks(s), func(b screen.Block) bool { return picks(b, l.Key, l.Value) })
	case Tick, Untick:
		return slices.ContainsFunc(blocks(s), func(b screen.Block) bool { return ticks(b, l.Key, l.Value) })
	case Type, Enter:
		return slices.ContainsFunc(fields(s), func(f screen.Field) bool {
			return f.Key == l.Key && f.Kind != screen.Secret && !f.ReadOnly
		})
	case PIN:
		return slices.ContainsFunc(fields(s), func(f screen.Field) bool { return f.Key == l.Key && f.Kind == screen.Secret })
	}
	return true
}

// open are the sections one can work in.
func open(s screen.Screen) []screen.Section {
	var out []screen.Section
	for _, sec := range s.Sections {
		if sec.State == screen.Open || s.Face == screen.Setup {
			out = append(out, sec)
		}
	}
	return out
}

func blocks(s screen.Screen) []screen.Block {
	var out []screen.Block
	for _, sec := range open(s) {
		out = append(out, sec.Blocks...)
	}
	return out
}

func fields(s screen.Screen) []screen.Field {
	var out []screen.Field
	for _, b := range blocks(s) {
		switch b := b.(type) {
		case screen.Form:
			out = append(out, b.Fields...)
		case screen.Choice:
			if b.Filter != nil {
				out = append(out, *b.Filter)
			}
		}
	}
	return out
}

// actions are everything that can be pressed: buttons, rail, lights, finished
// sections.
func actions(s screen.Screen) []screen.Action {
	out := slices.Clone(s.Actions)
	add := func(key string) {
		if key != "" {
			out = append(out, screen.Action{Key: key})
		}
	}
	notice := func(n *screen.Notice) {
		if n != nil {
			out = append(out, n.Actions...)
		}
	}
	notice(s.Notice)
	for _, r := range s.Rail {
		add(r.Action)
	}
	for _, l := range s.Status {
		add(l.Action)
	}
	for _, sec := range s.Sections {
		add(sec.Reopen)
	}
	for _, sec := range open(s) {
		notice(sec.Notice)
		out = append(out, sec.Actions...)
	}
	return out
}

func picks(b screen.Block, block, key string) bool {
	switch b := b.(type) {
	case screen.Choice:
		return b.Key == block && slices.ContainsFunc(b.Options, func(o screen.Option) bool { return o.Key == key && o.Off == "" })
	case screen.Table:
		return b.Key == block && slices.ContainsFunc(b.Rows, func(r screen.Row) bool { return r.Key == key })
	}
	return false
}

func ticks(b screen.Block, block, key string) bool {
	c, ok := b.(screen.Checklist)
	return ok && c.Key == block && slices.ContainsFunc(c.Items, func(i screen.Item) bool { return i.Key == key })
}
