package time

// A ParseError says where a time does not fit its layout.
type ParseError struct {
	Layout     string
	Value      string
	LayoutElem string
	ValueElem  string
	Message    string
}

func (e *ParseError) Error() string {
	if e.Message != "" {
		return "parsing time " + quote(e.Value) + e.Message
	}
	return "parsing time " + quote(e.Value) + " as " + quote(e.Layout) + ": cannot parse " + quote(e.ValueElem) +
		" as " + quote(e.LayoutElem)
}

// Parse reads a time in the form of a layout. What the layout does not have is zero or one, the zone UTC.
func Parse(layout, value string) (Time, error) { return parse(layout, value, UTC) }

// ParseInLocation is Parse with this location for a time without a zone.
func ParseInLocation(layout, value string, loc *Location) (Time, error) {
	return parse(layout, value, loc)
}

// fields is what parse has read so far.
type fields struct {
	year, month, day, yearDay  int // -1: not read, but the year
	hour, minute, second, nano int
	isAfternoon, isMorning     bool
	zone                       *Location
	zoneOffset                 int
	hasZoneOffset              bool
	zoneName                   string
	outOfRange                 string // the field, if it is
}

// digits reads from least to most digits.
func digits(value string, least, most int) (n int, rest string, ok bool) {
	i := 0
	for i < most && isDigit(value, i) {
		n = n*10 + int(value[i]-'0')
		i++
	}
	return n, value[i:], i >= least
}

// signedDigits reads exactly width characters: digits, of which the first may be a sign as in Go.
func signedDigits(value string, width int) (n int, rest string, ok bool) {
	if len(value) < width {
		return 0, value, false
	}
	if value[0] != '+' && value[0] != '-' {
		return digits(value, width, width)
	}
	n, rest, ok = digits(value[1:], width-1, width-1)
	if value[0] == '-' {
		n = -n
	}
	return n, rest, ok && width > 1
}

// equalFold compares ASCII letters in any case.
func equalFold(a, b string) bool {
	for i := range len(a) {
		x, y := a[i], b[i]
		if x != y && (x|0x20 != y|0x20 || x|0x20 < 'a' || x|0x20 > 'z') {
			return false
		}
	}
	return true
}

// lookup reads one of count names, cut to short characters if that is positive.
func lookup(value string, count, short int, name func(i int) string) (index int, rest string, ok bool) {
	for i := range count {
		n := name(i)
		if short > 0 {
			n = n[:short]
		}
		if len(value) >= len(n) && equalFold(value[:len(n)], n) {
			return i, value[len(n):], true
		}
	}
	return -1, value, false
}

func monthName(i int) string   { return Month(i + 1).String() }
func weekdayName(i int) string { return Weekday(i).String() }

// skip takes prefix off value; a space in it stands for any number of spaces.
func skip(value, prefix string) (rest string, ok bool) {
	for prefix != "" {
		if prefix[0] == ' ' {
			if value != "" && value[0] != ' ' {
				return value, false
			}
			for prefix != "" && prefix[0] == ' ' {
				prefix = prefix[1:]
			}
			for value != "" && value[0] == ' ' {
				value = value[1:]
			}
			continue
		}
		if value == "" || value[0] != prefix[0] {
			return value, false
		}
		prefix, value = prefix[1:], value[1:]
	}
	return value, true
}

func parse(layout, value string, loc *Location) (Time, error) {
	wholeLayout, wholeValue := layout, value
	f := fields{month: -1, day: -1, yearDay: -1}
	for {
		prefix, element, text, rest := nextElement(layout)
		var ok bool
		value, ok = skip(value, prefix)
		if !ok {
			return Time{}, &ParseError{wholeLayout, wholeValue, prefix, value, ""}
		}
		if element == noElement {
			if value != "" {
				return Time{}, &ParseError{wholeLayout, wholeValue, "", value, ": extra text: " + quote(value)}
			}
			break
		}
		layout = rest
		held := value
		value, ok = f.read(element, text, layout, value)
		if f.outOfRange != "" {
			return Time{}, &ParseError{wholeLayout, wholeValue, text, held, ": " + f.outOfRange + " out of range"}
		}
		if !ok {
			return Time{}, &ParseError{wholeLayout, wholeValue, text, held, ""}
		}
	}
	return f.time(wholeLayout, wholeValue, loc)
}

// within notes that a field is out of range.
func (f *fields) within(v, low, high int, name string) {
	if v < low || v > high {
		f.outOfRange = name
	}
}

// read reads one element; layout is what follows it.
func (f *fields) read(element int, text, layout, value string) (rest string, ok bool) {
	var n int
	switch element {
	case shortYear:
		n, rest, ok = signedDigits(value, 2)
		if n >= 69 {
			n += 1900
		} else {
			n += 2000
		}
		f.year = n
	case longYear:
		f.year, rest, ok = digits(value, 4, 4)
	case shortMonth:
		n, rest, ok = lookup(value, 12, 3, monthName)
		f.month = n + 1
	case longMonth:
		n, rest, ok = lookup(value, 12, 0, monthName)
		f.month = n + 1
	case numberMonth, zeroMonth:
		f.month, rest, ok = digits(value, len(text), 2)
		if ok {
			f.within(f.month, 1, 12, "month")
		}
	case shortWeekday:
		_, rest, ok = lookup(value, 7, 3, weekdayName)
	case longWeekday:
		_, rest, ok = lookup(value, 7, 0, weekdayName)
	case day, spaceDay, zeroDay:
		if element == spaceDay && value != "" && value[0] == ' ' {
			value = value[1:]
		}
		least := 1
		if element == zeroDay {
			least = 2
		}
		f.day, rest, ok = digits(value, least, 2)
	case spaceYearDay, zeroYearDay:
		for i := 0; i < 2 && element == spaceYearDay && value != "" && value[0] == ' '; i++ {
			value = value[1:]
		}
		least := 1
		if element == zeroYearDay {
			least = 3
		}
		f.yearDay, rest, ok = digits(value, least, 3)
	case hour:
		f.hour, rest, ok = digits(value, 1, 2)
		if ok {
			f.within(f.hour, 0, 23, "hour")
		}
	case hour12, zeroHour12:
		f.hour, rest, ok = digits(value, len(text), 2)
		if ok {
			f.within(f.hour, 0, 12, "hour")
		}
	case minute, zeroMinute:
		f.minute, rest, ok = digits(value, len(text), 2)
		if ok {
			f.within(f.minute, 0, 59, "minute")
		}
	case second, zeroSecond:
		f.second, rest, ok = digits(value, len(text), 2)
		if !ok {
			break
		}
		f.within(f.second, 0, 59, "second")
		// A fraction may follow even if the layout has none.
		if len(rest) >= 2 && (rest[0] == '.' || rest[0] == ',') && isDigit(rest, 1) {
			if _, next, _, _ := nextElement(layout); next == fractionZero || next == fractionNine {
				break
			}
			rest = f.readFraction(rest, len(rest))
		}
	case upperHalf, lowerHalf:
		am, pm := "AM", "PM"
		if element == lowerHalf {
			am, pm = "am", "pm"
		}
		f.isMorning, f.isAfternoon = hasPrefix(value, am), hasPrefix(value, pm)
		ok = f.isMorning || f.isAfternoon
		if ok {
			rest = value[2:]
		}
	case zoneNumber:
		rest, ok = f.readZone(text, value)
	case zoneName:
		rest, ok = f.readZoneName(value)
	case fractionZero:
		if len(value) < len(text) || value[0] != '.' && value[0] != ',' {
			return value, false
		}
		f.nano, rest, ok = signedDigits(value[1:], len(text)-1)
		for range 9 - (len(text) - 1) {
			f.nano *= 10
		}
		if ok && f.nano < 0 {
			f.outOfRange = "fractional second"
		}
	case fractionNine:
		rest, ok = value, true
		if len(value) >= 2 && (value[0] == '.' || value[0] == ',') && isDigit(value, 1) {
			rest = f.readFraction(value, len(value))
		}
	}
	return rest, ok
}

// readFraction reads a point and digits, at most width characters; from the tenth digit on they do not count.
func (f *fields) readFraction(value string, width int) (rest string) {
	i := 1
	f.nano = 0
	scale := 100000000
	for ; i < width && isDigit(value, i); i++ {
		f.nano += int(value[i]-'0') * scale
		scale /= 10
	}
	return value[i:]
}

func (f *fields) readZone(form, value string) (rest string, ok bool) {
	if form[0] == 'Z' && value != "" && value[0] == 'Z' {
		f.zone = UTC
		return value[1:], true
	}
	if len(value) < len(form) {
		return value, false
	}
	var parts [3]int
	ok = true
	for i, part := 1, 0; i < len(form) && ok; part++ {
		if form[i] == ':' {
			if value[i] != ':' {
				return value, false
			}
			i++
		}
		parts[part], _, ok = digits(value[i:], 2, 2)
		if !ok {
			parts[part] = 0
		}
		i += 2
	}
	f.within(parts[0], 0, 24, "time zone offset hour")
	f.within(parts[1], 0, 60, "time zone offset minute")
	f.within(parts[2], 0, 60, "time zone offset second")
	f.zoneOffset = parts[0]*3600 + parts[1]*60 + parts[2]
	f.hasZoneOffset = true
	switch value[0] {
	case '+':
	case '-':
		f.zoneOffset = -f.zoneOffset
	default:
		ok = false
	}
	return value[len(form):], ok
}

// readZoneName reads an abbreviation: three to five capitals, or GMT with an offset, or a sign and an hour.
func (f *fields) readZoneName(value string) (rest string, ok bool) {
	if hasPrefix(value, "UTC") {
		f.zone = UTC
		return value[3:], true
	}
	length := zoneNameLength(value)
	if length == 0 {
		return value, false
	}
	f.zoneName = value[:length]
	return value[length:], true
}

func zoneNameLength(value string) int {
	if len(value) < 3 {
		return 0
	}
	if hasPrefix(value, "ChST") || hasPrefix(value, "MeST") {
		return 4
	}
	if hasPrefix(value, "GMT") {
		return 3 + signedHourLength(value[3:])
	}
	if value[0] == '+' || value[0] == '-' {
		return signedHourLength(value)
	}
	capitals := 0
	for capitals < 6 && capitals < len(value) && 'A' <= value[capitals] && value[capitals] <= 'Z' {
		capitals++
	}
	switch {
	case capitals == 3, capitals == 5 && value[4] == 'T', capitals == 4 && (value[3] == 'T' || hasPrefix(value, "WITA")):
		return capitals
	}
	return 0
}

// signedHourLength returns the length of a sign and an hour up to 23, 0 if there is none.
func signedHourLength(value string) int {
	if value == "" || value[0] != '+' && value[0] != '-' {
		return 0
	}
	n, rest, ok := digits(value[1:], 1, len(value))
	if !ok || n > 23 {
		return 0
	}
	return len(value) - len(rest)
}

// time puts the fields together.
func (f *fields) time(layout, value string, loc *Location) (Time, error) {
	if f.isAfternoon && f.hour < 12 {
		f.hour += 12
	} else if f.isMorning && f.hour == 12 {
		f.hour = 0
	}
	if f.yearDay >= 0 {
		limit := 365
		if isLeap(f.year) {
			limit = 366
		}
		if f.yearDay < 1 || f.yearDay > limit {
			return Time{}, &ParseError{layout, value, "", value, ": day-of-year out of range"}
		}
		days, _ := daysBefore(f.year)
		_, month, day, _ := civil(days + int64(f.yearDay-1))
		if f.month >= 0 && f.month != int(month) {
			return Time{}, &ParseError{layout, value, "", value, ": day-of-year does not match month"}
		}
		if f.day >= 0 && f.day != day {
			return Time{}, &ParseError{layout, value, "", value, ": day-of-year does not match day"}
		}
		f.month, f.day = int(month), day
	}
	if f.month < 0 {
		f.month = 1
	}
	if f.day < 0 {
		f.day = 1
	}
	if f.day < 1 || f.day > daysIn(Month(f.month), f.year) {
		return Time{}, &ParseError{layout, value, "", value, ": day out of range"}
	}
	if f.zone != nil {
		loc = f.zone
	}
	month := Month(f.month)
	switch {
	case f.zone != nil:
	case f.hasZoneOffset:
		t := Date(f.year, month, f.day, f.hour, f.minute, f.second, f.nano, UTC)
		t.seconds -= int64(f.zoneOffset)
		zone, offset := zoneOf(loc)
		if offset == f.zoneOffset && (f.zoneName == "" || f.zoneName == zone) {
			t.setLocation(loc)
		} else {
			t.setLocation(FixedZone(f.zoneName, f.zoneOffset))
		}
		return t, nil
	case f.zoneName != "":
		zone, offset := zoneOf(loc)
		if zone != f.zoneName { // an abbreviation nobody knows: offset 0, unless it tells
			offset = 0
			if len(f.zoneName) > 3 && f.zoneName[:3] == "GMT" {
				hours, _, _ := digits(f.zoneName[4:], 1, 2)
				offset = hours * 3600
				if f.zoneName[3] == '-' {
					offset = -offset
				}
			}
			loc = FixedZone(f.zoneName, offset)
		}
	}
	return Date(f.year, month, f.day, f.hour, f.minute, f.second, f.nano, loc), nil
}
