using Involute.Tasks.Schedules;
using ScottPlot;

namespace Involute.Samples.TruncationTour.Stations;

/// <summary>One inner problem after the other: train, and begin a new one at the horizon.</summary>
internal sealed class SequentialTraining : IStation
{
    private const int Horizon = 50;
    private const int Steps = 200;
    private InnerStepRecord[] _records = [];

    public string Title => "Sequential truncated training with resets";

    public string Picture => "tour-2-sequential.png";

    public void Run(TextWriter output)
    {
        using var training = new TruncatedTraining(problems: 1, new ConstantSchedule(Horizon), offset: 0);
        _records = [.. training.Train(Steps).Select(step => step[0])];

        output.WriteLine($"  {Steps} steps at a horizon of {Horizon}; around the first reset:");
        var table = new Table("step", "inner step after", "loss before the update", "done");
        foreach (var step in new[] { 0, 1, 47, 48, 49, 50, 51, 52 })
        {
            var record = _records[step];
            table.Add(step, record.InnerStep, $"{record.Loss:0.0000}", record.Done);
        }

        table.Write(output);
        output.WriteLine($"  trajectories finished: {_records.Count(record => record.Done)}; no step is spent on a reset");
    }

    public void Draw(Plot plot)
    {
        plot.Add.ScatterLine(
            Enumerable.Range(0, Steps).ToArray(), _records.Select(record => record.Loss).ToArray());
        for (var step = 0; step < Steps - 1; step++)
        {
            if (_records[step].Done)
            {
                plot.Add.VerticalLine(step + 1, 1, Colors.Gray, LinePattern.Dashed);
            }
        }

        plot.XLabel("step");
        plot.YLabel("loss");
    }
}
