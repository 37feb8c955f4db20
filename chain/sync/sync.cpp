#include "chain/sync/sync.hpp"

#include <algorithm>

namespace block_sync {

namespace {

/// The blocks of an answer: whole, ascending from `first`, each on the one before it. Nothing where they are not.
std::optional<std::vector<Window::Held>> read_blocks(Peer from, const Response& response) {
    std::vector<Window::Held> out;
    for (const Bytes& bytes : response.blocks) {
        auto block = scale::decode<chain::Block>(bytes);
        if (!block || block->header.number.value != response.first + out.size()) return std::nullopt;
        if (chain::extrinsics_root(block->extrinsics) != block->header.extrinsics_root) return std::nullopt;
        if (!out.empty() && block->header.parent_hash != out.back().hash) return std::nullopt;
        const Hash hash = chain::hash_of(block->header);
        out.push_back({*std::move(block), hash, bytes.size(), from});
    }
    return out;
}

/// The certificate of an answer, if it can be what it has to be: of the block that it is said to be of, in the epoch of
/// the answer's blocks.
std::optional<votes::Certificate> read_proof(const Response& response, const Local& local, std::size_t validators_max) {
    const std::uint64_t last = response.first + response.blocks.size() - 1;
    auto proof = scale::decode<Proof>(response.proof);
    if (!proof || proof->certificate.signatures.size() > validators_max || response.certified < last)
        return std::nullopt;
    const auto& statement = proof->certificate.statement;
    if (proof->header.number.value != response.certified || chain::hash_of(proof->header) != statement.block)
        return std::nullopt;
    const bool is_of_this_epoch = response.first <= local.boundary;
    const bool fits = is_of_this_epoch ? statement.epoch == local.epoch && response.certified <= local.boundary
                                       : statement.epoch > local.epoch;
    if (!fits) return std::nullopt;
    return std::move(proof->certificate);
}

}  // namespace

Sync::Sync(const Hash& genesis, Local local, Limits limits, const votes::Scheme& scheme)
    : limits_(limits), local_(std::move(local)), window_(genesis, scheme) {}

void Sync::step(std::uint64_t now_ms, const Event& event, Effects& out) {
    now_ms_ = std::max(now_ms_, now_ms);
    if (is_halted_) return;
    if (const auto* stands = std::get_if<event::PeerStands>(&event)) on(*stands);
    else if (const auto* gone = std::get_if<event::PeerGone>(&event)) on(*gone);
    else if (const auto* answered = std::get_if<event::Answered>(&event)) on(*answered, out);
    else if (const auto* moved = std::get_if<event::Moved>(&event)) on(*moved);
    else if (std::holds_alternative<event::Wanted>(event)) is_urgent_ = true;
    expire(out);
    apply(out);
    if (!is_halted_) ask(out);
}

void Sync::on(const event::PeerStands& news) { peers_.stands(news.peer, news.finalized); }

void Sync::on(const event::PeerGone& news) { peers_.gone(news.peer); }

void Sync::on(const event::Answered& news, Effects& out) {
    bool is_late = false;
    const auto asked = peers_.answered(news.peer, news.response.id, now_ms_, is_late);
    if (is_late) return;
    if (!asked) return punish(news.peer, Misdeed::Unsolicited, out);
    const Response& response = news.response;
    peers_.stands(news.peer, response.finalized);
    if (response.first != asked->request.first || response.blocks.size() > asked->request.count)
        return punish(news.peer, Misdeed::Malformed, out);
    if (response.blocks.empty()) {
        // It claimed to have them; pruned, or boasting. Others are asked first for a while.
        peers_.has_nothing_from(news.peer, response.first);
        peers_.pause(news.peer, now_ms_);
        return;
    }
    auto blocks = read_blocks(news.peer, response);
    if (!blocks) return punish(news.peer, Misdeed::Malformed, out);
    peers_.served(*asked, now_ms_);
    accept(news.peer, response, *std::move(blocks), out);
}

void Sync::accept(Peer peer, const Response& response, std::vector<Window::Held> blocks, Effects& out) {
    // All of it became final here meanwhile, perhaps with the epoch that it belongs to.
    if (response.first + blocks.size() <= std::size_t{local_.number} + 1) return;
    auto certificate = read_proof(response, local_, limits_.validators_max);
    if (!certificate) return punish(peer, Misdeed::Malformed, out);
    if (response.certified > local_.number) window_.add(response.certified, *std::move(certificate), peer);
    for (std::uint32_t i = 0; i < blocks.size(); ++i)
        if (response.first + i > local_.number) window_.add(response.first + i, std::move(blocks[i]));
    out.emplace_back(effect::Useful{peer});
}

void Sync::on(const event::Moved& news) {
    if (news.is_applied) {
        applied_ += applying_;
        is_applying_ = false;
    }
    if (news.local.number <= local_.number) return;
    local_ = news.local;
    moved_ms_ = now_ms_;
    window_.drop_through(local_.number);
    peers_.drop_through(local_.number);
    if (local_.number >= peers_.highest()) is_urgent_ = false;
}

void Sync::punish(Peer peer, Misdeed misdeed, Effects& out) {
    peers_.pause(peer, now_ms_);
    out.emplace_back(effect::Misbehaved{peer, misdeed});
}

void Sync::apply(Effects& out) {
    if (is_applying_) return;
    auto found = window_.take(local_, limits_.apply_blocks);
    for (const Peer liar : found.liars) punish(liar, Misdeed::Lied, out);
    for (const Peer forger : found.forgers) punish(forger, Misdeed::BadCertificate, out);
    if (found.contradicts) {
        is_halted_ = true;
        window_.clear();
        out.emplace_back(effect::Contradiction{});
    } else if (found.proved) {
        is_applying_ = true;
        applying_ = found.proved->blocks.size();
        applying_to_ = found.proved->blocks.back().header.number.value;
        out.emplace_back(effect::Apply{*std::move(found.proved)});
    }
}

void Sync::expire(Effects& out) {
    for (const Peer peer : peers_.expire(now_ms_)) out.emplace_back(effect::Slow{peer});
}

bool Sync::is_wanted() const {
    const std::uint32_t target = peers_.highest();
    if (target <= local_.number) return false;
    return is_urgent_ || window_.size() != 0 || target - local_.number >= limits_.behind ||
           now_ms_ >= moved_ms_ + limits_.patience_ms;
}

std::optional<Request> Sync::next_range() const {
    const std::uint64_t end =
        std::min<std::uint64_t>(peers_.highest(), std::uint64_t{local_.number} + limits_.window_blocks);
    const auto is_open = [&](std::uint64_t number) {
        const auto n = static_cast<std::uint32_t>(number);
        return !window_.holds(n) && !peers_.is_asked(n);
    };
    std::uint64_t first = std::uint64_t{is_applying_ ? std::max(applying_to_, local_.number) : local_.number} + 1;
    while (first <= end && !is_open(first)) ++first;
    if (first > end) return std::nullopt;
    std::uint32_t count = 1;
    while (count < request_blocks_max && first + count <= end && is_open(first + count)) ++count;
    return Request{.id = 0, .first = static_cast<std::uint32_t>(first), .count = count};
}

void Sync::ask(Effects& out) {
    if (!is_wanted()) return;
    while (peers_.requests() < limits_.requests_max) {
        auto range = next_range();
        // The lowest missing block is worth going over the bound: nothing can leave the window without it.
        const bool is_lowest = range && range->first == local_.number + 1 && !is_applying_;
        if (!range || (window_.bytes() > limits_.window_bytes && !is_lowest)) return;
        const auto peer = peers_.choose(range->first, now_ms_);
        if (!peer) return;
        range->id = next_id_++;
        range->count = std::min(range->count, peers_.claim(*peer) - range->first + 1);
        peers_.ask(*peer, *range, now_ms_);
        out.emplace_back(effect::Ask{*peer, *range});
    }
}

std::optional<std::uint64_t> Sync::next_timer_ms() const {
    if (is_halted_) return std::nullopt;
    auto out = peers_.next_end_ms(now_ms_);
    if (peers_.highest() > local_.number && !is_wanted()) {
        const std::uint64_t patient_until = moved_ms_ + limits_.patience_ms;
        out = std::min(out.value_or(patient_until), patient_until);
    }
    return out;
}

Report Sync::report() const {
    return {.local = local_.number,
            .target = peers_.highest(),
            .window_blocks = window_.size(),
            .window_bytes = window_.bytes(),
            .requests = peers_.requests(),
            .peers = peers_.size(),
            .applied = applied_,
            .is_applying = is_applying_,
            .is_halted = is_halted_};
}

}  // namespace block_sync
