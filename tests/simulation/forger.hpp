#pragma once
// A validator without scruples about other people's names: it alters what it passes on, and invents what nobody signed.

#include "tests/simulation/players.hpp"

#include <deque>

namespace simulation {

class Forger : public Behaviour {
public:
    void hear(Mouth& mouth, std::uint32_t from, const consensus::MessagePtr& message) override;

private:
    consensus::MessagePtr forge(Mouth& mouth, const consensus::Message& model);
    consensus::MessagePtr forge_vote(Mouth& mouth, votes::Vote vote);
    consensus::MessagePtr forge_certificate(Mouth& mouth, votes::Certificate certificate);
    consensus::MessagePtr forge_proposal(Mouth& mouth, consensus::Proposal proposal);
    /// Turns bits of the encoded message; nothing where no message is left.
    static consensus::MessagePtr garble(Mouth& mouth, const consensus::Message& message);

    /// What was true once, to be said again later.
    std::deque<consensus::MessagePtr> remembered_;
};

}  // namespace simulation
