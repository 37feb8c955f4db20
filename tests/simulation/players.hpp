#pragma once
// Validators that lie. Each is an honest replica whose mouth somebody else controls: it follows the agreement, so it
// knows what hurts, and says something else, to others, later or not at all.

#include "consensus/types/message.hpp"
#include "tests/simulation/scenario.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace simulation {

/// What a player can do with its key and its connections.
class Mouth {
public:
    virtual ~Mouth() = default;
    /// Puts a message on the way to one node.
    virtual void say(std::uint32_t node, consensus::MessagePtr message, Micros delay_us = 0) = 0;
    virtual Micros now() const = 0;
    virtual votes::Vote sign(const votes::Statement& statement) = 0;
    /// Another block on the same parent, and its hash; nothing where the application cannot make one.
    virtual std::optional<std::pair<chain::Hash, consensus::Payload>> variant(const consensus::Payload& block) = 0;

    /// A valid block on this parent, in this place.
    virtual std::optional<std::pair<chain::Hash, consensus::Payload>> child_of(const chain::Hash& parent,
                                                                               const consensus::Position& position) = 0;

    std::uint32_t validator = 0;
    std::uint32_t node = 0;
    std::uint32_t nodes = 0;
    Random random{0};

protected:
    Mouth() = default;
    Mouth(const Mouth&) = default;
    Mouth& operator=(const Mouth&) = default;
};

class Behaviour {
public:
    virtual ~Behaviour() = default;
    /// The replica wants to send this. An honest one says what it wants to say.
    virtual void speak(Mouth& mouth, std::uint32_t to, const consensus::MessagePtr& message) { mouth.say(to, message); }
    /// A message came in; the replica hears it, too.
    virtual void hear(Mouth&, std::uint32_t /*from*/, const consensus::MessagePtr&) {}

protected:
    Behaviour() = default;
    Behaviour(const Behaviour&) = default;
    Behaviour& operator=(const Behaviour&) = default;
};

/// Null for players that only their application or their number makes: Honest, RootLiar, Twin.
std::unique_ptr<Behaviour> make_behaviour(Player player);

}  // namespace simulation
