using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.Pairs;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using ScottPlot;

namespace Involute.Samples.TruncationTour.Stations;

/// <summary>PES goes on where the last window ended: its state, one estimate, and where the pairs stand after it.</summary>
internal sealed class PersistentESEstimate : IStation
{
    private const int Window = 50;
    private const int WindowsBefore = 13;
    private const int Windows = 60;
    private readonly List<int[]> _innerSteps = [];

    public string Title => "PES: pairs out of lockstep, with state";

    public string Picture => "tour-6-persistent-es.png";

    public void Run(TextWriter output)
    {
        var plan = Plans.Of(new PersistentES<float>(), new LogUniformSchedule(100, 1000), Window, offset: 1000);
        var theta = OuterState<float>.Initial(plan).Theta;
        var slot = new ComputeSlot<float>();
        using var pairs = Plans.Start(plan);

        Follow(pairs);
        for (var window = 0; window < WindowsBefore; window++)
        {
            pairs.RunWindow(theta, slot);
            Follow(pairs);
        }

        output.WriteLine($"  the state of the pairs after {WindowsBefore} estimates:");
        PrintState(output, [.. Enumerable.Range(0, Plans.Pairs).Select(pair => PairView<float>.Of(plan, pairs, pair))]);

        var contribution = pairs.RunWindow(theta, slot);
        output.WriteLine($"  one more estimate, {Window} inner steps of both arms of each pair:");
        var table = new Table("pair", "inner step before", "after", "resets", "mean loss");
        foreach (var report in contribution.Reports)
        {
            table.Add(report.Pair, report.InnerStepBefore, report.InnerStepAfter, report.Resets, $"{report.MeanLoss:0.0000}");
        }

        table.Write(output);
        Plans.PrintGradient(output, plan, contribution);

        for (var window = WindowsBefore; window < Windows; window++)
        {
            Follow(pairs);
            pairs.RunWindow(theta, slot);
        }
    }

    public void Draw(Plot plot)
    {
        for (var pair = 0; pair < Plans.Pairs; pair++)
        {
            plot.Add.Scatter(
                Enumerable.Range(0, _innerSteps.Count).ToArray(), _innerSteps.Select(steps => steps[pair]).ToArray())
                .LegendText = $"pair {pair}";
        }

        plot.XLabel("estimates so far");
        plot.YLabel("inner step");
        plot.ShowLegend(Alignment.UpperRight);
    }

    private void Follow(PairState<float> pairs) => _innerSteps.Add([.. pairs.Cursors.Select(cursor => cursor.InnerStep)]);

    private static void PrintState(TextWriter output, PairView<float>[] views)
    {
        var table = new Table(["what", "shape", .. views.Select(view => $"pair {view.Pair}")]);
        void Row(string what, string shape, Func<PairView<float>, object> cell) =>
            table.Add([what, shape, .. views.Select(cell)]);
        void Tensor(string what, Func<PairView<float>, NamedTensor<float>> tensor) =>
            Row(what, $"[{string.Join(", ", tensor(views[0]).Shape)}]", view => Text(tensor(view)));

        Row("inner step", "", view => view.Truncation.InnerStep);
        Row("horizon", "", view => view.Truncation.Horizon);
        Row("done", "", view => view.Done);
        Row("trajectory", "", view => view.Truncation.Trajectory);
        for (var s = 0; s < views[0].Sample.Count; s++)
        {
            Tensor($"task: {views[0].Sample[s].Name}", view => view.Sample[s]);
        }

        for (var arm = 0; arm < views[0].Lanes.Count; arm++)
        {
            for (var t = 0; t < views[0].Lanes[arm].Tensors.Count; t++)
            {
                var lane = views[0].Lanes[arm];
                Tensor($"{lane.Arm}: {lane.Tensors[t].Name}", view => view.Lanes[arm].Tensors[t]);
            }
        }

        Tensor("accumulated perturbation", view => view.Trail!);
        table.Write(output);
    }

    // The first two values tell two lanes apart; the rest would not fit on a line.
    private static string Text(NamedTensor<float> tensor)
    {
        var values = tensor.Values.ToArray();
        var shown = values.Take(2).Select(value => $"{value:0.0000}");
        return string.Join(' ', values.Length > 2 ? shown.Append("..") : shown);
    }
}
