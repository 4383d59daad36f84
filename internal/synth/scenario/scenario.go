// Package scenario holds the parameters of a synthetic scam compound: each one
// documented, with its default and the source of the default. References [S..]
// and [C..] are those of the literature list in README's section on synth; [A]
// is an assumption of ours, [D] computed from a source.
package scenario

import "github.com/scamtrace/scamtrace/internal/synth/dice"

// Scenario is every parameter. Shares and other decimals are in millionths.
type Scenario struct {
	Case      string       `yaml:"case" doc:"The name of the case in seeds.csv and case.yaml."`
	Start     string       `yaml:"start" doc:"The first day, as YYYY-MM-DD."`
	Days      int64        `yaml:"days" in:"1..3650" doc:"How many days there are. They are cut into 30 nights. [A]"`
	Compounds int64        `yaml:"compounds" in:"0..10000" doc:"How many compounds there are; 0 for 1 to 10^4 rows, 3 at 10^5, 10, 30, 100 at 10^8. [A]"`
	Teams     Decimal      `yaml:"teams" in:"0..100" doc:"A compound has 1 + Poisson(this) teams; one team where there are fewer than 5,000 rows. [S3d]"`
	Victims   int64        `yaml:"victims" in:"0..10000000" doc:"How many victims there are; 0 for 8 at 10^3 rows, 60, 500, 4,000, 25,000, 150,000 at 10^8. [A]"`
	Bitcoin   Decimal      `yaml:"bitcoin" in:"0..1" doc:"The share of victims who pay in bitcoin, and of others' traffic. TRON's share of the literature (45 %) is on Ethereum here. [A, S3]"`
	Tables    []string     `yaml:"tables" doc:"The Ethereum tables to write: blocks, transactions, token_transfers, traces, tokens. Without transactions and traces nobody pays gas and nothing but tokens moves."`
	Site      Site         `yaml:"site"`
	Victim    Victim       `yaml:"victim"`
	Team      Team         `yaml:"team"`
	Layering  Layering     `yaml:"layering"`
	CashOut   CashOut      `yaml:"cash_out"`
	Hazards   Hazards      `yaml:"hazards"`
	Noise     Noise        `yaml:"noise"`
	Decoys    Decoys       `yaml:"decoys"`
	Crowd     Crowd        `yaml:"crowd"`
	Public    Public       `yaml:"public"`
	Truth     TruthOptions `yaml:"truth"`
}

// Decimal is a decimal number in millionths.
type Decimal = dice.Micro

// Site is one scam site of a team, with collection addresses of its own.
type Site struct {
	LifeDays             Decimal `yaml:"life_days" in:"0.1..10000" doc:"A team runs one site after the other; a site lives Exponential(this) days. 42 in 2024, 271 in 2020. [S3d]"`
	VictimsPerCollection Decimal `yaml:"victims_per_collection" in:"0..1000000" doc:"1 + Poisson(this) victims share a collection address: 434/93 = 4.7 in the DOJ case. [S7]"`
	AddressPerVictim     Decimal `yaml:"address_per_victim" in:"0..1" doc:"The share of sites that give each victim an address of its own, as a fake exchange does. [C5, A]"`
}

// Victim is how victims pay.
type Victim struct {
	LossMu           Decimal `yaml:"loss_mu" in:"0..20" doc:"The loss is LogNormal(loss_mu, loss_sigma) dollars: median 52,000, mean 155,117 of 550 reports. 11.5129 for the US. [S41, D]"`
	LossSigma        Decimal `yaml:"loss_sigma" in:"0..5" doc:"See loss_mu; 1.2211 for the US. [S41, D]"`
	Payments         Decimal `yaml:"payments" in:"0..1000" doc:"1 + NegativeBinomial(this, payments_k) payments: 155,117 / 16,000 = 9.7. [S3e, D]"`
	PaymentsK        Decimal `yaml:"payments_k" in:"0.5..100" doc:"The dispersion of payments, in halves. [D]"`
	Growth           Decimal `yaml:"growth" in:"0.01..100" doc:"Each payment is about this many times the one before. [A]"`
	FirstMin         int64   `yaml:"first_min" in:"1..1000000000" doc:"The first payment in dollars, at least. [S2]"`
	FirstMax         int64   `yaml:"first_max" in:"1..1000000000" doc:"The first payment in dollars, at most. [S2]"`
	Days             int64   `yaml:"days" in:"1..3650" doc:"Days from the first payment to the last, at most: 27 payments in 90 days is a heavy case. [S8]"`
	Mode2024         bool    `yaml:"mode_2024" doc:"3.1 times as many payments of 0.45 times the size. [S3d]"`
	Induced          Decimal `yaml:"induced" in:"0..1" doc:"The share of victims who get a little more back than they first paid: 1.01 to 1.15 times, 1 to 10 days later. [A, S6]"`
	FromExchange     Decimal `yaml:"from_exchange" in:"0..1" doc:"The share of victims who pay straight out of an exchange, at most 500,000 dollars at a time. [S3]"`
	USDT             Decimal `yaml:"usdt" in:"0..1000000" doc:"The weight of USDT among what victims on Ethereum pay with: 35 and TRON's 45. [S3, A]"`
	Ether            Decimal `yaml:"ether" in:"0..1000000" doc:"The weight of ether. [S3, A]"`
	USDC             Decimal `yaml:"usdc" in:"0..1000000" doc:"The weight of USDC. [S3, A]"`
	WBTC             Decimal `yaml:"wbtc" in:"0..1000000" doc:"The weight of WBTC. [S3, A]"`
	ReportedShare    Decimal `yaml:"reported" in:"0..1" doc:"The share of collection addresses that victims report, and that stand in seeds.csv. At least one a compound. [A]"`
	ReportedPayments Decimal `yaml:"reported_payments" in:"0..1" doc:"The share of the other collection addresses of which one payment is reported (role victim_tx). [A]"`
}

// Team is how a team gathers money.
type Team struct {
	ConsolidationMax   int64   `yaml:"consolidation_max" in:"1..100" doc:"A team has 1 to this many consolidation wallets. [A]"`
	ConsolidationHours Decimal `yaml:"consolidation_hours" in:"0.01..10000" doc:"Half of the teams forward what came in after LogNormal(median of this many hours, sigma 1.2); the others every 6 or 24 hours. [A]"`
	Market             Decimal `yaml:"market" in:"0..1" doc:"The share of gas bought from a public market instead of the team's own station. It serves anybody and must not cluster. [S21]"`
	HolidayDays        int64   `yaml:"holiday_days" in:"0..30" doc:"Nobody works for this many days from the lunar new year on. [A]"`
	Shifts             bool    `yaml:"shifts" doc:"People work from 10:00 to 02:00 in UTC+8; otherwise round the clock. [S36]"`
}

// Layering is how a batch of money is hidden.
type Layering struct {
	Hops        Decimal `yaml:"hops" in:"0..100" doc:"2 + Poisson(this) wallets one after the other. [S8]"`
	HopsMax     int64   `yaml:"hops_max" in:"2..1000" doc:"At most this many. [S8]"`
	Batch       int64   `yaml:"batch" in:"0..1000000000" doc:"What a consolidation wallet holds goes in batches of at most this many dollars; 0 for all at once. [A]"`
	Spray       Decimal `yaml:"spray" in:"0..1" doc:"The share of batches that are split into nearly equal parts and merged again within 72 hours. [S11, A]"`
	SprayMin    int64   `yaml:"spray_min" in:"2..10000" doc:"The least number of parts; fewer where a set is smaller than 10^5 rows. [S11, A]"`
	SprayMax    int64   `yaml:"spray_max" in:"2..10000" doc:"The greatest number of parts. [S11, A]"`
	Swap        Decimal `yaml:"swap" in:"0..1" doc:"The share of batches in another asset that are swapped to USDT. [S3, A]"`
	ViaDAI      Decimal `yaml:"via_dai" in:"0..1" doc:"The share of swaps with DAI in between. [A]"`
	RFQ         Decimal `yaml:"rfq" in:"0..1" doc:"The share of swaps through a quote desk whose relayer sends the transaction (Tokenlon-like). [S5, A]"`
	ThirdParty  Decimal `yaml:"third_party" in:"0..1" doc:"The share of swaps whose output goes to another wallet. [S5b, A]"`
	RoundTrip   Decimal `yaml:"round_trip" in:"0..1" doc:"The share of USDT batches swapped to ether and back. [C5, A]"`
	Bridge      Decimal `yaml:"bridge" in:"0..1" doc:"The share of batches that leave by a bridge. [A]"`
	PeelMin     int64   `yaml:"peel_min" in:"1..1000" doc:"The least length of a peel chain on Bitcoin. [C5]"`
	PeelMax     int64   `yaml:"peel_max" in:"1..1000" doc:"The greatest length of a peel chain. What is peeled off is Beta(2, 25), 7.4 % on average. [C5]"`
	CoinJoin    Decimal `yaml:"coinjoin" in:"0..1" doc:"The share of Bitcoin batches that go through a CoinJoin with eight strangers. [A]"`
	Mixer       Decimal `yaml:"mixer" in:"0..1" doc:"The share of ether batches that go into a mixer in equal notes. [A]"`
	SwapFeeBps  int64   `yaml:"swap_fee_bps" in:"0..5000" doc:"What a swap costs, in basis points; with gas about 33 of all that is laundered. [S1]"`
	BlackUShare Decimal `yaml:"otc" in:"0..1" doc:"The share of batches sold to OTC desks or through guarantee markets, in parts below 1,000 dollars or at once. [S3c]"`
}

// CashOut is how money reaches exchanges.
type CashOut struct {
	Exchanges       []Decimal `yaml:"exchanges" in:"0..1000000" doc:"The weights of the exchanges, first to last. [A]"`
	DepositMedian   int64     `yaml:"deposit_median" in:"1..1000000000" doc:"A deposit is LogNormal(median of this many dollars, deposit_sigma): mean 11,179 = 2.94bn / 263,000. [S7, D]"`
	DepositSigma    Decimal   `yaml:"deposit_sigma" in:"0..5" doc:"See deposit_median. [A]"`
	DepositsPerSlot int64     `yaml:"deposits_per_address" in:"2..1000000" doc:"A deposit address is used 2 to this many times before the next is opened. [S7, A]"`
	SweepBlocks     []int64   `yaml:"sweep_blocks" in:"1..10000000" doc:"Sweep lags in blocks at 22, 53, 95, 98 and 100 % of cases. [D]"`
	Refuel          Decimal   `yaml:"failed" in:"0..1" doc:"The share of deposits of which a first try runs out of gas. [A]"`
}

// Hazards are what happens to a compound.
type Hazards struct {
	Ransom        Decimal `yaml:"ransom" in:"0..1" doc:"Families who pay a ransom, for each victim: 5,000 to 40,000 dollars in round USDT, into a wallet that gets scam money too. [S4, A]"`
	Freeze        Decimal `yaml:"freeze" in:"0..1" doc:"The share of consolidation batches of USDT that the issuer freezes. [S18, D]"`
	FreezeMinutes int64   `yaml:"freeze_minutes" in:"1..1000000" doc:"From submission to effect: LogNormal with this median. [S18, A]"`
	Escape        Decimal `yaml:"escape" in:"0..1" doc:"The share of frozen batches that move before the effect. [S18, D]"`
}

// Noise is what strangers put into histories.
type Noise struct {
	Poisoning Decimal `yaml:"poisoning" in:"0..1" doc:"The share of rows that are attempts at address poisoning. [A]"`
	Attempts  int64   `yaml:"attempts" in:"0..10000" doc:"Attempts at a target: 270M / 17M. One third each are zero, tiny, counterfeit; look-alikes share 3 + 4 digits. [S26, D]"`
	Airdrops  int64   `yaml:"airdrops" in:"0..1000" doc:"Airdrops of tokens that call themselves USDT. [S26b]"`
	Airdrop   int64   `yaml:"airdrop_recipients" in:"1..1000000" doc:"Recipients of one airdrop; at most one in a hundred rows. [S26b]"`
}

// Decoys are innocents who look guilty.
type Decoys struct {
	Enabled bool  `yaml:"enabled" doc:"Public gas markets, CoinJoins with strangers, and deposit addresses that many unrelated people share. Without them a clustering rule has it easy."`
	Shared  int64 `yaml:"shared_deposits" in:"0..1000000" doc:"Brokers whose one deposit address takes payments of many strangers. [C5, A]"`
}

// Crowd is everybody else.
type Crowd struct {
	Share   Decimal `yaml:"share" in:"0..0.99" doc:"The share of rows that are not the scam's; 0 for 30 % at 10^3 rows, 50, 70, 80, 90, 95 % at 10^8. What the scam does not fill, the crowd does. [A]"`
	PerUser int64   `yaml:"rows_per_user" in:"1..1000000" doc:"Rows for each user, on average; degrees follow a power law. [A]"`
}

// Public is what the public knows.
type Public struct {
	DirtySeeds    Decimal `yaml:"dirty_seeds" in:"0..1" doc:"The share of listed seeds that are a benign service; at least one from 5,000 rows on. [S20]"`
	SpamReports   Decimal `yaml:"spam_reports" in:"0..1" doc:"The share of listed seeds that name somebody who did nothing. [S20]"`
	Typos         int64   `yaml:"typos" in:"0..1000" doc:"Listed seeds with a typing error. They make the list unreadable on purpose: scamtrace names the line. They stand in seeds_raw.csv, not in seeds.csv. [A]"`
	LabelledOTC   Decimal `yaml:"labelled_otc" in:"0..1" doc:"The share of OTC desks and guarantee markets that have a public label. [A]"`
	LateLabels    Decimal `yaml:"late_labels" in:"0..1" doc:"The share of the deposit addresses' labels that become known only after the last night. [S23, A]"`
	LabelDeposits Decimal `yaml:"labelled_deposits" in:"0..1" doc:"The share of the scam's deposit addresses that have a public label. [A]"`
}

// TruthOptions say how much of the truth is written.
type TruthOptions struct {
	Transfers    bool  `yaml:"transfers" doc:"Whether transfers.csv names the stage of each movement of the scam, and noise. If not, there is no such file."`
	Deposits     bool  `yaml:"deposits" doc:"Whether deposits.csv names each deposit at an exchange, with its sweep. If not, there is no such file."`
	Nights       bool  `yaml:"nights" doc:"Whether nights.csv names what each night should alert. If not, there is no such file."`
	Benign       bool  `yaml:"benign" doc:"Whether addresses.csv names the crowd's addresses too."`
	TaintMaxRows int64 `yaml:"expected_taint_max_rows" in:"0..1000000" doc:"Up to this many rows the exact expected taint is computed, by a slow reference that keeps every account."`
}

// Default is the scenario of the specification.
func Default() Scenario {
	return Scenario{
		Case: "synthetic-compound", Start: "2024-03-01", Days: 90, Teams: 5_000_000, Bitcoin: 100_000,
		Tables: []string{"blocks", "transactions", "token_transfers", "traces", "tokens"},
		Site:   Site{LifeDays: 42_000_000, VictimsPerCollection: 3_700_000, AddressPerVictim: 100_000},
		Victim: Victim{
			LossMu: 10_859_000, LossSigma: 1_478_500, Payments: 8_700_000, PaymentsK: 1_500_000, Growth: 1_500_000,
			FirstMin: 200, FirstMax: 2000, Days: 60, Induced: 350_000, FromExchange: 800_000,
			USDT: 650_000, Ether: 175_000, USDC: 125_000, WBTC: 50_000, ReportedShare: 400_000, ReportedPayments: 100_000,
		},
		Team: Team{ConsolidationMax: 3, ConsolidationHours: 2_000_000, Market: 300_000, HolidayDays: 5, Shifts: true},
		Layering: Layering{
			Hops: 2_000_000, HopsMax: 8, Spray: 400_000, SprayMin: 20, SprayMax: 200, Swap: 700_000, ViaDAI: 300_000, RFQ: 600_000,
			ThirdParty: 100_000, RoundTrip: 150_000, Bridge: 250_000, PeelMin: 4, PeelMax: 60, CoinJoin: 250_000, Mixer: 250_000,
			SwapFeeBps: 30, BlackUShare: 100_000,
		},
		CashOut: CashOut{
			Exchanges: []Decimal{450_000, 300_000, 250_000}, DepositMedian: 6_780, DepositSigma: 1_000_000, DepositsPerSlot: 8,
			SweepBlocks: []int64{600, 3200, 6500, 10_000, 20_000}, Refuel: 50_000,
		},
		Hazards: Hazards{Ransom: 20_000, Freeze: 10_000, FreezeMinutes: 40, Escape: 49_000},
		Noise:   Noise{Poisoning: 30_000, Attempts: 16, Airdrops: 2, Airdrop: 1000},
		Decoys:  Decoys{Enabled: true, Shared: 2},
		Crowd:   Crowd{PerUser: 20},
		Public: Public{
			DirtySeeds: 1_000, SpamReports: 100_000, Typos: 2, LabelledOTC: 500_000, LateLabels: 100_000, LabelDeposits: 50_000,
		},
		Truth: TruthOptions{Transfers: true, Deposits: true, Nights: true, Benign: true, TaintMaxRows: 200_000},
	}
}
