// 4. FullES: whole trajectories, no state
//
//   dotnet run samples/notebooks/4-full-es.cs      # draws full-es.png

#:project ../../src/Estimators/Estimators.csproj
#:property PublishAot=false
#:package ScottPlot

using Involute.Estimators;
using Involute.Estimators.Estimation;
using Involute.Estimators.Plans;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using ScottPlot;

// Adam trains 10-dimensional quadratics, and theta, its four hyper-parameters as logarithms, is perturbed: four
// antithetic pairs, each of which unrolls 100 inner steps with both signs of its perturbation.

var problem = new OptimizedTask(new FixedDimQuadraticFamily(10), new LearnableAdam());
var plan = TrainingPlan.Create(problem, new FullES<float>(), new ConstantSchedule(100), pairs: 4, sigma: 0.01);

// The initial theta.

var theta = Theta<float>.Initial(problem);

// The pairs. Between two estimates a pair of FullES carries nothing: its next step begins a new trajectory.

using var pairs = new AllPairs<float>(plan);
Console.WriteLine(pairs[0]);

// One estimate: its mean loss and the gradient of theta.

var estimate = pairs.Estimate(theta);
Console.WriteLine(estimate);

// Every pair has gone from 0 to its horizon, where it is reset.

Console.WriteLine($"steps: {string.Join(' ', estimate.Reports.Select(pair => pair.Steps))}");
Console.WriteLine($"after: {string.Join(' ', estimate.InnerStepsAfter)}");
Console.WriteLine(pairs[0]);

// Four pairs give a noisy gradient. Theta stays as it is in these estimates; the perturbations and the tasks differ.

var slopes = Enumerable.Range(0, 40).Select(_ => pairs.Estimate(theta)["log_lr"][0]).ToArray();
Console.WriteLine($"d log_lr, 40 times: mean {slopes.Average():0.0000}, from {slopes.Min():0.0000} to {slopes.Max():0.0000}");
var plot = new Plot();
plot.Add.Signal(slopes);
plot.Title("Gradient of log_lr, estimate by estimate");
plot.SavePng("full-es.png", 680, 320);
