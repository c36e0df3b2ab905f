package virtual

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"motcua"
	"motcua/devices"
)

// Paper is a printer that prints into a folder.
type Paper struct {
	dir  string
	jobs atomic.Int64
}

var _ devices.Printer = (*Paper)(nil)

// Printer returns a printer that writes each job as a PDF file of mode 0600
// into dir, which is made when the first job comes.
func Printer(dir string) *Paper { return &Paper{dir: dir} }

// Name is the same for every folder.
func (p *Paper) Name() string { return "virtual" }

// Ready is nil when the folder can be written, or else PrinterNone.
func (p *Paper) Ready(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return motcua.Fail(motcua.PrinterNone, "the folder of the stand-in printer", err)
	}
	return nil
}

// Print writes the job under a name of time and number. The title, though it
// is no secret, stays out of it; a job of several copies is one file, whose
// name tells how many. Nothing but a PDF is taken: that is PrinterFailed.
func (p *Paper) Print(ctx context.Context, job devices.Job) error {
	if err := p.Ready(ctx); err != nil {
		return err
	}
	if !bytes.HasPrefix(job.PDF, []byte("%PDF-")) || job.Copies < 0 {
		return motcua.Fail(motcua.PrinterFailed, "not a PDF or not a number of copies", nil)
	}
	name := fmt.Sprintf("%s-%d-%03d-x%d.pdf", time.Now().Format("20060102-150405.000000"), os.Getpid(), p.jobs.Add(1), max(job.Copies, 1))
	f, err := os.OpenFile(filepath.Join(p.dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return motcua.Fail(motcua.PrinterFailed, "a new file in the stand-in's folder", err)
	}
	_, err = f.Write(job.PDF)
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return motcua.Fail(motcua.PrinterFailed, "writing the page", err)
	}
	return nil
}
