// SPDX-License-Identifier: MIT
// The contracts of a replayed play. Compiled by hand, see README.md; the tests
// use the committed hex.
pragma solidity 0.8.30;

/// An ERC-20 that anybody may mint. Actors that its owner trusts may move what
/// others hold: they stand for allowances given long ago.
contract Coin {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    string public name;
    string public symbol;
    uint8 public immutable decimals;
    address immutable owner;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => bool) trusted;

    constructor(string memory n, string memory s, uint8 d) {
        name = n;
        symbol = s;
        decimals = d;
        owner = msg.sender;
    }

    function trust(address actor) external {
        require(msg.sender == owner, "not yours");
        trusted[actor] = true;
    }

    function mint(address to, uint256 value) external {
        create(to, value);
    }

    /// Mints for many.
    function airdrop(address[] calldata to, uint256[] calldata value) external {
        for (uint256 i = 0; i < to.length; i++) {
            create(to[i], value[i]);
        }
    }

    /// Asks for an account to be frozen. Nothing moves.
    function submit() external {}

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        allowance[from][msg.sender] -= value;
        move(from, to, value);
        return true;
    }

    function take(address from, address to, uint256 value) external {
        require(trusted[msg.sender], "not trusted");
        move(from, to, value);
    }

    function create(address to, uint256 value) private {
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function move(address from, address to, uint256 value) private {
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}

/// A pool, desk, bridge, mixer or poisoner: it does what it is told.
contract Actor {
    struct Step {
        Coin coin; // 0 for ether
        address from;
        address to;
        uint256 value;
    }

    constructor() payable {}

    receive() external payable {}

    function perform(Step[] calldata steps) external payable {
        for (uint256 i = 0; i < steps.length; i++) {
            Step calldata s = steps[i];
            if (address(s.coin) == address(0)) {
                (bool ok,) = s.to.call{value: s.value}("");
                require(ok, "refused");
            } else if (s.from == address(0)) {
                s.coin.mint(s.to, s.value);
            } else if (s.from == address(this)) {
                s.coin.transfer(s.to, s.value);
            } else if (s.value == 0) {
                s.coin.transferFrom(s.from, s.to, 0); // needs no permission of anybody
            } else {
                s.coin.take(s.from, s.to, s.value);
            }
        }
    }
}
