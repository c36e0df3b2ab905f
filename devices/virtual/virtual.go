// Package virtual is the stand-in for the things on the desk: a citizen card
// that speaks the chip's side of ICAO 9303, a private card reader service to
// lay it on, and a printer that prints into a folder.
//
// The card is made of nothing but this package: its secure messaging, PACE,
// BAC, chip and active authentication share no code with the terminal's side
// in devices/emrtd, so that a misreading of the standard has to be made twice
// before a test believes it. Its people are invented, its keys are minted for
// the trial and its certificates say so.
//
// The chip is not a secure element. Its curve arithmetic takes a time that
// depends on its keys, which protect nobody.
package virtual
