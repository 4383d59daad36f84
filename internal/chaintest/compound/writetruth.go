package compound

// truthFiles are what the generator knows.
func (s *Set) truthFiles() []file {
	roles := newTable("chain", "address", "role", "controller", "exchange")
	for _, p := range s.Truth.Parties {
		roles.row(p.Chain, p.Address, string(p.Role), p.Controller, p.Exchange)
	}
	links := newTable("chain", "from_address", "deposit_address", "exchange", "controller", "asset", "amount", "deposit_tx", "sweep_tx")
	for _, l := range s.Truth.Links {
		links.row(l.Chain, l.From, l.Deposit, l.Exchange, l.Controller, l.Asset, l.Amount, l.DepositTx, l.SweepTx)
	}
	victims := newTable("victim", "chain", "asset", "address", "exchange", "team", "collection", "payments", "paid", "refunded")
	for _, v := range s.Truth.Victims {
		victims.row(v.Victim, v.Chain, v.Asset, v.Address, v.Exchange, v.Team, v.Collection, v.Payments, v.Paid, v.Refunded)
	}
	payments := newTable("victim", "number", "direction", "chain", "asset", "amount", "tx_hash", "time")
	for _, p := range s.Truth.Payments {
		direction := "paid"
		if p.Back {
			direction = "paid_back"
		}
		payments.row(p.Victim, p.Number, direction, p.Chain, p.Asset, p.Amount, p.TxHash, p.Time)
	}
	cashOut := newTable("exchange", "chain", "asset", "deposits", "amount")
	for _, c := range s.Truth.CashOut {
		cashOut.row(c.Exchange, c.Chain, c.Asset, c.Deposits, c.Amount)
	}
	books := newTable("chain", "asset", "line", "amount")
	for _, b := range s.Truth.Books {
		books.row(b.Chain, b.Asset, b.Line, b.Amount)
	}
	return []file{
		{"truth/roles.csv", roles.bytes()},
		{"truth/links.csv", links.bytes()},
		{"truth/victims.csv", victims.bytes()},
		{"truth/payments.csv", payments.bytes()},
		{"truth/cashout.csv", cashOut.bytes()},
		{"truth/books.csv", books.bytes()},
	}
}
