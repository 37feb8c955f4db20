#include "tools/metrics/registry.hpp"

#include "chain/base/check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace metrics {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\' || c == '"') out += '\\';
        if (c == '\n') out += "\\n";
        else out += c;
    }
    return out;
}

using Values = std::vector<std::string>;

/// {epoch="1",le="0.5"}, or nothing.
std::string label_text(const Values& labels, const Values& values, std::string_view bound = {}) {
    std::string out;
    for (std::size_t i = 0; i < labels.size(); ++i)
        out += fmt::format("{}{}=\"{}\"", out.empty() ? "" : ",", labels[i], escaped(values[i]));
    if (!bound.empty()) out += fmt::format("{}le=\"{}\"", out.empty() ? "" : ",", bound);
    return out.empty() ? out : "{" + out + "}";
}

void write(const Description& d, const Values& values, const Counter& counter, std::string& out) {
    out += fmt::format("{}{} {}\n", d.name, label_text(d.labels, values), counter.value());
}

void write(const Description& d, const Values& values, const Gauge& gauge, std::string& out) {
    out += fmt::format("{}{} {}\n", d.name, label_text(d.labels, values), gauge.value());
}

void write(const Description& d, const Values& values, const Histogram& histogram, std::string& out) {
    const auto reading = histogram.read();
    for (std::size_t i = 0; i < reading.at_most.size(); ++i)
        out += fmt::format("{}_bucket{} {}\n", d.name,
                           label_text(d.labels, values, fmt::format("{}", histogram.bounds()[i])), reading.at_most[i]);
    out += fmt::format("{}_bucket{} {}\n", d.name, label_text(d.labels, values, "+Inf"), reading.count);
    out += fmt::format("{}_sum{} {}\n", d.name, label_text(d.labels, values), reading.sum);
    out += fmt::format("{}_count{} {}\n", d.name, label_text(d.labels, values), reading.count);
}

}  // namespace

// ---- histogram
// -----------------------------------------------------------------------------------------------------

Histogram::Histogram(Bounds bounds) : bounds_(std::move(bounds)), in_bucket_(bounds_.size()) {
    chain::check(std::ranges::is_sorted(bounds_));
}

void Histogram::observe(double value) {
    const auto bucket = static_cast<std::size_t>(std::ranges::lower_bound(bounds_, value) - bounds_.begin());
    const std::lock_guard lock{mutex_};
    if (bucket < in_bucket_.size()) ++in_bucket_[bucket];
    ++count_;
    sum_ += value;
}

Histogram::Reading Histogram::read() const {
    const std::lock_guard lock{mutex_};
    Reading out{.at_most = in_bucket_, .count = count_, .sum = sum_};
    for (std::size_t i = 1; i < out.at_most.size(); ++i) out.at_most[i] += out.at_most[i - 1];
    return out;
}

Histogram::Bounds seconds() {
    return {0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60};
}

// ---- registry
// ------------------------------------------------------------------------------------------------------

template <class Metric>
Metric& Registry::add(Description description, std::function<std::unique_ptr<Metric>()> make) {
    const std::shared_ptr<Metric> metric = make();
    Entry entry{std::move(description), {}};
    entry.write = [metric, d = entry.description](std::string& out) { write(d, {}, *metric, out); };
    entries_.push_back(std::move(entry));
    return *metric;
}

template <class Metric>
Family<Metric>& Registry::add_family(Description description, std::function<std::unique_ptr<Metric>()> make) {
    const auto family = std::make_shared<Family<Metric>>(std::move(make));
    Entry entry{std::move(description), {}};
    entry.write = [family, d = entry.description](std::string& out) {
        family->for_each([&](const Values& values, const Metric& metric) { write(d, values, metric, out); });
    };
    entries_.push_back(std::move(entry));
    return *family;
}

Counter& Registry::counter(std::string name, std::string help) {
    return add<Counter>({std::move(name), "counter", std::move(help), {}}, [] { return std::make_unique<Counter>(); });
}

Gauge& Registry::gauge(std::string name, std::string help) {
    return add<Gauge>({std::move(name), "gauge", std::move(help), {}}, [] { return std::make_unique<Gauge>(); });
}

Histogram& Registry::histogram(std::string name, std::string help, Histogram::Bounds bounds) {
    return add<Histogram>({std::move(name), "histogram", std::move(help), {}},
                          [&] { return std::make_unique<Histogram>(std::move(bounds)); });
}

Family<Counter>& Registry::counters(std::string name, Values labels, std::string help) {
    return add_family<Counter>({std::move(name), "counter", std::move(help), std::move(labels)},
                               [] { return std::make_unique<Counter>(); });
}

Family<Gauge>& Registry::gauges(std::string name, Values labels, std::string help) {
    return add_family<Gauge>({std::move(name), "gauge", std::move(help), std::move(labels)},
                             [] { return std::make_unique<Gauge>(); });
}

Family<Histogram>& Registry::histograms(std::string name, Values labels, std::string help) {
    return add_family<Histogram>({std::move(name), "histogram", std::move(help), std::move(labels)},
                                 [] { return std::make_unique<Histogram>(seconds()); });
}

void Registry::before_scrape(std::function<void()> refresh) { refreshers_.push_back(std::move(refresh)); }

std::string Registry::scrape() {
    const std::lock_guard lock{scraping_};
    for (const auto& refresh : refreshers_) refresh();
    std::string out;
    for (const Entry& entry : entries_) {
        out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", entry.description.name, entry.description.help,
                           entry.description.type);
        entry.write(out);
    }
    return out;
}

std::vector<Description> Registry::describe() const {
    std::vector<Description> out;
    for (const Entry& entry : entries_) out.push_back(entry.description);
    return out;
}

std::string reference_page(std::span<const Description> metrics) {
    std::string out =
        "# Metrics\n\nWritten by `tephra-reference metrics` from the declarations in `tools/metrics`; a node serves "
        "them with `--metrics-port`.\n\n| name | type | labels | what it says |\n| --- | --- | --- | --- |\n";
    for (const Description& metric : metrics)
        out += fmt::format("| `{}` | {} | {} | {} |\n", metric.name, metric.type, fmt::join(metric.labels, ", "),
                           metric.help);
    return out;
}

}  // namespace metrics
