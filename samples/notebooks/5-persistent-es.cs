// 5. PES: short windows, with state; and an outer loop of your own
//
//   dotnet run samples/notebooks/5-persistent-es.cs      # draws persistent-es.png and outer-loop.png

#:project ../../src/Estimators/Estimators.csproj
#:property PublishAot=false
#:package ScottPlot

using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.MetaOptimizers;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using ScottPlot;

// The same quadratics and the same Adam, but horizons from 100 to 1000, and a gradient after each 50 steps. The step
// counter of each first trajectory starts at a number below 1000, so that the pairs are out of lockstep.

var problem = new OptimizedTask(new FixedDimQuadraticFamily(10), new LearnableAdam());
var plan = TrainingPlan.Create(
    problem, new PersistentES<float>(), new LogUniformSchedule(100, 1000), pairs: 4, window: 50, offset: 1000, sigma: 0.01);

// The initial theta.

var theta = Theta<float>.Initial(problem);

// The pairs.

using var pairs = new AllPairs<float>(plan);

// One estimate: its mean loss and the gradient of theta.

var estimate = pairs.Estimate(theta);
Console.WriteLine(estimate);

// Each pair now has a state: the task that it has drawn, both arms with their parameters and Adam's moments, and the
// sum of the perturbations that its trajectory has run under. Shapes stand in brackets, then the first two values.

Console.WriteLine(pairs[0]);

// The next estimate goes on from this state. Each pair is 50 steps further, or has been reset on the way. Pairs 0 and 2
// stand together for now: their counters started beyond their first horizons, so these trajectories had one step.

Console.WriteLine($"inner steps before: {string.Join(' ', pairs.InnerSteps)}");
estimate = pairs.Estimate(theta);
Console.WriteLine($"inner steps after:  {string.Join(' ', pairs.InnerSteps)}");
Console.WriteLine(estimate);

// Where the pairs stand over 60 more windows.

var innerSteps = Enumerable.Range(0, 60).Select(_ => pairs.Estimate(theta).InnerStepsAfter).ToArray();
var saws = new Plot();
for (var pair = 0; pair < 4; pair++)
    saws.Add.Signal(innerSteps.Select(after => after[pair]).ToArray());
saws.XLabel("window");
saws.YLabel("inner step after");
saws.SavePng("persistent-es.png", 680, 320);

// An outer loop of one's own, with sixteen pairs that have not run yet. A meta-optimizer, here Adam, applies the
// gradients to theta.

using var fresh = new AllPairs<float>(plan with { Pairs = 16 });
var adam = new MetaAdam<float>(learningRate: 0.03);
var state = OuterState<float>.Initial(theta, adam);
var losses = new List<double>();
for (var step = 0; step < 200; step++)
{
    estimate = fresh.Estimate(state.Theta);
    state = state.Updated(adam, estimate.Gradient);
    losses.Add(estimate.MeanLoss);
}

// The learning rate of the inner Adam has risen from 0.001 to 0.04, and the loss has fallen. `SequentialTrainer` has
// this loop in it: with 16 pairs and the same meta-optimizer it gives the same bits.

Console.WriteLine($"mean loss: first 20 {losses.Take(20).Average():0.0000}, last 20 {losses.TakeLast(20).Average():0.0000}");
Console.WriteLine($"theta: {string.Join(' ', state.Theta.Values.ToArray().Select(value => value.ToString("0.0000")))}");
Console.WriteLine($"SHA-256 of theta: {state.Theta.HashText()[..16]}..");

// The mean loss over the outer steps.

var plot = new Plot();
plot.Add.Signal(losses);
plot.Title("Mean loss of each outer step");
plot.SavePng("outer-loop.png", 680, 320);
