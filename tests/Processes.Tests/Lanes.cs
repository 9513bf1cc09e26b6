using Involute.Processes.Problems;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>One pair of a problem, stepped without a look at its numbers.</summary>
internal sealed class Lanes : IDisposable
{
    private readonly IWindowUnroll<float> _unroll;
    private readonly float[] _thetas;
    private readonly int _theta;
    private int _step;

    public Lanes(ProcessProblem problem)
    {
        _unroll = (IWindowUnroll<float>)problem.CreateUnroll(1, ArmSet.Antithetic);
        _theta = problem.Layout.Length;
        _thetas = new float[2 * _theta];
    }

    public StepLoss[] Losses { get; } = new StepLoss[8];

    /// <summary>Runs four steps of a trajectory, which the first call begins.</summary>
    public void Run()
    {
        var key = new TrajectoryKey(1, 7, 0);
        Trajectory? begins = _step == 0 ? new Trajectory(key, 1000) : null;
        _unroll.Advance(
            [new WindowSegment(new Segment(0, key, _step, 4, LossTime.BeforeUpdate, 0), begins, 0)],
            new ArmThetas<float>(_thetas, 2, _theta),
            Losses);
        _step += 4;
    }

    /// <summary>The same fails; its line.</summary>
    public string Fails()
    {
        var line = Assert.Throws<ProcessException>(Run).Message;
        Assert.DoesNotContain('\n', line);
        return line;
    }

    public void Dispose() => _unroll.Dispose();
}
