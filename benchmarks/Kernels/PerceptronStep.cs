using BenchmarkDotNet.Attributes;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Unrolls;

namespace Involute.Benchmarks.Kernels;

/// <summary>
/// One inner step of one lane: the perceptron 64-32-10 on batches of 128 images by Adam; both arms of a pair take turns on
/// the same batch.
/// </summary>
public class PerceptronStep
{
    private const int Steps = 100;
    private const int Arms = 2;

    private readonly StepLoss[] _losses = new StepLoss[Steps * Arms];
    private IUnroll<float>? _unroll;
    private EagerPerceptron? _eager;
    private float[] _thetas = [];
    private uint _trajectory;

    [GlobalSetup]
    public void Begin()
    {
        var task = ImageMlp.FashionMnist8Relu32();
        var problem = new OptimizedTask(task, new LearnableAdam());
        var length = problem.Layout.Length;
        _unroll = problem.CreateUnroll(1, ArmSet.Antithetic);
        _thetas = new float[Arms * length];
        for (var arm = 0; arm < Arms; arm++)
        {
            problem.InitialTheta(0, _thetas.AsSpan(arm * length, length));
        }

        _eager = new EagerPerceptron(task, Arms);
        var ours = Kernels();
        var theirs = Eager();
        if (Math.Abs(ours - theirs) > 1e-3 * Math.Abs(ours))
        {
            throw new InvalidOperationException($"after {Steps} steps the losses are {ours} and {theirs}");
        }
    }

    [GlobalCleanup]
    public void End() => _unroll?.Dispose();

    /// <summary>By torch's operations, one after the other, without autograd.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Steps * Arms)]
    public double Eager() => _eager!.Train(new TrajectoryKey(0, 0, 0), Steps);

    /// <summary>By the product's unroll, batches drawn and gathered too.</summary>
    [Benchmark(OperationsPerInvoke = Steps * Arms)]
    public double Kernels()
    {
        var key = new TrajectoryKey(0, 0, _trajectory++);
        var thetas = new ArmThetas<float>(_thetas, Arms, _thetas.Length / Arms);
        _unroll!.Reset(0, new Trajectory(key, Steps), thetas);
        _unroll.Advance([new Segment(0, key, 0, Steps, LossTime.BeforeUpdate, LossOffset: 0)], thetas, _losses);
        return _losses[^1].Loss;
    }
}
