using Involute.Tasks.Schedules;
using ScottPlot;

namespace Involute.Samples.TruncationTour.Stations;

/// <summary>The same eight, each with its own place to start counting: every window sees all ages of training.</summary>
internal sealed class OutOfLockstep : IStation
{
    private const int Steps = 200;
    private InnerStepRecord[][] _records = [];

    public string Title => "The same eight out of lockstep";

    public string Picture => "tour-4-out-of-lockstep.png";

    public void Run(TextWriter output)
    {
        // An offset moves only the step counter of the first trajectory: it is reset early.
        using var training = new TruncatedTraining(problems: 8, new ConstantSchedule(50), offset: 50);
        output.WriteLine($"  inner steps at the start: {string.Join(' ', training.Cursors.Select(cursor => cursor.InnerStep))}");
        _records = training.Train(Steps);
        Curves.Print(output, _records);
        output.WriteLine($"  mean loss from step 50 on: {Curves.Range(_records)}");
    }

    public void Draw(Plot plot) => Curves.Draw(plot, _records);
}
