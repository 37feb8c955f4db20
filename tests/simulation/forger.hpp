#pragma once
// A validator without scruples about other people's names: it alters what it passes on, and invents what nobody signed.

#include "tests/simulation/players.hpp"

#include <deque>

namespace simulation {

class Forger : public Behaviour {
public:
    void speak(Mouth& mouth, std::uint32_t to, const consensus::MessagePtr& message) override;
    void hear(Mouth& mouth, std::uint32_t from, const consensus::MessagePtr& message) override;

private:
    /// Proposes for the view after this notarized one, whoever leads it.
    static void usurp(Mouth& mouth, const consensus::CertificatePtr& parent);
    /// A proposal of its own view that stands on an old notarized block and proves nothing about the views between.
    consensus::MessagePtr skip_views(Mouth& mouth, const consensus::Proposal& proposal);
    consensus::MessagePtr forge(Mouth& mouth, const consensus::Message& model);
    consensus::MessagePtr forge_vote(Mouth& mouth, votes::Vote vote);
    consensus::MessagePtr forge_certificate(Mouth& mouth, votes::Certificate certificate);
    consensus::MessagePtr forge_proposal(Mouth& mouth, consensus::Proposal proposal);
    /// Turns bits of the encoded message; nothing where no message is left.
    static consensus::MessagePtr garble(Mouth& mouth, const consensus::Message& message);

    /// What was true once, to be said again later.
    std::deque<consensus::MessagePtr> remembered_;
    /// Notarizations that were seen, oldest first.
    std::deque<consensus::CertificatePtr> notarizations_;
    votes::Statement spoken_;
    consensus::MessagePtr skipping_;
};

}  // namespace simulation
