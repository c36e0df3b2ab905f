package talk

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
)

func TestRequestSurvivesTheTrip(t *testing.T) {
	want := Request{ID: 7, Op: Open, Certificate: "ab12", Input: []byte{1, 2}, PIN: Secret("12\"3\n4")}
	line, err := AppendRequest(nil, want)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(line, []byte("\n")); n != 1 {
		t.Fatalf("%d newlines in one request", n)
	}
	in := NewReader(bytes.NewReader(line))
	got, err := ReadRequest(in)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("got %+v, %v", got, err)
	}
	if _, err := ReadRequest(in); !errors.Is(err, io.EOF) {
		t.Fatalf("after the last request: %v", err)
	}
}

// TestSecretLeavesNoCopy looks into the reader's own buffer, where the line
// with the PIN lay.
func TestSecretLeavesNoCopy(t *testing.T) {
	line, _ := AppendRequest(nil, Request{Op: Open, PIN: Secret("864209")})
	in := NewReader(strings.NewReader(string(line) + strings.Repeat(" ", 300) + "\n"))
	if _, err := in.Peek(len(line)); err != nil {
		t.Fatal(err)
	}
	held, _ := in.Peek(len(line))
	if !bytes.Contains(held, []byte("ODY0MjA5")) {
		t.Fatal("the test looks at the wrong memory")
	}
	if _, err := ReadRequest(in); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(held, []byte("ODY0MjA5")) {
		t.Fatal("the PIN is still in the reader's buffer")
	}
}

func TestSecretIsNotMarshalled(t *testing.T) {
	if b, err := json.Marshal(Request{PIN: Secret("1234")}); err == nil {
		t.Fatalf("encoded as %s", b)
	}
}

func TestReplyPassesOverChatter(t *testing.T) {
	in := NewReader(strings.NewReader("driver v6 loaded\n{broken\n{\"id\":3,\"code\":\"K05\"}\n"))
	r, err := ReadReply(in)
	if err != nil || r.ID != 3 || r.Code != "K05" {
		t.Fatalf("got %+v, %v", r, err)
	}
}

func TestLongLineIsRefused(t *testing.T) {
	in := NewReader(strings.NewReader("{\"id\":1,\"detail\":\"" + strings.Repeat("x", MaxLine) + "\"}\n"))
	if _, err := ReadReply(in); err == nil {
		t.Fatal("a line beyond the limit was taken")
	}
}

func FuzzReadRequest(f *testing.F) {
	f.Add([]byte(`{"id":1,"op":"open","pin":"MTIzNA=="}` + "\n"))
	f.Add([]byte("{\"pin\":\"\n\"}\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		in := NewReader(bytes.NewReader(b))
		for {
			if _, err := ReadRequest(in); err != nil {
				return
			}
		}
	})
}
