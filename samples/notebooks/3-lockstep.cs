// 3. Lockstep, and out of lockstep
//
//   dotnet run samples/notebooks/3-lockstep.cs      # draws lockstep.png and out-of-lockstep.png

#:project ../../src/Estimators/Estimators.csproj
#:property PublishAot=false
#:package ScottPlot

using Involute.Estimators;
using Involute.Estimators.Plans;
using Involute.Tasks.Images;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;
using ScottPlot;

// The problem of the notebook before.

var problem = new OptimizedTask(ImageMlp.FashionMnist8Relu32(), new LearnableAdam(3e-3));
var theta = Theta<float>.Initial(problem);
var schedule = new ConstantSchedule(50);

// Eight tasks side by side. All start at step 0 and have the same horizon, so all are reset in the same step.

using var lockstep = new TruncatedTraining<float>(problem, schedule, tasks: 8);
var steps = lockstep.Train(theta, 200);

// A window of a few steps has only early steps of training, or only late ones: the mean loss is a saw.

foreach (var step in new[] { 0, 24, 49, 50, 100 })
    Console.WriteLine($"step {step,3}: mean loss {Mean(steps[step]):0.0000}, inner steps after {InnerSteps(steps[step])}");
Console.WriteLine($"from step 50 on: {steps.Skip(50).Min(Mean):0.0000} to {steps.Skip(50).Max(Mean):0.0000}");

// A curve for each task.

var plot = new Plot();
for (var task = 0; task < 8; task++)
    plot.Add.Signal(steps.Select(step => step[task].Loss).ToArray());
plot.XLabel("step");
plot.YLabel("loss");
plot.SavePng("lockstep.png", 680, 320);

// The same eight tasks, but the step counter of each first trajectory starts at a number below 50.

using var apart = new TruncatedTraining<float>(problem, schedule, tasks: 8, offset: 50);
var mixed = apart.Train(theta, 200);

// The first trajectory is shorter; from then on every window has steps of all ages of training. The mean loss of eight
// tasks still moves; that of many would hardly.

foreach (var step in new[] { 0, 24, 49, 50, 100 })
    Console.WriteLine($"step {step,3}: mean loss {Mean(mixed[step]):0.0000}, inner steps after {InnerSteps(mixed[step])}");
Console.WriteLine($"from step 50 on: {mixed.Skip(50).Min(Mean):0.0000} to {mixed.Skip(50).Max(Mean):0.0000}");

// A curve for each task.

var plotApart = new Plot();
for (var task = 0; task < 8; task++)
    plotApart.Add.Signal(mixed.Select(step => step[task].Loss).ToArray());
plotApart.SavePng("out-of-lockstep.png", 680, 320);

// What the lines above print of a step.

static double Mean(IReadOnlyList<TrainingStep> step) => step.Average(task => task.Loss);
static string InnerSteps(IReadOnlyList<TrainingStep> step) => string.Join(' ', step.Select(task => $"{task.InnerStep,2}"));
