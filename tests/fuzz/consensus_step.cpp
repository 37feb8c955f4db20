// One replica in a world that may do anything: forged, contradicting and impossible messages, even certificates that
// contradict each other; answers late, never, or for what was not asked; restarts from the journal at any moment. It
// never contradicts itself (I1, I2), never votes without what it relies on (I3, I4), and never holds much.

#include "chain/base/check.hpp"
#include "consensus/core/core.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace {

using namespace consensus;
using votes::Kind;
using votes::Statement;

constexpr std::uint32_t me = 3;

EpochInfo epoch() {
    return {.table = votes::ValidatorTable{{{.weight = 1}, {.weight = 1}, {.weight = 1}, {.weight = 1}}},
            .root = {.hash = Hash{{0xff}}},
            .length = 6};
}

class World {
public:
    explicit World(fuzz::Input input) : input_(input) { live(); }

    void run() {
        while (!input_.empty()) {
            Effects out;
            act(out);
            carry_out(out);
            chain::check(core_->view() >= view_);
            view_ = core_->view();
            const Footprint held = core_->footprint();
            chain::check(held.batches <= 600 && held.slots <= 12 * 140 && held.payloads <= 140);
        }
    }

private:
    void live() {
        Recovered journal{.own_votes = own_, .certificates = stored_};
        core_.emplace(epoch(), Config{.me = me}, std::move(journal));
        batches_.clear();
        blocks_.clear();
        view_ = 0;
        Effects out;
        core_->start(now_, out);
        carry_out(out);
    }

    Hash block() { return Hash{{static_cast<std::uint8_t>(1 + input_.below(4))}}; }

    std::uint64_t near_view() {
        const std::uint64_t at = core_->view() + input_.below(5);
        return at < 3 ? 1 : at - 2;
    }

    Statement statement() {
        const auto kind = static_cast<Kind>(input_.below(3));
        const std::uint64_t view = input_.below(16) == 0 ? 1 + 97ULL * input_.byte() : near_view();
        if (kind == Kind::Nullify) return {.kind = kind, .view = view};
        return {kind, 0, view, view - std::min<std::uint64_t>(view, input_.below(4)), block()};
    }

    votes::Vote vote(const Statement& said) {
        return {said, static_cast<std::uint32_t>(input_.below(5)), {static_cast<std::uint8_t>(input_.below(3) != 0)}};
    }

    CertificatePtr certificate(const Statement& said) {
        votes::Certificate out{.statement = said, .signers = {0b0111}};
        if (input_.below(8) == 0) out.signers = {static_cast<std::uint8_t>(input_.byte())};
        for (std::size_t i = 0; i < 3; ++i) out.signatures.push_back({static_cast<std::uint8_t>(input_.below(8) != 0)});
        return std::make_shared<const votes::Certificate>(std::move(out));
    }

    Message proposal() {
        Statement said{Kind::Notarize, 0, near_view(), 0, block()};
        said.parent_view = said.view - std::min<std::uint64_t>(said.view, 1 + input_.below(3));
        Proposal out{.vote = vote(said)};
        if (said.parent_view > 0)
            out.certificates.push_back(
                certificate({Kind::Notarize, 0, said.parent_view, said.parent_view - 1, block()}));
        for (std::uint64_t u = said.parent_view + 1; u < said.view; ++u)
            out.certificates.push_back(certificate({.kind = Kind::Nullify, .view = u}));
        if (input_.below(4) != 0) out.block = std::make_shared<const Bytes>(Bytes{said.block.value[0]});
        return out;
    }

    Message message() {
        switch (input_.below(8)) {
            case 0: return certificate(statement());
            case 1: return proposal();
            case 2: return Status{.view = near_view(), .floor_view = near_view()};
            case 3: return Wake{.view = near_view()};
            case 4: return CertificateRequest{.from_view = near_view(), .to_view = near_view()};
            case 5: return BlockRequest{.view = near_view(), .block = block()};
            case 6: return BlockAnswer{0, near_view(), block(), std::make_shared<const Bytes>(Bytes{1})};
            default: return vote(statement());
        }
    }

    void act(Effects& out) {
        const Peer peer{.id = input_.below(5), .validator = static_cast<std::uint32_t>(input_.below(5))};
        switch (input_.below(12)) {
            case 0: now_ += 40ULL * input_.byte(); return core_->step(now_, event::TimePassed{}, out);
            case 1: return core_->step(now_, event::WorkChanged{input_.below(2) == 0}, out);
            case 2: return core_->step(now_, event::PeerArrived{peer}, out);
            case 3: return core_->step(now_, event::PeerGone{peer}, out);
            case 4: return check_signatures(out);
            case 5:
                return core_->step(
                    now_, event::BlockBuilt{near_view(), block(), false, std::make_shared<const Bytes>()}, out);
            case 6:
                return core_->step(
                    now_,
                    event::BlockChecked{near_view(), block(), static_cast<event::Verdict>(input_.below(4)),
                                        input_.below(2) == 0, input_.byte()},
                    out);
            case 7: return executed(near_view(), block(), input_.below(3) != 0, out);
            case 8: return core_->step(now_, event::BlockFound{near_view(), block(), input_.below(2) == 0}, out);
            case 9:
                if (input_.below(8) == 0) return live();
                return;
            default: return core_->step(now_, event::Received{peer, std::make_shared<const Message>(message())}, out);
        }
    }

    void executed(std::uint64_t view, const Hash& hash, bool is_good, Effects& out) {
        if (is_good) blocks_.insert({view, hash});
        core_->step(now_, event::BlockExecuted{view, hash, is_good, false}, out);
    }

    void check_signatures(Effects& out) {
        if (batches_.empty()) return;
        const auto asked = batches_.begin();
        event::SignaturesChecked answer{.batch = asked->first};
        std::uint32_t number = 0;
        for (const auto& vote : asked->second.votes) {
            if (vote.signature[0] != 1) answer.bad.push_back(number);
            ++number;
        }
        for (const auto& carried : asked->second.certificates) {
            const bool is_good = std::ranges::all_of(carried->signatures, [](const auto& s) { return s[0] == 1; });
            if (!is_good) answer.bad.push_back(number);
            ++number;
        }
        batches_.erase(asked);
        core_->step(now_, answer, out);
    }

    void carry_out(Effects& out) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            chain::check(out.size() < 5'000);
            const Effect effect = out[i];
            if (const auto* cast = std::get_if<effect::CastVote>(&effect)) sign(cast->statement, out);
            if (const auto* store = std::get_if<effect::StoreCertificate>(&effect))
                stored_.push_back(store->certificate);
            if (const auto* check = std::get_if<effect::CheckSignatures>(&effect)) {
                batches_.emplace(check->batch, *check);
                if (input_.below(4) != 0) check_signatures(out);
            }
            if (const auto* check = std::get_if<effect::CheckBlock>(&effect); check != nullptr && input_.below(4) != 0)
                core_->step(now_, event::BlockChecked{check->position.view, check->block}, out);
            if (const auto* wish = std::get_if<effect::ExecuteBlock>(&effect); wish != nullptr && input_.below(4) != 0)
                executed(wish->view, wish->block, true, out);
            if (const auto* wish = std::get_if<effect::Propose>(&effect); wish != nullptr && input_.below(4) != 0) {
                const Hash hash{{static_cast<std::uint8_t>(wish->position.view), 9}};
                blocks_.insert({wish->position.view, hash});
                core_->step(now_, event::BlockBuilt{wish->position.view, hash, false, std::make_shared<const Bytes>()},
                            out);
            }
        }
    }

    bool has_stored(Kind kind, std::uint64_t view, const Statement* content) const {
        return std::ranges::any_of(stored_, [&](const CertificatePtr& held) {
            const Statement& said = held->statement;
            return said.kind == kind && said.view == view &&
                   (content == nullptr || (said.block == content->block && said.parent_view == content->parent_view));
        });
    }

    void sign(const Statement& said, Effects& out) {
        for (const auto& earlier : own_) {
            if (earlier.statement.view != said.view) continue;
            const Kind other = earlier.statement.kind;
            chain::check(other != said.kind);
            chain::check(other == Kind::Notarize || said.kind == Kind::Notarize);
        }
        if (said.kind == Kind::Finalize)
            chain::check(has_stored(Kind::Notarize, said.view, &said) || has_stored(Kind::Finalize, said.view, &said));
        if (said.kind == Kind::Notarize) {
            const std::uint64_t parent = said.parent_view;
            chain::check(parent == 0 || has_stored(Kind::Notarize, parent, nullptr) ||
                         has_stored(Kind::Finalize, parent, nullptr));
            for (std::uint64_t u = parent + 1; u < said.view; ++u) chain::check(has_stored(Kind::Nullify, u, nullptr));
        }
        if (input_.below(16) == 0) return core_->step(now_, event::SigningRefused{said}, out);
        own_.push_back({said, me, {1}});
        core_->step(now_, event::OwnVote{own_.back()}, out);
    }

    fuzz::Input input_;
    std::optional<Core> core_;
    std::uint64_t now_ = 0;
    std::uint64_t view_ = 0;
    std::vector<votes::Vote> own_;
    std::vector<CertificatePtr> stored_;
    std::map<std::uint64_t, effect::CheckSignatures> batches_;
    std::set<std::pair<std::uint64_t, Hash>> blocks_;
};

void consensus_step(fuzz::Input input) { World{input}.run(); }

const fuzz::Target target{"consensus_step", consensus_step};

}  // namespace
