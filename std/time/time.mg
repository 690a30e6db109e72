package time

import "errors"

// A Time is an instant, to the nanosecond, with the zone it is shown in. Its zero value is January 1, year 1, 00:00 UTC.
// Now's times also have a reading of the monotonic clock, which Sub and the comparisons use if both sides have one.
type Time struct {
	seconds     int64 // since the zero time
	nanoseconds int32
	monotonic   int64     // 0 for none
	location    *Location // nil for UTC
}

const (
	secondsPerDay  = 86400
	unixEpoch      = 62135596800 // in seconds since the zero time
	daysTo1970     = 719162      // since January 1, year 1
	daysPer400Year = 146097
)

// A Month is a month of the year, January = 1.
type Month int

// The months.
const (
	January Month = 1 + iota
	February
	March
	April
	May
	June
	July
	August
	September
	October
	November
	December
)

// String returns the English name.
func (m Month) String() string {
	switch m {
	case January:
		return "January"
	case February:
		return "February"
	case March:
		return "March"
	case April:
		return "April"
	case May:
		return "May"
	case June:
		return "June"
	case July:
		return "July"
	case August:
		return "August"
	case September:
		return "September"
	case October:
		return "October"
	case November:
		return "November"
	case December:
		return "December"
	}
	return "%!Month(" + decimal(uint64(m)) + ")"
}

// A Weekday is a day of the week, Sunday = 0.
type Weekday int

// The days of the week.
const (
	Sunday Weekday = iota
	Monday
	Tuesday
	Wednesday
	Thursday
	Friday
	Saturday
)

// String returns the English name.
func (d Weekday) String() string {
	switch d {
	case Sunday:
		return "Sunday"
	case Monday:
		return "Monday"
	case Tuesday:
		return "Tuesday"
	case Wednesday:
		return "Wednesday"
	case Thursday:
		return "Thursday"
	case Friday:
		return "Friday"
	case Saturday:
		return "Saturday"
	}
	return "%!Weekday(" + decimal(uint64(d)) + ")"
}

func decimal(n uint64) string {
	var storage [20]byte
	return string(storage[putInteger(storage[:], n):])
}

// A Location is a time zone, here one of a constant offset.
type Location struct {
	name   string // the location's
	zone   string // the zone's abbreviation
	offset int    // seconds east of UTC
}

var utcLocation = Location{name: "UTC", zone: "UTC"}
var localLocation = Location{name: "Local", zone: "UTC"}

// UTC is Universal Coordinated Time.
var UTC *Location = &utcLocation

// Local is the system's zone: here UTC by another name.
var Local *Location = &localLocation

// String returns the location's name.
func (l *Location) String() string {
	if l == nil {
		return "UTC"
	}
	return l.name
}

// FixedZone returns a location with this abbreviation and offset, in seconds east of UTC, at all times.
func FixedZone(name string, offset int) *Location { return &Location{name, name, offset} }

// LoadLocation knows UTC (or the empty name) and Local.
func LoadLocation(name string) (*Location, error) {
	switch name {
	case "", "UTC":
		return UTC, nil
	case "Local":
		return Local, nil
	}
	return nil, errors.New("unknown time zone " + name)
}

// zoneOf returns the zone of a location, nil meaning UTC.
func zoneOf(l *Location) (zone string, offset int) {
	if l == nil {
		return "UTC", 0
	}
	return l.zone, l.offset
}

// Now returns the current time, in the local zone.
func Now() Time {
	seconds, nanoseconds, monotonic := now()
	return Time{seconds + unixEpoch, int32(nanoseconds), monotonic, Local}
}

// Since returns how long ago t was.
func Since(t Time) Duration { return Now().Sub(t) }

// Until returns how long it is until t.
func Until(t Time) Duration { return t.Sub(Now()) }

// Unix returns the time this long after January 1, 1970 UTC, in the local zone; nsec may be any number.
func Unix(sec int64, nsec int64) Time {
	if nsec < 0 || nsec >= 1e9 {
		sec += nsec / 1e9
		nsec %= 1e9
		if nsec < 0 {
			nsec += 1e9
			sec--
		}
	}
	return Time{sec + unixEpoch, int32(nsec), 0, Local}
}

// UnixMilli is Unix for milliseconds.
func UnixMilli(msec int64) Time { return Unix(msec/1e3, msec%1e3*1e6) }

// UnixMicro is Unix for microseconds.
func UnixMicro(usec int64) Time { return Unix(usec/1e6, usec%1e6*1e3) }

// daysBefore returns the days from January 1, year 1 to January 1 of year, and whether year is a leap year.
func daysBefore(year int) (days int64, leap bool) {
	y := int64(year) - 1
	// Whole cycles first, so that the divisions below are of positive numbers.
	cycles := y / 400
	y %= 400
	if y < 0 {
		y += 400
		cycles--
	}
	days = cycles*daysPer400Year + y*365 + y/4 - y/100
	return days, isLeap(year)
}

func isLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// daysBeforeMonth returns the days of the year before a month, which is within 1 to 13.
func daysBeforeMonth(month Month, leap bool) int {
	days := 0
	switch month {
	case February:
		days = 31
	case March:
		days = 59
	case April:
		days = 90
	case May:
		days = 120
	case June:
		days = 151
	case July:
		days = 181
	case August:
		days = 212
	case September:
		days = 243
	case October:
		days = 273
	case November:
		days = 304
	case December:
		days = 334
	case December + 1:
		days = 365
	}
	if leap && month > February {
		days++
	}
	return days
}

func daysIn(month Month, year int) int {
	leap := isLeap(year)
	return daysBeforeMonth(month+1, leap) - daysBeforeMonth(month, leap)
}

// carry brings low into 0 to base-1 at the cost of high.
func carry(high, low, base int) (int, int) {
	high += low / base
	low %= base
	if low < 0 {
		low += base
		high--
	}
	return high, low
}

// Date returns the time of this date and clock in a location. Values out of range carry over: October 32 is November 1.
func Date(year int, month Month, day, hour, min, sec, nsec int, loc *Location) Time {
	if loc == nil {
		panic("time: missing Location in call to Date")
	}
	m := int(month) - 1
	year, m = carry(year, m, 12)
	sec, nsec = carry(sec, nsec, 1e9)
	min, sec = carry(min, sec, 60)
	hour, min = carry(hour, min, 60)
	day, hour = carry(day, hour, 24)
	days, leap := daysBefore(year)
	days += int64(daysBeforeMonth(Month(m+1), leap) + day - 1)
	seconds := days*secondsPerDay + int64(hour*3600+min*60+sec)
	_, offset := zoneOf(loc)
	t := Time{seconds: seconds - int64(offset), nanoseconds: int32(nsec)}
	t.setLocation(loc)
	return t
}

func (t *Time) setLocation(loc *Location) {
	if loc == &utcLocation {
		loc = nil
	}
	t.location = loc
	t.monotonic = 0
}

// local returns the seconds since the zero time on the zone's clock.
func (t Time) local() int64 {
	_, offset := zoneOf(t.location)
	return t.seconds + int64(offset)
}

// splitDay returns the whole days since the zero time and the seconds of the day.
func splitDay(seconds int64) (days int64, second int) {
	days = seconds / secondsPerDay
	second = int(seconds % secondsPerDay)
	if second < 0 {
		second += secondsPerDay
		days--
	}
	return days, second
}

// civil turns days since January 1, year 1 into a date.
func civil(days int64) (year int, month Month, day int, yearDay int) {
	cycles := days / daysPer400Year
	rest := int(days % daysPer400Year)
	if rest < 0 {
		rest += daysPer400Year
		cycles--
	}
	// The last day of a 400-year and of a 4-year cycle is the 366th of its last year.
	centuries := min(rest/36524, 3)
	rest -= centuries * 36524
	fours := rest / 1461
	rest -= fours * 1461
	years := min(rest/365, 3)
	rest -= years * 365
	year = int(cycles)*400 + centuries*100 + fours*4 + years + 1
	yearDay = rest + 1
	leap := isLeap(year)
	month = Month(rest/31 + 1) // this month or the one before
	if rest >= daysBeforeMonth(month+1, leap) {
		month++
	}
	return year, month, rest - daysBeforeMonth(month, leap) + 1, yearDay
}

// Date returns the year, month and day.
func (t Time) Date() (year int, month Month, day int) {
	days, _ := splitDay(t.local())
	year, month, day, _ = civil(days)
	return year, month, day
}

// Year returns the year.
func (t Time) Year() int {
	year, _, _ := t.Date()
	return year
}

// Month returns the month.
func (t Time) Month() Month {
	_, month, _ := t.Date()
	return month
}

// Day returns the day of the month.
func (t Time) Day() int {
	_, _, day := t.Date()
	return day
}

// YearDay returns the day of the year, from 1.
func (t Time) YearDay() int {
	days, _ := splitDay(t.local())
	_, _, _, yearDay := civil(days)
	return yearDay
}

// Weekday returns the day of the week.
func (t Time) Weekday() Weekday {
	days, _ := splitDay(t.local())
	weekday := (days + 1) % 7 // the zero time is a Monday
	if weekday < 0 {
		weekday += 7
	}
	return Weekday(weekday)
}

// ISOWeek returns the ISO 8601 year and week: week 1 has the year's first Thursday.
func (t Time) ISOWeek() (year, week int) {
	days, _ := splitDay(t.local())
	thursday := days + 3 - int64((t.Weekday()+6)%7)
	year, _, _, yearDay := civil(thursday)
	return year, (yearDay-1)/7 + 1
}

// Clock returns the time of day.
func (t Time) Clock() (hour, min, sec int) {
	_, second := splitDay(t.local())
	return second / 3600, second / 60 % 60, second % 60
}

// Hour returns the hour.
func (t Time) Hour() int {
	hour, _, _ := t.Clock()
	return hour
}

// Minute returns the minute.
func (t Time) Minute() int {
	_, minute, _ := t.Clock()
	return minute
}

// Second returns the second.
func (t Time) Second() int {
	_, _, second := t.Clock()
	return second
}

// Nanosecond returns the nanosecond within the second.
func (t Time) Nanosecond() int { return int(t.nanoseconds) }

// Unix returns the seconds since January 1, 1970 UTC.
func (t Time) Unix() int64 { return t.seconds - unixEpoch }

// UnixMilli returns the milliseconds since then.
func (t Time) UnixMilli() int64 { return t.Unix()*1e3 + int64(t.nanoseconds)/1e6 }

// UnixMicro returns the microseconds since then.
func (t Time) UnixMicro() int64 { return t.Unix()*1e6 + int64(t.nanoseconds)/1e3 }

// UnixNano returns the nanoseconds since then.
func (t Time) UnixNano() int64 { return t.Unix()*1e9 + int64(t.nanoseconds) }

// IsZero reports whether t is the zero time.
func (t Time) IsZero() bool { return t.seconds == 0 && t.nanoseconds == 0 }

// Compare returns -1 if t is before u, 1 if after, else 0.
func (t Time) Compare(u Time) int {
	a, b := t.seconds, u.seconds
	if t.monotonic != 0 && u.monotonic != 0 {
		a, b = t.monotonic, u.monotonic
	} else if a == b {
		a, b = int64(t.nanoseconds), int64(u.nanoseconds)
	}
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// After reports whether t is after u.
func (t Time) After(u Time) bool { return t.Compare(u) > 0 }

// Before reports whether t is before u.
func (t Time) Before(u Time) bool { return t.Compare(u) < 0 }

// Equal reports whether t and u are the same instant, wherever they are shown.
func (t Time) Equal(u Time) bool { return t.Compare(u) == 0 }

// Add returns t + d.
func (t Time) Add(d Duration) Time {
	t.seconds += int64(d / Second)
	nanoseconds := int64(t.nanoseconds) + int64(d%Second)
	if nanoseconds >= 1e9 {
		t.seconds++
		nanoseconds -= 1e9
	} else if nanoseconds < 0 {
		t.seconds--
		nanoseconds += 1e9
	}
	t.nanoseconds = int32(nanoseconds)
	if t.monotonic != 0 {
		sum := t.monotonic + int64(d)
		if (d < 0) != (sum < t.monotonic) || sum <= 0 {
			sum = 0 // out of the clock's range
		}
		t.monotonic = sum
	}
	return t
}

// Sub returns t - u, or the extreme duration if that does not fit.
func (t Time) Sub(u Time) Duration {
	if t.monotonic != 0 && u.monotonic != 0 {
		return Duration(t.monotonic - u.monotonic)
	}
	d := Duration(t.seconds-u.seconds)*Second + Duration(t.nanoseconds-u.nanoseconds)
	switch {
	case u.Add(d).Equal(t):
		return d
	case t.Before(u):
		return minDuration
	}
	return maxDuration
}

// AddDate returns the time that many years, months and days later, normalised as Date does.
func (t Time) AddDate(years int, months int, days int) Time {
	year, month, day := t.Date()
	hour, minute, second := t.Clock()
	return Date(year+years, month+Month(months), day+days, hour, minute, second, int(t.nanoseconds), t.Location())
}

// sinceMultiple returns how far t is past a multiple of d since the zero time.
func (t Time) sinceMultiple(d Duration) Duration {
	// t modulo d in two steps, because t in nanoseconds needs more than 64 bits: double and add over the seconds' bits.
	negative := t.seconds < 0
	seconds, nanoseconds := uint64(t.seconds), uint64(t.nanoseconds)
	if negative {
		seconds = -seconds
		if nanoseconds > 0 {
			nanoseconds = 1e9 - nanoseconds
			seconds--
		}
	}
	m := uint64(d)
	rest := uint64(0)
	unit := uint64(Second) % m
	for bit := 63; bit >= 0; bit-- {
		rest = rest * 2 % m
		if seconds>>uint(bit)&1 != 0 {
			rest = (rest + unit) % m
		}
	}
	rest = (rest + nanoseconds) % m
	if negative && rest != 0 {
		rest = m - rest
	}
	return Duration(rest)
}

// Truncate rounds down to a multiple of d since the zero time, and drops the monotonic reading.
func (t Time) Truncate(d Duration) Time {
	t.monotonic = 0
	if d <= 0 {
		return t
	}
	return t.Add(-t.sinceMultiple(d))
}

// Round rounds to the nearest multiple of d since the zero time, halves up, and drops the monotonic reading.
func (t Time) Round(d Duration) Time {
	t.monotonic = 0
	if d <= 0 {
		return t
	}
	rest := t.sinceMultiple(d)
	if uint64(rest)*2 < uint64(d) {
		return t.Add(-rest)
	}
	return t.Add(d - rest)
}

// UTC returns t shown in UTC.
func (t Time) UTC() Time {
	t.setLocation(UTC)
	return t
}

// Local returns t shown in the local zone.
func (t Time) Local() Time {
	t.setLocation(Local)
	return t
}

// In returns t shown in a location.
func (t Time) In(loc *Location) Time {
	if loc == nil {
		panic("time: missing Location in call to Time.In")
	}
	t.setLocation(loc)
	return t
}

// Location returns where t is shown.
func (t Time) Location() *Location {
	if t.location == nil {
		return UTC
	}
	return t.location
}

// Zone returns the zone's abbreviation and its offset in seconds east of UTC.
func (t Time) Zone() (name string, offset int) { return zoneOf(t.location) }

// IsDST reports whether t is in daylight saving time: never, zones are of constant offsets.
func (t Time) IsDST() bool { return false }
