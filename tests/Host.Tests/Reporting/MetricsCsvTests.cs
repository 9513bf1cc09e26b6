using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Tasks;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class MetricsCsvTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly LearnableAdam _adam = new(0.1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Has_one_row_per_outer_step_under_documented_columns()
    {
        var steps = SmallRun.Steps(_adam, 5);
        var table = CsvTable.Read(Write("metrics.csv", steps));

        Assert.Equal(
            [
                "outer_step", "mean_meta_loss", "gradient_norm", "inner_steps", "total_inner_steps", "resets",
                "diverged_arms", "theta/log_lr", "theta/log_one_minus_beta1", "theta/log_one_minus_beta2",
                "theta/log_epsilon",
            ],
            table.Names);
        Assert.Equal([1, 2, 3, 4, 5], table["outer_step"]);
        Assert.Equal(steps.Select(step => step.MeanLoss), table["mean_meta_loss"]);
        Assert.Equal(steps.Select(step => step.GradientNorm), table["gradient_norm"]);
        Assert.Equal([400, 800, 1200, 1600, 2000], table["total_inner_steps"]);
        Assert.Equal(
            steps.Select(step => step.State.Theta.Values[0]), table["theta/log_lr"].Select(value => (float)value));
    }

    [Fact]
    public void Larger_tensors_appear_as_their_mean_absolute_value()
    {
        var layout = new ThetaLayout(("w", [2, 2]), ("bias", []));
        var theta = new Theta<float>(new ThetaVersion(1), [1, -2, 3, -4, 0.5f]);
        var path = _folder.File("metrics.csv");
        using (var csv = MetricsCsv.Open(path, layout))
        {
            csv.Append(new OuterStepResult<float>(new OuterState<float>(theta, default), double.NaN, 1, 2, []));
        }

        Assert.Equal("1,NaN,1,2,2,0,0,2.5,0.5", File.ReadAllLines(path)[1]);
    }

    [Theory]
    [InlineData(12, 12)]
    [InlineData(12, 8)]
    [InlineData(3, 3)]
    public void A_resumed_file_is_byte_for_byte_that_of_an_uninterrupted_run(int written, int checkpoint)
    {
        var steps = SmallRun.Steps(_adam, 20);
        var whole = File.ReadAllBytes(Write("whole.csv", steps));
        var path = Write("resumed.csv", steps.Take(written));
        using (var csv = MetricsCsv.Open(path, _adam.Layout, checkpoint))
        {
            Assert.Equal(checkpoint, csv.LastStep);
            Array.ForEach(steps[checkpoint..], csv.Append);
        }

        Assert.Equal(whole, File.ReadAllBytes(path));
    }

    [Fact]
    public void A_torn_last_line_is_dropped_wherever_it_is_torn()
    {
        var steps = SmallRun.Steps(_adam, 6);
        var whole = File.ReadAllBytes(Write("whole.csv", steps));
        var fourRows = new FileInfo(Write("four.csv", steps.Take(4))).Length;
        var threeRows = new FileInfo(Write("three.csv", steps.Take(3))).Length;
        for (var length = threeRows; length < fourRows; length++)
        {
            var path = _folder.File("torn.csv");
            File.WriteAllBytes(path, whole[..(int)length]);
            using (var csv = MetricsCsv.Open(path, _adam.Layout, resumeFrom: 3))
            {
                Array.ForEach(steps[3..], csv.Append);
            }

            Assert.Equal(whole, File.ReadAllBytes(path));
        }
    }

    [Fact]
    public void Says_where_a_file_ends_that_has_lost_rows()
    {
        var path = Write("metrics.csv", SmallRun.Steps(_adam, 4));
        using var csv = MetricsCsv.Open(path, _adam.Layout, resumeFrom: 9);
        Assert.Equal(4, csv.LastStep);
    }

    [Fact]
    public void A_fresh_start_drops_an_old_file()
    {
        var path = Write("metrics.csv", SmallRun.Steps(_adam, 4));
        MetricsCsv.Open(path, _adam.Layout).Dispose();
        Assert.Single(File.ReadAllLines(path));
    }

    [Fact]
    public void Other_columns_are_an_error_that_names_the_file()
    {
        var path = Write("metrics.csv", SmallRun.Steps(_adam, 4));
        var error = Assert.Throws<IOException>(() => MetricsCsv.Open(path, new LearnableSgd().Layout, resumeFrom: 2));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Equal(5, File.ReadAllLines(path).Length);
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_an_IOException() =>
        Assert.ThrowsAny<IOException>(() => MetricsCsv.Open(_folder.File("no/such/folder.csv"), _adam.Layout));

    [Fact]
    public void The_table_can_be_read_while_it_is_written_and_leaves_out_a_torn_line()
    {
        var path = _folder.File("metrics.csv");
        using var csv = MetricsCsv.Open(path, _adam.Layout);
        Array.ForEach(SmallRun.Steps(_adam, 3), csv.Append);
        Assert.Equal(3, CsvTable.Read(path).Rows);
    }

    private string Write(string name, IEnumerable<OuterStepResult<float>> steps)
    {
        var path = _folder.File(name);
        using var csv = MetricsCsv.Open(path, _adam.Layout);
        foreach (var step in steps)
        {
            csv.Append(step);
        }

        return path;
    }
}
