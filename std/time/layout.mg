package time

// Layouts: the reference time Mon Jan 2 15:04:05 MST 2006 (-0700) in the form that is wanted.
const (
	Layout      = "01/02 03:04:05PM '06 -0700"
	ANSIC       = "Mon Jan _2 15:04:05 2006"
	UnixDate    = "Mon Jan _2 15:04:05 MST 2006"
	RubyDate    = "Mon Jan 02 15:04:05 -0700 2006"
	RFC822      = "02 Jan 06 15:04 MST"
	RFC822Z     = "02 Jan 06 15:04 -0700"
	RFC850      = "Monday, 02-Jan-06 15:04:05 MST"
	RFC1123     = "Mon, 02 Jan 2006 15:04:05 MST"
	RFC1123Z    = "Mon, 02 Jan 2006 15:04:05 -0700"
	RFC3339     = "2006-01-02T15:04:05Z07:00"
	RFC3339Nano = "2006-01-02T15:04:05.999999999Z07:00"
	Kitchen     = "3:04PM"
	Stamp       = "Jan _2 15:04:05"
	StampMilli  = "Jan _2 15:04:05.000"
	StampMicro  = "Jan _2 15:04:05.000000"
	StampNano   = "Jan _2 15:04:05.000000000"
	DateTime    = "2006-01-02 15:04:05"
	DateOnly    = "2006-01-02"
	TimeOnly    = "15:04:05"
)

// Elements of a layout.
const (
	noElement = iota
	longMonth
	shortMonth
	numberMonth
	zeroMonth
	longWeekday
	shortWeekday
	day
	spaceDay
	zeroDay
	spaceYearDay
	zeroYearDay
	hour
	hour12
	zeroHour12
	minute
	zeroMinute
	second
	zeroSecond
	longYear
	shortYear
	upperHalf
	lowerHalf
	zoneName
	zoneNumber   // the element's text tells its form
	fractionZero // trailing zeros are kept
	fractionNine // and here dropped
)

func hasPrefix(s, prefix string) bool { return len(s) >= len(prefix) && s[:len(prefix)] == prefix }

func isDigit(s string, i int) bool { return i < len(s) && '0' <= s[i] && s[i] <= '9' }

// nextElement splits a layout at its first element.
func nextElement(layout string) (prefix string, element int, text string, rest string) {
	for i := range len(layout) {
		element, width := elementAt(layout, i)
		if element == noElement {
			continue
		}
		start := i
		if element == longYear && layout[i] == '_' { // _2006 is an underscore and a year
			start++
		}
		return layout[:start], element, layout[start : i+width], layout[i+width:]
	}
	return layout, noElement, "", ""
}

func elementAt(layout string, i int) (element int, width int) {
	s := layout[i:]
	switch s[0] {
	case 'J':
		if hasPrefix(s, "January") {
			return longMonth, 7
		}
		if hasPrefix(s, "Jan") && !startsLower(s[3:]) {
			return shortMonth, 3
		}
	case 'M':
		if hasPrefix(s, "Monday") {
			return longWeekday, 6
		}
		if hasPrefix(s, "Mon") && !startsLower(s[3:]) {
			return shortWeekday, 3
		}
		if hasPrefix(s, "MST") {
			return zoneName, 3
		}
	case '0':
		if hasPrefix(s, "002") {
			return zeroYearDay, 3
		}
		if len(s) >= 2 {
			switch s[1] {
			case '1':
				return zeroMonth, 2
			case '2':
				return zeroDay, 2
			case '3':
				return zeroHour12, 2
			case '4':
				return zeroMinute, 2
			case '5':
				return zeroSecond, 2
			case '6':
				return shortYear, 2
			}
		}
	case '1':
		if hasPrefix(s, "15") {
			return hour, 2
		}
		return numberMonth, 1
	case '2':
		if hasPrefix(s, "2006") {
			return longYear, 4
		}
		return day, 1
	case '_':
		if hasPrefix(s, "_2006") {
			return longYear, 5
		}
		if hasPrefix(s, "_2") {
			return spaceDay, 2
		}
		if hasPrefix(s, "__2") {
			return spaceYearDay, 3
		}
	case '3':
		return hour12, 1
	case '4':
		return minute, 1
	case '5':
		return second, 1
	case 'P':
		if hasPrefix(s, "PM") {
			return upperHalf, 2
		}
	case 'p':
		if hasPrefix(s, "pm") {
			return lowerHalf, 2
		}
	case '-', 'Z':
		for _, form := range [...]string{"070000", "07:00:00", "0700", "07:00", "07"} {
			if hasPrefix(s[1:], form) {
				return zoneNumber, 1 + len(form)
			}
		}
	case '.', ',':
		if len(s) < 2 || s[1] != '0' && s[1] != '9' {
			break
		}
		width := 2
		for width < len(s) && s[width] == s[1] {
			width++
		}
		if isDigit(s, width) {
			break
		}
		if s[1] == '0' {
			return fractionZero, width
		}
		return fractionNine, width
	}
	return noElement, 0
}

func startsLower(s string) bool { return s != "" && 'a' <= s[0] && s[0] <= 'z' }
