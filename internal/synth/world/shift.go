package world

import "time"

// inShift moves a time into the compound's working day, 10:00 to 02:00 in
// UTC+8, and out of the new year's holiday. Profiles of a wallet's hours should
// see it.
func (w *World) inShift(t int64) int64 {
	for _, first := range w.holidays {
		if last := first + w.sc.Team.HolidayDays*day; first <= t && t < last {
			t = last + (t-first)%day
		}
	}
	if !w.sc.Team.Shifts {
		return t
	}
	const opens, closes = 2 * hour, 18 * hour
	switch of := t % day; {
	case of < opens:
		return t - of + opens + of/2
	case of >= closes:
		return t - of + day + opens + (of-closes)/2
	}
	return t
}

// newYears are the first seconds, in UTC, of the lunar years 2019 to 2030.
func newYears() [12]int64 {
	at := func(year int, month time.Month, d int) int64 {
		return time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix()
	}
	return [...]int64{
		at(2019, 2, 5), at(2020, 1, 25), at(2021, 2, 12), at(2022, 2, 1), at(2023, 1, 22), at(2024, 2, 10),
		at(2025, 1, 29), at(2026, 2, 17), at(2027, 2, 6), at(2028, 1, 26), at(2029, 2, 13), at(2030, 2, 3),
	}
}
