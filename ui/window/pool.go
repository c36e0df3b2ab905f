package window

import (
	"reflect"

	"fyne.io/fyne/v2"

	"motcua/ui/window/field"
)

// pool keeps what has a state of its own from one drawing to the next.
type pool struct {
	kept  map[string]*kept
	parts map[string]*part
	used  map[string]bool
	open  []*part // the parts being built, outermost first
	seq   int
}

// kept is an object under its key; name is what Screen.Focus calls it.
type kept struct {
	obj  fyne.CanvasObject
	name string
	seq  int
}

// part is a piece of the page that is built anew only when its data change.
type part struct {
	data any
	obj  fyne.CanvasObject
	keys []string // of what lies in it
}

func newPool() *pool {
	return &pool{kept: map[string]*kept{}, parts: map[string]*part{}, used: map[string]bool{}}
}

func (p *pool) begin() { clear(p.used); p.seq = 0 }

// end forgets what the drawing did not use; a secret is wiped.
func (p *pool) end() {
	for key, k := range p.kept {
		if !p.used[key] {
			forget(k.obj)
			delete(p.kept, key)
		}
	}
	for key := range p.parts {
		if !p.used[key] {
			delete(p.parts, key)
		}
	}
}

func (p *pool) reset() {
	for _, k := range p.kept {
		forget(k.obj)
	}
	clear(p.kept)
	clear(p.parts)
}

func forget(o fyne.CanvasObject) {
	switch o := o.(type) {
	case *field.Secret:
		o.Wipe()
	case *busy:
		o.anim.Stop()
	}
}

func (p *pool) use(key string) {
	p.used[key] = true
	for _, o := range p.open {
		o.keys = append(o.keys, key)
	}
	if k, ok := p.kept[key]; ok {
		p.seq++
		k.seq = p.seq
	}
}

// keep is the object under key, made at its first use.
func keep[T fyne.CanvasObject](p *pool, key, name string, build func() T) T {
	if k, ok := p.kept[key]; ok {
		if o, ok := k.obj.(T); ok {
			k.name = name
			p.use(key)
			return o
		}
	}
	o := build()
	p.kept[key] = &kept{obj: o, name: name}
	p.use(key)
	return o
}

// piece is the part under key: the one of the last drawing while its data are
// the same, or a new one.
func (p *pool) piece(key string, data any, build func() fyne.CanvasObject) fyne.CanvasObject {
	key = "part/" + key
	if old, ok := p.parts[key]; ok && reflect.DeepEqual(old.data, data) {
		p.use(key)
		for _, k := range old.keys {
			p.use(k)
		}
		return old.obj
	}
	fresh := &part{data: data}
	p.use(key)
	p.open = append(p.open, fresh)
	fresh.obj = build()
	p.open = p.open[:len(p.open)-1]
	p.parts[key] = fresh
	return fresh.obj
}

// focusable is what of an object takes the keyboard.
func focusable(o fyne.CanvasObject) fyne.Focusable {
	if f, ok := o.(*field.Field); ok {
		return f.Target()
	}
	f, _ := o.(fyne.Focusable)
	return f
}

func (p *pool) holds(f fyne.Focusable) bool {
	for _, k := range p.kept {
		if focusable(k.obj) == f {
			return true
		}
	}
	return false
}

// target is the first object of that name.
func (p *pool) target(name string) fyne.Focusable {
	if name == "" {
		return nil
	}
	return p.first(func(k *kept) bool { return k.name == name })
}

// firstField is the first field of the page, of either kind.
func (p *pool) firstField() fyne.Focusable {
	return p.first(func(k *kept) bool {
		switch k.obj.(type) {
		case *field.Field, *field.Secret:
			return true
		}
		return false
	})
}

func (p *pool) first(want func(*kept) bool) fyne.Focusable {
	var best *kept
	for _, k := range p.kept {
		if want(k) && focusable(k.obj) != nil && (best == nil || k.seq < best.seq) {
			best = k
		}
	}
	if best == nil {
		return nil
	}
	return focusable(best.obj)
}
