// Package time measures and shows time, and wakes goroutines up.
//
// The calendar is the Gregorian one without leap seconds. The local time zone is UTC: $TZ and the system's zone are not
// read, and LoadLocation knows no others.
package time

import "errors"

// A Duration is a length of time in nanoseconds.
type Duration int64

// Common durations.
const (
	Nanosecond  Duration = 1
	Microsecond          = 1000 * Nanosecond
	Millisecond          = 1000 * Microsecond
	Second               = 1000 * Millisecond
	Minute               = 60 * Second
	Hour                 = 60 * Minute
)

const (
	minDuration Duration = -1 << 63
	maxDuration Duration = 1<<63 - 1
)

// String returns the duration as 72h3m0.5s; below a second in one smaller unit, 1.5ms.
func (d Duration) String() string {
	var storage [32]byte
	i := len(storage)
	rest := uint64(d)
	if d < 0 {
		rest = -rest
	}
	i--
	storage[i] = 's'
	switch {
	case rest == 0:
		return "0s"
	case rest < uint64(Second):
		var digits int
		i--
		switch {
		case rest < uint64(Microsecond):
			storage[i] = 'n'
		case rest < uint64(Millisecond):
			digits = 3
			i-- // µ takes two bytes
			copy(storage[i:], "µ")
		default:
			digits = 6
			storage[i] = 'm'
		}
		i, rest = putFraction(storage[:i], rest, digits)
		i = putInteger(storage[:i], rest)
	default:
		i, rest = putFraction(storage[:i], rest, 9)
		i = putInteger(storage[:i], rest%60)
		rest /= 60
		if rest > 0 {
			i--
			storage[i] = 'm'
			i = putInteger(storage[:i], rest%60)
			rest /= 60
			if rest > 0 {
				i--
				storage[i] = 'h'
				i = putInteger(storage[:i], rest)
			}
		}
	}
	if d < 0 {
		i--
		storage[i] = '-'
	}
	return string(storage[i:])
}

// putFraction writes the last digits of v behind a point, without trailing zeros, to the end of b.
func putFraction(b []byte, v uint64, digits int) (start int, rest uint64) {
	i := len(b)
	print := false
	for range digits {
		digit := v % 10
		print = print || digit != 0
		if print {
			i--
			b[i] = byte(digit) + '0'
		}
		v /= 10
	}
	if print {
		i--
		b[i] = '.'
	}
	return i, v
}

// putInteger writes v to the end of b.
func putInteger(b []byte, v uint64) (start int) {
	i := len(b)
	for {
		i--
		b[i] = byte(v%10) + '0'
		v /= 10
		if v == 0 {
			return i
		}
	}
}

// Nanoseconds returns the duration in nanoseconds.
func (d Duration) Nanoseconds() int64 { return int64(d) }

// Microseconds returns the duration in microseconds, rounded towards zero.
func (d Duration) Microseconds() int64 { return int64(d) / 1e3 }

// Milliseconds returns the duration in milliseconds, rounded towards zero.
func (d Duration) Milliseconds() int64 { return int64(d) / 1e6 }

// Seconds returns the duration in seconds.
func (d Duration) Seconds() float64 { return float64(d/Second) + float64(d%Second)/1e9 }

// Minutes returns the duration in minutes.
func (d Duration) Minutes() float64 { return float64(d/Minute) + float64(d%Minute)/(60*1e9) }

// Hours returns the duration in hours.
func (d Duration) Hours() float64 { return float64(d/Hour) + float64(d%Hour)/(60*60*1e9) }

// Truncate rounds towards zero to a multiple of m; m <= 0 changes nothing.
func (d Duration) Truncate(m Duration) Duration {
	if m <= 0 {
		return d
	}
	return d - d%m
}

// Round rounds to the nearest multiple of m, halves away from zero; m <= 0 changes nothing. What does not fit is the extreme.
func (d Duration) Round(m Duration) Duration {
	if m <= 0 {
		return d
	}
	rest := d % m
	if d < 0 {
		rest = -rest
		if uint64(rest)*2 < uint64(m) {
			return d + rest
		}
		if rounded := d - m + rest; rounded < d {
			return rounded
		}
		return minDuration
	}
	if uint64(rest)*2 < uint64(m) {
		return d - rest
	}
	if rounded := d + m - rest; rounded > d {
		return rounded
	}
	return maxDuration
}

// Abs returns the length; that of the least duration is the greatest.
func (d Duration) Abs() Duration {
	switch {
	case d >= 0:
		return d
	case d == minDuration:
		return maxDuration
	}
	return -d
}

// quote returns s in quotes; what is not ASCII or not printable goes byte by byte.
func quote(s string) string {
	const hex = "0123456789abcdef"
	out := []byte{'"'}
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 0x80 || c < ' ':
			out = append(out, '\\', 'x', hex[c>>4], hex[c&0xF])
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		default:
			out = append(out, c)
		}
	}
	return string(append(out, '"'))
}

func invalidDuration(s string) error {
	return errors.New("time: invalid duration " + quote(s))
}

// unitOf returns the length of a unit, 0 if there is none of that name.
func unitOf(name string) uint64 {
	switch name {
	case "ns":
		return uint64(Nanosecond)
	case "us", "µs", "μs": // the micro sign and the Greek letter
		return uint64(Microsecond)
	case "ms":
		return uint64(Millisecond)
	case "s":
		return uint64(Second)
	case "m":
		return uint64(Minute)
	case "h":
		return uint64(Hour)
	}
	return 0
}

// ParseDuration reads a sequence of decimal numbers with units, as 1.5h or -2h45m; units are ns, us, µs, ms, s, m, h.
func ParseDuration(s string) (Duration, error) {
	const limit = 1 << 63 // only the least duration has this magnitude
	rest := s
	negative := false
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		negative = rest[0] == '-'
		rest = rest[1:]
	}
	if rest == "0" {
		return 0, nil
	}
	if rest == "" {
		return 0, invalidDuration(s)
	}
	var total uint64
	for rest != "" {
		var value uint64
		i := 0
		for ; i < len(rest) && '0' <= rest[i] && rest[i] <= '9'; i++ {
			if value > limit/10 {
				return 0, invalidDuration(s)
			}
			value = value*10 + uint64(rest[i]-'0')
			if value > limit {
				return 0, invalidDuration(s)
			}
		}
		hasDigits := i > 0
		rest = rest[i:]
		fraction, scale := uint64(0), float64(1)
		if rest != "" && rest[0] == '.' {
			i = 1
			full := false
			for ; i < len(rest) && '0' <= rest[i] && rest[i] <= '9'; i++ {
				if full || fraction > (limit-1)/10 {
					full = true // more digits make no difference
					continue
				}
				next := fraction*10 + uint64(rest[i]-'0')
				if next > limit {
					full = true
					continue
				}
				fraction = next
				scale *= 10
			}
			hasDigits = hasDigits || i > 1
			rest = rest[i:]
		}
		if !hasDigits {
			return 0, invalidDuration(s)
		}
		i = 0
		for i < len(rest) && rest[i] != '.' && (rest[i] < '0' || rest[i] > '9') {
			i++
		}
		if i == 0 {
			return 0, errors.New("time: missing unit in duration " + quote(s))
		}
		name := rest[:i]
		rest = rest[i:]
		unit := unitOf(name)
		if unit == 0 {
			return 0, errors.New("time: unknown unit " + quote(name) + " in duration " + quote(s))
		}
		if value > limit/unit {
			return 0, invalidDuration(s)
		}
		value *= unit
		if fraction > 0 {
			value += uint64(float64(fraction) * (float64(unit) / scale))
			if value > limit {
				return 0, invalidDuration(s)
			}
		}
		total += value
		if total > limit {
			return 0, invalidDuration(s)
		}
	}
	if negative {
		return -Duration(total), nil
	}
	if total > limit-1 {
		return 0, invalidDuration(s)
	}
	return Duration(total), nil
}
