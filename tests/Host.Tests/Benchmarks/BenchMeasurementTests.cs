using Involute.Host.Benchmarks;
using Involute.Tests;
using Involute.Torch.Native;
using Xunit;

namespace Involute.Host.Tests.Benchmarks;

public sealed class BenchMeasurementTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Rates_are_steps_by_time_and_ratios_are_taken_round_by_round()
    {
        // Both halve their speed half way; what is compared ran side by side.
        var report = Measure(
            [Case("fast", steps: 30, halvesAt: 6), Case("slow", steps: 10, halvesAt: 6)],
            new BenchRatio("fast", "slow", 2));

        var ratio = Assert.Single(report.Ratios);
        Assert.Equal(("fast / slow", 3, 2), (ratio.Name, ratio.Ratio, ratio.AtLeast));
        Assert.Equal((15, 15, 30), (report.Rows[0].LaneStepsPerSecond, report.Rows[0].Slowest, report.Rows[0].Fastest));
    }

    [Fact]
    public void A_case_without_its_library_is_skipped_and_says_why()
    {
        var missing = new BenchCase("torch", () => throw new TorchUnavailableException("no libtorch here"));
        var report = Measure([missing, Case("fast", 30, 99)], new BenchRatio("fast", "torch", 2));

        Assert.Empty(report.Ratios);
        Assert.Equal("no libtorch here", report.Rows[0].Skipped);
        Assert.Null(report.Rows[0].LaneStepsPerSecond);
        Assert.Equal(30, report.Rows[1].LaneStepsPerSecond);
        Assert.Contains("\"skipped\": \"no libtorch here\"", report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_of_a_ratio_is_a_case_and_no_case_has_the_name_of_another()
    {
        var names = BenchCases.All.Select(one => one.Name).ToList();

        Assert.Equal(names.Distinct(), names);
        Assert.All(BenchCases.Ratios, ratio => Assert.Contains(ratio.Fast, names));
        Assert.All(BenchCases.Ratios, ratio => Assert.Contains(ratio.Slow, names));
    }

    private BenchReport Measure(IReadOnlyList<BenchCase> cases, params BenchRatio[] ratios) =>
        BenchMeasurement.Of(cases, ratios, TimeSpan.FromSeconds(1), _time);

    // Each call takes a second, later two.
    private BenchCase Case(string name, int steps, int halvesAt) => new(name, () => new Work(_time, steps, halvesAt));

    private sealed class Work(ManualTime time, int steps, int halvesAt) : IBenchWork
    {
        private int _calls;

        public int Run()
        {
            time.Advance(TimeSpan.FromSeconds(_calls++ < halvesAt ? 1 : 2));
            return steps;
        }

        public void Dispose()
        {
            // Holds nothing.
        }
    }
}
