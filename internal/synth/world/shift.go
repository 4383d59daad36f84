package world

// inShift moves a time into the compound's working day, 10:00 to 02:00 in
// UTC+8. Profiles of a wallet's hours should see it.
func (w *World) inShift(t int64) int64 {
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
