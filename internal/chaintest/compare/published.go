package compare

// Claim is a figure that somebody published about a data set.
type Claim struct {
	// Set is the folder of the data set, What what was counted.
	Set, What string
	// By is who counted, Reference where it can be read: a section of a reference
	// file or the README of the set.
	By, Reference string
	Figure        Figure
}

// What is counted on the data sets.
const (
	Terminals      = "terminals reached"
	Reached        = "addresses reached from the sources"
	Hops           = "farthest terminal, hops"
	Flow           = "transfers of the verified flow"
	Transit        = "addresses of the launderer reached"
	Exchanges      = "exchange wallets reached"
	LargestNaive   = "largest cluster, no veto"
	LargestVetoed  = "largest cluster, mixes vetoed"
	Wasabi1Mixes   = "Wasabi 1 mixes vetoed"
	Wasabi1Spends  = "post-mix spends vetoed"
	WhirlpoolMixes = "Whirlpool mixes vetoed"
	WhirlpoolTx0   = "Tx0 vetoed"
	SamouraiSpends = "post-mix spends vetoed (Samourai)"
	Wasabi2Mixes   = "Wasabi 2 mixes vetoed"
	OtherVetoed    = "other transactions vetoed"
	WrongClusters  = "clusters that join true wallets"
	WrongNaive     = "clusters that join true wallets, no veto"
	BlockVetoes    = "transactions of whole blocks vetoed"
	Deposits       = "deposit addresses, one forward is enough"
	DepositsTo     = "deposit addresses of "
)

const (
	vetoes  = "attribution.md §2.4.9"
	readme  = "README of the set"
	flag    = "BlockSci, GraphSense's clusterer"
	api     = "GraphSense's detectors"
	clauses = "three clauses"
)

// The exchange wallets of March 2017 whose deposit addresses were counted.
const (
	Poloniex2 = "0x209c4784ab1e8183cf58ca33cb740efbf3fc18ef"
	Kraken5   = "0xfa52274dd61e1643d2205169732f29114bc240b3"
	Bittrex2  = "0xe94b04a0fed112f3664e45adb2b8915693dd5ff3"
)

// Published lists every figure that the references have of the data sets.
func Published() []Claim {
	three := func(set, what string, of, byFlag, byAPI, byClauses int) []Claim {
		return []Claim{
			{set, what, flag, vetoes, Figure{byFlag, of}},
			{set, what, api, vetoes, Figure{byAPI, of}},
			{set, what, clauses, vetoes, Figure{byClauses, of}},
		}
	}
	list := []Claim{
		{"eth_mftracer_54m", Terminals, "MFTracer's ground truth", readme, Figure{13, 13}},
		{"eth_mftracer_54m", Hops, "MFTracer's ground truth", readme, Figure{13, 0}},
		{"eth_mftracer_54m", Flow, "MFTracer's ground truth", readme, Figure{292, 0}},
		{"eth_mftracer_lifi", Terminals, "MFTracer's ground truth", readme, Figure{33, 33}},
		{"eth_mftracer_lifi", Hops, "MFTracer's ground truth", readme, Figure{19, 0}},
		{"eth_mftracer_lifi", Flow, "MFTracer's ground truth", readme, Figure{135, 0}},
		{"eth_mftracer_atomic", Terminals, "MFTracer's ground truth", readme, Figure{101, 101}},
		{"eth_mftracer_atomic", Reached, "MFTracer's ground truth", readme, Figure{381, 389}},
		{"eth_mftracer_atomic", Hops, "MFTracer's ground truth", readme, Figure{9, 0}},
		{"eth_mftracer_atomic", Flow, "MFTracer's ground truth", readme, Figure{1080, 0}},
		{"btc_coinjoin_wasabi1", LargestNaive, "co-spend alone", readme, Figure{8968, 26858}},
		{"btc_coinjoin_wasabi1", LargestVetoed, "labelled mixes left out", readme, Figure{167, 26858}},
		{"emul_wasabi2_a", Wasabi2Mixes, "its list of CoinJoins", readme, Figure{6, 6}},
		{"eth_full_blocks_3300400", Deposits, "a rule of its own", readme, Figure{1784, 0}},
		{"eth_full_blocks_3300400", DepositsTo + Poloniex2[:10], "a rule of its own", readme, Figure{1312, 0}},
		{"eth_full_blocks_3300400", DepositsTo + Kraken5[:10], "a rule of its own", readme, Figure{192, 0}},
		{"eth_full_blocks_3300400", DepositsTo + Bittrex2[:10], "a rule of its own", readme, Figure{187, 0}},
	}
	list = append(list, three("btc_coinjoin_wasabi1", Wasabi1Mixes, 196, 27, 196, 196)...)
	list = append(list, three("btc_coinjoin_wasabi1", Wasabi1Spends, 62, 12, 12, 12)...)
	list = append(list, three("btc_coinjoin_whirlpool", WhirlpoolMixes, 1403, 0, 1403, 1403)...)
	list = append(list, three("btc_coinjoin_whirlpool", SamouraiSpends, 1398, 245, 257, 257)...)
	return append(list, three("btc_coinjoin_whirlpool", WhirlpoolTx0, 424, 17, 182, 184)...)
}
