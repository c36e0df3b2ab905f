package pcsc

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// What pcsc-lite appends: the interface and slot in hexadecimal; and
	// Windows: the number of the reader.
	slotNumbers = regexp.MustCompile(`(?: [0-9A-Fa-f]{2} [0-9A-Fa-f]{2}| \d{1,2})$`)
	serial      = regexp.MustCompile(`\s*\([^()]*\)`)
	interfaces  = regexp.MustCompile(`\s*\[([^\[\]]*)\]`)
	antenna     = regexp.MustCompile(`(?i)\b(PICC|SAM|ICC|CL|contactless)\b`)
)

// shortNames are the names for people: without serial, slot and interface
// numbers, but with the word that tells a contactless interface from a slot.
// Equal names are counted.
func shortNames(names []string) []string {
	out, seen := make([]string, len(names)), map[string]int{}
	for i, n := range names {
		short := shortName(n)
		if seen[short]++; seen[short] > 1 {
			short = fmt.Sprintf("%s (%d)", short, seen[short])
		}
		out[i] = short
	}
	return out
}

func shortName(name string) string {
	short := slotNumbers.ReplaceAllString(name, "")
	short = serial.ReplaceAllString(short, "")
	if m := interfaces.FindStringSubmatch(short); m != nil {
		short = interfaces.ReplaceAllString(short, "")
		if word := antenna.FindString(m[1]); word != "" && !antenna.MatchString(short) {
			short += " " + word
		}
	}
	if short = strings.Join(strings.Fields(short), " "); short == "" {
		return name
	}
	return short
}
