#:project ../../src/Actors/Actors.csproj

// A meta-training run inside a program of one's own: dotnet run samples/embedding/run.cs [FOLDER]
// Started again, it goes on where it was; the second time with 20 outer steps more.
using Involute.Hosting;
using Involute.Runs.Configuration;
using Involute.Tasks.InnerTasks;
using Involute.Tasks.Optimizers;
using Involute.Tasks.Schedules;

var folder = args.Length > 0 ? args[0] : "runs";
var done = Directory.Exists(Path.Combine(folder, "embedded"));
var options = new TrainingRunOptions
{
    RunsFolder = folder,
    Name = "embedded",
    Configuration = new RunConfiguration
    {
        Task = new QuadraticOptions { Dimension = 10 },
        Optimizer = new LearnableAdamOptions(),
        Truncation = new LogUniformOptions { Min = 20, Max = 200, Offset = 200 },
        OuterSteps = done ? 60 : 40,
    },
};

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};

await using var run = await TrainingRun.StartAsync(options, stop.Token);
await foreach (var step in run.Steps())
{
    if (step.Version.Value % 20 == 0)
    {
        Console.WriteLine($"outer step {step.Version}: meta-loss {step.MeanLoss:F4}");
    }
}

var outcome = await run.Completion;
Console.WriteLine($"{(run.Resumed ? "resumed" : "begun")}, {outcome.Status} at {outcome.State!.Theta.Version}");
Console.WriteLine($"theta {string.Join(", ", outcome.State.Theta.Values.ToArray())}");
