package evmnode

import (
	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/crypto"

	"github.com/scamtrace/scamtrace/internal/chain"
)

// people are the accounts and contracts of a story.
type people struct {
	deployer, hub, miner                                        account
	seeds, victims, layer1, layer2, deposits, bystanders        []account
	token, other, collectible, oddity, splitter, second, shield common.Address
}

// Deployment order in block 1 makes the addresses of the contracts.
const (
	deployToken = iota
	deployOther
	deployCollectible
	deployOddity
	deploySplitter
	deploySecond
	deployProxy
)

func newPeople(p Plot) people {
	deployer := newAccount(p.Seed, "deployer", 0)
	contract := func(nonce uint64) common.Address { return crypto.CreateAddress(deployer.address, nonce) }
	return people{
		deployer: deployer, hub: newAccount(p.Seed, "hub", 0), miner: newAccount(p.Seed, "miner", 0),
		seeds:      newAccounts(p.Seed, "seed", 3),
		victims:    newAccounts(p.Seed, "victim", 12),
		layer1:     newAccounts(p.Seed, "layer one", 6),
		layer2:     newAccounts(p.Seed, "layer two", 9),
		deposits:   newAccounts(p.Seed, "deposit", 9),
		bystanders: newAccounts(p.Seed, "bystander", p.Active),
		token:      contract(deployToken), other: contract(deployOther),
		collectible: contract(deployCollectible), oddity: contract(deployOddity),
		splitter: contract(deploySplitter), second: contract(deploySecond), shield: contract(deployProxy),
	}
}

// rich are the accounts that own ether at genesis.
func (p *people) rich() []account {
	rich := []account{p.deployer, p.hub}
	rich = append(rich, p.victims...)
	return append(rich, p.bystanders...)
}

func (p *people) cast() Cast {
	return Cast{
		Seeds: texts(p.seeds), Victims: texts(p.victims), Layer1: texts(p.layer1), Layer2: texts(p.layer2),
		Deposits: texts(p.deposits), Hub: text(p.hub.address), Bystanders: texts(p.bystanders), Miner: text(p.miner.address),
		Token: text(p.token), Other: text(p.other), Collectible: text(p.collectible), Oddity: text(p.oddity),
		Splitters: []chain.Address{text(p.splitter), text(p.second)}, Proxy: text(p.shield),
	}
}

func addresses(list []account) []common.Address {
	out := make([]common.Address, len(list))
	for i := range list {
		out[i] = list[i].address
	}
	return out
}
