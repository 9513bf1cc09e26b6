#:project ../../src/Actors/Actors.csproj

// The same in a generic host, in the host's own actor system: dotnet run samples/embedding/host.cs [FOLDER]
using Akka.Hosting;
using Involute.Hosting;
using Involute.Runs.Configuration;
using Involute.Tasks.InnerTasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var training = new TrainingRunOptions
{
    RunsFolder = args.Length > 0 ? args[0] : "runs",
    Name = "hosted",
    Configuration = new RunConfiguration { Task = new QuadraticOptions(), OuterSteps = 40 },
    StopsApplication = true,
};
using var host = new HostBuilder().ConfigureServices(services => services
    .AddAkka("mine", akka => akka.WithInvolute(training))
    .AddInvolute(training)).Build();
var service = host.Services.GetRequiredService<TrainingRunService>();
await host.StartAsync();
var run = await service.Run;
var outcome = await run.Completion;
Console.WriteLine($"{outcome.Status} at outer step {outcome.State!.Theta.Version}, mean loss {outcome.MeanLoss:F4}");
await host.WaitForShutdownAsync();
