#pragma once
// Numbers for Prometheus. A metric is declared once, with its name, type, help and labels; the text that a scrape gets
// and docs/reference/metrics.md follow from the declarations. Every metric may be set from any thread.

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace metrics {

/// Only grows, from 0 at the start of the process. `set` is for counts that somebody else keeps.
class Counter {
public:
    void add(std::uint64_t more = 1) { value_.fetch_add(more, std::memory_order_relaxed); }
    void set(std::uint64_t value) { value_.store(value, std::memory_order_relaxed); }
    std::uint64_t value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<std::uint64_t> value_ = 0;
};

class Gauge {
public:
    void set(double value) { value_.store(value, std::memory_order_relaxed); }
    double value() const { return value_.load(std::memory_order_relaxed); }

private:
    std::atomic<double> value_ = 0;
};

/// How many observations were at most so large.
class Histogram {
public:
    /// Upper bounds of the buckets, ascending.
    using Bounds = std::vector<double>;

    explicit Histogram(Bounds bounds);
    void observe(double value);
    const Bounds& bounds() const { return bounds_; }

    struct Reading {
        std::vector<std::uint64_t> at_most;  ///< one for each bound
        std::uint64_t count = 0;
        double sum = 0;
    };
    Reading read() const;

private:
    Bounds bounds_;
    // Guards the three below: a reading must fit together, and an observation takes nanoseconds.
    mutable std::mutex mutex_;
    std::vector<std::uint64_t> in_bucket_;
    std::uint64_t count_ = 0;
    double sum_ = 0;
};

/// Seconds, from a disk's fast sync to a slow network's view.
Histogram::Bounds seconds();

/// A metric as declared.
struct Description {
    std::string name;
    std::string_view type;  ///< counter, gauge or histogram
    std::string help;
    std::vector<std::string> labels;
};

/// One metric per combination of label values; beyond `children_max` the rest shares one with the values "other".
template <class Metric>
class Family {
public:
    static constexpr std::size_t children_max = 512;

    explicit Family(std::function<std::unique_ptr<Metric>()> make) : make_(std::move(make)) {}

    Metric& with(std::vector<std::string> values) {
        const std::lock_guard lock{mutex_};
        if (!children_.contains(values) && children_.size() >= children_max) values.assign(values.size(), "other");
        auto& child = children_[std::move(values)];
        if (!child) child = make_();
        return *child;
    }
    /// Forgets all: before a scrape sets those that are there.
    void clear() {
        const std::lock_guard lock{mutex_};
        children_.clear();
    }
    template <class Visit>
    void for_each(Visit visit) const {
        const std::lock_guard lock{mutex_};
        for (const auto& [values, child] : children_) visit(values, *child);
    }

private:
    std::function<std::unique_ptr<Metric>()> make_;
    // Guards the map: whoever sets a metric and the scrape are different threads.
    mutable std::mutex mutex_;
    std::map<std::vector<std::string>, std::unique_ptr<Metric>> children_;
};

class Registry {
public:
    Registry() = default;
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    // What is declared lives as long as the registry.
    Counter& counter(std::string name, std::string help);
    Gauge& gauge(std::string name, std::string help);
    Histogram& histogram(std::string name, std::string help, Histogram::Bounds bounds = seconds());
    Family<Counter>& counters(std::string name, std::vector<std::string> labels, std::string help);
    Family<Gauge>& gauges(std::string name, std::vector<std::string> labels, std::string help);
    Family<Histogram>& histograms(std::string name, std::vector<std::string> labels, std::string help);

    /// Called before each scrape, for numbers that are read rather than counted. Before the first scrape only.
    void before_scrape(std::function<void()> refresh);

    /// The Prometheus text format 0.0.4.
    std::string scrape();
    std::vector<Description> describe() const;

private:
    struct Entry {
        Description description;
        std::function<void(std::string& out)> write;
    };
    template <class Metric>
    Metric& add(Description description, std::function<std::unique_ptr<Metric>()> make);
    template <class Metric>
    Family<Metric>& add_family(Description description, std::function<std::unique_ptr<Metric>()> make);

    std::vector<Entry> entries_;
    std::vector<std::function<void()>> refreshers_;
    // One scrape at a time: refreshers fill what the next one empties.
    std::mutex scraping_;
};

/// The declarations for people: Markdown.
std::string reference_page(std::span<const Description> metrics);

}  // namespace metrics
