#include "runtime/appchain/reference.hpp"

#include "chain/base/ports.hpp"
#include "runtime/appchain/runtime_metadata.hpp"
#include "runtime/dispatch/pallets.hpp"
#include "runtime/frame/dynamic.hpp"
#include "runtime/pallets/system/marker.hpp"

#include <fmt/format.h>

namespace runtime {

namespace {

using metadata::Docs;
using metadata::PalletV15;
using metadata::V15;

std::string summary(const Docs& docs) { return docs.empty() ? std::string{} : docs.front(); }

const std::vector<metadata::VariantCase>& cases(const V15& model, metadata::TypeId id) {
    return std::get<metadata::Variant>(model.types.at(id.value).type.definition).cases;
}

std::string members(const V15& model, const std::vector<metadata::Field>& fields) {
    std::string out;
    for (const auto& field : fields)
        out += (out.empty() ? "" : ", ") + (field.name ? *field.name + ": " : "") +
               metadata::type_text(model.types, field.type);
    return out;
}

/// "`transfer_keep_alive(dest: AccountId20, …)`", or the name alone.
std::string signature(const V15& model, const metadata::VariantCase& one) {
    return "`" + one.name + (one.fields.empty() ? "" : "(" + members(model, one.fields) + ")") + "`";
}

/// Weight, class and payment of a call, by "Pallet.call"; a weight that depends on the arguments is the least one.
std::vector<std::pair<std::string, std::string>> call_prices() {
    std::vector<std::pair<std::string, std::string>> out;
    Pallets::for_each([&]<class P>(std::type_identity<P>) {
        reflect::for_each_index<std::variant_size_v<typename P::Call>>([&](auto i) {
            using C = std::variant_alternative_t<i, typename P::Call>;
            const auto weight = frame::weight_of(C{});
            constexpr bool varies = requires { C::weight(C{}); };
            std::string price = fmt::format("{}{} ns", varies ? "from " : "", weight.ref_time / 1'000);
            if (frame::class_of<C>() == frame::DispatchClass::Operational) price += ", operational";
            if (frame::class_of<C>() == frame::DispatchClass::Mandatory) price += ", mandatory";
            if (frame::pays_of<C>() == frame::Pays::No) price += ", free";
            out.emplace_back(
                fmt::format("{}.{}", P::name, std::string_view{reflect::snake_case(reflect::type_name<C>)}),
                std::move(price));
        });
    });
    return out;
}

std::string price_of(const std::vector<std::pair<std::string, std::string>>& prices, const std::string& call) {
    for (const auto& [name, price] : prices)
        if (name == call) return price;
    return {};
}

void write_calls(const V15& model, const PalletV15& pallet, std::string& out) {
    if (!pallet.calls) return;
    const auto prices = call_prices();
    out += "\n### Calls\n\n| index | call | weight | what it does |\n| --- | --- | --- | --- |\n";
    for (const auto& call : cases(model, pallet.calls->type))
        out += fmt::format("| {} | {} | {} | {} |\n", call.index, signature(model, call),
                           price_of(prices, pallet.name + "." + call.name), summary(call.docs));
}

void write_storage(const V15& model, const PalletV15& pallet, std::string& out) {
    if (!pallet.storage) return;
    out += "\n### Storage\n\n| item | key | value | what it is |\n| --- | --- | --- | --- |\n";
    for (const auto& entry : pallet.storage->entries) {
        std::string key = "–";
        metadata::TypeId value{};
        if (const auto* map = std::get_if<metadata::MapOf>(&entry.type)) {
            key = "`" + metadata::type_text(model.types, map->key) + "`";
            value = map->value;
        } else {
            value = std::get<metadata::Plain>(entry.type).value;
        }
        const bool may_be_absent = entry.modifier == metadata::Modifier::Optional;
        out += fmt::format("| `{}` | {} | `{}`{} | {} |\n", entry.name, key, metadata::type_text(model.types, value),
                           may_be_absent ? ", or none" : "", summary(entry.docs));
    }
}

void write_cases(const V15& model, std::string_view title, const std::optional<metadata::TypeSection>& section,
                 std::string& out) {
    if (!section) return;
    out += fmt::format("\n### {}\n\n", title);
    for (const auto& one : cases(model, section->type))
        out += fmt::format("- {} {}: {}\n", one.index, signature(model, one), summary(one.docs));
}

std::string value_text(const V15& model, const metadata::ConstantEntry& constant) {
    return metadata::to_json(model.types, constant.type, constant.value).value_or(chain::to_hex(constant.value));
}

void write_constants(const V15& model, const PalletV15& pallet, std::string& out) {
    if (pallet.constants.empty()) return;
    out += "\n### Constants\n\n";
    for (const auto& constant : pallet.constants)
        out += fmt::format("- `{}: {}` = `{}`: {}\n", constant.name, metadata::type_text(model.types, constant.type),
                           value_text(model, constant), summary(constant.docs));
}

void write_apis(const V15& model, std::string& out) {
    out += "\n## Runtime APIs\n\nAsked with `state_call` and SCALE arguments.\n";
    for (const auto& api : model.apis) {
        out += fmt::format("\n### {}\n\n{}\n\n", api.name, summary(api.docs));
        for (const auto& method : api.methods) {
            std::string inputs;
            for (const auto& input : method.inputs)
                inputs +=
                    (inputs.empty() ? "" : ", ") + input.name + ": " + metadata::type_text(model.types, input.type);
            out += fmt::format("- `{}_{}({}) -> {}`: {}\n", api.name, method.name, inputs,
                               metadata::type_text(model.types, method.output), summary(method.docs));
        }
    }
}

void write_extensions(const V15& model, std::string& out) {
    out +=
        "\n## Signed extensions\n\nIn the order in which transactions carry and sign them.\n\n"
        "| extension | in the transaction | under the signature |\n| --- | --- | --- |\n";
    for (const auto& extension : model.extrinsic.signed_extensions) {
        const auto& fields = std::get<metadata::Composite>(model.types.at(extension.type.value).type.definition).fields;
        out += fmt::format("| `{}` | {} | {} |\n", extension.identifier, members(model, fields),
                           metadata::type_text(model.types, extension.additional_signed));
    }
}

}  // namespace

std::string runtime_reference() {
    const V15 model = describe_runtime();
    std::string out =
        "# The runtime\n\n"
        "Written by `tephra-reference runtime` from the declarations of the pallets; `tools/test --update-golden` "
        "renews it.\n"
        "Amounts are base units of TPH (10¹⁸ make one), times milliseconds, weights nanoseconds of the reference "
        "machine.\n";
    for (const auto& pallet : model.pallets) {
        out += fmt::format("\n## {} (pallet {})\n\n{}\n", pallet.name, pallet.index, summary(pallet.docs));
        write_calls(model, pallet, out);
        write_storage(model, pallet, out);
        write_cases(model, "Events", pallet.event, out);
        write_cases(model, "Errors", pallet.error, out);
        write_constants(model, pallet, out);
    }
    write_apis(model, out);
    write_extensions(model, out);
    return out;
}

std::string constants_reference() {
    const V15 model = describe_runtime();
    const auto version = frame_system::runtime_version();
    std::string out =
        "# Constants\n\n"
        "The numbers that wallets, indexers and old transactions rely on. Written by `tephra-reference constants`; a "
        "change of this page is a change of the chain.\n\n| name | value |\n| --- | --- |\n";
    const auto row = [&](const std::string& name, const auto& value) {
        out += fmt::format("| {} | {} |\n", name, value);
    };
    row("spec name", version.spec_name);
    row("implementation name", version.impl_name);
    row("authoring version", version.authoring_version);
    row("spec version", version.spec_version);
    row("implementation version", version.impl_version);
    row("transaction version", version.transaction_version);
    row("state version", version.state_version);
    row("`:code`", chain::as_text(frame_system::code_marker()));
    row("TPH, base units", chain::to_decimal(chain::tph));
    row("JSON-RPC port", chain::ports::rpc);
    row("workers' port", chain::ports::workers);
    row("renters' port", chain::ports::renters);
    for (const auto& [id, api_version] : version.apis) row("API " + chain::to_hex(id), api_version);

    for (const auto& pallet : model.pallets) {
        row("**pallet " + pallet.name + "**", pallet.index);
        for (const auto& constant : pallet.constants)
            row(pallet.name + "." + constant.name, "`" + value_text(model, constant) + "`");
        const auto list = [&](std::string_view kind, const std::optional<metadata::TypeSection>& section) {
            if (!section) return;
            std::string indices;
            for (const auto& one : cases(model, section->type))
                indices += fmt::format("{}{} {}", indices.empty() ? "" : ", ", one.index, one.name);
            row(fmt::format("{} {}", pallet.name, kind), indices);
        };
        list("calls", pallet.calls);
        list("events", pallet.event);
        list("errors", pallet.error);
    }
    return out;
}

}  // namespace runtime
