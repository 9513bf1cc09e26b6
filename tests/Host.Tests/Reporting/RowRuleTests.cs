using Involute.Estimators;
using Involute.Estimators.Pairs;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting;

/// <summary>Which outer steps of a long run have rows.</summary>
public sealed class RowRuleTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly TrainingPlan<float> _plan = SmallRun.Plan(new LearnableSgd());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_steps_have_rows_up_to_a_number_and_half_as_many_of_each_doubling_after_it()
    {
        long Count(long from, long to, RowRule rule)
        {
            var count = 0L;
            for (var step = from + 1; step <= to; step++)
            {
                count += rule.Has(step) ? 1 : 0;
            }

            return count;
        }

        foreach (var rule in new[] { RowRule.Single, RowRule.Stretches })
        {
            Assert.Equal(100_000, Count(0, 100_000, rule));
            Assert.Equal(50_000, Count(100_000, 200_000, rule));
            Assert.Equal(50_000, Count(200_000, 400_000, rule));
            Assert.Equal(50_000, Count(400_000, 800_000, rule));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    [InlineData(100_001)]
    [InlineData(200_001)]
    [InlineData(234_567)]
    [InlineData(1_000_000_007)]
    public void The_last_one_is_found(long step)
    {
        foreach (var rule in new[] { RowRule.Single, RowRule.Stretches })
        {
            var last = rule.LastUpTo(step);
            Assert.True(rule.Has(last));
            Assert.InRange(last, step - (step / 100), step);
        }
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(101_001)]
    [InlineData(101_250)]
    public void A_resumed_file_has_the_rows_of_an_uninterrupted_one(long at)
    {
        var (whole, resumed, news) = (_folder.File("whole"), _folder.File("resumed"), new List<string>());
        Directory.CreateDirectory(whole);
        Directory.CreateDirectory(resumed);

        // What stands before does not matter here, and takes long to write.
        Write(whole, 99_900, 102_500, []);
        Write(resumed, 99_900, 101_700, []);
        Write(resumed, at, 102_500, news);

        Assert.Empty(news);
        foreach (var table in new[] { "metrics.csv", "pairs.csv" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(whole, table)), File.ReadAllBytes(Path.Combine(resumed, table)));
        }

        var read = CsvTable.Read(Path.Combine(whole, "metrics.csv"));
        Assert.Equal((100 + 1250, 400.0 * 102_500), (read.Rows, read["total_inner_steps"][^1]));
    }

    private void Write(string folder, long from, long to, List<string> news)
    {
        using var metrics = MetricsCsv.Open(Path.Combine(folder, "metrics.csv"), _plan.Problem.Layout, from, news.Add);
        using var pairs = PairsCsv.Open(Path.Combine(folder, "pairs.csv"), from, news.Add);
        for (var step = from + 1; step <= to; step++)
        {
            var theta = new Theta<float>(new ThetaVersion(step), [step]);
            var result = new OuterStepResult<float>(
                new OuterState<float>(theta, default) { InnerSteps = 400 * step }, step, 1, 400,
                [new PairReport(0, 0, 20, 20, step, 0, 0, 0)]);
            metrics.Append(result);
            pairs.Append(result);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99_999)]
    [InlineData(150_000)]
    [InlineData(1_000_000)]
    public void The_rows_of_a_run_are_counted_without_looking_at_each_step(long steps)
    {
        foreach (var rule in new[] { RowRule.Single, RowRule.Stretches })
        {
            var rows = 0L;
            for (var step = 1L; step <= steps; step++)
            {
                rows += rule.Has(step) ? 1 : 0;
            }

            Assert.InRange(RowRule.Count(steps) - rows, -RowRule.Stretch, RowRule.Stretch);
        }
    }
}
