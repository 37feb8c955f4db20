#pragma once
// The inside of Core, a page per concern: core.cpp (events in), votes.cpp (slots and tallies), evidence.cpp
// (contradictions), proposals.cpp (accepting), proposing.cpp (leading), judging.cpp (check, notarize, execute,
// certify), certificates.cpp (learning, relaying, answering), finality.cpp (the floor), timers.cpp (views, patience,
// idleness), resending.cpp (retry and standstill), seeking.cpp (missing blocks), recovery.cpp (an earlier life),
// report.cpp.

#include "consensus/core/core.hpp"
#include "consensus/core/deck.hpp"
#include "consensus/core/peers.hpp"
#include "consensus/core/view.hpp"
#include "consensus/types/mutant.hpp"

#include <algorithm>
#include <utility>

namespace consensus {

/// Signatures that are being checked, and what for.
struct Batch {
    enum class Purpose : std::uint8_t {
        Group,        ///< votes of one statement that may be a quorum
        Relayed,      ///< a vote that did not come from its author
        Rival,        ///< two votes of one validator that contradict each other
        Skip,         ///< a notarize that skips a final view
        Proposal,     ///< a leader's vote and the certificates it brings
        Certificate,  ///< one certificate
        OwnKey        ///< a vote of my key from elsewhere
    };
    std::uint64_t id = 0;
    Purpose purpose{};
    Peer from;
    std::vector<votes::Vote> votes;
    std::vector<CertificatePtr> certificates;
    MessagePtr proposal;
    std::vector<std::pair<Peer, CertificatePtr>> waiting;  ///< the same certificate from others, if this one is forged
};

class Core::Machine {
public:
    Machine(EpochInfo epoch, Config config, Recovered recovered);

    void start(std::uint64_t now, Effects& out);
    void step(std::uint64_t now, const Event& event, Effects& out);
    std::uint64_t next_timer() const;

    // core.cpp
    void on(const event::Received& event);
    void on(const event::PeerArrived& event);
    void on(const event::PeerGone& event);
    void on(const event::SignaturesChecked& event);
    void on(const event::OwnVote& event);
    void on(const event::SigningRefused& event);
    void on(const event::BlockBuilt& event);
    void on(const event::BuildFailed& event);
    void on(const event::BlockChecked& event);
    void on(const event::BlockExecuted& event);
    void on(const event::BlockFound& event);
    void on(const event::FloorDurable& event);
    void on(const event::WorkChanged& event);
    void on(const event::TimePassed&) {}

    ViewReport report() const;
    Footprint footprint() const;
    std::pair<Waits, std::string> waits_for() const;

    // what all pages share
    template <class E>
    void emit(E&& effect) {
        out_->emplace_back(std::forward<E>(effect));
    }
    void send(effect::To to, MessagePtr message) {
        const bool is_alone = peers_.validators() == 1 && std::holds_alternative<effect::ToAll>(to);
        if (!is_alone) emit(effect::Send{to, std::move(message)});
    }
    void send(effect::To to, Message message) { send(to, std::make_shared<const Message>(std::move(message))); }
    bool votes_here() const { return config_.me.has_value() && !is_ended_; }
    bool leads(std::uint64_t view) const { return config_.me && deck_.leader(view) == *config_.me; }
    std::uint64_t weight(std::uint32_t validator) const { return epoch_.table[validator].weight; }
    View& current() { return views_.at(view_); }
    const Timers& timers() const { return config_.timers; }
    void cast(View& view, Kind kind, std::uint16_t content, Payload block = nullptr);
    void misbehaved(const Peer& peer, effect::Misdeed misdeed) { emit(effect::Misbehaved{peer, misdeed}); }

    // votes.cpp
    void receive(const Peer& from, const votes::Vote& vote);
    bool admits(const votes::Statement& statement) const;
    void put(View& view, const votes::Vote& vote, Slot::State state, std::uint64_t via);
    void count(View& view, Kind kind, std::uint16_t content);
    void check_group(View& view, Kind kind, std::uint16_t content);
    void group_checked(const Batch& batch, const std::vector<std::uint32_t>& bad);
    void relayed_checked(const Batch& batch);
    void certify_group(View& view, Kind kind, std::uint16_t content);
    std::uint64_t open_batch(Batch batch);
    void hear_elsewhere(const Peer& from, const votes::Vote& vote);

    // evidence.cpp
    void on_rival(const Peer& from, View& view, const votes::Vote& vote);
    void look_for_nullify_and_finalize(View& view, std::uint32_t validator);
    void rivals_checked(const Batch& batch, const std::vector<std::uint32_t>& bad);
    CertificatePtr skipped_final(const votes::Statement& said) const;
    void look_for_skip(const Peer& from, const votes::Vote& vote);
    void charge_skip(const votes::Vote& vote);
    void charge_signers(const votes::Certificate& notarization);
    void look_for_skips_of_floor();
    votes::Vote vote_in(View& view, Kind kind, std::uint32_t validator) const;

    // proposals.cpp
    void receive(const Peer& from, const Proposal& proposal, const MessagePtr& message);
    bool is_well_formed(const Proposal& proposal) const;
    void proposal_checked(const Batch& batch, const std::vector<std::uint32_t>& bad);
    void accept(const Peer& from, const Proposal& proposal);

    // proposing.cpp
    void try_propose();
    void build_ahead();
    bool take_ahead(const Tip& parent);
    std::optional<Tip> find_parent();
    void propose_again(const Tip& boundary);
    bool send_proposal(const View& view, const votes::Vote& vote, effect::To to);
    bool may_propose_now() const;

    // judging.cpp
    std::optional<Tip> certified_tip(std::uint64_t view) const;
    void work_on(std::uint64_t view);
    void work_on(View& view, std::uint16_t content);
    bool know_number(const View& view, Content& content, const Tip& parent);
    void try_notarize(View& view, std::uint16_t content);
    bool has_skip_proof(std::uint64_t parent_view, std::uint64_t view);
    void execute(View& view, Content& content, const Tip& parent);
    void certify(View& view, std::uint16_t content);
    void try_finalize(View& view);
    void fail(View& view, Content& content);

    // certificates.cpp
    void receive(const Peer& from, const CertificatePtr& certificate);
    bool is_news(const votes::Certificate& certificate) const;
    void certificate_checked(Batch& batch, bool is_good);
    void learn(const CertificatePtr& certificate);
    void relay(const CertificatePtr& certificate);
    void relay_late();
    void answer_straggler(const Peer& peer, std::uint64_t view);
    void send_proof(const effect::To& to, std::uint64_t view);
    CertificatePtr entry_certificate() const;
    void receive(const Peer& from, const CertificateRequest& request);
    void request_certificates(std::uint64_t from_view, std::uint64_t to_view, effect::To to);

    // finality.cpp
    void finalize(const CertificatePtr& certificate);
    void check_end(const Tip& tip);

    // timers.cpp
    void enter(std::uint64_t view, effect::Outcome outcome);
    void run_due();
    void start_timers();
    void expire_leader();
    void nullify();
    std::uint64_t patience(std::uint64_t ms) const;
    bool has_work() const;
    bool has_own_work() const;
    void work_appeared();
    void wake_leader();
    void receive(const Peer& from, const Wake& wake);
    void receive(const Peer& from, const Status& status);
    void send_status();
    Status status_for(const ValidatorState* receiver) const;
    void reset_backoff();

    // resending.cpp
    void retry();
    void stand_still();
    std::size_t resend_view(std::uint64_t view);

    // seeking.cpp
    void seek(View& view, Content& content, std::uint64_t at);
    void run_chores();
    void ask_for_block(View& view, Content& content);
    bool is_lost_proposal(const View& view, const Content& content) const;
    void receive(const Peer& from, const BlockRequest& request);
    bool serve_proposal(const Peer& to, const BlockRequest& request);
    bool is_worth_asking(const View& view, const Content& content, std::uint32_t validator) const;
    void receive(const Peer& from, const BlockAnswer& answer);

    // recovery.cpp
    void recover();
    void recover_votes();
    void recover_view();

    EpochInfo epoch_;
    Config config_;
    Recovered recovered_;  // until start
    Deck deck_;
    Views views_;
    Peers peers_;
    chain::u128 quorum_;

    std::uint64_t now_ = 0;
    Effects* out_ = nullptr;
    bool is_recovering_ = false;  // learning what the journal holds: nothing is stored, sent or entered
    bool is_ended_ = false;

    std::uint64_t view_ = 0;
    std::uint64_t entered_at_ = 0;
    std::uint64_t idle_until_ = 0;  // a chain without work rests until then
    std::uint64_t floor_ = 0;
    CertificatePtr floor_certificate_;
    Tip durable_;
    CertificatePtr end_;  // the F of the boundary block

    std::vector<Batch> batches_;
    std::uint64_t next_batch_ = 1;

    // leading the current view
    bool is_building_ = false;
    bool is_woken_ = false;
    std::uint64_t woken_view_ = 0;  // a Wake for the view after the current one came early
    std::uint64_t build_parent_ = 0;
    // Leading the next view: its block is built on the current one's as soon as that was executed.
    struct Ahead {
        std::uint64_t view = 0;
        Hash parent;
        bool is_answered = false;
        std::optional<event::BlockBuilt> built;
    };
    std::optional<Ahead> ahead_;
    std::uint64_t ahead_at_ = never;
    std::uint64_t build_since_ = 0;
    std::uint64_t build_ms_ = 0;  // what the last block took

    // when what is due; never = not armed
    std::uint64_t timers_since_ = never;
    std::uint64_t leader_at_ = never;
    std::uint64_t advance_at_ = never;
    std::uint64_t idle_at_ = never;
    std::uint64_t propose_at_ = never;
    std::uint64_t give_up_at_ = never;
    std::uint64_t retry_at_ = never;
    std::uint64_t standstill_at_ = never;
    std::uint64_t status_at_ = never;
    std::uint64_t wake_at_ = never;
    std::uint64_t ancestor_at_ = never;
    std::uint64_t chores_at_ = never;
    std::uint64_t relay_at_ = never;
    std::uint64_t request_from_ = 0;  // certificates are not requested again before

    bool is_work_forwarded_ = false;  // in the current view
    bool is_wake_sent_ = false;       // in the current view
    bool has_host_work_ = false;
    std::uint64_t open_since_ = never;  // when the first unfinal block with content was certified
    std::uint64_t open_view_ = 0;       // the highest view of such a block
    std::uint64_t boundary_view_ = 0;   // a view in which the boundary block is certified; 0: none
    std::uint64_t backoff_base_ = 0;    // R11 counts views from here, or from the floor if that is higher
    std::uint64_t reset_allowed_at_ = 0;
    bool has_quorum_ = false;
    std::uint64_t skips_ = 0;        // leaders skipped since the last finalization
    std::uint64_t resend_next_ = 0;  // where the next standstill round begins
    std::vector<CertificatePtr> late_relays_;
};

}  // namespace consensus
