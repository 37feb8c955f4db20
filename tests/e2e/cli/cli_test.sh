#!/bin/bash
# cli_test.sh BIN: what the command lines say without a node.
set -uo pipefail
bin=$1
folder=$(mktemp -d)
trap 'rm -rf $folder' EXIT
export TEPHRA_KEYS=$folder/keys
unset TEPHRA_NODE TEPHRA_PASSPHRASE
fail() { echo "FAILED: $*"; exit 1; }
# says TEXT COMMAND...: fails, and the error holds TEXT
says() {
    local text=$1
    shift
    "$@" > $folder/out 2> $folder/err < /dev/null && fail "no error: $*"
    grep -qF -- "$text" $folder/err || fail "$*: \"$text\" is not in: $(cat $folder/err)"
}

for command in "" keys "keys new" "keys import" "keys list" machines "machines list" "machines show" "machines register" "machines probe" \
    "machines price" "machines exit" "machines maintenance" quote rent leases end money logs cp stats start stop balance transfer completion; do
    $bin/tephra $command --help > $folder/out || fail "tephra $command --help"
    [ -s $folder/out ] || fail "tephra $command --help says nothing"
done
for command in "" init register selftest run clean; do
    $bin/tephra-worker $command --help > /dev/null || fail "tephra-worker $command --help"
done

for shell in bash zsh; do $bin/tephra completion $shell > $folder/$shell || fail "completion $shell"; done
bash -n $folder/bash || fail "the completion script is no bash"
words=$(bash -c "source $folder/bash; COMP_WORDS=(tephra machines p); COMP_CWORD=2; _tephra; echo \${COMPREPLY[@]}")
[ "$words" = "probe price" ] || [ "$words" = "price probe" ] || fail "completion offers \"$words\""

node="--node ws://127.0.0.1:1"
says "tephra-node run" $bin/tephra $node machines list
says "TEPHRA_NODE" $bin/tephra $node balance alith
[[ $($bin/tephra $node --json machines list 2> /dev/null) == '{"error":'* ]] || fail "no JSON error"
says "neither an address" $bin/tephra $node balance nobody
says "no amount" $bin/tephra $node transfer alith 1,5 --from baltathar
says "tephra keys new" $bin/tephra $node transfer alith 1 --from nobody
says "--time" $bin/tephra $node quote --time soon
says "TEPHRA_PASSPHRASE" $bin/tephra keys new mine
TEPHRA_PASSPHRASE=secret $bin/tephra keys new mine > /dev/null || fail "keys new"
says "already" $bin/tephra keys new mine --unencrypted
grep -q encrypted_secret $folder/keys/mine.json || fail "the key is not encrypted"
# Into a file first: grep -q on a pipe may leave before the program has written all, and the signal would count as its failure.
$bin/tephra keys new plain --unencrypted > $folder/out 2>&1 || fail "keys new --unencrypted"
grep -q "warning" $folder/out || fail "no warning for a plain key"
$bin/tephra keys list > $folder/out || fail "keys list"
grep -q "plain.*NOT encrypted" $folder/out || fail "the list does not warn"
echo 0x5fb92d6e98884f76de468fa3f6278f8807c48bebc13595d45af5bdc4da702133 | $bin/tephra keys import copy --unencrypted > $folder/out 2>&1
grep -q 0xf24FF3a9CF04c71Dbc94D0b566f7A27B94566cac $folder/out || fail "keys import: $(cat $folder/out)"

says "node.key" $bin/tephra-worker init -c $folder/w.json --data $folder/w --node-key ""
says "absolute path" $bin/tephra-worker init -c $folder/w.json --data here --node-key 0x$(printf 'a%.0s' {1..64})
says "NAME=PLACE" $bin/tephra-worker init -c $folder/w.json --data $folder/w --node-key 0x$(printf 'a%.0s' {1..64}) --images nonsense
$bin/tephra-worker init -c $folder/w.json --data $folder/w --node-key 0x$(printf 'a%.0s' {1..64}) > $folder/out || fail "init"
grep -q "tephra-worker selftest" $folder/out || fail "init does not say what comes next"
says "exists" $bin/tephra-worker init -c $folder/w.json --data $folder/w --node-key 0x$(printf 'a%.0s' {1..64})
[ "$(stat -c %a $folder/w/keys/machine)" = 600 ] || fail "the machine key is not private"
says "tephra-worker init" $bin/tephra-worker run -c $folder/nothing.json
says "tephra-worker register" $bin/tephra-worker run -c $folder/w.json
# What would fail is named with its remedy; what only some leases need is a note.
$bin/tephra-worker init -c $folder/w2.json --data $folder/w2 --node-key 0x$(printf 'a%.0s' {1..64}) --images here=$folder/nothing > /dev/null || fail "init with a source"
$bin/tephra-worker selftest -c $folder/w2.json > $folder/out 2> $folder/err && fail "a selftest without a node is well"
grep -qE "^FAIL node" $folder/out || fail "a node that does not answer is not told: $(cat $folder/out)"
grep -q "→ start the node" $folder/out || fail "no remedy for a node that does not answer"
grep -qE "^note image source here +no OCI layout" $folder/out || fail "a source that is not there is no note: $(cat $folder/out)"
grep -q "→ put an OCI layout there" $folder/out || fail "no remedy for a missing source"
grep -q "of these would fail" $folder/err || fail "selftest does not count: $(cat $folder/err)"
! ldd $bin/tephra-worker | grep -qE "libcuda|libnvidia" || fail "the worker is linked with a driver's library"
sed -i 's/"slots"/"slost"/' $folder/w.json
says 'unknown field "slost"' $bin/tephra-worker selftest -c $folder/w.json
echo "all is well"
