// Package bulk generates the benchmark: as many USDT transfers as wanted, in
// chain order, in ethereum-etl's layout as Parquet. More than half of them can
// be reached forward in time from the seeds within eight hops.
//
// The network is layered, so that reachability is known while writing: seeds
// pay layer 1, layer 1 pays layer 2, ..., layer 6 pays deposit addresses, and
// these are swept to hot wallets. All other traffic never receives from any of
// them. An account pays at most what it has. Degrees follow a power law, and no
// account but an exchange's wallets has 4,000 counterparties.
//
// Memory is one balance and one mark per account, about 1.3 bytes a row;
// addresses are computed from account numbers, not kept. Random numbers are
// whole, so equal arguments give equal bytes on every machine.
package bulk
