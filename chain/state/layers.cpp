#include "chain/state/layers.hpp"

#include "chain/base/check.hpp"

#include <utility>

namespace state {

LayeredView::LayeredView(std::shared_ptr<const BlockLayer> top, std::shared_ptr<const StateView> state,
                         std::shared_ptr<const NodeView> nodes)
    : state_(std::move(state)), nodes_(std::move(nodes)) {
    chain::check(state_ != nullptr && nodes_ != nullptr);
    for (auto layer = std::move(top); layer != nullptr; layer = layers_.back()->parent.lock())
        layers_.push_back(std::move(layer));
}

std::optional<Bytes> LayeredView::get(ByteView key) const {
    for (const auto& layer : layers_)
        if (const auto found = layer->diff.find(key); found != layer->diff.end()) return found->second;
    return state_->get(key);
}

bool LayeredView::contains(ByteView key) const {
    for (const auto& layer : layers_)
        if (const auto found = layer->diff.find(key); found != layer->diff.end()) return found->second.has_value();
    return state_->contains(key);
}

std::optional<Bytes> LayeredView::node(ByteView path) const {
    for (const auto& layer : layers_)
        if (const auto found = layer->nodes.find(path); found != layer->nodes.end()) return found->second;
    return nodes_->node(path);
}

std::optional<Bytes> LayeredView::next_key(ByteView after) const {
    auto base = state_->next_key(after);
    for (Bytes at = chain::to_bytes(after);;) {
        // The smallest key that anybody knows of, and the newest word on it.
        const Bytes* least = base ? &*base : nullptr;
        bool present = base.has_value();
        for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) {
            const auto found = (*layer)->diff.upper_bound(at);
            if (found == (*layer)->diff.end() || (least != nullptr && *least < found->first)) continue;
            least = &found->first;
            present = found->second.has_value();
        }
        if (least == nullptr) return std::nullopt;
        if (present) return *least;
        at = *least;
        if (base && *base == at) base = state_->next_key(at);
    }
}

}  // namespace state
