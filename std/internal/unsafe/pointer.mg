// Package unsafe has the type that package unsafe of Go has, and nothing to do with it but to hand it to natives.
package unsafe

// Pointer is unsafe.Pointer: the compiler takes it for that, whatever it is declared as.
type Pointer *byte
