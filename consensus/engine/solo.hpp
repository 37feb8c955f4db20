#pragma once
// Agreement of a validator set of one: every proposal is final as soon as its only validator has signed and stored it.
//
// Why it never signs two blocks for one view, across crashes too: the next view is the stored head's view plus one, and
// a certificate leaves this thread only inside the batch that makes its block the stored head. A process that dies
// between the signature and the batch takes the signature with it: nobody has seen it, so the view is still unsigned to
// the world. Once the batch is durable the head has that view, and it is never proposed in again. (A folder restored
// from a backup breaks the premise; several validators therefore sign through consensus/safety with a journal of its
// own.)

#include "chain/votes/vote.hpp"
#include "consensus/engine/pace.hpp"
#include "consensus/engine/solo_application.hpp"

#include <functional>
#include <memory>

namespace consensus {

class SoloEngine {
public:
    /// The table must hold one validator, with this key's public half. The application must outlive the engine.
    SoloEngine(SoloApplication& application, const Hash& genesis, votes::ValidatorTable table, crypto::Ed25519Key key,
               PaceLimits pace = {});
    ~SoloEngine();
    SoloEngine(const SoloEngine&) = delete;
    SoloEngine& operator=(const SoloEngine&) = delete;

    void start(std::function<void(const Fault&)> on_fault);
    void stop();
    void wake();

    /// One block, now, final when it returns. The engine's thread calls this; tests do, without the thread.
    Result<Tip> step();

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace consensus
