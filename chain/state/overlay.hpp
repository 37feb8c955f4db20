#pragma once
// Changes on top of a state that stays as it is. Layers nest: a call that fails takes back what it wrote, and nothing
// else. One journal of what was overwritten serves all layers, so reading costs one search however deep they nest.

#include "chain/state/view.hpp"

#include <cstddef>
#include <vector>

namespace state {

class Overlay : public StateView {
public:
    /// `below` outlives the overlay and does not change meanwhile.
    explicit Overlay(const StateView& below) : below_(below) {}

    std::optional<Bytes> get(ByteView key) const override;
    bool contains(ByteView key) const override;
    std::optional<Bytes> next_key(ByteView after) const override;

    void put(ByteView key, Bytes value);
    void erase(ByteView key);

    /// Opens a layer inside the open ones.
    void begin();
    /// Closes the innermost layer; its changes belong to the one around it.
    void commit();
    /// Closes the innermost layer and undoes what was written in it.
    void rollback();
    /// How many layers are open.
    std::size_t open_layers() const { return layers_.size(); }

    /// What changed so far. A key that was written and then erased again is there as removed.
    const StateDiff& changes() const { return changes_; }
    /// All changes; the overlay is empty afterwards. No layer may be open.
    StateDiff take();

private:
    /// What `changes_` held for a key before a layer wrote it: nullopt = no entry.
    struct Undo {
        Bytes key;
        std::optional<std::optional<Bytes>> before;
    };
    void write(ByteView key, std::optional<Bytes> value);

    const StateView& below_;
    StateDiff changes_;
    std::vector<Undo> journal_;
    std::vector<std::size_t> layers_;  // length of the journal where each open layer began
};

/// Opens a layer and, unless `keep` was called, rolls it back at the end of the scope.
class Layer {
public:
    explicit Layer(Overlay& overlay) : overlay_(&overlay) { overlay.begin(); }
    Layer(const Layer&) = delete;
    Layer& operator=(const Layer&) = delete;
    ~Layer() {
        if (overlay_ != nullptr) overlay_->rollback();
    }
    void keep() {
        overlay_->commit();
        overlay_ = nullptr;
    }

private:
    Overlay* overlay_;
};

}  // namespace state
