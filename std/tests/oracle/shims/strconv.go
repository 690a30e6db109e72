package strconv

import (
	"math"
	"strconv"
	"strings"
)

func floatBits(f float64) uint64     { return math.Float64bits(f) }
func floatFromBits(b uint64) float64 { return math.Float64frombits(b) }

// parts splits d.ddde±dd.
func parts(text string) (digits string, exponent int) {
	mantissa, exp, _ := strings.Cut(text, "e")
	digits = strings.Replace(mantissa, ".", "", 1)
	exponent, _ = strconv.Atoi(exp)
	return digits, exponent
}

func shortestDecimal(f float64, bitSize int) (mantissa uint64, exponent int) {
	digits, exponent := parts(strconv.FormatFloat(f, 'e', -1, bitSize))
	digits = strings.TrimRight(digits, "0")
	mantissa, _ = strconv.ParseUint(digits, 10, 64)
	return mantissa, exponent - len(digits) + 1
}

func exactDecimal(f float64, significant bool, count int) (digits string, point int) {
	if significant {
		digits, exponent := parts(strconv.FormatFloat(f, 'e', count-1, 64))
		return strings.TrimRight(digits, "0"), exponent + 1
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(f, 'f', count, 64), ".")
	digits = strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return "", 0
	}
	return strings.TrimRight(digits, "0"), len(digits) - len(fraction)
}

func decimalToFloat(s string, bitSize int) float64 {
	f, _ := strconv.ParseFloat(s, bitSize)
	return f
}
