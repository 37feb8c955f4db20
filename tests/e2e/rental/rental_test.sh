#!/bin/bash
# rental_test.sh BIN GENESIS: a whole rental on loopback, with everything that may go wrong on its way.
# Exit 77: this host cannot run real containers, and the reason is printed.
set -uo pipefail
bin=$1 genesis=$2
renter=charleth owner=baltathar auditor=faith stranger=dorothy

[ "$(id -u)" = 0 ] || { echo "SKIPPED: real containers need root"; exit 77; }
for tool in crun umoci skopeo nft busybox jq; do
    command -v $tool > /dev/null || { echo "SKIPPED: $tool is missing (tools/setup)"; exit 77; }
done

folder=$(mktemp -d /var/tmp/tephra-rental-XXXXXX)
node_pid= worker_pid=
cleanup() {
    [ -n "$worker_pid" ] && kill -CONT $worker_pid 2> /dev/null
    [ -n "$worker_pid" ] && kill -9 $worker_pid 2> /dev/null
    [ -n "$node_pid" ] && kill -9 $node_pid 2> /dev/null
    [ -f $folder/worker.json ] && $bin/tephra-worker clean -c $folder/worker.json > /dev/null 2>&1
    rm -rf $folder
}
trap cleanup EXIT

step() { echo "-- $* ($SECONDS s)"; }
fail() {
    echo "FAILED: $*"
    echo "---- node"; tail -15 $folder/node.log
    echo "---- worker"; tail -40 $folder/worker.log
    exit 1
}
# wait_for SECONDS WHAT COMMAND...
wait_for() {
    local until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [ $SECONDS -lt $until ] || fail "waited in vain for $what"
        sleep 0.1
    done
}
log_has() { grep -qs "$2" $folder/$1.log; }
tephra() { $bin/tephra --node ws://127.0.0.1:$rpc_port "$@"; }
lease_state() { tephra money $1 --json | jq -r .state; }
is_state() { [ "$(lease_state $1)" = "$2" ]; }
# Paid in = burned + to the owner + to the frontend + refunded + held, to the last unit.
sums_up() {
    tephra money $1 --json | python3 -c '
import json, sys
m = json.load(sys.stdin)
parts = sum(int(m[k]) for k in ("burned", "owner", "frontend", "refunded", "held"))
sys.exit(0 if parts == int(m["paid"]) and int(m["held"]) == 0 else 1)'
}

# An OCI layout with one image: busybox, as Debian ships it.
# make_image NAME: its reference in $image, its layer's digest in $layer.
make_image() {
    local root=$folder/root layout=$folder/images
    mkdir -p $root/bin $root/etc $layout/blobs/sha256
    cp "$(command -v busybox)" $root/bin/busybox
    for name in sh echo sleep cat seq; do ln -sf busybox $root/bin/$name; done
    echo 'root:x:0:0:root:/:/bin/sh' > $root/etc/passwd
    echo "$1" > $root/etc/name
    tar -C $root --numeric-owner --owner=0 --group=0 -cf $folder/layer.tar .
    local config manifest
    layer=$(sha256sum < $folder/layer.tar | cut -d' ' -f1)
    cp $folder/layer.tar $layout/blobs/sha256/$layer
    printf '{"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/sh"],"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' $layer > $folder/config
    config=$(sha256sum < $folder/config | cut -d' ' -f1)
    cp $folder/config $layout/blobs/sha256/$config
    printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%d},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%d}]}' \
        $config $(stat -c %s $folder/config) $layer $(stat -c %s $folder/layer.tar) > $folder/manifest
    manifest=$(sha256sum < $folder/manifest | cut -d' ' -f1)
    cp $folder/manifest $layout/blobs/sha256/$manifest
    printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%d}]}' \
        $manifest $(stat -c %s $folder/manifest) > $layout/index.json
    echo '{"imageLayoutVersion":"1.0.0"}' > $layout/oci-layout
    image=local/busybox@sha256:$manifest
}

start_worker() {
    : > $folder/worker.log
    $bin/tephra-worker run -c $folder/worker.json >> $folder/worker.log 2>&1 &
    worker_pid=$!
    wait_for 60 "the renters' door" log_has worker "renters' door on port"
    door=127.0.0.1:$(grep -o "door on port [0-9]*" $folder/worker.log | grep -o '[0-9]*$')
}
# rent NAME OPTIONS... -- COMMAND...: standard output to NAME.out, the rest to NAME.err; the lease's number in $lease
rent() {
    local name=$1 status
    shift
    tephra rent --from $renter --time 10m --door $door --memory 64M --cpu 0.5 --disk 32M "$@" > $folder/$name.out 2> $folder/$name.err
    status=$?
    lease=$(grep -o 'lease [0-9]* in block' $folder/$name.err | grep -o '[0-9]*' | head -1)
    return $status
}

step "a node with a start deadline of 25 s and a heartbeat every 10 s"
sed 's/"start_deadline_ms": [0-9]*/"start_deadline_ms": 25000/; s/"heartbeat_interval_ms": [0-9]*/"heartbeat_interval_ms": 10000/' $genesis > $folder/genesis.json
$bin/tephra-node run --data $folder/node --chain $folder/genesis.json --rpc-port 0 --worker-address 127.0.0.1 --worker-port 0 --rpc-socket $folder/n.sock > $folder/node.log 2>&1 &
node_pid=$!
wait_for 60 "the node" log_has node "workers: 127.0.0.1:"
wait_for 60 "JSON-RPC" log_has node "JSON-RPC on 127.0.0.1:"
rpc_port=$(grep -o 'JSON-RPC on 127.0.0.1:[0-9]*' $folder/node.log | grep -o '[0-9]*$')
worker_port=$(grep -o 'workers: 127.0.0.1:[0-9]*' $folder/node.log | grep -o '[0-9]*$')

step "a machine: keys, registration, bond"
make_image first
good_image=$image
$bin/tephra-worker init -c $folder/worker.json --data $folder/worker --node 127.0.0.1:$worker_port --node-key @$folder/node/worker_key.pub \
    --listen 127.0.0.1:0 --slots 2 --images local=$folder/images > $folder/init.out 2>&1 || fail "init: $(cat $folder/init.out)"
address=$(tephra keys list --json | jq -r ".[] | select(.name == \"$owner\") | .account")
$bin/tephra-worker register -c $folder/worker.json --owner $address --out $folder/registration.json || fail "register"
machine=$(jq -r .machine $folder/registration.json)
tephra machines register $folder/registration.json --from $stranger --price 2 2> $folder/err && fail "a stranger registered the machine"
grep -q "names $address as the owner" $folder/err || fail "no help for the wrong key: $(cat $folder/err)"
tephra machines register $folder/registration.json --from $owner --price 2 --min 1s || fail "the owner cannot register"

$bin/tephra-worker selftest -c $folder/worker.json > $folder/selftest.out || fail "selftest: $(cat $folder/selftest.out)"
sed 's/^/   /' $folder/selftest.out

step "the worker follows the chain and answers the probe"
start_worker
tephra machines probe $machine --from $auditor || fail "the probe"
tephra quote --time 10m --json | jq -e ".[0].takes_it and .[0].machine == \"$machine\"" > /dev/null || fail "no quote: $(tephra quote --time 10m)"

step "a rental: output, results, money"
begin=$(date +%s%N)
rent hello --follow --output $folder/results --env NAME=world --image $image -- sh -c 'echo hello $NAME; echo 42 > /results/answer; sleep 1' ||
    fail "rent: $(cat $folder/hello.err)"
echo "   from order to money table: $((($(date +%s%N) - begin) / 1000000)) ms"
[ "$(cat $folder/hello.out)" = "hello world" ] || fail "the log is $(cat $folder/hello.out)"
[ "$(cat $folder/results/answer)" = 42 ] || fail "the results are $(ls $folder/results)"
is_state $lease "Closed: Completed" || fail "state $(lease_state $lease)"
sums_up $lease || fail "the money: $(tephra money $lease)"
tephra money $lease
tephra logs $lease --from $renter --door $door > $folder/log || fail "no log after the close"
grep -q "hello world" $folder/log || fail "the log is gone after the close"
tephra logs $lease --from $stranger --door $door 2> $folder/err && fail "a stranger read the log"
first=$lease

step "with the image at hand: from the order to the first line of the log"
begin=$(date +%s%N)
tephra rent --from $renter --time 10m --door $door --memory 64M --cpu 0.5 --disk 32M --follow --image $image -- sh -c 'echo now; sleep 1' \
    2> $folder/quick.err | { read -r line; echo "   $(((($(date +%s%N) - begin)) / 1000000)) ms"; cat > /dev/null; }

step "a workload that fails closes its lease as failed, and the renter's command says so"
rent failing --follow --image $image -- sh -c 'echo oops >&2; exit 3' && fail "a failed workload looks well"
is_state $lease "Closed: WorkloadFailed" || fail "state $(lease_state $lease)"
grep -q oops $folder/failing.err || fail "standard error is lost"
sums_up $lease || fail "the money: $(tephra money $lease)"

step "an image that is not there is refused, with the reason"
rent missing --follow --image local/busybox@sha256:$(printf 'f%.0s' {1..64}) -- echo never && fail "an image out of nothing"
is_state $lease "Closed: StartRejected" || fail "state $(lease_state $lease)"
tephra stats $lease --from $renter --door $door > $folder/stats.out || fail "no word about the refused lease"
grep -q "holds no image of this digest" $folder/stats.out || fail "stats: $(cat $folder/stats.out)"
grep -q "the machine says: .*holds no image" $folder/missing.err || fail "the renter is not told why: $(cat $folder/missing.err)"
sums_up $lease || fail "the money: $(tephra money $lease)"

# fails_as NAME CODE TEXT OPTIONS...: the lease closes as failed, with that exit code, and the renter reads the text.
fails_as() {
    local name=$1 code=$2 text=$3
    shift 3
    rent $name --follow "$@" && fail "$name looks well"
    is_state $lease "Closed: WorkloadFailed" || fail "$name: state $(lease_state $lease)"
    tephra stats $lease --from $renter --door $door --json > $folder/$name.stats || fail "no word about $name"
    jq -e ".exit_code == $code" $folder/$name.stats > /dev/null || fail "$name: no exit code $code in $(cat $folder/$name.stats)"
    grep -q "$text" $folder/$name.stats || fail "$name: no '$text' in $(cat $folder/$name.stats)"
    sums_up $lease || fail "the money: $(tephra money $lease)"
}
step "out of memory, out of time, killed by a signal: each closes its lease as failed and says why"
fails_as greedy 137 "memory" --image $image -- sh -c 'x=12345678; while :; do x=$x$x; done'
fails_as slow 143 "past its deadline" --deadline 2s --image $image -- sh -c 'trap "exit 143" TERM; while :; do sleep 1; done'
fails_as crashed 134 "exit code 134" --image $image -- sh -c 'echo crash; sh -c "kill -ABRT \$\$"; exit $?'

step "the renter stops a job: its lease ends with the job's exit code"
rent stopped --image $image -- sh -c 'trap "exit 7" TERM; echo up; while :; do sleep 1; done' || fail "rent: $(cat $folder/stopped.err)"
wait_for 20 "the job's first line" sh -c "$bin/tephra --node ws://127.0.0.1:$rpc_port logs $lease --from $renter --door $door 2>/dev/null | grep up"
tephra stop $lease --from $stranger --door $door 2> $folder/err && fail "a stranger stopped the job"
tephra stop $lease --from $renter --door $door > /dev/null || fail "stop"
wait_for 30 "the close" is_state $lease "Closed: WorkloadFailed"
tephra stats $lease --from $renter --door $door --json | jq -e ".exit_code == 7" > /dev/null || fail "the exit code is lost"

step "a layer that somebody changed is refused, and the renter reads why"
make_image tampered
printf 'x' | dd of=$folder/images/blobs/sha256/$layer bs=1 seek=600 conv=notrunc 2> /dev/null
rent tampered --follow --image $image -- echo never && fail "a tampered layer was run"
is_state $lease "Closed: StartRejected" || fail "state $(lease_state $lease)"
grep -q "the machine says: .*digest" $folder/tampered.err || fail "the renter is not told why: $(cat $folder/tampered.err)"
sums_up $lease || fail "the money: $(tephra money $lease)"
image=$good_image

step "the worker is killed with the job running, comes back, and the job goes on"
rent long --image $image -- sh -c 'echo before; sleep 6; echo after > /results/late; echo after' || fail "rent: $(cat $folder/long.err)"
wait_for 20 "the job's first line" sh -c "$bin/tephra --node ws://127.0.0.1:$rpc_port logs $lease --from $renter --door $door 2>/dev/null | grep before"
kill -9 $worker_pid
start_worker
log_has worker "lease-$lease of an earlier process, running" || fail "the running job was not found"
wait_for 60 "completion" is_state $lease "Closed: Completed"
tephra cp $lease $folder/late --from $renter --door $door > /dev/null || fail "cp after the restart"
[ "$(cat $folder/late/late)" = after ] || fail "the job did not go on"
tephra cp $first $folder/again --from $renter --door $door > /dev/null || fail "older results are gone after the restart"

step "the renter ends a lease: the job stops, the rest comes back"
rent endless --image $image -- sh -c 'echo running; sleep 60017' || fail "rent: $(cat $folder/endless.err)"
tephra end $lease --from $stranger 2> $folder/err && fail "a stranger ended the lease"
grep -q "Only the renter" $folder/err || fail "no help for a stranger: $(cat $folder/err)"
tephra end $lease --from $renter > /dev/null || fail "end"
is_state $lease "Closed: EndedByRenter" || fail "state $(lease_state $lease)"
sums_up $lease || fail "the money: $(tephra money $lease)"
wait_for 20 "the job's end" sh -c "! crun --root $folder/worker/containers/crun list 2>/dev/null | grep -q lease-$lease && ! pgrep -f 'sleep 6001[7]' > /dev/null"
tephra stop $lease --from $renter --door $door 2> /dev/null && fail "the door obeys after the end"

step "two at once, on both slots, and no third"
rent one --image $image -- sleep 4 || fail "rent: $(cat $folder/one.err)"
one=$lease
rent two --image $image -- sleep 4 || fail "rent: $(cat $folder/two.err)"
two=$lease
rent three --image $image -- sleep 4 && fail "a third lease on two slots"
grep -q NotEnoughSlots $folder/three.err || fail "no reason: $(cat $folder/three.err)"
wait_for 60 "both" is_state $one "Closed: Completed"
wait_for 60 "both" is_state $two "Closed: Completed"

step "the worker is killed and stays away: the lease ends with its last heartbeat, and the owner pays a penalty"
rent abandoned --image $image -- sleep 300 || fail "rent: $(cat $folder/abandoned.err)"
sleep 12  # a heartbeat since the start: so much is earned
kill -9 $worker_pid
wait_for 120 "the close" is_state $lease "Closed: MachineOffline"
sums_up $lease || fail "the money: $(tephra money $lease)"
tephra money $lease | grep -q "owner's penalty" || fail "no penalty: $(tephra money $lease)"
start_worker
wait_for 60 "the abandoned job's end" sh -c "! crun --root $folder/worker/containers/crun list 2>/dev/null | grep -q lease-$lease"
machine_is() { tephra machines show $machine | grep -q "$1"; }
asked_again() { tephra machines probe $machine --from $auditor 2> $folder/err || { grep -q NoRecentHeartbeat $folder/err || fail "no probe: $(cat $folder/err)"; false; }; }
wait_for 60 "the heartbeat and the probe after the return" asked_again
wait_for 30 "the machine coming back" machine_is Online

step "a worker that does not start a lease in time gives the money back"
kill -STOP $worker_pid
rent late --no-wait --image $image -- echo never || fail "rent: $(cat $folder/late.err)"
wait_for 60 "the start deadline" is_state $lease "Closed: StartTimeout"
kill -CONT $worker_pid
[ "$(tephra money $lease --json | jq -r .refunded)" = "$(tephra money $lease --json | jq -r .paid)" ] || fail "not all came back: $(tephra money $lease)"

step "the worker stops, and nothing is left on the host"
kill -TERM $worker_pid
wait $worker_pid || fail "the worker ended badly"
worker_pid=
$bin/tephra-worker clean -c $folder/worker.json > /dev/null || fail "clean"
grep -q $folder /proc/mounts && fail "mounts are left"
[ -f $folder/worker/keys/machine ] || fail "clean removed the keys"
kill -TERM $node_pid
wait $node_pid || fail "the node ended badly"
node_pid=
echo "all is well ($SECONDS s)"
