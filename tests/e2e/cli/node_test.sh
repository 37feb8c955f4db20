#!/bin/bash
# node_test.sh BIN GENESIS: tephra-node init, its configuration file, and what they refuse.
set -uo pipefail
bin=$1 genesis=$2
folder=$(mktemp -d)
node_pid=
trap '[ -n "$node_pid" ] && kill -9 $node_pid 2> /dev/null; rm -rf $folder' EXIT
fail() { echo "FAILED: $*"; exit 1; }
# says TEXT COMMAND...: fails, and the error holds TEXT
says() {
    local text=$1
    shift
    "$@" > $folder/out 2> $folder/err < /dev/null && fail "no error: $*"
    grep -qF -- "$text" $folder/err || fail "$*: \"$text\" is not in: $(cat $folder/err)"
}

$bin/tephra-node init --help > $folder/out || fail "init --help"
grep -q "Examples:" $folder/out || fail "no examples: $(cat $folder/out)"

# A follower: block zero, the chain file, a network key, a configuration, and what comes next.
data=$folder/follower
$bin/tephra-node init --data $data --chain $genesis > $folder/out || fail "init"
for made in chain chain.json keys/network.key node.toml; do [ -e $data/$made ] || fail "init made no $made"; done
[ ! -e $data/keys/consensus.key ] || fail "a follower got a consensus key"
[ "$(stat -c %a $data/keys/network.key)" = 600 ] || fail "the network key is not private"
grep -q "tephra-node run --config $data/node.toml" $folder/out || fail "init does not say what comes next: $(cat $folder/out)"
grep -q "network_key *$($bin/tephra-node keys show $data/keys/network.key)" $folder/out || fail "init does not show the key"
cmp -s $genesis $data/chain.json || fail "the chain file is another"
grep -q '^data = "'$data'"$' $data/node.toml || fail "the folder is not in the configuration"
for option in $($bin/tephra-node run --help | grep -oE "^ +--[a-z-]+" | tr -d ' -' | grep -v '^tmp$' | sort -u); do
    tr -d '-' < $data/node.toml | grep -qE "^#?$option = " || fail "the configuration does not show $option"
done
sum=$(cat $data/node.toml $data/keys/*.key | sha256sum)
says "is ready" $bin/tephra-node init --data $data --chain $genesis
[ "$(cat $data/node.toml $data/keys/*.key | sha256sum)" = "$sum" ] || fail "a refused init changed something"

# The node runs from its file, wherever it is started; the command line wins over the file.
sed -i 's/^#rpc-port = .*/rpc-port = 0/; s/^#worker-port = .*/worker-port = 0/; s/^#worker-address = .*/worker-address = "127.0.0.1"/' $data/node.toml
# The first block does not wait for work: a minute without any would pass before an empty one.
(cd / && exec $bin/tephra-node run --config $data/node.toml --empty-block-interval-ms 60000 > $folder/log 2>&1) &
node_pid=$!
for _ in $(seq 400); do grep -q "final number=1 " $folder/log && break; kill -0 $node_pid || fail "the node ended: $(cat $folder/log)"; sleep 0.1; done
grep -q "final number=1 " $folder/log || fail "no block: $(cat $folder/log)"
! grep -q "JSON-RPC on 127.0.0.1:9944" $folder/log || fail "the file's port was not taken"
kill -TERM $node_pid
wait $node_pid || fail "the node ended badly: $(cat $folder/log)"
node_pid=
$bin/tephra-node verify --config $data/node.toml > $folder/out || fail "verify by the file"
grep -q "^block [1-9]" $folder/out || fail "verify looked elsewhere: $(cat $folder/out)"

sed 's/^rpc-port/rpc-prot/' $data/node.toml > $folder/wrong.toml
says "rpc-prot" $bin/tephra-node run --config $folder/wrong.toml
says "nothing.toml" $bin/tephra-node run --config $folder/nothing.toml

# A validator: new keys, keys that lie there, keys that are named; a key of another kind is refused before anything is written.
$bin/tephra-node keys new --kind vrf --out $folder/own.key > /dev/null || fail "keys new"
says "holds a vrf key" $bin/tephra-node init --data $folder/wrong --chain $genesis --validator --validator-key $folder/own.key
[ ! -e $folder/wrong/node.toml ] || fail "a failed init left a configuration"
data=$folder/validator
mkdir -p $data/keys
$bin/tephra-node keys new --kind consensus --out $data/keys/consensus.key > /dev/null || fail "keys new"
$bin/tephra-node init --data $data --chain $genesis --validator --vrf-key $folder/own.key > $folder/out || fail "init --validator"
grep -q "consensus_key *$($bin/tephra-node keys show $data/keys/consensus.key)" $folder/out || fail "the key that lay there was not taken"
grep -q "no validator of this chain" $folder/out || fail "init does not say that the key is unknown"
grep -q "vrf_key *$($bin/tephra-node keys show $folder/own.key)" $folder/out || fail "the named key was not taken"
grep -q '^vrf-key = "'$folder'/own.key"$' $data/node.toml || fail "the named key is not in the configuration"
[ ! -e $data/keys/vrf.key ] || fail "a key was made though one was named"

# Another chain does not get into a folder.
sed 's/"id": "[^"]*"/"id": "another"/' $genesis > $folder/another.json
rm $data/node.toml
says "belongs to another chain" $bin/tephra-node init --data $data --chain $folder/another.json
echo "all is well"
