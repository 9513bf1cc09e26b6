using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.Pairs;
using Involute.Tasks.Schedules;
using ScottPlot;

namespace Involute.Samples.TruncationTour.Stations;

/// <summary>FullES runs whole trajectories and keeps nothing: what a pair holds between estimates does not matter.</summary>
internal sealed class FullESEstimate : IStation
{
    private const int Length = 100;
    private static readonly string[] Names = ["log lr", "log (1 - beta1)", "log (1 - beta2)", "log epsilon"];
    private readonly List<float[]> _gradients = [];

    public string Title => "FullES: whole trajectories, no state";

    public string Picture => "tour-5-full-es.png";

    public void Run(TextWriter output)
    {
        var plan = Plans.Of(new FullES<float>(), new ConstantSchedule(Length), window: 50, offset: 0);
        var theta = OuterState<float>.Initial(plan).Theta;
        var slot = new ComputeSlot<float>();
        using var kept = Plans.Start(plan);
        using var wiped = Plans.Start(plan);

        output.WriteLine("  the first estimate:");
        var table = new Table("pair", "inner step before", "steps", "resets", "after", "mean loss");
        var first = kept.RunWindow(theta, slot);
        foreach (var report in first.Reports)
        {
            table.Add(
                report.Pair, report.InnerStepBefore, report.Steps, report.Resets, report.InnerStepAfter, $"{report.MeanLoss:0.0000}");
        }

        table.Write(output);
        Plans.PrintGradient(output, plan, first);
        _gradients.Add(first.Gradient.ToArray());

        output.WriteLine("  stateless? Eight more estimates; one set of pairs keeps its lanes, the other's are wiped before each:");
        wiped.RunWindow(theta, slot);
        for (var estimate = 1; estimate < 9; estimate++)
        {
            Wipe(wiped);
            var gradient = kept.RunWindow(theta, slot).Gradient;
            _gradients.Add(gradient.ToArray());
            if (!gradient.Span.SequenceEqual(wiped.RunWindow(theta, slot).Gradient.Span))
            {
                output.WriteLine($"  estimate {estimate + 1} differs");
                return;
            }
        }

        output.WriteLine("  the same gradients, bit for bit");
    }

    public void Draw(Plot plot)
    {
        for (var i = 0; i < _gradients[0].Length; i++)
        {
            plot.Add.Scatter(
                Enumerable.Range(1, _gradients.Count).ToArray(), _gradients.Select(gradient => gradient[i] / Plans.Pairs).ToArray())
                .LegendText = Names[i];
        }

        plot.XLabel("estimate");
        plot.YLabel("gradient of theta");
        plot.ShowLegend(Alignment.LowerLeft);
    }

    private static void Wipe(PairState<float> pairs)
    {
        for (var pair = 0; pair < Plans.Pairs; pair++)
        {
            pairs.Unroll.Load(pair, new byte[pairs.Unroll.StateBytesPerPair]);
        }
    }
}
