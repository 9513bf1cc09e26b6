using Involute.ProcessChild;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;
using Xunit;

namespace Involute.Processes.Tests;

/// <summary>The same lanes twice: by a child, and by its step function in this process.</summary>
internal sealed class Twins : IDisposable
{
    public const int Seed = 5;

    private readonly StepUnroll<float> _here;
    private readonly IWindowUnroll<float> _there;
    private readonly IStepFunction<float> _step;
    private readonly int _arms;

    public Twins(IInnerProblem<float> problem, string step, int pairs, ArmSet arms = ArmSet.Antithetic)
    {
        _step = Steps.Of(step);
        _here = new StepUnroll<float>(_step, pairs, arms);
        _there = (IWindowUnroll<float>)problem.CreateUnroll(pairs, arms);
        _arms = arms.Count();
    }

    public IUnroll<float> There => _there;

    /// <summary>Thetas of some rows, all different.</summary>
    public float[] Thetas(int rows) =>
        [.. Enumerable.Range(0, rows * _arms * _step.Layout.Length).Select(i => 0.4f + (0.01f * (i % 37)))];

    /// <summary>Runs segments on both, and compares.</summary>
    public void Advance(int rows, params WindowSegment[] segments)
    {
        var values = Thetas(rows);
        var count = segments.Max(part => part.Segment.LossOffset + (part.Segment.Steps * _arms));
        var (here, there) = (new StepLoss[count], new StepLoss[count]);
        var thetas = new ArmThetas<float>(values, _arms, _step.Layout.Length);
        _here.Advance(segments, thetas, here);
        _there.Advance(segments, thetas, there);
        Same(here, there);
    }

    public void Reset(int pair, Trajectory trajectory)
    {
        var thetas = new ArmThetas<float>(Thetas(_here.Pairs), _arms, _step.Layout.Length);
        _here.Reset(pair, trajectory, thetas);
        _there.Reset(pair, trajectory, thetas);
        SameStates();
    }

    public StepLoss[] Evaluate(int pair, EvaluationKey key)
    {
        var (here, there) = (new StepLoss[_arms], new StepLoss[_arms]);
        var thetas = new ArmThetas<float>(Thetas(_here.Pairs), _arms, _step.Layout.Length);
        _here.Evaluate(pair, thetas, key, here);
        _there.Evaluate(pair, thetas, key, there);
        Same(here, there);
        return there;
    }

    public void Fork(Action<IUnroll<float>, int> fork)
    {
        for (var pair = 0; pair < _here.Pairs; pair++)
        {
            fork(_here, pair);
            fork(_there, pair);
        }

        SameStates();
    }

    /// <summary>A segment of a window.</summary>
    public static WindowSegment Segment(
        int pair, uint trajectory, int first, int steps, int offset, int? horizon = null, int? row = null)
    {
        var key = new TrajectoryKey(Seed, 100 + pair, trajectory);
        return new WindowSegment(
            new Segment(pair, key, first, steps, LossTime.BeforeUpdate, offset),
            horizon is { } length ? new Trajectory(key, length) : null,
            row ?? pair);
    }

    public void Dispose()
    {
        _here.Dispose();
        _there.Dispose();
    }

    /// <summary>Lanes that go on have the same state, byte for byte; the same lanes have diverged.</summary>
    public void SameStates()
    {
        for (var pair = 0; pair < _here.Pairs; pair++)
        {
            foreach (var arm in Enum.GetValues<Arm>().Where(arm => _here.Arms == ArmSet.AntitheticAndCentre || arm != Arm.Centre))
            {
                var lanes = (IInspectableUnroll<float>)_there;
                Assert.Equal(_here.IsFrozen(pair, arm), lanes.IsFrozen(pair, arm));
                if (!_here.IsFrozen(pair, arm))
                {
                    var bytes = new byte[sizeof(float) * _step.StateLength];
                    FlatBytes.Write(_here.State(pair, arm), bytes);
                    var seen = lanes.Inspect(pair, arm)[0].Values.ToArray().Select(value => (byte)value).ToArray();
                    Assert.Equal(bytes, (byte[])[.. seen, .. new byte[bytes.Length - seen.Length]]);
                }
            }
        }
    }

    private static void Same(StepLoss[] here, StepLoss[] there)
    {
        for (var i = 0; i < here.Length; i++)
        {
            Assert.Equal(here[i].Diverged, there[i].Diverged);
            if (!here[i].Diverged)
            {
                Assert.Equal(here[i].Loss, there[i].Loss);
            }
        }
    }
}
