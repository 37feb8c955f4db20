#include "tests/simulation/players.hpp"

#include "tests/simulation/forger.hpp"

#include <algorithm>
#include <deque>

namespace simulation {

namespace {

using consensus::CertificatePtr;
using consensus::MessagePtr;
using consensus::Proposal;
using votes::Kind;
using votes::Statement;
using votes::Vote;

MessagePtr share(consensus::Message message) { return std::make_shared<const consensus::Message>(std::move(message)); }

/// Sends to a random half of the nodes.
void say_to_some(Mouth& mouth, const MessagePtr& message) {
    for (std::uint32_t to = 0; to < mouth.nodes; ++to)
        if (to != mouth.node && mouth.random.below(2) == 0) mouth.say(to, message);
}

class Equivocator : public Behaviour {
public:
    void speak(Mouth& mouth, std::uint32_t to, const MessagePtr& message) override {
        const auto* proposal = std::get_if<Proposal>(&*message);
        if (proposal == nullptr || proposal->vote.validator != mouth.validator || proposal->block == nullptr)
            return mouth.say(to, message);
        if (proposal->vote.statement != first_) make_second(mouth, *proposal);
        mouth.say(to, to % 2 == 0 || second_ == nullptr ? message : second_);
        if (second_ != nullptr && mouth.random.below(8) == 0) mouth.say(to, second_);
    }

    void hear(Mouth& mouth, std::uint32_t, const MessagePtr& message) override {
        if (const auto* proposal = std::get_if<Proposal>(&*message)) support(mouth, proposal->vote.statement);
        else if (const auto* vote = std::get_if<Vote>(&*message)) support(mouth, vote->statement);
    }

private:
    void make_second(Mouth& mouth, const Proposal& proposal) {
        first_ = proposal.vote.statement;
        second_ = nullptr;
        const auto block = mouth.variant(proposal.block);
        if (!block) return;
        Statement statement = first_;
        statement.block = block->first;
        second_ = share(Proposal{mouth.sign(statement), proposal.certificates, block->second});
    }

    /// Signs whatever it hears of, for and against.
    void support(Mouth& mouth, Statement statement) {
        if (statement.kind == Kind::Nullify) {
            say_once(mouth, statement);
            return;
        }
        statement.kind = Kind::Notarize;
        say_once(mouth, statement);
        statement.kind = Kind::Finalize;
        say_once(mouth, statement);
        say_once(mouth, Statement{.kind = Kind::Nullify, .epoch = statement.epoch, .view = statement.view});
    }

    void say_once(Mouth& mouth, const Statement& statement) {
        // Two of this kind and a flooder would talk to each other without end.
        if (mouth.now() >= next_round_) {
            next_round_ = mouth.now() + 50'000;
            round_ = 0;
        }
        if (++round_ > 32) return;
        if (std::ranges::find(said_, statement) != said_.end()) return;
        said_.push_back(statement);
        if (said_.size() > 64) said_.pop_front();
        say_to_some(mouth, share(mouth.sign(statement)));
    }

    Statement first_;
    MessagePtr second_;
    std::deque<Statement> said_;
    Micros next_round_ = 0;
    std::uint32_t round_ = 0;
};

class Silent : public Behaviour {
public:
    void speak(Mouth&, std::uint32_t, const MessagePtr&) override {}
};

class Late : public Behaviour {
public:
    void speak(Mouth& mouth, std::uint32_t to, const MessagePtr& message) override {
        mouth.say(to, message, mouth.random.below(mouth.random.below(4) == 0 ? 6'000'000 : 2'500'000));
    }
};

class Withholder : public Behaviour {
public:
    void speak(Mouth& mouth, std::uint32_t to, const MessagePtr& message) override {
        if (std::holds_alternative<consensus::BlockAnswer>(*message) ||
            std::holds_alternative<CertificatePtr>(*message))
            return;
        // A new choice of favourites now and then, in the middle of views, too.
        if (mouth.random.below(16) == 0) favourites_ = mouth.random.next();
        if (((favourites_ >> (to % 64)) & 1) != 0) mouth.say(to, message);
    }

private:
    std::uint64_t favourites_ = 0x5555555555555555;
};

class Flooder : public Behaviour {
public:
    void speak(Mouth& mouth, std::uint32_t to, const MessagePtr& message) override {
        for (int i = 0; i < 4; ++i) mouth.say(to, message);
    }

    void hear(Mouth& mouth, std::uint32_t from, const MessagePtr& message) override {
        // Answers to a flood, or another flooder, must not feed it.
        if (mouth.now() < next_flood_) return;
        next_flood_ = mouth.now() + 20'000;
        const std::uint64_t epoch = consensus::epoch_of(*message);
        for (int i = 0; i < 24; ++i) mouth.say(from, flood(mouth, epoch));
    }

private:
    static MessagePtr flood(Mouth& mouth, std::uint64_t epoch) {
        Random& random = mouth.random;
        const std::uint64_t view = random.below(2) == 0 ? random.below(200) : random.below(100'000);
        Statement statement{.kind = static_cast<Kind>(random.below(3)), .epoch = epoch, .view = view};
        if (statement.kind != Kind::Nullify) {
            statement.parent_view = view == 0 ? 0 : view - 1;
            statement.block.value[0] = static_cast<std::uint8_t>(random.next());
        }
        switch (random.below(6)) {
            case 0: return share(consensus::Wake{epoch, view});
            case 1: return share(consensus::CertificateRequest{epoch, random.below(view + 1), view});
            case 2: return share(consensus::BlockRequest{epoch, view, statement.block});
            case 3: return share(consensus::Status{.epoch = epoch, .view = view, .floor_view = view});
            default: return share(mouth.sign(statement));
        }
    }

    Micros next_flood_ = 0;
};

}  // namespace

std::unique_ptr<Behaviour> make_behaviour(Player player) {
    switch (player) {
        case Player::Equivocator: return std::make_unique<Equivocator>();
        case Player::Silent: return std::make_unique<Silent>();
        case Player::Late: return std::make_unique<Late>();
        case Player::Forger: return std::make_unique<Forger>();
        case Player::Withholder: return std::make_unique<Withholder>();
        case Player::Flooder: return std::make_unique<Flooder>();
        case Player::Honest:
        case Player::RootLiar:
        case Player::Twin: break;
    }
    return nullptr;
}

}  // namespace simulation
