// Package iter names the functions that hand over sequences, an element a call.
package iter

// Seq calls yield with each element of a sequence, until yield returns false.
type Seq[V any] func(yield func(V) bool)

// Seq2 calls yield with each pair of a sequence, until yield returns false.
type Seq2[K, V any] func(yield func(K, V) bool)
