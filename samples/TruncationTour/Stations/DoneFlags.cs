using Involute.Estimators.Pairs;
using Involute.Tasks.Schedules;
using ScottPlot;

namespace Involute.Samples.TruncationTour.Stations;

/// <summary>A schedule tells after each inner step whether the trajectory is over.</summary>
internal sealed class DoneFlags : IStation
{
    private const int Length = 10;
    private readonly List<bool> _done = [];

    public string Title => "A constant schedule's done flags";

    public string Picture => "tour-1-done-flags.png";

    public void Run(TextWriter output)
    {
        var table = new Table("inner step", "steps left", "done");
        var cursor = TruncationCursor.Initial(seed: 0, pair: 0, offset: 0, new ConstantSchedule(Length));
        for (var step = 0; step <= Length + 1; step++)
        {
            // Training would begin a new trajectory here; this loop just goes on counting.
            var done = cursor.StepsLeft <= 0;
            _done.Add(done);
            table.Add(cursor.InnerStep, cursor.StepsLeft, done);
            cursor = cursor.Advance(1);
        }

        table.Write(output);
    }

    public void Draw(Plot plot)
    {
        plot.Add.Scatter(
            Enumerable.Range(0, _done.Count).ToArray(), _done.Select(done => done ? 1 : 0).ToArray());
        plot.XLabel("inner step");
        plot.YLabel("done");
        plot.Axes.SetLimitsY(-0.1, 1.1);
        plot.Axes.Left.SetTicks([0, 1], ["false", "true"]);
    }
}
