package time

// appendPadded appends v with at least width digits.
func appendPadded(b []byte, v int, width int) []byte {
	if v < 0 {
		b = append(b, '-')
		v = -v
	}
	var storage [20]byte
	start := putInteger(storage[:], uint64(v))
	for i := len(storage) - start; i < width; i++ {
		b = append(b, '0')
	}
	return append(b, storage[start:]...)
}

// appendSpaced appends v right-aligned with spaces.
func appendSpaced(b []byte, v int, width int) []byte {
	limit := 10
	for range width - 1 {
		if v < limit {
			b = append(b, ' ')
		}
		limit *= 10
	}
	return appendPadded(b, v, 0)
}

// Format returns t in the form of a layout.
func (t Time) Format(layout string) string { return string(t.AppendFormat(nil, layout)) }

// AppendFormat appends Format's text to b.
func (t Time) AppendFormat(b []byte, layout string) []byte {
	days, daySecond := splitDay(t.local())
	year, month, monthDay, yearDay := civil(days)
	hours, minutes, seconds := daySecond/3600, daySecond/60%60, daySecond%60
	for layout != "" {
		prefix, element, text, rest := nextElement(layout)
		b = append(b, prefix...)
		layout = rest
		switch element {
		case longMonth:
			b = append(b, month.String()...)
		case shortMonth:
			b = append(b, month.String()[:3]...)
		case numberMonth:
			b = appendPadded(b, int(month), 0)
		case zeroMonth:
			b = appendPadded(b, int(month), 2)
		case longWeekday:
			b = append(b, t.Weekday().String()...)
		case shortWeekday:
			b = append(b, t.Weekday().String()[:3]...)
		case day:
			b = appendPadded(b, monthDay, 0)
		case spaceDay:
			b = appendSpaced(b, monthDay, 2)
		case zeroDay:
			b = appendPadded(b, monthDay, 2)
		case spaceYearDay:
			b = appendSpaced(b, yearDay, 3)
		case zeroYearDay:
			b = appendPadded(b, yearDay, 3)
		case hour:
			b = appendPadded(b, hours, 2)
		case hour12:
			b = appendPadded(b, (hours+11)%12+1, 0)
		case zeroHour12:
			b = appendPadded(b, (hours+11)%12+1, 2)
		case minute:
			b = appendPadded(b, minutes, 0)
		case zeroMinute:
			b = appendPadded(b, minutes, 2)
		case second:
			b = appendPadded(b, seconds, 0)
		case zeroSecond:
			b = appendPadded(b, seconds, 2)
		case longYear:
			b = appendPadded(b, year, 4)
		case shortYear:
			b = appendPadded(b, max(year, -year)%100, 2)
		case upperHalf:
			if hours >= 12 {
				b = append(b, "PM"...)
			} else {
				b = append(b, "AM"...)
			}
		case lowerHalf:
			if hours >= 12 {
				b = append(b, "pm"...)
			} else {
				b = append(b, "am"...)
			}
		case zoneName:
			name, offset := t.Zone()
			if name != "" {
				b = append(b, name...)
				break
			}
			b = appendSign(b, offset)
			offset = max(offset, -offset) / 60
			b = appendPadded(b, offset/60, 2)
			b = appendPadded(b, offset%60, 2)
		case zoneNumber:
			_, offset := t.Zone()
			b = appendZone(b, text, offset)
		case fractionZero, fractionNine:
			b = appendFraction(b, int(t.nanoseconds), text, element == fractionNine)
		}
	}
	return b
}

func appendSign(b []byte, offset int) []byte {
	if offset < 0 {
		return append(b, '-')
	}
	return append(b, '+')
}

func appendZone(b []byte, form string, offset int) []byte {
	if form[0] == 'Z' && offset == 0 {
		return append(b, 'Z')
	}
	b = appendSign(b, offset/60)
	offset = max(offset, -offset)
	b = appendPadded(b, offset/3600, 2)
	colon := len(form) > 3 && form[3] == ':'
	if colon {
		b = append(b, ':')
	}
	if len(form) > 3 {
		b = appendPadded(b, offset/60%60, 2)
	}
	if len(form) > 6 {
		if colon {
			b = append(b, ':')
		}
		b = appendPadded(b, offset%60, 2)
	}
	return b
}

// appendFraction appends the digits of a second that form, as ".000", asks for.
func appendFraction(b []byte, nanoseconds int, form string, drop bool) []byte {
	digits := len(form) - 1
	var storage [9]byte
	for i := 8; i >= 0; i-- {
		storage[i] = byte(nanoseconds%10) + '0'
		nanoseconds /= 10
	}
	digits = min(digits, 9)
	if drop {
		for digits > 0 && storage[digits-1] == '0' {
			digits--
		}
		if digits == 0 {
			return b
		}
	}
	b = append(b, form[0])
	return append(b, storage[:digits]...)
}

// String returns the time as 2006-01-02 15:04:05.999999999 -0700 MST, and the monotonic reading behind m=.
func (t Time) String() string {
	text := t.Format("2006-01-02 15:04:05.999999999 -0700 MST")
	if t.monotonic == 0 {
		return text
	}
	reading := uint64(t.monotonic)
	sign := byte('+')
	if t.monotonic < 0 {
		sign = '-'
		reading = -reading
	}
	b := append([]byte(text), " m="...)
	b = append(b, sign)
	b = appendPadded(b, int(reading/1e9), 0)
	b = append(b, '.')
	return string(appendPadded(b, int(reading%1e9), 9))
}

// GoString returns the Go expression for the time.
func (t Time) GoString() string {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	b := []byte("time.Date(")
	b = appendPadded(b, year, 0)
	b = append(b, ", time."...)
	b = append(b, month.String()...)
	for _, v := range [...]int{day, hour, minute, second, int(t.nanoseconds)} {
		b = append(b, ", "...)
		b = appendPadded(b, v, 0)
	}
	switch t.Location() {
	case UTC:
		b = append(b, ", time.UTC)"...)
	case Local:
		b = append(b, ", time.Local)"...)
	default:
		b = append(b, ", time.Location("...)
		b = append(b, quote(t.Location().String())...)
		b = append(b, "))"...)
	}
	return string(b)
}
