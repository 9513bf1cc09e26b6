using Involute.Tasks.Schedules;
using ScottPlot;

namespace Involute.Samples.TruncationTour.Stations;

/// <summary>Eight inner problems that start together are reset together: the mean loss is a saw.</summary>
internal sealed class InLockstep : IStation
{
    private const int Steps = 200;
    private InnerStepRecord[][] _records = [];

    public string Title => "Eight inner problems in lockstep";

    public string Picture => "tour-3-lockstep.png";

    public void Run(TextWriter output)
    {
        using var training = new TruncatedTraining(problems: 8, new ConstantSchedule(50), offset: 0);
        _records = training.Train(Steps);
        Curves.Print(output, _records);
        output.WriteLine($"  mean loss from step 50 on: {Curves.Range(_records)}");
    }

    public void Draw(Plot plot) => Curves.Draw(plot, _records);
}
