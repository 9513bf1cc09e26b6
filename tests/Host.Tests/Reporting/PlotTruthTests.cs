using Involute.Host.Reporting;
using Involute.Host.Reporting.Plots;
using Involute.Tasks.Randomness;
using Involute.Tests;
using Xunit;

namespace Involute.Host.Tests.Reporting;

public sealed class PlotTruthTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1,0,0,50,1,0\n1,1,0,50,1,0\n2,0,50,100,1,0\n2,1,50,100,1,0\n", "in lockstep")]
    [InlineData("1,0,0,50,1,0\n1,1,20,70,1,0\n", "out of lockstep")]
    public void The_title_says_how_pairs_stand(string rows, string words)
    {
        var path = _folder.File("pairs.csv");
        File.WriteAllText(path, $"{PairsCsv.Header}\n{rows}");
        Assert.Equal(words, PairsPlot.Standing(CsvTable.Read(path)));
    }

    [Fact]
    public void The_mean_does_not_lag_behind_a_straight_line()
    {
        double[] line = [.. Enumerable.Range(0, 101).Select(i => 3.0 * i)];
        double[] places = [.. Enumerable.Range(0, 101).Select(i => (double)i)];
        Assert.Equal(line, LocalMean.Of(places, line, 20).Select(value => Math.Round(value, 9)));

        // Not on places that are not equally far apart either, nor where one has no number.
        double[] apart = [.. places.Select(place => place * place)];
        line[50] = double.NaN;
        Assert.Equal(
            apart.Select((place, i) => Math.Round(2 - place, 6)),
            LocalMean.Of(apart, [.. apart.Select((place, i) => i == 50 ? double.NaN : 2 - place)], 20)
                .Select(value => Math.Round(value, 6)));
        Assert.Equal([1, double.NaN, 3], LocalMean.Of([0, 1, 2], [1, double.NaN, 3], 1));
        Assert.Empty(LocalMean.Of([], [], 20));
    }

    // 21 values of noise with standard deviation 1: their mean has √(1/21) in the middle. At the end of the line through them it
    // is √(1/21 + 10² / Σ i²), i from −10 to 10: twice as much, where a single value has 1.
    [Fact]
    public void The_ends_of_the_mean_are_smooth_too()
    {
        const int curves = 4000;
        double[] places = [.. Enumerable.Range(0, 60).Select(i => (double)i)];
        double[][] means =
        [
            .. Enumerable.Range(0, curves).Select(curve =>
            {
                var noise = new double[60];
                new TrajectoryKey(1, curve, 0).Stream(RandomStream.InnerNoise).FillNormal<double>(noise);
                return LocalMean.Of(places, noise, 20);
            }),
        ];
        Assert.Equal(Math.Sqrt(1 / 21.0), Deviation(30), 0.01);
        Assert.Equal(Math.Sqrt((1 / 21.0) + (100 / 770.0)), Deviation(0), 0.02);
        Assert.Equal(Math.Sqrt((1 / 21.0) + (100 / 770.0)), Deviation(59), 0.02);

        double Deviation(int place) => Math.Sqrt(means.Average(mean => mean[place] * mean[place]));
    }

    [Fact]
    public void The_mean_does_not_leave_the_values_that_it_is_of() => Assert.All(
        LocalMean.Of([0, 1, 2, 3, 4, 5, 6], [1e-3, 1e-3, 1e-3, 1e-3, 1, 100, 10000], 7),
        mean => Assert.InRange(mean, 1e-3, 10000));

    // A window of 50 in which one trajectory ends: at step 3, after 20 of its steps, and at step 5 with its last one.
    [Fact]
    public void The_last_point_of_a_trajectory_belongs_to_it()
    {
        PairRow[] rows =
        [
            new(1, 0, 50, 9, 0), new(2, 50, 100, 8, 0), new(3, 100, 30, 7, 1), new(4, 30, 80, 6, 0), new(5, 80, 0, 5, 1),
            new(6, 0, 50, 4, 0),
        ];
        Assert.Equal(50, TrajectoryLines.Window(rows));
        var counters = TrajectoryLines.OfCounters(rows, 50);
        Assert.Equal(
            [(0, 0), (1, 50), (2, 100), (2.4, 120), (2.4, double.NaN), (2.4, 0), (3, 30), (4, 80), (5, 130), (5, double.NaN), (5, 0), (6, 50)],
            counters.Line.Select(point => (Math.Round(point.X, 9), point.Y)));
        Assert.Equal([(2.4, 0), (5, 0)], counters.Dots.Select(point => (Math.Round(point.X, 9), point.Y)));

        // Step 5 is all of the trajectory that ends with it, step 3 of two.
        var losses = TrajectoryLines.OfLosses(rows);
        Assert.Equal(
            [(1, 9), (2, 8), (3, double.NaN), (4, 6), (5, 5), (5, double.NaN), (6, 4)],
            losses.Line.Select(point => (point.X, point.Y)));
        Assert.Equal([(3, 7)], losses.Dots.Select(point => (point.X, point.Y)));
    }

    // Windows that are whole trajectories, and windows with several: of how many steps they are cannot be told.
    [Fact]
    public void Where_a_trajectory_ended_is_not_made_up()
    {
        PairRow[] rows = [new(1, 0, 0, 3, 1), new(2, 0, 2, 2, 3), new(3, 2, 1, 1, 2)];
        Assert.Null(TrajectoryLines.Window(rows));
        Assert.Equal(
            [(1, double.NaN), (1, 0), (2, double.NaN), (2, 2), (3, double.NaN), (3, 1)],
            TrajectoryLines.OfCounters(rows, null).Line.Select(point => (point.X, point.Y)));
        var losses = TrajectoryLines.OfLosses(rows);
        Assert.Equal([3, double.NaN, double.NaN, double.NaN], losses.Line.Select(point => point.Y));
        Assert.Equal([2, 1], losses.Dots.Select(point => point.Y));
    }

    [Fact]
    public void No_tick_of_a_logarithmic_axis_is_called_zero()
    {
        var plot = new ScottPlot.Plot();
        ScaledAxis.Logarithmic.Fit(plot, [1e-18, 1e-12]);
        plot.RenderInMemory();
        var ticks = ((ScottPlot.TickGenerators.NumericManual)plot.Axes.Left.TickGenerator).Ticks;
        Assert.NotEmpty(ticks);
        Assert.DoesNotContain("0", ticks.Select(tick => tick.Label));
    }
}
