using System.Buffers.Binary;
using System.Xml.Linq;
using Involute.Host.Evaluation;
using Involute.Host.Reporting;
using Involute.Host.Reporting.Clock;
using Involute.Host.Reporting.Plots;
using Involute.Host.Tests.Evaluation;
using Involute.Runs.Configuration;
using Involute.Runs.Folders;
using Involute.Tasks.Optimizers;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class RunPlotsTests : IDisposable
{
    private readonly ScratchFolder _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(60)]
    public void Training_is_drawn_however_little_there_is(int outerSteps)
    {
        var folder = Folder(outerSteps);
        var pictures = RunPlots.WriteTraining(folder, "quadratic, Adam");
        Assert.Equal(["meta-loss.png", "pairs.png", "hyper-parameters.png"], pictures.Select(Path.GetFileName));
        Assert.Equal((1000, 560), Size(pictures[0]));
        Assert.Equal((1000, 806), Size(pictures[1]));
        Assert.Equal(1000, Size(pictures[2]).Width);
    }

    [Theory]
    [InlineData(PlotColours.Light, "\"white\"", "#26323D")]
    [InlineData(PlotColours.Dark, "#14191F", "#D6DDE4")]
    public void Each_picture_is_there_as_vectors_too_on_the_ground_of_the_setting(PlotColours colours, string ground, string ink)
    {
        foreach (var picture in RunPlots.WriteTraining(Folder(20), "quadratic, Adam", colours))
        {
            var root = XDocument.Load(Path.ChangeExtension(picture, ".svg")).Root!;
            Assert.Equal("svg", root.Name.LocalName);
            var (width, height) = Size(picture);
            Assert.Equal($"{width} {height}", $"{root.Attribute("width")?.Value} {root.Attribute("height")?.Value}");
            var text = root.ToString();
            Assert.Contains(ground, text, StringComparison.OrdinalIgnoreCase);
            Assert.Contains(ink, text, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("outer step", Words(picture), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("0.5", "2", true)]
    [InlineData("-1", "2", true)]
    [InlineData("1", "1", false)]
    [InlineData("NaN", "NaN", false)]
    public void The_spread_of_the_pairs_is_a_band(string low, string high, bool hasBand)
    {
        var folder = Folder(20);
        var columns = ProgressCsv.Header.Split(',');
        var rows = Enumerable.Range(1, 20).Select(step => string.Join(',', columns.Select(column => column switch
        {
            MetricsCsv.OuterStep => $"{step}",
            ProgressCsv.LowLoss => low,
            ProgressCsv.HighLoss => high,
            _ => "0",
        })));
        File.WriteAllText(folder.Progress, $"{ProgressCsv.Header}\n{string.Join('\n', rows)}\n");

        var picture = RunPlots.WriteTraining(folder, "quadratic, Adam")[0];

        Assert.Equal(hasBand, Words(picture).Contains("80 % of the pairs", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_without_tables_is_drawn_too() =>
        Assert.All(RunPlots.WriteTraining(RunFolder.Create(_runs.Path, "empty", ""), "nothing"), path => Size(path));

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("-1e300")]
    [InlineData("0")]
    [InlineData("1e30")]
    public void Numbers_that_have_no_place_in_a_picture_do_not_stop_it(string number)
    {
        var folder = RunFolder.Create(_runs.Path, "odd", "");
        File.WriteAllText(
            folder.Metrics,
            $"outer_step,mean_meta_loss,theta/log_lr,theta/log_one_minus_beta1,theta_mean_abs/w\n1,{number},{number},{number},{number}\n2,1,0.5,-0.5,1\n3,{number},{number},{number},{number}\n");
        File.WriteAllText(
            folder.Pairs,
            $"outer_step,pair,inner_step_before,inner_step_after,mean_loss,resets\n1,0,0,5,{number},0\n1,1,0,5,{number},1\n2,0,5,10,1,0\n");
        Assert.All(RunPlots.WriteTraining(folder, "odd"), path => Size(path));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(64)]
    public void A_vector_of_theta_is_one_panel(int length)
    {
        var folder = RunFolder.Create(_runs.Path, "vector", "");
        string[] columns = [.. Enumerable.Range(0, length).Select(i => $"theta/log_lr[{i}]")];
        var rows = Enumerable.Range(1, 5).Select(
            step => $"{step},1,{string.Join(',', columns.Select((_, i) => $"-{i + step}"))}\n");
        File.WriteAllText(
            folder.Metrics, $"outer_step,mean_meta_loss,{string.Join(',', columns)}\n{string.Concat(rows)}");
        Assert.Equal((1000, 560), Size(RunPlots.WriteTraining(folder, "vector")[2]));
    }

    [Fact]
    public void An_evaluation_is_drawn()
    {
        var folder = Folder(1);
        Assert.Equal((1000, 806), Size(RunPlots.WriteEvaluation(folder, Evaluations.OfQuadratic(threads: 1))));
    }

    [Fact]
    public void An_evaluation_in_which_everything_diverged_is_drawn()
    {
        var report = Evaluations.OfQuadratic(threads: 1);
        double?[] nothing = [.. report.Untrained.Curves.HeldOutLoss.Select(_ => (double?)null)];
        var gone = report.Untrained with
        {
            DivergedTrials = 5,
            Curves = new LearningCurves(
                report.Untrained.Curves.HeldOutSteps, nothing, report.Untrained.Curves.HeldOutSteps, nothing),
        };
        Size(RunPlots.WriteEvaluation(Folder(1), report with { MetaTrained = gone, Untrained = gone, TunedAdam = gone }));
    }

    private static string Words(string picture) => string.Concat(
        XDocument.Load(Path.ChangeExtension(picture, ".svg")).DescendantNodes().OfType<XText>().Select(node => node.Value));

    private RunFolder Folder(int outerSteps)
    {
        var adam = new LearnableAdam(0.01);
        var folder = RunFolder.Create(_runs.Path, "run", "");
        using var metrics = MetricsCsv.Open(folder.Metrics, adam.Layout, 0, _ => { });
        using var pairs = PairsCsv.Open(folder.Pairs, 0, Assert.Fail);
        foreach (var step in SmallRun.Steps(adam, outerSteps))
        {
            metrics.Append(step);
            pairs.Append(step);
        }

        return folder;
    }

    // Signature, then the header chunk: width and height at bytes 16 and 20.
    private static (int Width, int Height) Size(string png)
    {
        var bytes = File.ReadAllBytes(png);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], bytes[..8]);
        Assert.True(bytes.Length > 4000, "the picture is empty");
        return (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(
            bytes.AsSpan(20)));
    }
}
