// 2. Sequential training with resets
//
//   dotnet run samples/notebooks/2-sequential-training.cs      # draws sequential-training.png

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

// An inner problem is a task and an optimizer that trains it. Here Adam trains a small network on 8×8 Fashion-MNIST.
// Adam's hyper-parameters are theta; nothing perturbs them yet. Train for 200 steps: whenever a trajectory is done, the
// next step trains a new one.

var problem = new OptimizedTask(ImageMlp.FashionMnist8Relu32(), new LearnableAdam(3e-3));
var theta = Theta<float>.Initial(problem);
using var training = new TruncatedTraining<float>(problem, new ConstantSchedule(50));
var steps = training.Train(theta, 200).Select(step => step[0]).ToArray();

// No step is spent on a reset: step 49 is the last of the first trajectory, step 50 the first of the second.

Console.WriteLine("step  inner step after    loss  done");
foreach (var step in new[] { 0, 1, 48, 49, 50, 51, 99, 100, 199 })
    Console.WriteLine($"{step,4}  {steps[step].InnerStep,16}  {steps[step].Loss,6:0.0000}  {steps[step].Done}");

// The loss falls, and is back at its start every 50 steps.

var plot = new Plot();
plot.Add.Signal(steps.Select(step => step.Loss).ToArray());
plot.Title("Loss of each step");
plot.SavePng("sequential-training.png", 680, 320);
