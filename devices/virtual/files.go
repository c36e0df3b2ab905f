package virtual

import "bytes"

// selectFile is SELECT (ISO 7816-4 section 11.1.1) by the master file's
// identifier, the application's name or an elementary file's identifier.
func (c *Chip) selectFile(cmd command) ([]byte, status) {
	switch {
	case cmd.p2&^0x0C != 0:
		return nil, swParameters
	case cmd.p1 == 0x00 && (len(cmd.data) == 0 || bytes.Equal(cmd.data, []byte{0x3F, 0x00})):
		return c.selectMaster(cmd)
	case cmd.p1 == 0x04:
		if len(cmd.data) == 0 || !bytes.HasPrefix(application, cmd.data) {
			return nil, swFileNotFound
		}
		c.inside, c.current = true, nil
		return information(cmd, 0x84, application)
	case (cmd.p1 == 0x02 || cmd.p1 == 0x00) && len(cmd.data) == 2:
		return c.selectElementary(cmd)
	}
	return nil, swParameters
}

func (c *Chip) selectMaster(cmd command) ([]byte, status) {
	if c.profile.NoMaster {
		return nil, swInstruction
	}
	c.inside, c.current = false, nil
	return information(cmd, 0x83, []byte{0x3F, 0x00})
}

func (c *Chip) selectElementary(cmd command) ([]byte, status) {
	id := uint16(cmd.data[0])<<8 | uint16(cmd.data[1])
	content, sw := c.file(id)
	if sw != swOK {
		return nil, sw
	}
	c.current = content
	return information(cmd, 0x83, cmd.data)
}

// information is the file control information, unless P2 asks for none.
func information(cmd command, tag uint16, name []byte) ([]byte, status) {
	if cmd.p2&0x0C == 0x0C || cmd.room == 0 {
		return nil, swOK
	}
	return node(0x6F, node(tag, name)), swOK
}

// file is the content of an EF if it may be read now. EF.CardAccess is free;
// every other file wants the application selected and PACE or BAC done, and
// says 6982 before it says whether it exists (ICAO 9303-11 section 4.2). The
// fingerprints of DG3 want terminal authentication, which is not for us.
func (c *Chip) file(id uint16) ([]byte, status) {
	content, there := c.files[id]
	switch {
	case id == fileCardAccess && there:
		return content, swOK
	case id == fileCardAccess && !c.inside:
		return nil, swFileNotFound
	case !c.open:
		return nil, swNotSatisfied
	case !c.inside || !there:
		return nil, swFileNotFound
	case id == fileDG1+2:
		return nil, swNotSatisfied
	}
	return content, swOK
}

// readBinary is READ BINARY (ISO 7816-4 section 11.2.3), even and odd, of the
// current file or of one chosen by its short identifier.
func (c *Chip) readBinary(cmd command) ([]byte, status) {
	content, offset, sw := c.locate(cmd)
	switch {
	case sw != swOK:
		return nil, sw
	case content == nil:
		return nil, swConditions
	case offset >= len(content):
		return nil, swOffset
	case cmd.ne == 0:
		return nil, swLength
	}
	if cmd.ins == 0xB1 {
		return c.readOdd(cmd, content[offset:])
	}
	return c.take(cmd, content[offset:], cmd.ne, cmd.room)
}

// readOdd wraps what is read in a discretionary data object 53, whose header
// counts as expected bytes.
func (c *Chip) readOdd(cmd command, content []byte) ([]byte, status) {
	header := func(n int) int { return n - 1 - len(lengthOf(n-2)) }
	if min(cmd.ne, cmd.room) < 3 {
		return nil, swLength
	}
	data, sw := c.take(cmd, content, header(cmd.ne), header(cmd.room))
	if sw != swOK && sw != swEndOfFile {
		return nil, sw
	}
	return node(0x53, data), sw
}

// take cuts the answer to what was asked for, what fits and what there is.
func (c *Chip) take(cmd command, content []byte, want, room int) ([]byte, status) {
	if room < want {
		if c.profile.StrictLe {
			return nil, swLength
		}
		want = room
	}
	switch {
	case want <= 0:
		return nil, swLength
	case len(content) >= want:
		return content[:want], swOK
	case cmd.ne >= 256:
		return content, swOK // Le of zero: all there is
	}
	return content, swEndOfFile
}

// locate is the file and offset that P1, P2 and the offset object name.
func (c *Chip) locate(cmd command) ([]byte, int, status) {
	if cmd.ins == 0xB1 {
		return c.locateOdd(cmd)
	}
	if len(cmd.data) != 0 {
		return nil, 0, swData
	}
	if cmd.p1&0x80 == 0 {
		return c.current, int(cmd.p1)<<8 | int(cmd.p2), swOK
	}
	if cmd.p1&0x60 != 0 {
		return nil, 0, swParameters
	}
	sw := c.choose(0x0100 | uint16(cmd.p1&0x1F))
	return c.current, int(cmd.p2), sw
}

func (c *Chip) locateOdd(cmd command) ([]byte, int, status) {
	list, ok := objects(cmd.data)
	at := pick(list, 0x54)
	if !ok || len(at) == 0 || len(at) > 4 {
		return nil, 0, swData
	}
	offset := 0
	for _, b := range at {
		offset = offset<<8 | int(b)
	}
	id := uint16(cmd.p1)<<8 | uint16(cmd.p2)
	switch {
	case id == 0:
		return c.current, offset, swOK
	case id < 0x1F:
		id |= 0x0100
	}
	sw := c.choose(id)
	return c.current, offset, sw
}

func (c *Chip) choose(id uint16) status {
	content, sw := c.file(id)
	if sw == swOK {
		c.current = content
	}
	return sw
}
