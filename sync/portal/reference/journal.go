package reference

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"time"
)

// The kinds of record.
const (
	kindInsert  = "insert"
	kindUpdate  = "update"
	kindStep    = "step"
	kindStatus  = "status"
	kindRequest = "request"
)

// record is one line of the journal.
type record struct {
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"`
	Service string    `json:"service"`
	Code    string    `json:"code,omitempty"`
	Number  string    `json:"number,omitempty"`
	Refs    []string  `json:"refs,omitempty"` // what else it is found by
	Day     string    `json:"day,omitempty"`
	Serial  int       `json:"serial,omitempty"`
	Status  int       `json:"status,omitempty"`
	Raw     []byte    `json:"raw,omitempty"` // bytes as received, base64 in the file
}

// journal is an append-only file: each line a CRC-32C in hex, a space, and a
// record. A last line without its end is a write that never finished; its
// reply was never sent, so it is cut off. Any other bad line is damage.
type journal struct {
	file   *os.File
	broken error // a failed append leaves an unknown tail: nothing more is taken
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

func openJournal(path string, apply func(record) error) (*journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	end, err := replay(f, apply)
	if err == nil {
		err = f.Truncate(end)
	}
	if err == nil {
		_, err = f.Seek(end, io.SeekStart)
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &journal{file: f}, nil
}

// replay applies every whole line and returns where the last one ends.
func replay(f io.Reader, apply func(record) error) (end int64, err error) {
	in := bufio.NewReader(f)
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return end, nil
		}
		if err != nil {
			return end, err
		}
		r, err := parseLine(line)
		if err == nil {
			err = apply(r)
		}
		if err != nil {
			return end, fmt.Errorf("portal.journal line %d: %w", n, err)
		}
		end += int64(len(line))
	}
}

func parseLine(line []byte) (r record, err error) {
	sum, body, ok := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(" "))
	if !ok || string(sum) != checksum(body) {
		return r, errors.New("checksum does not match")
	}
	return r, json.Unmarshal(body, &r)
}

func checksum(body []byte) string { return fmt.Sprintf("%08x", crc32.Checksum(body, castagnoli)) }

// append writes the records in one write, and in one fsync when durable.
func (j *journal) append(durable bool, rs ...record) error {
	if j.broken != nil {
		return j.broken
	}
	var lines bytes.Buffer
	for _, r := range rs {
		body, err := json.Marshal(r)
		if err != nil {
			return err
		}
		fmt.Fprintf(&lines, "%s %s\n", checksum(body), body)
	}
	if _, j.broken = j.file.Write(lines.Bytes()); j.broken == nil && durable {
		j.broken = j.file.Sync()
	}
	return j.broken
}

func (j *journal) close() error { return errors.Join(j.file.Sync(), j.file.Close()) }
