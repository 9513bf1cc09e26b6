// Eight antithetic pairs, each at another inner step of another problem: what one PES estimate does to them.
//
//   dotnet run --project samples/OutOfLockstep [windows]

using System.Globalization;
using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Noise;
using Involute.Estimators.Pairs;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;

const int window = 50;
var windows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;

// The inner problem: train 10-dimensional quadratics with Adam, whose four hyper-parameters are theta.
var problem = new OptimizedTask(new FixedDimQuadraticFamily(10), new LearnableAdam(initialLearningRate: 0.01));

var plan = new TrainingPlan<float>(
    problem,
    new PersistentES<float>(),
    new GaussianNoise<float>(sigma: 0.01),
    new LogUniformSchedule(min: 100, max: 1000),
    // Each pair's first trajectory starts to count somewhere in [0, 1000): so they never reset together.
    new WindowSettings(Seed: 0, Window: window, InitialOffset: 1000),
    new MetaAdam<float>(learningRate: 1e-3),
    Pairs: 8);

using var pairs = new PairState<float>(plan, new PairBlock(First: 0, Count: plan.Pairs));
var theta = OuterState<float>.Initial(plan).Theta;
var slot = new ComputeSlot<float>();

for (var estimate = 1; estimate <= windows; estimate++)
{
    var contribution = pairs.RunWindow(theta, slot);
    Console.WriteLine($"estimate {estimate}: every pair unrolls both arms by {window} steps");
    Console.WriteLine("  pair   inner step before   after   mean loss");
    foreach (var report in contribution.Reports)
    {
        var note = report.Resets > 0 ? "reset: a new problem since" : $"+{report.InnerStepAfter - report.InnerStepBefore}";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {report.Pair,4}   {report.InnerStepBefore,17}   {report.InnerStepAfter,5}   {report.MeanLoss,9:0.0000}   {note}"));
    }

    Console.WriteLine();
}
