#pragma once
// What the journal tells a new life.

#include "consensus/core/config.hpp"
#include "consensus/replica/ports.hpp"
#include "consensus/safety/journal.hpp"
#include "consensus/safety/signer.hpp"

namespace consensus {

/// The signer remembers every vote that the journal knows, of any epoch. A damaged journal makes it silent up to the
/// highest view that it signed: what is missing may have been a vote.
void remind(safety::Signer& signer, const safety::Journal& journal);

/// What a core of this epoch begins with. `floor` is the chain's last final block; the blocks that we promised to have
/// go to the host.
Recovered recover(safety::Journal& journal, const EpochInfo& epoch, std::optional<std::uint32_t> me,
                  const FinalBlock& floor, Host& host);

/// The same for a node without a journal.
Recovered recover(const EpochInfo& epoch, const FinalBlock& floor);

}  // namespace consensus
