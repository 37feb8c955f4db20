#include "rpc/worker_server/session.hpp"

#include "chain/base/log.hpp"
#include "rpc/worker_api/limits.hpp"
#include "rpc/worker_server/to_proto.hpp"

#include <algorithm>
#include <utility>

namespace rpc::worker_server {

namespace {

namespace proto = tephra::node::v1;
using grpc::Status;
using grpc::StatusCode;

constexpr chain::log::Channel workers_log{"workers"};
constexpr std::uint32_t blocks_searched_max = 4'096;  // for the workload of a lease that was opened before the stream

chain::ByteView view_of(const std::string& bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

std::optional<crypto::AccountId> account_of(const std::string& bytes) {
    crypto::AccountId out;
    if (bytes.size() != out.value.size()) return std::nullopt;
    std::ranges::copy(view_of(bytes), out.value.begin());
    return out;
}

}  // namespace

std::shared_ptr<Session> Session::open(Hub& hub, grpc::CallbackServerContext& context) {
    std::shared_ptr<Session> session{new Session{hub, worker_api::peer_key(*context.auth_context())}};
    session->self_ = session;
    const std::scoped_lock lock{session->mutex_};
    session->read_on();
    return session;
}

void Session::end(const Status& status) {
    const std::scoped_lock lock{mutex_};
    finish(status);
}

std::size_t Session::answers_waiting() const {
    const std::scoped_lock lock{mutex_};
    return answers_.size();
}

std::uint32_t Session::blocks_behind() const {
    const std::scoped_lock lock{mutex_};
    const auto after_last = hub_.ledger.finalized().number + 1;
    return feed_ && next_number_ < after_last ? after_last - next_number_ : 0;
}

void Session::finish(const Status& status) {
    if (std::exchange(finished_, true)) return;
    Finish(status);
}

void Session::read_on() {
    // No more reads while answers pile up: the worker's window fills, and it waits.
    if (finished_ || reading_ || answers_.size() >= worker_api::submits_in_flight_max) return;
    reading_ = true;
    StartRead(&incoming_);
}

void Session::OnReadDone(bool ok) {
    const std::scoped_lock lock{mutex_};
    reading_ = false;
    if (finished_) return;
    if (!ok) return finish(Status::OK);  // the worker has gone
    switch (incoming_.message_case()) {
        case proto::Up::kHello: take(incoming_.hello()); break;
        case proto::Up::kSubmit: take(incoming_.submit()); break;
        case proto::Up::kReport: take(incoming_.report()); break;
        case proto::Up::MESSAGE_NOT_SET: break;  // of a newer protocol
    }
    read_on();
    pump();
}

void Session::take(const proto::Hello& hello) {
    if (signer_) return finish({StatusCode::INVALID_ARGUMENT, "a second Hello"});
    const auto signer = account_of(hello.machine());
    if (!signer) return finish({StatusCode::INVALID_ARGUMENT, "machine: an account has 20 bytes"});
    if (const Status status = admit(*signer); !status.ok()) return finish(status);
    signer_ = signer;
    feed_.emplace(*signer, *machine_);
    const auto finalized = hub_.ledger.finalized().number;
    const bool resumes = hello.from_number() != 0 && hello.from_number() <= finalized + 1 &&
                         finalized + 1 - hello.from_number() <= hub_.blocks_behind_max;
    next_number_ = resumes ? hello.from_number() : finalized;
    const auto version = hub_.ledger.executor().version();
    proto::Down welcome;
    auto* out = welcome.mutable_welcome();
    out->set_genesis_hash(text_of(hub_.ledger.genesis().hash.value));
    out->set_spec_version(version.spec_version);
    out->set_transaction_version(version.transaction_version);
    out->set_next_nonce(next_nonce());
    out->set_machine(text_of(machine_->value));
    answers_.push_back(std::move(welcome));
    workers_log.info("machine {} follows from block {}, {}", crypto::to_string(*machine_), next_number_,
                     hello.worker_version());
    hub_.arrived(*machine_, self_);
}

/// The machine that this signer and this TLS key belong to.
Status Session::admit(const crypto::AccountId& signer) {
    const auto state = hub_.ledger.state_at(hub_.ledger.finalized().hash);
    if (!state) return {StatusCode::UNAVAILABLE, "the node has no finalized state yet"};
    machine_ = machines::storage.machine_of_signer.get(*state, signer);
    if (!machine_)
        return {StatusCode::NOT_FOUND,
                "the chain knows no machine with the key " + crypto::to_string(signer) + ": register it"};
    return still_admitted(*state);
}

Status Session::still_admitted(const state::StateView& state) const {
    const auto machine = machines::storage.machines.get(state, *machine_);
    if (!machine || machine->state == machines::MachineState::Exited)
        return {StatusCode::NOT_FOUND, "machine " + crypto::to_string(*machine_) + " is not registered any more"};
    if (!peer_ || peer_->value != machine->keys.tls_key)
        return {StatusCode::UNAUTHENTICATED,
                "this TLS key is not the tls_key of machine " + crypto::to_string(*machine_) + " on the chain"};
    return Status::OK;
}

void Session::take(const proto::Submit& submit) {
    if (!signer_) return finish({StatusCode::FAILED_PRECONDITION, "Hello comes first"});
    const auto result =
        hub_.ledger.submit(chain::to_bytes(view_of(submit.extrinsic())), chain::TransactionSource::Local);
    proto::Down answer;
    auto* out = answer.mutable_submitted();
    out->set_id(submit.id());
    if (result) {
        out->set_extrinsic_hash(text_of(result->value));
    } else {
        const auto& refusal = result.error();
        out->set_code(static_cast<std::int32_t>(refusal.code));
        out->set_refusal(refusal.data ? refusal.message + ": " + *refusal.data : refusal.message);
    }
    out->set_next_nonce(next_nonce());
    answers_.push_back(std::move(answer));
}

void Session::take(const proto::Report& report) const {
    if (!machine_) return;
    workers_log.info("machine {} lease {}: {}", crypto::to_string(*machine_), report.lease(),
                     report.text().substr(0, 256));
}

std::uint32_t Session::next_nonce() const { return hub_.ledger.next_nonce(signer_ ? *signer_ : crypto::AccountId{}); }

void Session::pump() {
    const std::scoped_lock lock{mutex_};
    if (finished_ || writing_) return;
    if (!next_answer() && !next_block()) return;
    writing_ = true;
    StartWrite(&outgoing_);
}

bool Session::next_answer() {
    if (answers_.empty()) return false;
    outgoing_ = std::move(answers_.front());
    answers_.pop_front();
    read_on();
    return true;
}

bool Session::next_block() {
    if (!feed_) return false;
    const auto finalized = hub_.ledger.finalized();
    if (next_number_ > finalized.number) return false;
    if (finalized.number - next_number_ > hub_.blocks_behind_max) {
        next_number_ = finalized.number;
        snapshot_next_ = true;
    }
    const auto hash =
        next_number_ == finalized.number ? std::optional{finalized.hash} : hub_.ledger.hash_of(next_number_);
    const auto block = hash ? hub_.ledger.block(*hash) : std::nullopt;
    const auto state = hash ? hub_.ledger.state_at(*hash) : nullptr;
    if (!block || !state) {
        finish({StatusCode::INTERNAL, "block " + std::to_string(next_number_) + " is not readable"});
        return false;
    }
    if (const Status status = still_admitted(*state); !status.ok()) {
        finish(status);
        return false;
    }
    const auto older = [&](const chain::Hash& workload) { return older_workload(block->header.parent_hash, workload); };
    outgoing_.Clear();
    to_proto(feed_->next({.hash = *hash, .block = *block, .state = *state}, snapshot_next_, older),
             *outgoing_.mutable_finalized());
    snapshot_next_ = false;
    ++next_number_;
    return true;
}

std::optional<chain::Bytes> Session::older_workload(chain::Hash from, const chain::Hash& workload_hash) const {
    for (std::uint32_t i = 0; i < blocks_searched_max; ++i) {
        const auto block = hub_.ledger.block(from);
        if (!block) return std::nullopt;
        if (auto found = workload_in(*block, workload_hash)) return found;
        if (block->header.number.value == 0) return std::nullopt;
        from = block->header.parent_hash;
    }
    return std::nullopt;
}

void Session::OnWriteDone(bool ok) {
    const std::scoped_lock lock{mutex_};
    writing_ = false;
    if (!ok) return finish(Status::CANCELLED);
    pump();
}

void Session::OnCancel() {
    const std::scoped_lock lock{mutex_};
    finish(Status::CANCELLED);
}

void Session::OnDone() {
    std::shared_ptr<Session> last;
    {
        const std::scoped_lock lock{mutex_};
        done_ = true;
        last = std::move(self_);
    }
    hub_.left(*this);
}

}  // namespace rpc::worker_server
