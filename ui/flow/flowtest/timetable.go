// Package flowtest prints a flow's timetable: in this state, on this event,
// that state and these effects. The printed file is what a reviewer reads, and
// a change of the dialogue is a change of that file.
package flowtest

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"motcua/ui/flow"
)

// Timetable steps every state with every event and compares the result with
// testdata/timetable.txt; MOTCUA_GOLDEN=write writes it anew. Steps that change
// nothing are left out.
func Timetable(t *testing.T, f flow.Flow, states []flow.State, events []flow.Event) {
	t.Helper()
	var out strings.Builder
	for _, s := range states {
		fmt.Fprintf(&out, "%s\n", s.Name())
		for _, e := range events {
			next, effects := f.Step(s, e)
			if len(effects) == 0 && reflect.DeepEqual(next, s) {
				continue
			}
			fmt.Fprintf(&out, "    %-34s %-12s %s\n", event(e), next.Name(), names(effects))
		}
	}
	path := filepath.Join("testdata", "timetable.txt")
	if os.Getenv("MOTCUA_GOLDEN") == "write" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if out.String() != string(want) {
		t.Errorf("the timetable changed; if that is meant, run with MOTCUA_GOLDEN=write and read the difference.\n%s", out.String())
	}
}

// event is the event's kind with what tells it from others of its kind.
func event(e flow.Event) string {
	switch e := e.(type) {
	case flow.Pressed:
		return "press " + e.Action
	case flow.Edited:
		return "edit " + e.Field
	case flow.Entered:
		return "enter " + e.Field
	case flow.Picked:
		return "pick " + e.Block + " " + e.Key
	case flow.Ticked:
		return "tick " + e.Key
	case flow.Secret:
		return "secret " + e.Field
	case flow.Idle:
		return fmt.Sprintf("idle, %.0f left", e.Part)
	case flow.Failed:
		return "failed " + kind(e.Effect)
	}
	return kind(e)
}

func names(effects []flow.Effect) string {
	var out []string
	for _, e := range effects {
		out = append(out, kind(e))
	}
	return strings.Join(out, ", ")
}

func kind(v any) string {
	s := fmt.Sprintf("%T", v)
	return s[strings.LastIndexByte(s, '.')+1:]
}
