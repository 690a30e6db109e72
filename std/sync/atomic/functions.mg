// Package atomic has memory operations that other goroutines see whole and in one order.
package atomic

// AddInt32 adds delta to *addr and returns the new value.
func AddInt32(addr *int32, delta int32) (new int32)

// AddInt64 adds delta to *addr and returns the new value.
func AddInt64(addr *int64, delta int64) (new int64)

// AddUint32 adds delta to *addr and returns the new value.
func AddUint32(addr *uint32, delta uint32) (new uint32)

// AddUint64 adds delta to *addr and returns the new value.
func AddUint64(addr *uint64, delta uint64) (new uint64)

// AddUintptr adds delta to *addr and returns the new value.
func AddUintptr(addr *uintptr, delta uintptr) (new uintptr)

// AndInt32 stores *addr & mask and returns the old value.
func AndInt32(addr *int32, mask int32) (old int32)

// AndInt64 stores *addr & mask and returns the old value.
func AndInt64(addr *int64, mask int64) (old int64)

// AndUint32 stores *addr & mask and returns the old value.
func AndUint32(addr *uint32, mask uint32) (old uint32)

// AndUint64 stores *addr & mask and returns the old value.
func AndUint64(addr *uint64, mask uint64) (old uint64)

// AndUintptr stores *addr & mask and returns the old value.
func AndUintptr(addr *uintptr, mask uintptr) (old uintptr)

// OrInt32 stores *addr | mask and returns the old value.
func OrInt32(addr *int32, mask int32) (old int32)

// OrInt64 stores *addr | mask and returns the old value.
func OrInt64(addr *int64, mask int64) (old int64)

// OrUint32 stores *addr | mask and returns the old value.
func OrUint32(addr *uint32, mask uint32) (old uint32)

// OrUint64 stores *addr | mask and returns the old value.
func OrUint64(addr *uint64, mask uint64) (old uint64)

// OrUintptr stores *addr | mask and returns the old value.
func OrUintptr(addr *uintptr, mask uintptr) (old uintptr)

// LoadInt32 returns *addr.
func LoadInt32(addr *int32) (val int32)

// LoadInt64 returns *addr.
func LoadInt64(addr *int64) (val int64)

// LoadUint32 returns *addr.
func LoadUint32(addr *uint32) (val uint32)

// LoadUint64 returns *addr.
func LoadUint64(addr *uint64) (val uint64)

// LoadUintptr returns *addr.
func LoadUintptr(addr *uintptr) (val uintptr)

// StoreInt32 sets *addr to val.
func StoreInt32(addr *int32, val int32)

// StoreInt64 sets *addr to val.
func StoreInt64(addr *int64, val int64)

// StoreUint32 sets *addr to val.
func StoreUint32(addr *uint32, val uint32)

// StoreUint64 sets *addr to val.
func StoreUint64(addr *uint64, val uint64)

// StoreUintptr sets *addr to val.
func StoreUintptr(addr *uintptr, val uintptr)

// SwapInt32 sets *addr to new and returns the old value.
func SwapInt32(addr *int32, new int32) (old int32)

// SwapInt64 sets *addr to new and returns the old value.
func SwapInt64(addr *int64, new int64) (old int64)

// SwapUint32 sets *addr to new and returns the old value.
func SwapUint32(addr *uint32, new uint32) (old uint32)

// SwapUint64 sets *addr to new and returns the old value.
func SwapUint64(addr *uint64, new uint64) (old uint64)

// SwapUintptr sets *addr to new and returns the old value.
func SwapUintptr(addr *uintptr, new uintptr) (old uintptr)

// CompareAndSwapInt32 sets *addr to new if it is old, and reports whether it was.
func CompareAndSwapInt32(addr *int32, old, new int32) (swapped bool)

// CompareAndSwapInt64 sets *addr to new if it is old, and reports whether it was.
func CompareAndSwapInt64(addr *int64, old, new int64) (swapped bool)

// CompareAndSwapUint32 sets *addr to new if it is old, and reports whether it was.
func CompareAndSwapUint32(addr *uint32, old, new uint32) (swapped bool)

// CompareAndSwapUint64 sets *addr to new if it is old, and reports whether it was.
func CompareAndSwapUint64(addr *uint64, old, new uint64) (swapped bool)

// CompareAndSwapUintptr sets *addr to new if it is old, and reports whether it was.
func CompareAndSwapUintptr(addr *uintptr, old, new uintptr) (swapped bool)

// yield lets other goroutines run.
func yield()
