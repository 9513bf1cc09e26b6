using Involute.Tasks.InnerTasks;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Host.Benchmarks;

/// <summary>Trajectories of one pair's arms, and nothing around them.</summary>
internal sealed class StepWork : IBenchWork
{
    private const int Steps = 100;

    private readonly IUnroll<float> _unroll;
    private readonly float[] _thetas;
    private readonly StepLoss[] _losses;
    private readonly int _arms = ArmSet.Antithetic.Count();
    private uint _trajectory;

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
        var key = new TrajectoryKey(0, 0, _trajectory++);
        var thetas = new ArmThetas<float>(_thetas, _arms, _thetas.Length / _arms);
        _unroll.Reset(0, new Trajectory(key, Steps), thetas);
        _unroll.Advance([new Segment(0, key, 0, Steps, LossTime.BeforeUpdate, LossOffset: 0)], thetas, _losses);
        return _losses.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _unroll.Dispose();
}
