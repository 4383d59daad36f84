package dice

import "math/bits"

// Fixed point with 32 bits behind the point.
type fixed = int64

const (
	one  fixed = 1 << 32
	ln2  fixed = 2_977_044_472 // ln 2
	log2 fixed = 6_196_328_019 // 1 / ln 2
)

func mul(a, b fixed) fixed {
	sign := fixed(1)
	if a < 0 {
		a, sign = -a, -sign
	}
	if b < 0 {
		b, sign = -b, -sign
	}
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	return sign * fixed(hi<<32|lo>>32)
}

func (m Micro) fixed() fixed { return int64(m)*4294 + int64(m)*967_296/1_000_000 } // 2^32 / 10^6

// exp2 is 2 to the power of x, at most 2^62. Between whole powers it is the
// product of square roots, so it is exact to some 2^-30.
func exp2(x fixed) fixed {
	whole := x >> 32
	if whole > 29 {
		return 1 << 62
	}
	if whole < -32 {
		return 0
	}
	// 2^(1/2), 2^(1/4), 2^(1/8), ... with 32 bits behind the point.
	roots := [...]fixed{
		6_074_001_000, 5_107_605_667, 4_683_695_048, 4_485_121_744, 4_389_014_833, 4_341_736_423, 4_318_288_544,
		4_306_612_134, 4_300_785_774, 4_297_875_550, 4_296_421_177, 4_295_694_175, 4_295_330_720, 4_295_149_004,
		4_295_058_149, 4_295_012_722, 4_294_990_009, 4_294_978_653, 4_294_972_974, 4_294_970_135,
	}
	y := one
	for i, r := range roots {
		if x>>(31-i)&1 == 1 {
			y = mul(y, r)
		}
	}
	if whole >= 0 {
		return y << whole
	}
	return y >> -whole
}

// exp is e to the power of x.
func exp(x fixed) fixed { return exp2(mul(x, log2)) }

// minusLog draws -ln U, an exponential of mean 1: U is a 63-bit number, and its
// logarithm is found bit by bit by squaring.
func (d Dice) minusLog() fixed {
	u := d.Uint64()>>1 | 1
	shift := bits.LeadingZeros64(u)
	m := u << shift // in [2^63, 2^64): 1 to 2
	var frac fixed
	for bit := fixed(1) << 31; bit > 0; bit >>= 1 {
		hi, _ := bits.Mul64(m, m)
		if hi>>63 == 1 { // 2 or more
			frac |= bit
			m = hi
		} else {
			m = hi << 1
		}
	}
	// u / 2^63 = m / 2^63 / 2^shift.
	return mul(fixed(shift)<<32-frac, ln2)
}

// normal draws from the standard normal distribution: half the sum of 48
// uniforms of variance 1/12, less its mean. It ends at twelve standard
// deviations, and its tails are a little light.
func (d Dice) normal() fixed {
	var sum fixed
	for range 12 {
		for u := d.Uint64(); u > 0; u >>= 16 {
			sum += fixed(u & (1<<16 - 1))
		}
	}
	return sum<<15 - 12*one
}

// Exponential draws a whole number from the exponential distribution.
func (d Dice) Exponential(mean int64) int64 {
	hi, lo := bits.Mul64(uint64(mean), uint64(d.minusLog()))
	return int64(hi<<32 | lo>>32)
}

// LogNormal draws scale * exp(mu + sigma*Z), at least 1 and at most
// scale * 2^30.
func (d Dice) LogNormal(mu, sigma Micro, scale int64) int64 {
	return d.logNormal(mu.fixed(), sigma, scale)
}

// LogNormalAround draws from the log-normal distribution of a median.
func (d Dice) LogNormalAround(median int64, sigma Micro) int64 { return d.logNormal(0, sigma, median) }

func (d Dice) logNormal(mu fixed, sigma Micro, scale int64) int64 {
	y := exp(min(mu+mul(sigma.fixed(), d.normal()), 20*one))
	hi, lo := bits.Mul64(uint64(y), uint64(scale))
	if hi>>30 > 0 {
		return 1 << 61
	}
	return max(1, int64(hi<<32|lo>>32))
}

// Poisson draws from the Poisson distribution (Knuth's product of uniforms, in
// steps, so that large means do not underflow).
func (d Dice) Poisson(mean Micro) int64 { return d.poisson(mean.fixed()) }

func (d Dice) poisson(mean fixed) int64 {
	// The number of arrivals of a process of rate 1 within a time of mean.
	var n int64
	for left := mean - d.minusLog(); left > 0; left -= d.minusLog() {
		n++
	}
	return n
}

// NegativeBinomial draws from the negative binomial distribution of a mean and
// a dispersion k: a Poisson whose mean is a gamma. k counts in halves.
func (d Dice) NegativeBinomial(mean, k Micro) int64 {
	halves := max(1, (int64(k)+250_000)/500_000)
	var gamma fixed // of shape halves/2 and scale 1
	for range halves / 2 {
		gamma += d.minusLog()
	}
	if halves%2 == 1 {
		z := d.normal()
		gamma += mul(z, z) / 2
	}
	return d.poisson(mul(gamma, mean.fixed()) * 2 / halves)
}

// Beta draws from the beta distribution of whole parameters: the a-th smallest
// of a+b-1 uniforms.
func (d Dice) Beta(a, b int64) Micro {
	smallest := make([]uint64, 0, a+1)
	for range a + b - 1 {
		u := d.Uint64()
		at := len(smallest)
		for at > 0 && smallest[at-1] > u {
			at--
		}
		if at == int(a) {
			continue
		}
		smallest = append(smallest, 0)
		copy(smallest[at+1:], smallest[at:])
		smallest[at] = u
		smallest = smallest[:min(len(smallest), int(a))]
	}
	hi, _ := bits.Mul64(smallest[a-1], uint64(One))
	return Micro(hi)
}
