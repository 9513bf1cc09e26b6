using System.CommandLine;
using Involute.Host.Errors;
using Involute.Host.Running;
using Involute.Host.Watching;

namespace Involute.Host.Commands;

/// <summary><c>involute dashboard</c>: shows the runs of a folder in a browser, until Ctrl-C.</summary>
internal static class DashboardCommand
{
    public static Command Create()
    {
        var runs = new Argument<string>("RUNS")
        {
            Description = "Folder of the runs.",
            DefaultValueFactory = _ => "runs",
        };
        var port = WholeNumberOption.Create(
            "--port", "Port on this machine; default: 4058, or any that is free; 0: any.", 0, ushort.MaxValue, "PORT");
        var command = new Command("dashboard", "Show the runs of a folder live in a browser, and steer them.") { runs, port };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(runs)!, new DashboardPlace(parsed.GetValue(port))));
        return command;
    }

    private static async Task<int> RunAsync(string folder, DashboardPlace place)
    {
        if (!Directory.Exists(folder))
        {
            throw new CommandException(
                ExitCode.InputOutput, $"there is no folder {Path.GetFullPath(folder)}; allowed: a folder of runs");
        }

        using var signals = new StopSignals();
        await using var served = await ServedDashboard.OpenAsync(place, folder);
        await signals.First;
        return ExitCode.Ok;
    }
}
