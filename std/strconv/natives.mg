package strconv

// NATIVES.md says exactly what each does.

func floatBits(f float64) uint64

func floatFromBits(b uint64) float64

func shortestDecimal(f float64, bitSize int) (mantissa uint64, exponent int)

func exactDecimal(f float64, significant bool, count int) (digits string, point int)

func decimalToFloat(s string, bitSize int) float64
