using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Host.Reporting;
using Involute.Runs.Configuration;
using Involute.Tasks;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class MetricsCsvTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly LearnableAdam _adam = new(0.1);
    private readonly List<string> _warnings = [];

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
    public void Matrices_appear_as_their_mean_absolute_value_and_short_vectors_value_by_value()
    {
        var layout = new ThetaLayout(("w", [2, 2]), ("bias", []), ("log_lr", [3]), ("long", [65]));
        var theta = new Theta<float>(
            new ThetaVersion(1), [1, -2, 3, -4, 0.5f, -1, -2.5f, 7, .. Enumerable.Repeat(-3f, 65)]);
        var path = _folder.File("metrics.csv");
        using (var csv = MetricsCsv.Open(path, layout, 0, _ => { }))
        {
            csv.Append(new OuterStepResult<float>(
                new OuterState<float>(theta, default) { InnerSteps = 2 }, double.NaN, 1, 2, []));
        }

        Assert.EndsWith(
            ",theta_mean_abs/w,theta/bias,theta/log_lr[0],theta/log_lr[1],theta/log_lr[2],theta_mean_abs/long",
            File.ReadAllLines(path)[0],
            StringComparison.Ordinal);
        Assert.Equal("1,NaN,1,2,2,0,0,2.5,0.5,-1,-2.5,7,3", File.ReadAllLines(path)[1]);
    }

    [Fact]
    public void A_table_of_an_earlier_version_goes_on_with_its_columns()
    {
        var plan = PlanFactory.Create(ConfigurationLoader.Load(
            [], ["involute.task=toy-2d", "involute.pairs=2", "involute.window=2"]));
        OuterStepResult<float>[] steps = [.. new SequentialTrainer<float>(plan).Run(3)];
        var (older, newer) = (_folder.File("older.csv"), _folder.File("newer.csv"));
        const string Fixed =
            "outer_step,mean_meta_loss,gradient_norm,inner_steps,total_inner_steps,resets,diverged_arms";
        File.WriteAllText(older, $"{Fixed},theta_mean_abs/log_lr\n1,2,3,4,5,0,0,6\n");
        File.WriteAllText(newer, $"{Fixed},theta/log_lr[0],theta/log_lr[1]\n1,2,3,4,5,0,0,6,7\n");
        foreach (var path in new[] { older, newer })
        {
            using var csv = MetricsCsv.Open(path, plan.Problem.Layout, 1, _warnings.Add);
            csv.Append(steps[1]);
        }

        Assert.Empty(_warnings);
        Assert.Equal(8, File.ReadAllLines(older)[2].Split(',').Length);
        var values = File.ReadAllLines(newer)[2].Split(',')[7..].Select(float.Parse).ToArray();
        Assert.Equal(steps[1].State.Theta.Values, values);
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
        using (var csv = Resume(path, checkpoint))
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
            using (var csv = Resume(path, 3))
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
        using var csv = Resume(path, 9);
        Assert.Equal(4, csv.LastStep);
        Assert.EndsWith("lacks the rows of outer steps 5 to 9: it goes on with 10", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_fresh_start_drops_an_old_file()
    {
        var path = Write("metrics.csv", SmallRun.Steps(_adam, 4));
        MetricsCsv.Open(path, _adam.Layout, 0, _ => { }).Dispose();
        Assert.Single(File.ReadAllLines(path));
    }

    /// <summary>What an editor, a tool of another system, or an accident makes of the file.</summary>
    public static TheoryData<string, string> Changes() => new()
    {
        { "CRLF", "was changed: it is written anew with the line ends that it had" },
        { "mark", "was changed: it is written anew with the line ends that it had" },
        { "note", "was changed: it is written anew without 1 lines that are no rows of the run" },
        { "total", "" },
        { "deleted", "is not there: it begins anew at outer step 13" },
        { "empty", "is empty: it begins anew at outer step 13" },
        { "binary", "is no table of this run: it is kept as metrics.csv.other-1, and a new one begins at outer step 13" },
        { "zeros", "is no table of this run: it is kept as metrics.csv.other-1, and a new one begins at outer step 13" },
        { "columns", "is no table of this run: it is kept as metrics.csv.other-1, and a new one begins at outer step 13" },
        { "short", "lacks the rows of outer steps 8 to 12: it goes on with 13" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_changed_file_is_mended_or_set_aside_with_one_line_and_the_totals_stay(string change, string warning)
    {
        var steps = SmallRun.Steps(_adam, 20);
        var whole = File.ReadAllLines(Write("whole.csv", steps));
        var path = Write("metrics.csv", steps.Take(12));
        var text = File.ReadAllText(path);
        var lines = text.Split('\n');
        File.WriteAllText(path, change switch
        {
            "CRLF" => text.ReplaceLineEndings("\r\n"),
            "mark" => $"\uFEFF{text}",
            "note" => text.Replace("\n5,", "\nlook here!\n5,", StringComparison.Ordinal),
            "total" => text.Replace(",4800,", ",999999,", StringComparison.Ordinal),
            "empty" => "",
            "binary" => "\0\u0001\u0002\n\0\0\0\n",
            "zeros" => new string('\0', 100_000),
            "columns" => text.Replace("inner_steps", "steps", StringComparison.Ordinal),
            "short" => string.Join('\n', lines[..8]) + "\n",
            _ => text,
        });
        if (change == "deleted")
        {
            File.Delete(path);
        }

        var before = File.Exists(path) ? File.ReadAllBytes(path) : [];
        using (var csv = Resume(path, 12))
        {
            Array.ForEach(steps[12..], csv.Append);
        }

        Assert.Equal(warning.Length > 0 ? [$"{path} {warning}"] : [], _warnings);
        Assert.Equal(whole[13..], File.ReadAllLines(path)[^8..]);
        Assert.DoesNotContain('\r', File.ReadAllText(path));
        if (warning.Contains(".other-1", StringComparison.Ordinal))
        {
            Assert.Equal(before, File.ReadAllBytes(path + ".other-1"));
        }

        if (change is "CRLF" or "mark" or "note")
        {
            Assert.Equal(whole, File.ReadAllLines(path));
        }
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_an_IOException() =>
        Assert.ThrowsAny<IOException>(() =>
            MetricsCsv.Open(_folder.File("no/such/folder.csv"), _adam.Layout, 0, _ => { }));

    [Fact]
    public void The_table_can_be_read_while_it_is_written_and_leaves_out_a_torn_line()
    {
        var path = _folder.File("metrics.csv");
        using var csv = MetricsCsv.Open(path, _adam.Layout, 0, _ => { });
        Array.ForEach(SmallRun.Steps(_adam, 3), csv.Append);
        Assert.Equal(3, CsvTable.Read(path).Rows);
    }

    private MetricsCsv Resume(string path, long step) => MetricsCsv.Open(path, _adam.Layout, step, _warnings.Add);

    private string Write(string name, IEnumerable<OuterStepResult<float>> steps)
    {
        var path = _folder.File(name);
        using var csv = MetricsCsv.Open(path, _adam.Layout, 0, _ => { });
        foreach (var step in steps)
        {
            csv.Append(step);
        }

        return path;
    }
}
