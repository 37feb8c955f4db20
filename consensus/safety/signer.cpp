#include "consensus/safety/signer.hpp"

#include "consensus/types/mutant.hpp"

#include <algorithm>

namespace consensus::safety {

Result<Signer> Signer::open(Storage& storage, const votes::Secret& key, const Hash& genesis,
                            std::optional<Mark> no_sign_until) {
    Signer out{storage, key, genesis};
    TRY(const LoadedWatermark loaded, out.file_.load(genesis, key.public_key()));
    if (loaded.is_damaged && !no_sign_until) return chain::fault(std::string{damaged_watermark});
    out.is_new_ = !loaded.watermark && !loaded.is_damaged;
    if (loaded.watermark) out.watermark_ = *loaded.watermark;
    if (no_sign_until) out.silence(*no_sign_until);
    out.needs_repair_ = loaded.is_half_damaged || no_sign_until.has_value();
    return out;
}

chain::Result<Vote, Refusal> Signer::sign(const Statement& statement, std::uint32_t validator) {
    const auto refusal = watermark_.refusal(statement);
    if (refusal && !mutant(Mutant::NoWatermark)) return std::unexpected{*refusal};
    note(statement);
    return Vote{statement, validator, key_->sign(votes::signing_bytes(statement, genesis_))};
}

Result<void> Signer::commit() {
    if (!is_changed_) return {};
    TRY_VOID(file_.save(watermark_, genesis_, key_->public_key()));
    is_changed_ = false;
    return {};
}

Result<void> Signer::repair() {
    for (int slot = 0; slot < 2; ++slot) TRY_VOID(file_.save(watermark_, genesis_, key_->public_key()));
    is_changed_ = needs_repair_ = false;
    return {};
}

void Signer::note(const Statement& statement) {
    Watermark after = watermark_;
    after.note(statement);
    is_changed_ = is_changed_ || after != watermark_;
    watermark_ = after;
}

void Signer::silence(const Mark& until) {
    if (until <= watermark_.silent_until) return;
    watermark_.silent_until = until;
    is_changed_ = true;
}

}  // namespace consensus::safety
