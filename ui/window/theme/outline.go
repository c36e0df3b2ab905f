package theme

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Fyne's SVG renderer scales outlines but leaves strokes at the width they are
// written with, and the size it draws at is not known beforehand. So a stroke
// is turned into the area it covers, which scales like any other.

type point struct{ x, y float64 }

// line is a run of points; a joint is where the drawing changes direction, and
// is rounded.
type line struct {
	points []point
	joint  []bool
}

func (l *line) add(p point, joint bool) {
	l.points, l.joint = append(l.points, p), append(l.joint, joint)
}

// steps is how many straight pieces stand for half a circle.
const steps = 14

// flatten reads a path of absolute M, L, H, V, A and Z into runs of points.
func flatten(d string) []line {
	var out []line
	var cur *line
	var at, start point
	for _, c := range commands(d) {
		n := c.numbers
		switch c.name {
		case 'M':
			out = append(out, line{})
			cur = &out[len(out)-1]
			at, start = point{n[0], n[1]}, point{n[0], n[1]}
		case 'L':
			at = point{n[0], n[1]}
		case 'H':
			at.x = n[0]
		case 'V':
			at.y = n[0]
		case 'A':
			end := point{n[5], n[6]}
			for _, p := range arc(at, end, n[0], n[1], n[3] != 0, n[4] != 0) {
				cur.add(p, false)
			}
			at = end
		case 'C':
			end := point{n[4], n[5]}
			for _, p := range curve(at, point{n[0], n[1]}, point{n[2], n[3]}, end) {
				cur.add(p, false)
			}
			at = end
		case 'Z':
			at = start
		}
		cur.add(at, true)
	}
	return out
}

type command struct {
	name    byte
	numbers []float64
}

// commands splits a path; the paths are ours, so what cannot be read is left
// out and a test sees the hole.
func commands(d string) []command {
	var out []command
	for i := 0; i < len(d); {
		j := i + 1
		for j < len(d) && !strings.ContainsRune("MLHVACZ", rune(d[j])) {
			j++
		}
		c := command{name: d[i]}
		for _, f := range strings.Fields(d[i+1 : j]) {
			if v, err := strconv.ParseFloat(f, 64); err == nil {
				c.numbers = append(c.numbers, v)
			}
		}
		per := map[byte]int{'M': 2, 'L': 2, 'H': 1, 'V': 1, 'A': 7, 'C': 6}[c.name]
		if per == 0 {
			out = append(out, c)
		}
		for k := 0; per > 0 && k+per <= len(c.numbers); k += per { // one letter may lead several
			out = append(out, command{c.name, c.numbers[k : k+per]})
			if c.name == 'M' {
				c.name = 'L'
			}
		}
		i = j
	}
	return out
}

// arc is the points between the ends of an elliptical arc without rotation, by
// SVG 2, appendix B.2.4 (from endpoint to centre).
func arc(from, to point, rx, ry float64, large, sweep bool) []point {
	if from == to || rx == 0 || ry == 0 {
		return nil
	}
	hx, hy := (from.x-to.x)/2, (from.y-to.y)/2
	if grow := math.Sqrt(hx*hx/(rx*rx) + hy*hy/(ry*ry)); grow > 1 {
		rx, ry = rx*grow, ry*grow
	}
	q := (rx*rx*ry*ry - rx*rx*hy*hy - ry*ry*hx*hx) / (rx*rx*hy*hy + ry*ry*hx*hx)
	k := math.Sqrt(max(0, q))
	if large == sweep {
		k = -k
	}
	cx, cy := k*rx*hy/ry+(from.x+to.x)/2, -k*ry*hx/rx+(from.y+to.y)/2
	a := math.Atan2((from.y-cy)/ry, (from.x-cx)/rx)
	b := math.Atan2((to.y-cy)/ry, (to.x-cx)/rx)
	switch {
	case sweep && b < a:
		b += 2 * math.Pi
	case !sweep && b > a:
		b -= 2 * math.Pi
	}
	n := max(2, int(math.Ceil(math.Abs(b-a)/math.Pi*steps)))
	var out []point
	for i := 1; i < n; i++ {
		t := a + (b-a)*float64(i)/float64(n)
		out = append(out, point{cx + rx*math.Cos(t), cy + ry*math.Sin(t)})
	}
	return out
}

// curve is the points between the ends of a cubic Bézier.
func curve(a, b, c, d point) []point {
	var out []point
	for i := 1; i < steps; i++ {
		t := float64(i) / steps
		u := 1 - t
		k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		out = append(out, point{k0*a.x + k1*b.x + k2*c.x + k3*d.x, k0*a.y + k1*b.y + k2*c.y + k3*d.y})
	}
	return out
}

// outline is the path of the area that a stroke of that width covers. All its
// pieces turn the same way, so that they unite where they overlap.
func outline(d string, width float64) string {
	var b strings.Builder
	r := width / 2
	for _, l := range flatten(d) {
		for i, p := range l.points {
			if i > 0 {
				bar(&b, l.points[i-1], p, r)
			}
			if l.joint[i] {
				fmt.Fprintf(&b, "M%.2f %.2fA%.2f %.2f 0 1 1 %.2f %.2fA%.2f %.2f 0 1 1 %.2f %.2fZ",
					p.x-r, p.y, r, r, p.x+r, p.y, r, r, p.x-r, p.y)
			}
		}
	}
	return b.String()
}

func bar(b *strings.Builder, p, q point, r float64) {
	dx, dy := q.x-p.x, q.y-p.y
	n := math.Hypot(dx, dy)
	if n == 0 {
		return
	}
	nx, ny := -dy/n*r, dx/n*r
	fmt.Fprintf(b, "M%.2f %.2fL%.2f %.2fL%.2f %.2fL%.2f %.2fZ",
		p.x-nx, p.y-ny, q.x-nx, q.y-ny, q.x+nx, q.y+ny, p.x+nx, p.y+ny)
}
