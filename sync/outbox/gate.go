package outbox

import (
	"time"

	"motcua"
)

// Mode is how the portal is, as far as we know.
type Mode string

// The modes.
const (
	Starting Mode = "starting" // nothing was tried yet
	Up       Mode = "up"
	Down     Mode = "down"    // one probe at a time
	Busy     Mode = "busy"    // the portal asked for time
	Refused  Mode = "refused" // it does not let us in: a person must look
)

// The retry budget: a failure costs one token, a success earns a tenth. When
// the budget is spent the portal counts as down. A portal that loses one reply
// in ten is thus used, one that loses more is spared.
const (
	maxTokens = 3
	earned    = 0.1
)

// gate decides how many messages may be out. It holds no lock of its own.
type gate struct {
	wait Wait
	rand func() float64

	mode     Mode
	since    time.Time // when the mode began
	code     motcua.Code
	until    time.Time // Starting, Down, Busy: nothing before
	failures int       // probes failed since it went down
	judged   time.Time // the last failure taken into account
	tokens   float64
	success  time.Time // the last one
}

func newGate(w Wait, rand func() float64, now time.Time) gate {
	return gate{wait: w, rand: rand, mode: Starting, since: now, tokens: maxTokens}
}

// begin spreads the first message, so that all counters of a country switched
// on together do not knock together.
func (g *gate) begin(now time.Time) {
	if g.wait.Start > 0 {
		g.until = now.Add(time.Duration(g.rand() * float64(g.wait.Start)))
	}
}

// room is how many more messages may go out now.
func (g *gate) room(now time.Time, flying, workers int) int {
	switch {
	case g.mode == Refused, now.Before(g.until):
		return 0
	case g.mode == Up:
		return workers - flying
	}
	return max(1-flying, 0)
}

// delay is full jitter over an exponential pause, with a cap and a floor: pure
// full jitter can come out near zero again and again.
func (g *gate) delay(failures int) time.Duration {
	most := g.wait.Cap
	if failures < 30 {
		most = min(most, g.wait.Base<<failures)
	}
	return max(time.Duration(g.rand()*float64(most)), g.wait.Floor)
}

func (g *gate) enter(m Mode, code motcua.Code, now time.Time) {
	if g.mode != m {
		g.mode, g.since = m, now
	}
	g.code = code
}

// succeed notes an answer of the portal that shows it at work.
func (g *gate) succeed(now time.Time) {
	g.tokens = min(g.tokens+earned, maxTokens)
	g.success = now
	if g.mode != Up {
		g.tokens = max(g.tokens, 1)
		g.failures, g.until = 0, time.Time{}
		g.enter(Up, "", now)
	}
}

// fail notes a failure of the portal in a call that began then. Calls that
// were out together and fail together count once.
func (g *gate) fail(code motcua.Code, began, now time.Time) {
	if g.mode == Refused {
		return
	}
	if g.mode == Up {
		g.tokens--
		if g.tokens >= 1 && code != motcua.PortalUnreachable {
			return
		}
	} else if g.mode != Starting && began.Before(g.judged) {
		return
	}
	g.until = now.Add(g.delay(g.failures))
	g.failures++
	g.judged = now
	g.enter(Down, code, now)
}

// busy obeys the portal's own wish, a quarter more or less so that those who
// were told the same do not come back together.
func (g *gate) busy(after time.Duration, now time.Time) {
	if g.mode == Refused {
		return
	}
	if after <= 0 {
		after = g.wait.Base
	}
	until := now.Add(max(time.Duration(float64(after)*(0.75+g.rand()/2)), g.wait.Floor))
	if until.After(g.until) {
		g.until = until
	}
	g.judged = now
	g.enter(Busy, motcua.PortalServer, now)
}

// refuse stops everything until a person has looked.
func (g *gate) refuse(code motcua.Code, now time.Time) {
	g.until = time.Time{}
	g.enter(Refused, code, now)
}

// kick ends every pause.
func (g *gate) kick(now time.Time) {
	g.until = now
	if g.mode == Refused {
		g.enter(Starting, "", now)
	}
}
