#:project ../src/Torch/Torch.csproj

// Second half of benchmarks/gradients, by what a plugin sees.
using System.Diagnostics;
using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Plans;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Randomness;
using Involute.Tasks.Schedules;
using Involute.Tasks.Unrolls;
using Involute.Torch;
using Involute.Torch.Adjoint;
using Involute.Torch.Batching;
using Involute.Torch.Images;
using static TorchSharp.torch;

TorchSelfTest.Run();
if (args is ["bias", ..])
{
    Bias();
}
else
{
    Cost(args.Length > 1 ? double.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture) : 2);
}

static void Cost(double seconds)
{
    const int Window = 20;
    var data = FashionMnist.Embedded8x8();
    var torch = new Perceptron(data);
    Console.WriteLine("perceptron 64-32-10, batches of 128, windows of 20; microseconds per inner step of a lane");
    foreach (var pairs in new[] { 1, 16 })
    {
        var kernels = Train(ImageMlp.FashionMnist8Relu32(), new LearnableAdam(), pairs);
        var plain = Train(torch, new LearnableAdam(), pairs);
        Console.WriteLine($"{pairs} side by side: a training step of adam by the kernels {kernels:f0}, by torch {plain:f0}");
        foreach (var optimizer in new ILearnedOptimizer[]
            { new LearnableSgd(), new LearnableAdam(), new MlpOptimizer(), new AdafacMlpOptimizer() })
        {
            var own = Train(torch, optimizer, pairs);
            var gradient = Differentiate(ImageMlp.FashionMnist8Relu32(), optimizer, pairs);
            Console.WriteLine($"    truncated-grad of {optimizer.Name}: {gradient:f0}, {gradient / plain:f1} of adam by torch, {gradient / own:f1} of its own");
        }
    }

    double Train(IInnerTask task, ILearnedOptimizer optimizer, int pairs)
    {
        var problem = new OptimizedTask(task, optimizer);
        using var unroll = problem.CreateUnroll(pairs, ArmSet.CentreOnly);
        var values = new float[pairs * problem.Layout.Length];
        for (var pair = 0; pair < pairs; pair++)
        {
            problem.InitialTheta(0, values.AsSpan(pair * problem.Layout.Length, problem.Layout.Length));
        }

        var losses = new StepLoss[pairs * Window];
        for (var pair = 0; pair < pairs; pair++)
        {
            unroll.Reset(pair, new Trajectory(new TrajectoryKey(0, pair, 0), 1000), new ArmThetas<float>(values, 1, problem.Layout.Length));
        }

        var first = 0;
        return Time(pairs, () =>
        {
            unroll.Advance(
                [.. Enumerable.Range(0, pairs).Select(pair => new Segment(pair, new TrajectoryKey(0, pair, 0), first, Window, LossTime.BeforeUpdate, pair * Window))],
                new ArmThetas<float>(values, 1, problem.Layout.Length), losses);
            first += Window;
        });
    }

    double Differentiate(IInnerTask task, ILearnedOptimizer optimizer, int pairs)
    {
        var plan = Plan(task, optimizer, new TruncatedGrad<float>(), pairs, Window, new ConstantSchedule(100_000)) with { PairsPerActor = pairs };
        using var all = new AllPairs<float>(plan);
        var theta = OuterState<float>.Initial(plan).Theta;
        return Time(pairs, () => all.RunWindow(theta));
    }

    double Time(int pairs, Action window)
    {
        for (var i = 0; i < 3; i++)
        {
            window();
        }

        var clock = Stopwatch.StartNew();
        var windows = 0;
        while (clock.Elapsed.TotalSeconds < seconds)
        {
            window();
            windows++;
        }

        return clock.Elapsed.TotalMicroseconds / windows / pairs / Window;
    }
}

// Pairs stand at all steps of a trajectory, theta stays where it is: estimates of one number for each element of theta.
static void Bias()
{
    const int Horizon = 100, Window = 10, Pairs = 200;
    var task = new ImageMlp("mlp", FashionMnist.Embedded8x8(), [8], 32);
    var optimizer = new LearnableSgdm(0.05, 0.9);
    Console.WriteLine("perceptron 64-8-10 by sgdm (lr 0.05, momentum 0.9), trajectories of 100 steps, windows of 10, sigma 0.02; 200 pairs");
    Console.WriteLine("d loss / d (log_lr, log_one_minus_momentum): mean ± standard error, and the standard deviation of one window");
    var schedule = new ConstantSchedule(Horizon);
    foreach (var estimator in new IGradientEstimator<float>[]
        { new FullGrad<float>(), new TruncatedGrad<float>(), new TruncatedES<float>(), new PersistentES<float>(), new AnalyticPES<float>() })
    {
        var plan = Plan(task, optimizer, estimator, Pairs, Window, schedule);
        var windows = estimator.Needs.Carry == Carry.Nothing ? 1 : 3 * Horizon / Window;
        using var all = new AllPairs<float>(plan);
        var theta = OuterState<float>.Initial(plan).Theta;
        var clock = Stopwatch.StartNew();
        var sums = new double[2 * Pairs];
        var squares = new double[2];
        for (var window = 0; windows > 1 && window < Horizon / Window; window++)
        {
            // First trajectories begin in the middle.
            all.RunWindow(theta);
        }

        for (var window = 0; window < windows; window++)
        {
            var contributions = all.RunWindow(theta);
            for (var pair = 0; pair < Pairs; pair++)
            {
                for (var i = 0; i < 2; i++)
                {
                    var value = contributions[pair].Gradient.Span[i];
                    sums[(2 * pair) + i] += value / windows;
                    squares[i] += (double)value * value / windows / Pairs;
                }
            }
        }

        // Windows of one pair hang together: the error is that of the means of pairs.
        var text = Enumerable.Range(0, 2).Select(i =>
        {
            double[] means = [.. Enumerable.Range(0, Pairs).Select(pair => sums[(2 * pair) + i])];
            var mean = means.Average();
            var error = Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / (Pairs - 1) / Pairs);
            return $"{mean,8:f4} ± {error:f4} ({Math.Sqrt(squares[i] - (mean * mean)):f3})";
        });
        Console.WriteLine($"{estimator.Name,-24} {string.Join("   ", text)}   {clock.Elapsed.TotalSeconds:f1} s");
    }
}

static TrainingPlan<float> Plan(
    IInnerTask task, ILearnedOptimizer optimizer, IGradientEstimator<float> estimator, int pairs, int window, ITruncationSchedule schedule) => new(
    new OptimizedTask(task, optimizer) { Derivative = new TorchDerivative() }, estimator, new GaussianNoise<float>(0.02), schedule,
    new WindowSettings(3, window, StationaryStart.Offset), new MetaSgd<float>(0), pairs);

sealed class Perceptron(ImageDataset data) : TorchClassifier(
    "torch", [("w0", [64, 32]), ("b0", [32]), ("w1", [32, 10]), ("b1", [10])], data, 128, TorchBatching.Lanes)
{
    protected override bool HasLaneLogits => true;

    public override Tensor Logits(IReadOnlyList<Tensor> p, Tensor images) =>
        images.reshape(images.shape[0], -1).mm(p[0]).add(p[1]).relu().mm(p[2]).add(p[3]);

    public override Tensor LaneLogits(IReadOnlyList<Tensor> p, Tensor images) => LaneOps.Linear(
        LaneOps.Linear(images.reshape(images.shape[0], images.shape[1], -1), p[0], p[1]).relu(), p[2], p[3]);
}
