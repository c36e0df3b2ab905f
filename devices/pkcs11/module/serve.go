package module

import (
	"encoding/json"
	"errors"
	"io"

	"motcua"
	"motcua/devices/pkcs11/talk"
)

// Serve answers the requests on in until it ends, one at a time, in order.
//
// The end of in is the end of the product: gone is then called even while the
// module is stuck in a call, so that no helper is left behind.
func Serve(in io.Reader, out io.Writer, gone func()) error {
	requests := make(chan talk.Request)
	go func() {
		defer close(requests)
		defer gone()
		r := talk.NewReader(in)
		for {
			q, err := talk.ReadRequest(r)
			if err != nil {
				return
			}
			requests <- q
		}
	}()
	var s server
	enc := json.NewEncoder(out)
	for q := range requests {
		a := s.answer(q)
		clear(q.PIN)
		a.ID = q.ID
		if err := enc.Encode(a); err != nil {
			return err
		}
	}
	return nil
}

// server is the one module of this process.
type server struct{ module *Module }

func (s *server) answer(q talk.Request) (a talk.Reply) {
	var err error
	switch {
	case q.Op == talk.Load && s.module == nil:
		s.module, err = Load(q.Module)
	case s.module == nil || q.Op == talk.Load:
		err = motcua.Fail(motcua.Internal, "load comes first, and once", nil)
	case q.Op == talk.List:
		a.Certificates, err = s.module.List()
	case q.Op == talk.Open:
		err = s.module.Open(q.Certificate, q.PIN)
	case q.Op == talk.Sign:
		a.Signature, err = s.module.Sign(q.Input)
	case q.Op == talk.Close:
		s.module.Close()
	default:
		err = motcua.Fail(motcua.Internal, "unknown operation", nil)
	}
	if err != nil {
		return refusal(err)
	}
	return a
}

func refusal(err error) talk.Reply {
	a := talk.Reply{Code: motcua.CodeOf(err)}
	var f *motcua.Fault
	if errors.As(err, &f) {
		a.Detail = f.Detail
		if f.Err != nil {
			a.Detail += ": " + f.Err.Error()
		}
	}
	return a
}
