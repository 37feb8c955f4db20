#pragma once
// What the node's owner may ask of an engine, whichever it is.

#include "chain/base/result.hpp"

#include <functional>

namespace consensus {

class Engine {
public:
    virtual ~Engine() = default;
    /// Begins to agree. `on_fault` is called once, from the engine's thread, if it had to stop: the node must stop too.
    virtual void start(std::function<void(const chain::Fault&)> on_fault) = 0;
    /// Returns once the engine does nothing any more. Not from `on_fault`.
    virtual void stop() = 0;
    /// There may be work. Cheap, from any thread.
    virtual void wake() = 0;

protected:
    Engine() = default;
    Engine(const Engine&) = default;
    Engine& operator=(const Engine&) = default;
};

}  // namespace consensus
