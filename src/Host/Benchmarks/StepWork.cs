using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Benchmarks;

/// <summary>Inner steps of one pair's arms, and nothing around them.</summary>
internal sealed class StepWork : IBenchWork
{
    private const int Steps = 10;

    private const int Horizon = 100;

    private readonly IUnroll<float> _unroll;
    private readonly float[] _thetas;
    private readonly StepLoss[] _losses;
    private readonly int _arms = ArmSet.Antithetic.Count();
    private int _done;

    /// <summary>A pair before its first step.</summary>
    public StepWork(OptimizedTask problem)
    {
        var length = problem.Layout.Length;
        _unroll = problem.CreateUnroll(1, ArmSet.Antithetic);
        _thetas = new float[_arms * length];
        for (var arm = 0; arm < _arms; arm++)
        {
            problem.InitialTheta(0, _thetas.AsSpan(arm * length, length));
        }

        _losses = new StepLoss[Steps * _arms];
    }

    /// <inheritdoc/>
    public int Run()
    {
        var (trajectory, step) = (_done / Horizon, _done % Horizon);
        var key = new TrajectoryKey(0, 0, (uint)trajectory);
        var thetas = new ArmThetas<float>(_thetas, _arms, _thetas.Length / _arms);
        if (step == 0)
        {
            _unroll.Reset(0, new Trajectory(key, Horizon), thetas);
        }

        _unroll.Advance([new Segment(0, key, step, Steps, LossTime.BeforeUpdate, LossOffset: 0)], thetas, _losses);
        _done += Steps;
        return _losses.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _unroll.Dispose();
}
