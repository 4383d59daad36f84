// SPDX-License-Identifier: MIT
// The contracts of the story. Compiled by hand, see README.md; the tests use
// the committed hex.
pragma solidity 0.8.30;

/// An ERC-20 that anybody may mint.
contract Token {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    function mint(address to, uint256 value) external {
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
    }

    function transfer(address to, uint256 value) external returns (bool) {
        move(msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        allowance[from][msg.sender] -= value;
        move(from, to, value);
        return true;
    }

    function move(address from, address to, uint256 value) private {
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
    }
}

/// An ERC-721: its Transfer has the ERC-20 signature and four topics.
contract Collectible {
    event Transfer(address indexed from, address indexed to, uint256 indexed id);

    mapping(uint256 => address) public ownerOf;

    function mint(address to, uint256 id) external {
        require(ownerOf[id] == address(0), "taken");
        ownerOf[id] = to;
        emit Transfer(address(0), to, id);
    }

    function transferFrom(address from, address to, uint256 id) external {
        require(ownerOf[id] == from && msg.sender == from, "not yours");
        ownerOf[id] = to;
        emit Transfer(from, to, id);
    }
}

/// A token like those before the standard was settled: parties are not indexed,
/// so that its Transfer has one topic and is told by nobody.
contract Oddity {
    event Transfer(address from, address to, uint256 value);

    function transfer(address to, uint256 value) external returns (bool) {
        emit Transfer(msg.sender, to, value);
        return true;
    }
}

/// Holds the value it was created with until it is broken.
contract Purse {
    constructor() payable {}

    receive() external payable {}

    function smash(address payable to) external {
        selfdestruct(to);
    }
}

/// Moves value inside transactions in all ways there are.
contract Splitter {
    event Transfer(address indexed from, address indexed to, uint256 value);

    constructor() payable {}

    receive() external payable {}

    /// Pays equal shares: one internal call each.
    function split(address payable[] calldata to) external payable {
        for (uint256 i = 0; i < to.length; i++) {
            pay(to[i], msg.value / to.length);
        }
    }

    /// Lets another splitter split: calls two deep.
    function relay(Splitter next, address payable[] calldata to) external payable {
        next.split{value: msg.value}(to);
    }

    /// Tries a payment that is undone, then pays somebody else. The transaction
    /// succeeds, the calls below the first one moved nothing.
    function attempt(address payable first, address payable second) external payable {
        try this.payAndFail{value: msg.value}(first) {} catch {}
        pay(second, msg.value);
    }

    function payAndFail(address payable to) external payable {
        pay(to, msg.value);
        emit Transfer(address(this), to, msg.value);
        revert("changed my mind");
    }

    /// Collects tokens by allowance, several in one transaction.
    function collect(Token token, address[] calldata from, address to, uint256 value) external {
        for (uint256 i = 0; i < from.length; i++) {
            token.transferFrom(from[i], to, value);
        }
    }

    /// Creates a purse with value, by CREATE or CREATE2, and smashes it in the
    /// same transaction if heir is given.
    function hatch(bytes32 salt, address payable heir) external payable {
        Purse p = salt == 0 ? new Purse{value: msg.value}() : new Purse{value: msg.value, salt: salt}();
        if (heir != address(0)) {
            p.smash(heir);
        }
    }

    function pay(address payable to, uint256 value) private {
        (bool ok,) = to.call{value: value}("");
        require(ok, "refused");
    }
}

/// Runs the code of a splitter as its own: a delegate call that shows value and
/// moves none.
contract Proxy {
    address immutable code;

    constructor(address c) {
        code = c;
    }

    fallback() external payable {
        (bool ok,) = code.delegatecall(msg.data);
        require(ok);
    }

    receive() external payable {}
}
