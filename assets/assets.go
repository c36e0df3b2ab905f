// Package assets embeds what the program knows without being told: the
// procedures, the holidays and the words of its screens.
//
// It holds no logic. The fonts have a package of their own, so that a program
// that draws nothing does not carry them.
package assets

import "embed"

// FS holds procedures/<code>/procedure.json, holidays/<year>.json and
// words/<lang>.json.
//
//go:embed procedures holidays words
var FS embed.FS
