// Compares time: dates, arithmetic, formats and parsing; and tries the timers.
package main

import (
	"fmt"
	"math/rand"
	"os"
	"time"

	mgtime "mg/time"
)

var failures, count int

func compare(what string, ours, theirs any) {
	count++
	if a, b := fmt.Sprint(ours), fmt.Sprint(theirs); a != b {
		failures++
		if failures <= 40 {
			fmt.Printf("%s\n  ours:   %s\n  theirs: %s\n", what, a, b)
		}
	}
}

func main() {
	time.Local = time.FixedZone("UTC", 0)
	random := rand.New(rand.NewSource(4))
	layouts := []string{time.Layout, time.ANSIC, time.UnixDate, time.RubyDate, time.RFC822, time.RFC822Z, time.RFC850, time.RFC1123, time.RFC1123Z,
		time.RFC3339, time.RFC3339Nano, time.Kitchen, time.Stamp, time.StampMilli, time.StampNano, time.DateTime, time.DateOnly, time.TimeOnly,
		"2006-002 __2 _2006 2 1 3 4 5 pm January Monday", "Jan-Mon 02 .000,000 .99 -07 Z07 Z070000 -07:00:00", "Janet Month 15h 06", "05.000000 05,999"}
	pieces := []string{"2006", "01", "02", "15", "04", "05", "Jan", "January", "Mon", "Monday", "MST", "-0700", "Z07:00", ".000", ".999", "PM", "pm", "03", "3", "_2", "2", "1", "__2", "002", " ", "-", "x", "4", "5", "06", "Z0700", "-07"}
	for range 100 {
		layout := ""
		for range 1 + random.Intn(8) {
			layout += pieces[random.Intn(len(pieces))] + []string{"", " ", "/"}[random.Intn(3)]
		}
		layouts = append(layouts, layout)
	}
	zones := []struct {
		a *mgtime.Location
		b *time.Location
	}{{mgtime.UTC, time.UTC}, {mgtime.FixedZone("CET", 3600), time.FixedZone("CET", 3600)}, {mgtime.FixedZone("", -12345), time.FixedZone("", -12345)}, {mgtime.FixedZone("XYZT", -7*3600), time.FixedZone("XYZT", -7*3600)}}
	junk := []string{"x", "1", " ", "", "99", "-", ":", "Z", "+01:00", ".5", "Feb", "GMT+3", "31"}
	for range 20000 {
		y, m, d := random.Intn(3000)-200, random.Intn(40)-10, random.Intn(100)-30
		if random.Intn(2) == 0 {
			y, m, d = 1900+random.Intn(200), 1+random.Intn(12), 1+random.Intn(31)
		}
		h, mi, s, ns := random.Intn(60)-20, random.Intn(200)-50, random.Intn(200)-50, random.Intn(3e9)-1e9
		if random.Intn(2) == 0 {
			ns = 0
		}
		z := zones[random.Intn(len(zones))]
		a := mgtime.Date(y, mgtime.Month(m), d, h, mi, s, ns, z.a)
		b := time.Date(y, time.Month(m), d, h, mi, s, ns, z.b)
		compare("String", a, b)
		year, week := a.ISOWeek()
		year2, week2 := b.ISOWeek()
		compare("fields", fmt.Sprint(a.Unix(), a.UnixNano(), a.UnixMilli(), a.YearDay(), a.Weekday(), year, week, a.Month(), a.Hour(), a.IsZero(), a.GoString()),
			fmt.Sprint(b.Unix(), b.UnixNano(), b.UnixMilli(), b.YearDay(), b.Weekday(), year2, week2, b.Month(), b.Hour(), b.IsZero(), b.GoString()))
		step := random.Int63() >> random.Intn(62)
		if random.Intn(2) == 0 {
			step = -step
		}
		compare("Add", a.Add(mgtime.Duration(step)), b.Add(time.Duration(step)))
		compare("Truncate", a.Truncate(mgtime.Duration(step)), b.Truncate(time.Duration(step)))
		compare("Round", a.Round(mgtime.Duration(step)), b.Round(time.Duration(step)))
		compare("AddDate", a.AddDate(m, d, h), b.AddDate(m, d, h))
		other := random.Int63() - 1<<62
		compare("Sub", a.Sub(mgtime.Unix(other>>20, other)), b.Sub(time.Unix(other>>20, other)))
		compare("Duration", fmt.Sprint(mgtime.Duration(step), mgtime.Duration(step).Hours(), mgtime.Duration(step).Seconds(), mgtime.Duration(step).Round(mgtime.Duration(other)), mgtime.Duration(step).Truncate(7e9)),
			fmt.Sprint(time.Duration(step), time.Duration(step).Hours(), time.Duration(step).Seconds(), time.Duration(step).Round(time.Duration(other)), time.Duration(step).Truncate(7e9)))
		text := mgtime.Duration(step).String()
		if random.Intn(2) == 0 {
			i := random.Intn(len(text) + 1)
			text = text[:i] + []string{"1", ".", "h", "ms", "-", "µ", "99999999999", "x"}[random.Intn(8)] + text[i:]
		}
		p, err := mgtime.ParseDuration(text)
		q, theirErr := time.ParseDuration(text)
		compare("ParseDuration", fmt.Sprint(p, err), fmt.Sprint(q, theirErr))
		for _, layout := range layouts {
			shown := b.Format(layout)
			compare("Format "+layout, a.Format(layout), shown)
			if random.Intn(3) == 0 {
				i := random.Intn(len(shown) + 1)
				j := i + random.Intn(min(3, len(shown)-i+1))
				shown = shown[:i] + junk[random.Intn(len(junk))] + shown[j:]
			}
			p, err := mgtime.Parse(layout, shown)
			q, theirErr := time.Parse(layout, shown)
			compare(fmt.Sprintf("Parse %q %q", layout, shown), fmt.Sprint(p, err), fmt.Sprint(q, theirErr))
		}
	}

	start := time.Now()
	timer := mgtime.NewTimer(20 * mgtime.Millisecond)
	<-timer.C
	compare("stopped too late", timer.Stop(), false)
	compare("reset", timer.Reset(5*mgtime.Millisecond), false)
	time.Sleep(20 * time.Millisecond)
	compare("value not received", timer.Stop(), true)
	select {
	case <-timer.C:
		compare("stale value", true, false)
	default:
	}
	ticker := mgtime.NewTicker(5 * mgtime.Millisecond)
	for range 4 {
		<-ticker.C
	}
	ticker.Stop()
	called := make(chan bool)
	mgtime.AfterFunc(mgtime.Millisecond, func() { close(called) })
	<-called
	compare("AfterFunc stopped", mgtime.AfterFunc(mgtime.Hour, func() {}).Stop(), true)
	select {
	case <-mgtime.After(10 * mgtime.Millisecond):
	case <-mgtime.After(mgtime.Hour):
	}
	compare("time passed", time.Since(start) > 65*time.Millisecond && time.Since(start) < time.Second, true)
	fmt.Println(count, "comparisons,", failures, "differences")
	if failures > 0 {
		os.Exit(1)
	}
}
