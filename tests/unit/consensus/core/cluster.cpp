#include "cluster.hpp"

#include <utility>

namespace stage {

Cluster::Cluster(EpochInfo epoch, Config config) {
    for (std::uint32_t i = 0; i < epoch.table.size(); ++i) nodes_.push_back(std::make_unique<Node>(epoch, i, config));
}

void Cluster::start() {
    for (std::uint32_t i = 0; i < size(); ++i)
        if (!silent.contains(i)) take(i, node(i).start());
    for (std::uint32_t i = 0; i < size(); ++i)
        for (std::uint32_t peer = 0; peer < size(); ++peer)
            if (i != peer && !silent.contains(i) && !silent.contains(peer))
                take(i, node(i).happens(event::PeerArrived{{.id = peer + 1, .validator = peer}}));
}

void Cluster::everybody_has_work() {
    for (std::uint32_t i = 0; i < size(); ++i)
        if (!silent.contains(i)) take(i, node(i).has_work());
}

void Cluster::run(std::uint64_t ms) {
    for (std::uint64_t passed = 0; passed < ms; ++passed) {
        for (std::uint32_t i = 0; i < size(); ++i)
            if (!silent.contains(i)) take(i, node(i).waits(1));
        for (const Letter& letter : std::exchange(letters_, {}))
            if (!silent.contains(letter.to))
                take(letter.to, node(letter.to).happens(event::Received{
                                    {.id = letter.from + 1, .validator = letter.from}, letter.message}));
    }
}

void Cluster::take(std::uint32_t from, const Effects& effects) {
    for (const auto& effect : effects) {
        effects_.push_back(effect);
        if (const auto* final = std::get_if<effect::Finalize>(&effect))
            agree_ = agree_ && final_.emplace(final->view, final->block).first->second == final->block;
        if (const auto* served = std::get_if<effect::ServeBlock>(&effect)) serve(from, *served);
        const auto* send = std::get_if<effect::Send>(&effect);
        if (send == nullptr || silent.contains(from)) continue;
        for (std::uint32_t to = 0; to < size(); ++to) {
            if (to == from || !passes(from, to, *send->message)) continue;
            if (const auto* validator = std::get_if<effect::ToValidator>(&send->to);
                validator && validator->index != to)
                continue;
            if (const auto* peer = std::get_if<effect::ToPeer>(&send->to); peer && peer->id != to + 1) continue;
            letters_.push_back({from, to, send->message});
        }
    }
}

/// Blocks of the stage are made of their hash alone.
void Cluster::serve(std::uint32_t from, const effect::ServeBlock& served) {
    const auto& request = served.request;
    const BlockAnswer answer{request.epoch, request.view, request.block, payload_of(request.block)};
    take(from, {effect::Send{effect::ToPeer{served.peer}, std::make_shared<const Message>(answer)}});
}

bool Cluster::agree() const { return agree_; }

}  // namespace stage
