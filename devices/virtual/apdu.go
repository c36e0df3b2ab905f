package virtual

// status is the status word SW1 SW2 of a response (ISO 7816-4 table 5).
type status uint16

const (
	swOK             status = 0x9000
	swMore           status = 0x6100 // SW2 says how many bytes wait for GET RESPONSE
	swEndOfFile      status = 0x6282
	swWrongSecret    status = 0x6300
	swLength         status = 0x6700
	swNotSatisfied   status = 0x6982 // security status
	swConditions     status = 0x6985
	swSecureMissing  status = 0x6987
	swSecureWrong    status = 0x6988
	swData           status = 0x6A80
	swFileNotFound   status = 0x6A82
	swParameters     status = 0x6A86
	swReference      status = 0x6A88
	swOffset         status = 0x6B00
	swInstruction    status = 0x6D00
	swClass          status = 0x6E00
	swNothingPrecise status = 0x6F00
)

func (s status) bytes() []byte { return []byte{byte(s >> 8), byte(s)} }

// frameLimit is the longest response without its status word that a vpcd
// frame carries.
const frameLimit = 65535 - 2

// command is a command APDU (ISO 7816-4 section 5.1).
type command struct {
	cla, ins, p1, p2 byte
	data             []byte
	ne               int  // expected response bytes, 0 when there is no Le field
	extended         bool // the length fields are of three and two bytes
	room             int  // plain response bytes that fit, at most
}

// parseCommand reads the four cases, short and extended.
func parseCommand(b []byte) (c command, ok bool) {
	if len(b) < 4 {
		return c, false
	}
	c.cla, c.ins, c.p1, c.p2 = b[0], b[1], b[2], b[3]
	body := b[4:]
	switch {
	case len(body) == 0:
		return c, true
	case len(body) == 1:
		c.ne = orMax(int(body[0]), 256)
		return c.bounded(), true
	case body[0] != 0:
		return c.short(body)
	}
	return c.long(body)
}

func (c command) short(body []byte) (command, bool) {
	lc := int(body[0])
	switch len(body) {
	case 1 + lc:
	case 2 + lc:
		c.ne = orMax(int(body[1+lc]), 256)
	default:
		return c, false
	}
	c.data = body[1 : 1+lc]
	return c.bounded(), true
}

func (c command) long(body []byte) (command, bool) {
	c.extended = true
	if len(body) < 3 {
		return c, false
	}
	n := int(body[1])<<8 | int(body[2])
	switch len(body) {
	case 3:
		c.ne = orMax(n, 65536)
		return c.bounded(), true
	case 3 + n:
	case 5 + n:
		c.ne = orMax(int(body[3+n])<<8|int(body[4+n]), 65536)
	default:
		return c, false
	}
	c.data = body[3 : 3+n]
	return c.bounded(), n > 0
}

func (c command) bounded() command {
	c.room = min(c.ne, frameLimit)
	return c
}

// orMax is n, or max where the field holds zero.
func orMax(n, max int) int {
	if n == 0 {
		return max
	}
	return n
}
