using Involute.Host.Listing;
using Involute.Host.Reporting.Clock;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Listing;

public sealed class RunComparisonTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_are_compared_where_all_have_come()
    {
        // Both fall with the step; the second is 0.5 above the first, and longer.
        var (common, runs) = ComparedRun.Of([Curve("low", 400, 0), Curve("high", 800, 0.5)]);
        Assert.Equal(400, common);
        Assert.Equal(0.5, runs[1].AtCommon!.Mean - runs[0].AtCommon!.Mean, 1e-9);
        Assert.Equal(0.5, runs[1].Difference!.Mean, 1e-9);
        Assert.Equal((null, "worse"), (runs[0].Outcome, runs[1].Outcome));
        Assert.Equal("better", ComparedRun.Of([Curve("high", 800, 0.5), Curve("low", 400, 0)]).Runs[1].Outcome);
        Assert.Equal("unclear", ComparedRun.Of([Curve("a", 400, 0), Curve("b", 400, 1e-9)]).Runs[1].Outcome);
    }

    [Fact]
    public void The_table_fits_into_eighty_columns()
    {
        var (common, runs) = ComparedRun.Of([Curve("low", 400, 0), Curve("high", 800, 0.5)]);
        Assert.Equal(
            """
            mean meta-loss at outer step 400, which all have reached
            run                there  at its end  end      best  less the first
            low   0.002561 ± 1.3E-05    0.002561  400  0.002561
            high    0.5026 ± 1.3E-05      0.5013  800    0.5026   0.5 ± 1.8E-05  worse
            """.Split('\n'),
            ComparedRun.Lines(runs, "outer step", common));
        Assert.All(ComparedRun.Lines(runs, "outer step", common), line => Assert.InRange(line.Length, 1, 80));
    }

    [Fact]
    public void Tables_give_outer_steps_inner_steps_and_time()
    {
        var (metrics, progress) = (_folder.File("metrics.csv"), _folder.File("progress.csv"));
        File.WriteAllText(metrics, "outer_step,mean_meta_loss,total_inner_steps\n1,3,100\n2,NaN,200\n3,1,300\n4,0.5,400\n");
        File.WriteAllText(progress, $"outer_step,{ProgressCsv.ElapsedSeconds}\n1,2.5\n3,4.5\n");
        Assert.Equal([1, 3, 4], RunCurve.OfTables("a", metrics, progress, CurveAxis.OuterStep).X);
        Assert.Equal([100, 300, 400], RunCurve.OfTables("a", metrics, progress, CurveAxis.InnerSteps).X);

        // Behind the last row of progress.csv no time is known.
        Assert.Equal([2.5, 4.5], RunCurve.OfTables("a", metrics, progress, CurveAxis.WallTime).X);
        Assert.Empty(RunCurve.OfTables("a", _folder.File("none.csv"), progress, CurveAxis.OuterStep).X);
    }

    [Fact]
    public void Differences_stand_beside_each_other() => Assert.Equal(
        """
                                a      b
        involute.seed           0      1
        involute.optimizer.lr   0.001  -
        """.Split('\n'),
        RunDifference.Lines(
            "a", "b",
            [new RunDifference("involute.seed", "0", "1"), new RunDifference("involute.optimizer.lr ", "0.001", null)]));

    private static RunCurve Curve(string run, int steps, double above) => new(
        run,
        [.. Enumerable.Range(1, steps).Select(step => (double)step)],
        [.. Enumerable.Range(1, steps).Select(step => above + (1.0 / step))]);
}
