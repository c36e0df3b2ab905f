// Package printer is a printer of this machine, through the lp and lpstat
// commands of CUPS.
//
// A command line is visible to every user of the machine and a print queue to
// whoever walks past the printer, so neither carries personal data: the
// document goes through standard input and the title is a dossier number or
// the program's name.
package printer

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"

	"motcua"
	"motcua/devices"
)

// Queue is one print queue of CUPS.
type Queue struct {
	name string
}

var _ devices.Printer = (*Queue)(nil)

// queueName is what CUPS takes for a printer (lpadmin(8)): no spaces, slashes
// or hashes, and here no leading dash that would be an option.
var queueName = regexp.MustCompile(`^[^\s/#\\'"?\x00-\x1F\x7F-][^\s/#\\'"?\x00-\x1F\x7F]{0,126}$`)

// dossierNumber is what a title may be: capitals, digits and their separators.
// A name of a person does not pass.
var dossierNumber = regexp.MustCompile(`^[A-Z0-9][A-Z0-9./-]{0,63}$`)

const (
	defaultTitle = "motcua"
	maxCopies    = 20
	patience     = 30 * time.Second
)

// Open returns the queue with that name, or the machine's default printer when
// name is empty. It asks nobody whether the queue exists: Ready does.
func Open(name string) (*Queue, error) {
	if name != "" && !queueName.MatchString(name) {
		return nil, motcua.Fail(motcua.PrinterNone, "not the name of a print queue", nil)
	}
	return &Queue{name: name}, nil
}

// Name is the queue's name, empty for the machine's default.
func (q *Queue) Name() string { return q.name }

// Print hands the document to the queue and returns when CUPS has taken it,
// not when it lies in the tray. No copies are one. It fails with PrinterNone
// when there is no such queue and with PrinterFailed when the job is refused.
func (q *Queue) Print(ctx context.Context, job devices.Job) error {
	if !bytes.HasPrefix(job.PDF, []byte("%PDF-")) {
		return motcua.Fail(motcua.PrinterFailed, "the document is not a PDF", nil)
	}
	if job.Copies < 0 || job.Copies > maxCopies {
		return motcua.Fail(motcua.PrinterFailed, "not a number of copies", nil)
	}
	args := []string{"-s", "-n", strconv.Itoa(max(job.Copies, 1)), "-t", title(job.Title)}
	if q.name != "" {
		args = append(args, "-d", q.name)
	}
	_, err := run(ctx, job.PDF, "lp", append(args, "-")...)
	return err
}

func title(s string) string {
	if dossierNumber.MatchString(s) {
		return s
	}
	return defaultTitle
}

// Ready is nil when a job would be taken and printed now: the queue exists, is
// enabled and accepts requests.
func (q *Queue) Ready(ctx context.Context) error {
	name := q.name
	if name == "" {
		var err error
		if name, err = defaultQueue(ctx); err != nil {
			return err
		}
	}
	out, err := run(ctx, nil, "lpstat", "-a", name, "-p", name)
	if err != nil {
		return err
	}
	return readiness(out)
}

// readiness reads the English output of lpstat -a -p (lpstat(1)). A queue that
// does not accept is written "not accepting", a stopped one "disabled".
func readiness(out string) error {
	accepting := false
	for line := range strings.Lines(out) {
		switch {
		case strings.Contains(line, " not accepting requests"):
			return motcua.Fail(motcua.PrinterFailed, "the queue does not accept jobs", nil)
		case strings.HasPrefix(line, "printer ") && strings.Contains(line, " disabled "):
			return motcua.Fail(motcua.PrinterFailed, "the queue is stopped", nil)
		case strings.Contains(line, " accepting requests"):
			accepting = true
		}
	}
	if !accepting {
		return motcua.Fail(motcua.PrinterNone, "lpstat does not know the queue", nil)
	}
	return nil
}

func defaultQueue(ctx context.Context) (string, error) {
	out, err := run(ctx, nil, "lpstat", "-d")
	if err != nil {
		return "", err
	}
	_, name, found := strings.Cut(strings.TrimSpace(out), "system default destination: ")
	if !found || !queueName.MatchString(name) {
		return "", motcua.Fail(motcua.PrinterNone, "no default printer", nil)
	}
	return name, nil
}

// run runs a command of CUPS in English, with stdin as its document.
func run(ctx context.Context, stdin []byte, program string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Stdin, cmd.WaitDelay = bytes.NewReader(stdin), time.Second
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	switch {
	case err == nil:
		return out.String(), nil
	case errors.Is(ctx.Err(), context.Canceled):
		return "", ctx.Err()
	case errors.Is(err, exec.ErrNotFound):
		return "", motcua.Fail(motcua.PrinterNone, program+" is not installed", err)
	}
	return "", refused(program, complaint.String(), err)
}

// missing are the words with which lp and lpstat say that there is no printer
// or no CUPS to ask.
var missing = regexp.MustCompile(`(?i)does not exist|no default destination|invalid destination|unable to connect|bad file descriptor|scheduler is not running|no such file`)

// refused keeps the first line of the complaint for the technician: it names
// the queue, never the document.
func refused(program, complaint string, err error) error {
	line, _, _ := strings.Cut(strings.TrimSpace(complaint), "\n")
	if len(line) > 200 {
		line = line[:200]
	}
	code := motcua.PrinterFailed
	if missing.MatchString(complaint) {
		code = motcua.PrinterNone
	}
	return motcua.Fail(code, program+": "+line, err)
}
